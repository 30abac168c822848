"""Bits per pixel of models that know little."""

from math import log2

import pytest

from explorer.concepts.flows.measure_images import independent_bits
from explorer.data.levels import levels


def test_a_uniform_density_costs_the_bits_of_17_levels():
    assert levels("digits").bits(0.0, dequantised=True) == pytest.approx(log2(17))
    assert 0 < independent_bits("digits") < log2(17)
