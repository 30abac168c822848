"""The error of the score is zero for the exact one."""

import numpy as np
import pytest
import torch

from explorer.concepts.diffusion.measure import noised_points
from explorer.data import plane
from explorer.nets import generator


def exact(x, s):
    """The exact denoised estimate for the ring, one noise level for each point."""
    dist = plane.get("ring")
    if not isinstance(s, torch.Tensor):
        return x + s**2 * dist.noised(1, s).score(x)
    return torch.cat([exact(a[None], float(b)) for a, b in zip(x, s)])


def test_the_exact_score_has_no_error_and_a_score_of_zero_all_of_it():
    held_out = noised_points(plane.get("ring"), 64, generator(0))
    assert held_out.errors(exact)[0] < 1e-9
    error, by_level = held_out.errors(lambda x, s: x)  # the score is taken to be zero everywhere
    assert error == pytest.approx(1)
    np.testing.assert_allclose(by_level[:, 1], 1, rtol=1e-5)
