"""Variety has an exact reference: draws from all pictures that fit."""

import numpy as np
import pytest

from explorer.concepts.text_to_image.guidance import effective_number, exact_variety


def test_as_many_as_there_are_when_all_are_equally_frequent():
    for k in (1, 2, 9, 100):
        assert effective_number(np.full(k, 3)) == pytest.approx(k)
    assert effective_number(np.array([0, 0])) != effective_number(np.array([1, 0]))


def test_exact_draws_approach_the_number_there_is_from_below():
    """The entropy of n draws falls short by (k - 1) / 2n (Miller 1955)."""
    k, n = 9, 216
    mean, (low, high) = exact_variety(k, n)
    assert mean == pytest.approx(k * np.exp(-(k - 1) / (2 * n)), rel=0.005)
    assert low < mean < high <= k
