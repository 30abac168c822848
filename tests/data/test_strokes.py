"""A visitor's drawing survives the link, whatever it is."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.data import plane, strokes
from explorer.nets import generator

COORDINATE = st.floats(-4, 4)
STROKE = st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=40)


@given(st.lists(STROKE, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_every_drawing_has_a_short_code_and_becomes_a_distribution(drawing):
    name = plane.encode_strokes(drawing)
    assert len(name) <= 500
    dist = plane.get(name)
    assert dist.classes == len(drawing)
    x = dist.sample(500, generator(0))
    assert torch.isfinite(x).all()
    assert torch.isfinite(dist.log_density(x)).all()
    assert (x.abs() < 4).double().mean() > 0.95


@given(st.text(max_size=30))
@settings(max_examples=100, deadline=None)
def test_every_other_code_is_either_a_drawing_or_refused_in_words(code):
    try:
        x = plane.get("drawn:" + code).sample(10, generator(0))
    except ValueError:
        with pytest.raises(ValueError, match="dataset must be a drawing"):
            plane.check("drawn:" + code)
    else:
        assert torch.isfinite(x).all()


def test_a_code_brings_the_strokes_back_to_within_a_hundredth():
    drawing = [[(-2.0, -1.5), (0.3, 2.2)], [(1.0, 1.0)]]
    back = strokes.decode(strokes.encode(drawing))
    for mine, theirs in zip(drawing, back, strict=True):
        for (a, b), (c, d) in zip(mine, theirs, strict=True):
            assert abs(a - c) < 0.01
            assert abs(b - d) < 0.01


def test_a_line_that_a_shaky_hand_drew_needs_few_points():
    line = [(-2 + i / 50, 0.005 * (-1) ** i) for i in range(200)]
    assert len(strokes.decode(strokes.encode([line]))[0]) == 2


@pytest.mark.parametrize("points", [150, 170, 300, 1000])
def test_a_scribble_of_any_length_fits_into_the_link(points):
    x = 3 * torch.rand(points, 2, generator=generator(0)).numpy() - 1.5
    code = strokes.encode([x.tolist()])
    assert len(code) <= 3 * strokes.MAX_POINTS
    assert strokes.decode(code)


def test_thinning_keeps_the_shape_to_within_the_width_of_a_pen():
    angle = np.linspace(0, 2 * np.pi, 300)
    circle = np.stack([2 * np.cos(angle), np.sin(angle)], axis=1)
    corners = np.array(strokes.decode(strokes.encode([circle.tolist()]))[0])
    assert len(corners) < 60
    line = np.concatenate([np.linspace(a, b, 50) for a, b in pairwise(corners)])
    gap = np.linalg.norm(circle[:, None] - line, axis=2).min(axis=1)
    assert gap.max() < 0.04


def test_points_lie_evenly_along_the_strokes():
    x, label = strokes.drawn([[(-1, 0), (1, 0)], [(1, 1), (1, 2)]]).sample_labelled(
        30_000, generator(0)
    )
    first, second = x[label == 0], x[label == 1]
    assert len(first) / len(x) == pytest.approx(2 / 3, abs=0.01)  # as much as it is long
    assert first[:, 1].std().item() == pytest.approx(strokes.SCALE, rel=0.05)
    middle = first[:, 0].mean().item()
    parts = torch.histc(first[:, 0], 4, middle - 0.8, middle + 0.8)
    torch.testing.assert_close(parts / parts.sum(), torch.full((4,), 1 / 4), atol=0.02, rtol=0)
    assert second[:, 0].mean() > first[:, 0].mean()


def test_a_single_dot_is_a_blob_and_not_a_spike():
    dist = plane.get(plane.encode_strokes([[(1.0, 1.0)]]))
    assert dist.covariance.diagonal().tolist() == pytest.approx([0.25, 0.25])


@pytest.mark.parametrize("empty", [[], [[]], [[], []]])
def test_an_empty_drawing_is_refused_in_words(empty):
    with pytest.raises(ValueError, match="empty drawing"):
        plane.encode_strokes(empty)
    with pytest.raises(ValueError, match="empty drawing"):
        plane.drawn(empty)


def test_strokes_beyond_the_eighth_are_left_out():
    name = plane.encode_strokes([[(i / 5, 0), (i / 5, 1)] for i in range(12)])
    assert plane.get(name).classes == strokes.MAX_STROKES
