"""The geometry that all renderers rely on."""

import numpy as np
import pytest

from explorer.scene import contour, frozen, plane_grid


def test_a_grid_lists_cell_centres_row_by_row_from_the_bottom():
    x, y = plane_grid((0, 4), (10, 14), 2).reshape(2, 2, 2).transpose(2, 0, 1)
    np.testing.assert_allclose(x, [[1, 3], [1, 3]])
    np.testing.assert_allclose(y, [[11, 11], [13, 13]])


def test_the_contour_of_a_distance_is_a_circle_where_it_should_be():
    limits = (-3.0, 3.0)
    distance = np.linalg.norm(plane_grid(limits, limits, 80) - [0.5, -0.5], axis=1).reshape(80, 80)
    line = contour("circle", "truth", distance, 1.5, limits, limits)
    radius = np.linalg.norm(line.xy - [0.5, -0.5], axis=1)
    np.testing.assert_allclose(radius, 1.5, atol=0.01)


def test_separate_contours_are_broken_by_nan_and_none_is_empty():
    limits = (-3.0, 3.0)
    x = plane_grid(limits, limits, 60)[:, 0].reshape(60, 60)
    assert np.isnan(contour("two lines", "truth", np.abs(x), 1.0, limits, limits).xy).any()
    assert contour("none", "truth", x, 9.0, limits, limits).xy.shape == (0, 2)


def test_a_frozen_array_cannot_be_written_and_does_not_follow_its_source():
    source = np.zeros(3)
    copy = frozen(source)
    source[0] = 1
    assert copy[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        copy[0] = 2
