"""Flows of a config, and the densities of images."""

import numpy as np
import torch

from explorer.concepts import flows
from explorer.concepts.flows import model as models
from explorer.concepts.flows.config import Config
from explorer.data.levels import levels
from explorer.nets import generator
from tests.concepts.flows.untrained import model_of, wild


def test_the_chain_of_zukos_layers_is_zukos_own_density():
    import zuko

    config, rng = Config(coupling="zuko", hidden=16, bins=8), generator(9)
    flow = models.untrained(config, 2, rng)
    library = zuko.flows.NSF(2, transforms=3, bins=8, hidden_features=[16, 16], passes=2)
    for own, other in zip(flow.layers, library.transform.transforms, strict=True):
        other.load_state_dict(own.transform.state_dict())
    x = torch.randn(40, 2, generator=rng)
    torch.testing.assert_close(flow.log_density(x), library().log_prob(x))


def test_layers_of_images_take_turns_over_all_pixels():
    met = torch.zeros(64)
    for number in range(8):
        fixed, transformed = models.halves(64, number)
        assert sorted([*fixed, *transformed]) == list(range(64))
        assert len(fixed) == len(transformed) == 32
        met[transformed] += 1
    assert (met == 4).all()


def test_one_layer_leaves_the_fixed_coordinate_as_it_was():
    flow, z = wild("spline", layers=1), torch.randn(500, 2, generator=generator(10))
    x = flow.inverse(z)
    assert torch.equal(x[:, 0], z[:, 0])
    assert not torch.allclose(x[:, 1], z[:, 1])


def test_the_density_of_images_counts_the_box():
    """Untrained, it is that of noise over the box of images."""
    model = models.ImageModel(flows.Config.usual("digits"), model_of("spline", "digits").flow)
    u = levels("digits").dequantised(model.images.test[:5], generator(7))
    own = model.flow.log_density((2 * u - 1) * models.BOX) + 64 * np.log(2 * models.BOX)
    torch.testing.assert_close(model.log_density(u), own.detach())
