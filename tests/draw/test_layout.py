"""Where panels lie, which limits fit, how numbers are written."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.draw import axes
from explorer.draw.axes import fit, ticks, view
from explorer.draw.end_labels import end_labels
from explorer.draw.layout import arrange, wrap
from explorer.draw.lettering import measure
from explorer.scene import Bars, Curve, Flow, Panel, Points, Reading, Scene
from tests.draw import scenes


def overlap(a, b):
    return (
        a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.bottom and b.y < a.bottom
    )  # fmt: skip


@pytest.mark.parametrize("width", [320, 400, 700, 960, 1240, 1800])
@pytest.mark.parametrize("scene", [scenes.demo(), scenes.colours(), scenes.flows()])
def test_panels_never_overlap_and_stay_inside(scene, width):
    page = arrange(scene, width, measure)
    slots = page.slots
    assert not any(overlap(a, b) for i, a in enumerate(slots) for b in slots[:i])
    assert all(slot.x >= 0 and slot.x + slot.w <= width + 1 for slot in slots)
    assert max(slot.bottom for slot in slots) <= page.height


def test_rows_of_the_scene_are_rows_of_the_page():
    page = arrange(scenes.demo(), 1240, measure)
    assert [len({slot.y for slot in page.slots[a:b]}) for a, b in ((0, 3), (3, 7))] == [1, 1]
    assert page.slots[0].y < page.slots[3].y


def test_charts_take_the_width_that_planes_leave():
    page = arrange(Scene([Panel("a", []), Panel("b", [], kind="chart")]), 1000, measure)
    plane, chart = page.slots
    assert plane.w <= plane.h * 1.2
    assert plane.w + chart.w == pytest.approx(1000 - 20, abs=2)


def test_a_flow_between_neighbours_crosses_the_gap_and_others_go_round():
    flows = [Flow(0, 1, "to the right"), Flow(2, 0, "back"), Flow(1, 3, "down")]
    page = arrange(Scene([Panel("", [])] * 4, rows=(3, 1), flows=flows), 1200, measure)
    straight, back, down = page.arrows
    a, b = page.slots[:2]
    assert a.x + a.w < straight.path[0][0] < straight.path[-1][0] < b.x
    assert min(y for _, y in back.path) >= a.top + a.h
    assert down.path[-1][1] < page.slots[3].y


@given(st.lists(st.text("abc", min_size=1, max_size=12), max_size=20))
def test_wrapping_keeps_every_word_and_no_line_of_two_is_too_long(words):
    lines = wrap(" ".join(words), 20, len)
    assert " ".join(lines).split() == words
    assert all(len(line) <= 20 or " " not in line for line in lines)


@given(
    st.floats(-1e6, 1e6, allow_nan=False), st.floats(1e-3, 1e6), st.integers(1, 12)
)  # fmt: skip
def test_ticks_are_round_lie_inside_and_are_not_more_than_asked_for(low, span, most):
    found = ticks(low, low + span, most)
    margin = span * 1e-3
    assert all(low - margin <= tick <= low + span + margin for tick in found)
    assert len(found) <= most + 1
    if len(found) > 1:
        step = found[1] - found[0]
        mantissa = step / 10 ** np.floor(np.log10(step) + 1e-9)
        assert min(abs(mantissa - round_one) for round_one in (1, 2, 5, 10)) < 1e-2


@given(st.floats(-1e9, 1e9, allow_nan=False))
def test_a_written_number_is_right_to_three_digits(value):
    assert float(axes.three(value)) == pytest.approx(value, rel=0.051 if abs(value) < 1e-3 or
                                                     abs(value) >= 1e5 else 6e-3)  # fmt: skip


def chart(*marks, **more):
    return Panel("", marks, kind="chart", xlim=None, ylim=None, **more)


def test_limits_that_fit_hold_everything_that_a_run_has_shown():
    early = Scene([chart(Curve("a", "model", np.array([[0, 5.0], [1, 2.0]])))])
    late = Scene([chart(Curve("a", "model", np.array([[0, 1.0], [9, 0.5]])))])
    found = fit([early, late])
    assert (found.x[0], found.y[0]) == ((0, 9), (0.5, 5))


def test_bands_bars_and_logarithms_count_for_the_limits_and_lost_values_do_not():
    xy = np.array([[1.0, 1.0], [10.0, np.nan], [100.0, -1.0]])
    band = np.array([[0.1, 10.0]] * 3)
    found = fit([Scene([chart(Curve("a", "model", xy, band=band), log_x=True, log_y=True)])])
    assert found.y[0] == pytest.approx((-1, 1))
    assert found.x[0] == pytest.approx((0, 2))
    found = fit([Scene([chart(Bars("b", "model", np.array([-1.0, 2.0])))])])
    assert found.x[0] == (-0.5, 1.5)
    assert found.y[0] == pytest.approx((-1.05, 2.1))


def test_ranges_of_readings_hold_every_value_and_floor():
    scenes_ = [Scene([], readings=[Reading("r", v, (0.1, 0.2))]) for v in (3.0, 1.0, float("nan"))]
    assert fit(scenes_).readings == [(0.1, 3.0)]


def test_fixed_limits_never_move():
    far = Points("p", "real", np.array([[99.0, 99.0]]))
    found = view(Panel("", [far]), 302, 302, ((0, 1), (0, 1)))
    assert (found.x0, found.x1, found.y0, found.y1) == (-3, 3, -3, 3)


def test_units_and_pixels_are_inverse_and_the_plane_has_equal_aspect():
    found = view(Panel("", [], xlim=(0, 1), ylim=(-2, 2)), 300, 200, ((0, 1), (0, 1)))
    points = np.array([[0.0, -2.0], [0.3, 1.0], [1.0, 2.0]])
    assert np.allclose(found.units(found.xy(points)), points)
    assert found.box[2] / 1 == pytest.approx(found.box[3] / 4)


@pytest.mark.parametrize("end", [0.0, 0.5, 1.0])
def test_names_at_the_ends_of_curves_do_not_cover_each_other_and_stay_inside(end):
    lines = [Curve(f"curve {i}", "model", np.array([[0, end], [1, end]])) for i in range(5)]
    panel = Panel("", lines, kind="chart", xlim=(0, 1), ylim=(0, 1))
    for width in (400, 180):  # with room beside the axes, and without
        found = view(panel, width, 240, ((0, 1), (0, 1)))
        labels = end_labels(panel, found, measure)
        right = found.box[0] + found.box[2]
        assert (found.room > 0) == (width == 400)
        assert all(label.right <= right + max(found.room, 0) for label in labels)
        assert all((label.left > right) == (found.room > 0) for label in labels)
    ys = sorted(label.y for label in labels)
    assert len(ys) == 5
    assert min(np.diff(ys)) >= 14 - 1e-9
    assert found.box[1] + 10 <= ys[0] <= ys[-1] <= found.box[1] + found.box[3]


def test_a_low_chart_names_as_many_curves_as_it_has_room_for():
    lines = [Curve(f"curve {i}", "model", np.array([[0, 0.5], [1, 0.5]])) for i in range(5)]
    panel = Panel("", lines, kind="chart", xlim=(0, 1), ylim=(0, 1))
    found = view(panel, 180, 80, ((0, 1), (0, 1)))
    ys = [label.y for label in end_labels(panel, found, measure)]
    assert 0 < len(ys) < 5
    assert found.box[1] + 10 <= min(ys) <= max(ys) <= found.box[1] + found.box[3]


def test_an_empty_label_is_not_written_and_a_curve_may_be_lost():
    lost = np.full((2, 2), np.nan)
    lines = [
        Curve("a", "model", np.array([[0, 0.5], [1, 0.5]]), label=""),
        Curve("b", "model", lost),
    ]
    panel = Panel("", lines, kind="chart", xlim=(0, 1), ylim=(0, 1))
    assert end_labels(panel, view(panel, 400, 240, ((0, 1), (0, 1))), measure) == []
