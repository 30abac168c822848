"""Feature maps move with the image, exactly; both networks are about as large."""

import pytest
import torch

from explorer.concepts.neural_networks.convolution import (
    Convolution,
    ConvolutionalNetwork,
    convolution,
    shifted,
    units_of,
)
from explorer.nets import generator
from explorer.runs import finish


def test_the_map_of_a_shifted_image_is_the_shifted_map():
    network = ConvolutionalNetwork(5, generator(1))
    network.bias.data.fill_(0.2)
    x = torch.rand(3, 64, generator=generator(2))
    maps, moved = network.maps(x), network.maps(shifted(x, 1))
    torch.testing.assert_close(moved[..., 1:], maps[..., :-1], rtol=0, atol=1e-6)


def test_a_shift_there_and_back_loses_one_column_only():
    x = torch.rand(2, 64, generator=generator(3))
    back = shifted(shifted(x, 1), -1).view(-1, 8, 8)
    torch.testing.assert_close(back[:, :, :-1], x.view(-1, 8, 8)[:, :, :-1])
    assert not back[:, :, -1].any()


@pytest.mark.parametrize("filters", [4, 8, 16])
def test_both_networks_have_about_as_many_parameters(filters):
    own = sum(p.numel() for p in ConvolutionalNetwork(filters, generator(0)).parameters())
    units = units_of(filters)
    assert abs(units * 65 + (units + 1) * 10 - own) < 0.08 * own


def test_the_network_learns_to_read_digits():
    snapshots, _ = finish(convolution(Convolution(steps=150)))
    assert snapshots[0].accuracy < 0.35
    assert snapshots[-1].accuracy > 0.88
    assert snapshots[-1].equivariance == pytest.approx(0, abs=1e-5)
