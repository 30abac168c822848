"""The network: every part equals PyTorch's own, and nothing sees the future."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from explorer.concepts.shared.positions import POSITION_ENCODINGS, rotate, rotations, sinusoids
from explorer.concepts.shared.transformer import (
    Attention,
    Dropout,
    Norm,
    Shape,
    Trace,
    Transformer,
    attend,
)
from explorer.concepts.transformer import generation
from explorer.concepts.transformer.internals import principal_plane
from explorer.concepts.transformer.sampling import continue_text
from explorer.nets import generator

SMALL = Shape(7, width=16, heads=2, layers=3, context=9)
every_position = pytest.mark.parametrize("encoding", POSITION_ENCODINGS)


def net(**changes) -> Transformer:
    return Transformer(replace(SMALL, **changes), generator(1)).eval()


def text(positions=9, batch=2, seed=0):
    return torch.randint(7, (batch, positions), generator=generator(seed))


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed))


@pytest.mark.parametrize("causal", [True, False])
def test_attention_equals_pytorchs_own_function(causal):
    q, k, v = normal(3, 2, 4, 9, 8).unbind(0)
    _, weights = attend(q, k, causal)
    own = functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
    torch.testing.assert_close(weights @ v, own)


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("traced", [True, False])
def test_a_layer_of_heads_equals_pytorchs_module(causal, traced):
    shape = replace(SMALL, position_encoding="none", causal_mask=causal)
    ours, x = Attention(shape, generator(2)), normal(2, 9, 16)
    theirs = nn.MultiheadAttention(16, 2, bias=False, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(ours.qkv.weight)
        theirs.out_proj.weight.copy_(ours.output.weight)
    mask = torch.ones(9, 9, dtype=torch.bool).triu(1) if causal else None
    trace = Trace() if traced else None
    expected, weights = theirs(x, x, x, attn_mask=mask, average_attn_weights=False)
    torch.testing.assert_close(ours(x, None, trace=trace), expected)
    if trace:
        torch.testing.assert_close(trace.attention[0], weights)


def test_the_norm_equals_pytorchs_own():
    ours, theirs = Norm(16), nn.RMSNorm(16, eps=1e-5)
    with torch.no_grad():
        ours.gain.copy_(normal(16))
        theirs.weight.copy_(ours.gain)
    x = normal(5, 16, seed=1)
    torch.testing.assert_close(ours(x), theirs(x))


def test_rotary_positions_turn_complex_numbers():
    """The pairs as complex numbers, multiplied by exp(i t speed): an independent calculation."""
    x = normal(9, 8)
    speeds = 10_000.0 ** (-torch.arange(0, 8, 2, dtype=torch.float64) / 8)
    turn = torch.polar(torch.ones(9, 4).double(), torch.arange(9)[:, None] * speeds)
    turned = torch.complex(x[:, :4].double(), x[:, 4:].double()) * turn
    expected = torch.cat([turned.real, turned.imag], dim=1).float()
    torch.testing.assert_close(rotate(x, *rotations(9, 8)), expected)


def test_a_rotary_score_depends_on_the_distance_alone():
    q, k, turns = normal(8), normal(8, seed=1), rotations(30, 8)

    def score(i, j):
        return rotate(q[None], *turns[:, i : i + 1]) @ rotate(k[None], *turns[:, j : j + 1]).T

    for shift in (1, 7, 20):
        torch.testing.assert_close(score(5, 2), score(5 + shift, 2 + shift))
    assert (score(5, 2) - score(6, 2)).abs() > 1e-3


def test_sinusoids_are_those_of_the_paper():
    fixed = sinusoids(12, 16)
    for position in (0, 3, 11):
        for pair in range(8):
            angle = position / 10_000 ** (2 * pair / 16)
            assert fixed[position, pair].item() == pytest.approx(np.sin(angle), abs=1e-6)
            assert fixed[position, 8 + pair].item() == pytest.approx(np.cos(angle), abs=1e-6)


@every_position
def test_inspection_changes_nothing(encoding):
    model = net(position_encoding=encoding)
    torch.testing.assert_close(model(text(), trace=Trace()), model(text()))


@every_position
def test_no_position_sees_a_later_one(encoding):
    model, given = net(position_encoding=encoding), text()
    changed = given.clone()
    changed[:, 5:] = (changed[:, 5:] + 1) % 7
    before, after = model(given), model(changed)
    torch.testing.assert_close(after[:, :5], before[:, :5])
    assert (after[:, 5:] - before[:, 5:]).abs().min() > 0


def test_without_the_mask_every_position_sees_the_next():
    model, given = net(causal_mask=False), text()
    changed = given.clone()
    changed[:, 5] = (changed[:, 5] + 1) % 7
    assert (model(given)[:, 4] - model(changed)[:, 4]).abs().max() > 1e-3


def test_without_positions_the_order_of_the_past_does_not_matter():
    """Of one layer: a second one sees how much each position saw."""
    model, given = net(position_encoding="none", layers=1), text()
    mixed = given.clone()
    mixed[:, :4] = given[:, [2, 0, 3, 1]]
    torch.testing.assert_close(model(mixed)[:, -1], model(given)[:, -1])
    other = net(position_encoding="rotary", layers=1)
    assert (other(mixed)[:, -1] - other(given)[:, -1]).abs().max() > 1e-3


@every_position
def test_the_cache_gives_what_reading_everything_gives(encoding):
    model, given = net(position_encoding=encoding), text()
    cache = [[] for _ in range(3)]
    parts = [model(part, cache=cache) for part in (given[:, :4], given[:, 4:5], given[:, 5:])]
    torch.testing.assert_close(torch.cat(parts, dim=1), model(given))
    with pytest.raises(ValueError, match=r"tokens must be 9 at most\. Got 10"):
        model(given[:, :1], cache=cache)


def test_generation_with_the_cache_equals_generation_without():
    model, start = net(), text(positions=3)
    found = continue_text(model, start, 6, generator(5), temperature=0)
    whole = start
    for _ in range(6):
        whole = torch.cat([whole, model(whole)[:, -1].argmax(-1, keepdim=True)], dim=1)
    assert torch.equal(found, whole[:, 3:])


def test_generation_goes_on_when_the_context_is_full():
    found = continue_text(net(), text(positions=3), 40, generator(5))
    assert found.shape == (2, 40)
    assert torch.equal(found, continue_text(net(), text(positions=3), 40, generator(5)))


def test_ablated_parts_add_nothing():
    model, given = net(), text()
    torch.testing.assert_close(model(given, active=torch.ones(3, 3)), model(given))
    trace = Trace()
    active = torch.ones(3, 3)
    active[1] = 0
    model(given, active=active, trace=trace)
    assert torch.equal(trace.stream[2], trace.stream[1])
    assert not torch.equal(trace.stream[1], trace.stream[0])


def test_an_ablated_head_is_one_whose_output_weights_are_zero():
    model, given = net(), text()
    active = torch.ones(3, 3)
    active[0, 1] = 0
    off = model(given, active=active)
    with torch.no_grad():
        model.layers[0].attention.output.weight[:, 8:] = 0
    torch.testing.assert_close(off, model(given))


def test_the_last_stream_read_is_the_answer():
    model, trace = net(), Trace()
    answer = model(text(), trace=trace)
    assert len(trace.stream) == 4
    torch.testing.assert_close(model.logits(trace.stream[-1]), answer)


def test_gradients_agree_with_finite_differences():
    model = net(layers=1).double()
    model.rotation = model.rotation.double()
    given = text(batch=1)

    def loss():
        return functional.cross_entropy(model(given[:, :-1])[0], given[0, 1:])

    real = functional.scaled_dot_product_attention
    with pytest.MonkeyPatch.context() as patch:  # the network takes it in single precision
        patch.setattr(
            functional,
            "scaled_dot_product_attention",
            lambda q, k, v, mask, is_causal: real(q, k, v, mask, is_causal=is_causal),
        )
        patch.setattr(torch.Tensor, "float", lambda x: x)
        loss().backward()
        for parameter in model.parameters():
            assert parameter.grad is not None
            at = int(parameter.grad.abs().argmax())
            flat_view = parameter.data.view(-1)
            losses = []
            for step in (1e-5, -1e-5):
                flat_view[at] += step
                losses.append(loss().item())
                flat_view[at] -= step
            expected = (losses[0] - losses[1]) / 2e-5
            assert parameter.grad.view(-1)[at].item() == pytest.approx(expected, rel=1e-4)


def test_dropped_numbers_keep_the_mean_and_can_be_repeated():
    x = torch.ones(200, 200)
    dropped = Dropout(0.2, generator(0))(x)
    assert set(dropped.unique().tolist()) == {0.0, 1.25}
    assert dropped.mean().item() == pytest.approx(1, abs=0.01)
    assert torch.equal(dropped, Dropout(0.2, generator(0))(x))


@every_position
@pytest.mark.parametrize("mlp", [True, False])
def test_every_parameter_is_counted_in_some_part(encoding, mlp):
    model = net(position_encoding=encoding, mlp=mlp)
    counted = generation.parameters(model.shape).sum()
    assert counted == sum(p.numel() for p in model.parameters())


@pytest.mark.parametrize("new", [9, 1])
def test_multiplications_are_those_that_pytorch_counts(new):
    model, given, cache = net(), text(batch=1), [[] for _ in range(3)]
    if new < 9:
        model(given[:, : 9 - new], cache=cache)
    with FlopCounterMode(display=False) as counter:
        model(given[:, 9 - new :], cache=cache, trace=Trace())
    assert 2 * generation.multiplications(model.shape, new, 9).sum() == counter.get_total_flops()


def test_the_map_of_embeddings_turns_only_when_they_move():
    embed = normal(7, 16)
    first = principal_plane(embed)
    turn = torch.linalg.qr(normal(16, 16, seed=3)).Q
    again = principal_plane(embed @ turn, first)
    torch.testing.assert_close(again, first, atol=1e-4, rtol=1e-4)
    distances = torch.pdist(first), torch.pdist(embed)
    assert (distances[0] <= distances[1] + 1e-5).all()
