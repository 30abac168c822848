"""The geometry that all renderers rely on."""

import numpy as np
import pytest

from explorer.scene import Panel, Scene, contour, frozen, gathered, grows, plane_grid
from tests.draw import scenes


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


def test_growing_curves_are_put_together_from_all_frames_up_to_the_one_shown():
    run = [scenes.growing(step) for step in range(9)]
    for step in (0, 4, 8):
        found, wanted = gathered(run[: step + 1]), scenes.growing(step, whole=True)
        assert found.step == step
        assert not grows(found)
        for mark, whole in zip(found.panels[0].marks, wanted.panels[0].marks):
            np.testing.assert_array_equal(mark.xy, whole.xy)
            assert (mark.band is None) == (whole.band is None)
        np.testing.assert_array_equal(found.panels[0].marks[0].band, wanted.panels[0].marks[0].band)


def test_curves_of_one_name_in_two_panels_grow_apart_and_what_does_not_grow_stays():
    def two(step):
        here, there = (scenes.growing(step + more).panels[0] for more in (0, 100))
        return Scene([here, there, Panel("empty", [])], step)

    found = gathered([two(0), two(1)])
    assert [panel.marks[0].xy[0, 0] for panel in found.panels[:2]] == [0, 100]
    assert [len(mark.xy) for mark in found.panels[1].marks] == [4, 4, 2]
    still = scenes.demo()
    assert gathered([scenes.demo(3), still]) is still
