"""The text encoders and the network that they condition."""

import pytest
import torch

from explorer.concepts.text_to_image.config import ENCODERS
from explorer.concepts.text_to_image.network import CONDITION, VelocityNet, text_encoder
from explorer.concepts.text_to_image.train import flow_matching_loss
from explorer.data.shapes import world
from explorer.nets import generator

HERE = world("sizes")
ROWS = torch.tensor([[1, 0, 3], [0, 7, 5], [-1, 2, -1], [-1, -1, -1]])
every_encoder = pytest.mark.parametrize("kind", ENCODERS)


def network(kind, parts=1):
    rng = generator(0)
    return VelocityNet(5 * parts, 16, text_encoder(kind, HERE, rng), rng, parts)


@every_encoder
def test_a_condition_is_that_of_its_caption_whatever_stands_beside_it(kind):
    encoder = text_encoder(kind, HERE, generator(0))
    together = encoder(ROWS)
    assert together.shape == (4, CONDITION)
    for row, condition in zip(ROWS, together):
        torch.testing.assert_close(encoder(row[None])[0], condition)


def test_words_reach_the_condition_one_by_one_but_whole_captions_do_not():
    """Changing the colour moves the condition by the same amount whatever the shape is."""
    red, blue = (torch.tensor([[1, c, shape] for shape in range(6)]) for c in (0, 2))
    for kind in ("concatenated", "summed"):
        encoder = text_encoder(kind, HERE, generator(0))
        change = encoder(red) - encoder(blue)
        torch.testing.assert_close(change, change[:1].expand(6, -1), atol=1e-5, rtol=1e-4)
    change = text_encoder("caption", HERE, generator(0))
    assert (change(red) - change(blue)).std(0).max() > 0.1


def test_an_embedding_of_a_caption_never_shown_gets_no_gradient():
    encoder = text_encoder("caption", HERE, generator(0))
    encoder(ROWS).sum().backward()
    touched = encoder.embedding.weight.grad.abs().sum(1).nonzero()[:, 0].tolist()
    assert touched == sorted({int(n) for n in HERE.number(ROWS[:2])} | {len(HERE.captions)})


@every_encoder
@pytest.mark.parametrize("parts", [1, 4])
def test_an_untrained_network_predicts_no_velocity(kind, parts):
    z, t = (
        torch.randn(4, 5 * parts, generator=generator(1)),
        torch.rand(4, 1, generator=generator(2)),
    )
    net = network(kind, parts)
    assert not net(z, t, net.encoder(ROWS)).any()


def test_parts_hear_of_each_other_through_their_mean_only():
    """Untrained, the mixing passes nothing on."""
    net = network("summed", 4)
    for parameter in (net.last.weight, net.modulation.weight):
        parameter.data = torch.randn(parameter.shape, generator=generator(5))
    z, t = torch.randn(1, 20, generator=generator(1)), torch.full((1, 1), 0.5)

    def touched():
        own = z.clone().requires_grad_()
        net(own, t, net.encoder(ROWS[:1]))[0, :5].sum().backward()
        return own.grad.view(4, 5).abs().sum(1) > 0

    assert touched().tolist() == [True, False, False, False]
    net.mixing[0].weight.data = torch.randn(16, 16, generator=generator(6))
    assert touched().all()


@pytest.mark.parametrize(("kind", "parts"), [*((kind, 1) for kind in ENCODERS), ("summed", 4)])
def test_the_gradient_of_the_loss_agrees_with_finite_differences(kind, parts):
    net = network(kind, parts).double()
    rng = generator(3)
    for parameter in net.parameters():
        parameter.data = 0.3 * torch.randn(parameter.shape, generator=rng, dtype=torch.float64)
    z0 = torch.randn(4, 5 * parts, generator=rng, dtype=torch.float64)
    torch.set_default_dtype(torch.float64)
    try:
        loss = lambda: flow_matching_loss(net, z0, ROWS, generator(4))  # noqa: E731
        loss().backward()
        for parameter in net.parameters():
            at = tuple(int(torch.randint(size, (1,), generator=rng)) for size in parameter.shape)
            own, h = parameter.grad[at].item(), 1e-5
            sides = []
            for step in (h, -h):
                with torch.no_grad():
                    parameter[at] += step
                sides.append(loss().item())
                with torch.no_grad():
                    parameter[at] -= step
            assert own == pytest.approx((sides[0] - sides[1]) / (2 * h), rel=1e-4, abs=1e-7)
    finally:
        torch.set_default_dtype(torch.float32)
