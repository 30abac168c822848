"""Wide plain chains follow the exact theory; the way back is that of autograd."""

import numpy as np
import pytest
import torch

from explorer.concepts.neural_networks.depth import (
    ACTIVATIONS,
    DRAWS,
    EXAMPLES,
    KINDS,
    Depth,
    exact,
    gradients,
)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_wide_plain_chain_follows_the_limit_of_infinite_width(name):
    config = Depth(activation=name, gain=1.4 if name == "relu" else 1.1, depth=8, width=128)
    own = gradients(config, "plain", np.random.default_rng(1))
    assert own == pytest.approx(exact(config), rel=0.15)


@pytest.mark.parametrize("kind", KINDS)
def test_the_way_back_is_that_of_autograd(kind):
    config = Depth(activation="tanh", gain=1.3, depth=4, width=8)
    own = gradients(config, kind, np.random.default_rng(3))
    rng, n = np.random.default_rng(3), config.width
    w = [torch.tensor(rng.standard_normal((DRAWS, n, n)) * 1.3 / n**0.5) for _ in range(4)]
    h = torch.tensor(rng.standard_normal((DRAWS, EXAMPLES, n)), requires_grad=True)
    kept = [h]
    for each in w:
        given = h
        if kind in ("normalised", "both"):
            given = torch.nn.functional.layer_norm(h, (n,), eps=1e-5)
        out = torch.tanh(given @ each)
        h = h + out if kind in ("residual", "both") else out
        kept.append(h)
    g = torch.tensor(rng.standard_normal(h.shape))
    found = torch.autograd.grad(h, kept, g)[::-1]
    sizes = [each.pow(2).mean().sqrt().item() for each in found]
    assert own == pytest.approx(np.array(sizes) / sizes[0], rel=1e-6)
