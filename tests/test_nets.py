"""Building blocks: their weights come from the generator that is passed, and from nowhere else."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

from explorer.nets import Fourier, freeze, generator, linear, mlp, weights


def test_the_same_seed_gives_the_same_network_whatever_others_draw():
    first = weights(mlp([3, 8, 2], generator(4)))
    torch.manual_seed(123)
    torch.randn(100)
    for name, value in weights(mlp([3, 8, 2], generator(4))).items():
        np.testing.assert_array_equal(value, first[name])
    assert not np.array_equal(weights(mlp([3, 8, 2], generator(5)))["0.weight"], first["0.weight"])


def test_building_a_network_leaves_the_global_generator_alone():
    torch.manual_seed(0)
    expected = torch.randn(3)
    torch.manual_seed(0)
    mlp([3, 8, 2], generator(4))
    Fourier(2, 4, 1.0, generator(4))
    assert torch.equal(torch.randn(3), expected)


def test_building_a_network_imports_nothing_more():
    code = "import sys, explorer.nets as n; n.mlp([2, 3, 1], n.generator(0)); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "sympy" not in done.stdout.split()


def test_weights_spread_as_those_of_torch():
    layer = linear(100, 400, generator(0))
    assert layer.weight.abs().max().item() == pytest.approx(0.1, rel=0.01)
    assert layer.weight.std().item() == pytest.approx(0.1 / 3**0.5, rel=0.02)
    assert layer.bias.abs().max().item() == pytest.approx(0.1, rel=0.05)
    assert linear(100, 400, generator(0), scale=3.0).weight.abs().max() > 0.29


def test_layers_alternate_with_the_activation_and_none_follows_the_last():
    net = mlp([2, 5, 6, 1], generator(0), nn.Tanh)
    assert len(net) == 5
    assert all(isinstance(layer, nn.Linear) for layer in list(net)[::2])
    assert all(isinstance(layer, nn.Tanh) for layer in list(net)[1::2])
    assert net(torch.zeros(7, 2)).shape == (7, 1)


def test_a_network_whose_last_layer_is_zero_says_nothing_but_can_learn():
    net = mlp([2, 8, 2], generator(0), zero_last=True)
    x = torch.randn(9, 2, generator=generator(1))
    assert not net(x).any()
    (net(x) - x).square().mean().backward()
    assert net[2].weight.grad.any()


def test_every_parameter_of_a_network_gets_a_gradient():
    net = nn.Sequential(Fourier(2, 4, 1.0, generator(0)), mlp([10, 8, 1], generator(0)))
    net(torch.randn(9, 2, generator=generator(1))).square().mean().backward()
    assert all(p.grad.abs().sum() > 0 for p in net.parameters())


def test_fourier_features_are_the_point_itself_and_waves_of_its_shadows():
    features = Fourier(2, 3, 2.0, generator(0))
    x = torch.randn(5, 2, generator=generator(1))
    out = features(x)
    assert out.shape == (5, features.size) == (5, 8)
    angle = x.numpy() @ features.weights.numpy()
    np.testing.assert_allclose(out, np.column_stack([x, np.cos(angle), np.sin(angle)]), rtol=1e-5)
    assert "weights" in weights(features)
    assert not list(features.parameters())


def test_a_frozen_tensor_is_a_read_only_copy():
    tensor = torch.ones(3, requires_grad=True)
    array = freeze(tensor)
    with torch.no_grad():
        tensor.zero_()
    assert array.tolist() == [1, 1, 1]
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 5


def test_a_checkpoint_rebuilds_the_network():
    net, other = mlp([2, 4, 1], generator(0)), mlp([2, 4, 1], generator(1))
    other.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in weights(net).items()})
    x = torch.randn(5, 2, generator=generator(2))
    assert torch.equal(net(x), other(x))


def test_one_thread_is_enough():
    assert torch.get_num_threads() == 1
