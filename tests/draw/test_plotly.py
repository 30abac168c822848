"""The figure to look closely at holds the arrays of the scene, in the colours of the palette."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from explorer.draw import axes, colours, palette
from explorer.draw.axes import three
from explorer.draw.layout import arrange
from explorer.draw.lettering import measure
from explorer.draw.pillow_scene import panel_picture
from explorer.draw.plotly_marks import scale
from explorer.draw.plotly_scene import WIDTH, alone, figure
from explorer.scene import (
    Bars,
    Curve,
    Field,
    Images,
    Mesh,
    Panel,
    Points,
    Scene,
    gathered,
    plane_grid,
)
from tests.draw import scenes


def drawn(*marks, theme="light", surface=False, **more):
    made = figure(Scene([Panel("p", marks, **more)]), theme, surface)
    return [trace for trace in made.data if trace.name]


@pytest.fixture(scope="module")
def demo():
    return scenes.demo(), figure(scenes.demo())


def test_points_are_those_of_the_scene_and_tell_their_values():
    xy, values = np.random.default_rng(0).normal(size=(50, 2)), np.arange(50.0)
    (trace,) = drawn(Points("p", "model", xy, values=values, size=4))
    assert np.allclose(trace.x, xy[:, 0])
    assert np.allclose(trace.y, xy[:, 1])
    assert np.array_equal(trace.customdata, values)
    assert "customdata" in trace.hovertemplate
    assert trace.marker.color == palette.ROLE["light"]["model"]
    assert trace.marker.size == 8


def test_points_by_class_are_all_there_in_the_colours_of_the_classes():
    xy, classes = np.random.default_rng(0).normal(size=(50, 2)), np.arange(50) % 3
    traces = drawn(Points("p", "real", xy, classes=classes), theme="dark")
    assert [trace.marker.color for trace in traces] == list(palette.CLASSES["dark"][:3])
    assert all(np.allclose(trace.x, xy[classes == k, 0]) for k, trace in enumerate(traces))
    assert [trace.showlegend for trace in traces] == [True, False, False]


def test_a_field_keeps_its_numbers_its_limits_and_fills_the_panel():
    values = np.random.default_rng(0).random((4, 6))
    (trace,) = drawn(Field("f", values, 0.1, 0.9))
    assert np.array_equal(trace.z, values)
    assert (trace.zmin, trace.zmax) == (0.1, 0.9)
    assert trace.x0 - trace.dx / 2 == pytest.approx(-3)
    assert trace.x0 + 5.5 * trace.dx == pytest.approx(3)
    assert trace.y0 - trace.dy / 2 == pytest.approx(-3)
    assert trace.y0 + 3.5 * trace.dy == pytest.approx(3)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ends", [("model", "real"), ("neutral", "rival"), ("model", "neutral")])
def test_a_field_has_the_same_colours_as_in_the_picture_to_take_away(theme, ends):
    for value in np.linspace(0, 1, 11):
        field = Field("f", np.full((2, 2), value), 0, 1, ends=ends)
        image = panel_picture(Panel("", [field]), theme, 100, 100)
        stops = scale(field, theme)
        wanted = [np.interp(value, [s for s, _ in stops], channel) for channel in
                  np.array([colours.rgb(colour) for _, colour in stops]).T]  # fmt: skip
        assert np.abs(np.array(image.getpixel((50, 50))) - wanted).max() <= 2


def test_the_truth_is_dashed_and_other_curves_only_when_they_say_so():
    line = np.array([[0.0, 0.0], [1.0, 1.0]])
    traces = drawn(
        Curve("a", "truth", line), Curve("b", "model", line, dashed=True), Curve("c", "model", line)
    )
    assert [trace.line.dash for trace in traces] == ["6px,4px", "6px,4px", "solid"]


def test_later_marks_lie_in_front(demo):
    scene, made = demo
    for i in range(len(scene.panels)):
        axis = "x" if i == 0 else f"x{i + 1}"
        depths = [trace.zorder or 0 for trace in made.data if trace.xaxis in (axis, f"x{i + 1}")]
        assert depths == sorted(depths)
        assert max(depths) == len(scene.panels[i].marks) - 1


def test_axes_have_the_limits_of_the_panels_and_planes_have_equal_aspect(demo):
    scene, made = demo
    for i, panel in enumerate(scene.panels, start=1):
        x, y = (made.layout[f"{name}axis{i if i > 1 else ''}"] for name in "xy")
        if panel.kind == "plane":
            assert (x.range, y.range) == (panel.xlim, panel.ylim)
            assert y.scaleanchor == ("x" if i == 1 else f"x{i}")
        elif panel.kind == "chart" and panel.log_y:
            assert x.range == panel.xlim
            assert y.range == pytest.approx(np.log10(panel.ylim))
            assert y.type == "log"


def test_panels_lie_where_the_player_puts_them(demo):
    scene, made = demo
    page = arrange(scene, WIDTH, measure)
    for i, slot in enumerate(page.slots, start=1):
        x, y = (made.layout[f"{name}axis{i if i > 1 else ''}"].domain for name in "xy")
        assert slot.x - 1 <= x[0] * WIDTH < x[1] * WIDTH <= slot.x + slot.w + 1
        assert slot.top - 1 <= (1 - y[1]) * page.height
        assert (1 - y[0]) * page.height <= slot.top + slot.h + 1


def test_each_name_stands_once_in_the_legend_and_switches_all_that_have_it(demo):
    _, made = demo
    shown = [trace.legendgroup for trace in made.data if trace.type != "image" and trace.showlegend]
    assert len(shown) == len(set(shown)) > 10


def test_bars_have_the_heights_of_the_scene_and_names_under_the_pointer():
    traces = drawn(
        Bars("model", "model", np.array([0.25, 0.75]), ("cat", "dog")),
        Bars("exact", "truth", np.array([0.5, 0.5]), ("cat", "dog")),
        kind="chart", xlim=None, ylim=None,
    )  # fmt: skip
    model, exact, outline = traces
    assert list(model.y) == [0.25, 0.75]
    assert list(exact.y) == [0.5, 0.5]
    assert list(model.hovertext) == ["cat model 0.25", "dog model 0.75"]
    assert list(exact.x - model.x) == pytest.approx([0.4, 0.4])
    assert outline.line.dash == "4px,3px"


def test_a_mesh_has_every_edge():
    x, y = np.meshgrid(np.arange(3.0), np.arange(4.0))
    (trace,) = drawn(Mesh("m", "model", np.stack([x, y], axis=-1)))
    xy = np.stack([trace.x, trace.y], axis=1)
    edges = np.isfinite(xy[1:] + xy[:-1]).all(axis=1).sum()
    assert edges == 4 * 2 + 3 * 3


def decoded(trace):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(trace.source.split(",")[1]))))


def test_images_have_hard_pixels_the_right_way_up_in_a_grid():
    pixels = scenes.letters(2)
    sheet, hover = drawn(
        Images("i", "model", pixels, columns=2, captions=("a", "")), kind="images"
    )[:2]
    image = decoded(sheet)
    wanted = colours.image_pixels(Images("i", "model", pixels), "light")[0]
    times = round(image.shape[0] / 8)
    assert np.array_equal(image[times // 2 :: times, times // 2 :: times][:, :8, :3], wanted)
    assert list(hover.text) == ["a", "i 2"]


def test_images_in_a_plane_are_stored_from_below_since_y_grows_upwards():
    pixels = np.zeros((1, 2, 2), np.uint8)
    pixels[0, 0] = 255  # ink above
    mark = Images("i", "model", pixels, at=np.array([[0.0, 0.0]]), height=2)
    sheet = drawn(mark)[0]
    image = decoded(sheet)[..., 0].astype(int)
    assert image[0, 0] > image[-1, 0]  # paper in the first row of the file, which lies lowest
    assert sheet.dy > 0
    assert sheet.y0 == pytest.approx(-1, abs=0.05)


def test_a_surface_is_as_high_as_its_field_and_points_lie_on_it():
    x = plane_grid((-3, 3), (-3, 3), 30)
    slope = (2 * x[:, 0] + x[:, 1]).reshape(30, 30)
    xy = np.random.default_rng(0).uniform(-2.5, 2.5, size=(40, 2))
    field = Field("f", slope, -9, 9)
    surface, points = drawn(field, Points("p", "real", xy), surface=True)
    assert surface.type == "surface"
    assert np.array_equal(surface.z, slope)
    assert np.allclose(points.z, 2 * xy[:, 0] + xy[:, 1] + 0.01 * 18, atol=1e-4)


def test_only_panels_with_a_field_become_surfaces():
    scene = scenes.demo()
    made = figure(scene, surface=True)
    spaces = {trace.scene for trace in made.data if trace.type in ("surface", "scatter3d")}
    fields = [any(isinstance(m, Field) for m in panel.marks) for panel in scene.panels]
    assert len(spaces) == sum(fields)


def test_a_panel_alone_keeps_its_marks():
    scene = scenes.demo()
    assert list(alone(scene, 1).panels) == [scene.panels[1]]
    assert figure(alone(scene, 1)).layout.height > 300


def test_the_background_is_transparent_and_the_words_have_the_colours_of_the_theme():
    for theme in ("light", "dark"):
        layout = figure(scenes.colours(), theme).layout
        assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
        used = {note.font.color for note in layout.annotations}
        assert used <= {*palette.ROLE[theme].values(), *palette.SURFACE[theme].values()}


def test_readings_stand_under_the_figure_with_their_bounds(demo):
    scene, made = demo
    said = " ".join(note.text for note in made.layout.annotations)
    for reading in scene.readings:
        assert three(reading.value) in said
        assert axes.bound(reading) in said
    assert scene.sentence in said


def test_a_growing_curve_is_drawn_from_its_beginning():
    run = [scenes.growing(step) for step in range(9)]
    assert figure(gathered(run)) == figure(scenes.growing(8, whole=True))
