"""What a visitor takes away shows the palette's colours where the scene's arrays say."""

import numpy as np
import pytest
from PIL import Image

from explorer.draw import axes, colours, palette
from explorer.draw.canvas import Canvas, dashes
from explorer.draw.pillow_scene import height_of, panel_picture, picture
from explorer.scene import (
    ROLES,
    Arrows,
    Bars,
    Curve,
    Field,
    Images,
    Mesh,
    Panel,
    Points,
    Reading,
    Scene,
    Text,
    gathered,
)
from tests.draw import scenes

SIZE = 302  # a plane of -3..3 on 300 pixels, and one pixel of margin all around
THEMES = ("light", "dark")
LINE = np.array([[-2.0, 0.0], [2.0, 0.0]])


def draw(*marks, kind="plane", theme="light", **more):
    panel = Panel("", marks, kind=kind, **more)
    return np.asarray(panel_picture(panel, theme, SIZE, SIZE)).astype(int)


def at(image, x, y):
    """The pixel at a point of the plane."""
    return image[round(1 + (3 - y) * 50), round(1 + (x + 3) * 50)]


def near(colour, wanted, tolerance=3):
    return np.abs(colour - colours.rgb(wanted)).max() <= tolerance


def paper(theme="light"):
    return palette.SURFACE[theme]["background"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("shape", ["dot", "square"])
def test_a_point_has_the_colour_of_its_role_at_its_place_and_nowhere_else(theme, role, shape):
    mark = Points("p", role, np.array([[1.0, 2.0]]), size=5, opacity=1, shape=shape)
    image = draw(mark, theme=theme)
    assert near(at(image, 1, 2), palette.ROLE[theme][role])
    assert near(at(image, 1.3, 2), paper(theme))
    assert near(at(image, 1, -2), paper(theme))


@pytest.mark.parametrize("shape", ["ring", "cross"])
def test_rings_and_crosses_are_lines(shape):
    image = draw(Points("p", "model", np.array([[0.0, 0.0]]), size=10, opacity=1, shape=shape))
    ring = at(image, 0.2, 0)  # ten pixels to the right
    assert near(at(image, 0, 0), paper()) == (shape == "ring")
    assert (np.abs(ring - colours.rgb(paper())).max() > 60) == (shape == "ring")


def test_overlapping_points_of_one_cloud_do_not_add_up():
    once = draw(Points("p", "real", np.zeros((1, 2)), size=6, opacity=0.5))
    often = draw(Points("p", "real", np.zeros((9, 2)), size=6, opacity=0.5))
    assert np.array_equal(once, often)


def test_classes_have_the_colours_of_the_palette():
    mark = Points("p", "real", np.array([[-1.0, 0], [1, 0]]), np.array([0, 13]), size=5, opacity=1)
    image = draw(mark)
    assert near(at(image, -1, 0), palette.CLASSES["light"][0])
    assert near(at(image, 1, 0), palette.CLASSES["light"][3])


@pytest.mark.parametrize("theme", THEMES)
def test_a_field_runs_from_one_end_over_the_background_to_the_other(theme):
    values = np.array([[0.0, 0.5, 1.0]] * 3)
    image = draw(Field("f", values, 0, 1, ends=("model", "real")), theme=theme)
    back = colours.rgb(paper(theme))
    for x, role, share in ((-2, "model", 0.45), (0, "real", 0), (2, "real", 0.45)):
        wanted = back + (colours.rgb(palette.ROLE[theme][role]) - back) * share
        assert np.abs(at(image, x, 0) - wanted).max() <= 3


def test_a_sequential_field_is_the_background_at_its_neutral_end():
    values = np.array([[0.0] * 3, [0.5] * 3, [1.0] * 3])
    image = draw(Field("f", values, 0, 1, ends=("neutral", "rival")))
    assert near(at(image, 0, -2.4), paper())
    back, full = colours.rgb(paper()), colours.rgb(palette.ROLE["light"]["rival"])
    assert np.abs(at(image, 0, 2.4) - (back + (full - back) * 0.85)).max() <= 3


def test_the_first_row_of_a_field_lies_at_the_bottom():
    image = draw(Field("f", np.array([[0.0], [1.0]]), 0, 1, ends=("model", "real")))
    assert at(image, 0, -2.5)[0] > at(image, 0, -2.5)[2]  # orange
    assert at(image, 0, 2.5)[2] > at(image, 0, 2.5)[0]  # blue


def test_a_field_of_classes_fades_where_nothing_is_sure():
    sure, classes = np.array([[0.0, 1.0]]), np.array([[1, 1]])
    image = draw(Field("f", sure, 0, 1, classes=classes))
    assert near(at(image, -2.5, 0), paper())
    back, full = colours.rgb(paper()), colours.rgb(palette.CLASSES["light"][1])
    assert np.abs(at(image, 2.5, 0) - (back + (full - back) * 0.45)).max() <= 3


@pytest.mark.parametrize(("role", "dashed"), [("truth", False), ("model", True), ("model", False)])
def test_the_truth_is_always_dashed(role, dashed):
    row = draw(Curve("c", role, LINE, dashed=dashed, width=3))[151, 60:240]
    ink = (np.abs(row - colours.rgb(palette.ROLE["light"][role])) <= 3).all(axis=1)
    blank = (np.abs(row - colours.rgb(paper())) <= 3).all(axis=1)
    assert ink.any()
    assert blank.any() == (role == "truth" or dashed)


def test_dashes_cover_their_share_of_a_line_and_follow_its_bends():
    line = np.array([[0.0, 0], [30, 0], [30, 40]])
    pieces = dashes(line, (6, 4))
    length = sum(np.hypot(*np.diff(piece, axis=0).T).sum() for piece in pieces)
    assert length == pytest.approx(70 * 0.6)
    assert all(np.isclose(piece, 30).any() or (piece[:, 1] == 0).all() for piece in pieces)


def test_nan_breaks_a_curve():
    xy = np.array([[-2.0, 0], [-1, 0], [np.nan, np.nan], [1, 0], [2, 0]])
    image = draw(Curve("c", "model", xy, width=3))
    assert near(at(image, 0, 0), paper())
    assert near(at(image, 1.5, 0), palette.ROLE["light"]["model"])


def test_a_band_is_a_tint_between_low_and_high():
    band = np.array([[-1.0, 1.0], [-1.0, 1.0]])
    image = draw(Curve("c", "model", LINE, band=band))
    assert near(at(image, 0, 1.5), paper())
    back, full = colours.rgb(paper()), colours.rgb(palette.ROLE["light"]["model"])
    assert np.abs(at(image, 0, 0.5) - (back + (full - back) * 0.18)).max() <= 3


def test_an_arrow_reaches_from_its_point_to_its_tip():
    image = draw(Arrows("a", "real", np.array([[-1.0, 0.0]]), np.array([[2.0, 0.0]])))
    inked = np.flatnonzero(np.abs(image[151] - colours.rgb(paper())).max(axis=1) > 60)
    assert inked.min() == pytest.approx(101, abs=2)
    assert inked.max() == pytest.approx(201, abs=3)
    thickness = (np.abs(image - colours.rgb(paper())).max(axis=2) > 60).sum(axis=0)
    assert thickness[110:190].max() <= 2  # the head is only at the tip


def test_a_mesh_draws_both_families_of_lines():
    x, y = np.meshgrid([-1.0, 1.0], [-1.0, 1.0])
    image = draw(Mesh("m", "model", np.stack([x, y], axis=-1)))
    edges = [(0, 1), (0, -1), (1, 0), (-1, 0)]
    assert all(np.abs(at(image, *edge) - colours.rgb(paper())).max() > 60 for edge in edges)
    assert near(at(image, 0, 0), paper())


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_images_keep_hard_pixels_at_whole_multiples(scale):
    pixels = np.array([[[0, 255, 0], [255, 0, 255], [0, 255, 0]]], np.uint8)
    panel = Panel("", [Images("i", "model", pixels, columns=1)], kind="images")
    image = np.asarray(panel_picture(panel, "light", 100, 100, scale))
    ink, sheet = palette.SURFACE["light"]["text"], palette.SURFACE["light"]["panel"]
    allowed = {ink, sheet, paper()}
    assert {colours.text(colour) for colour in np.unique(image.reshape(-1, 3), axis=0)} == allowed
    inked = (image == colours.rgb(ink)).all(axis=2)
    assert len(set(inked.sum(axis=0)) - {0}) == 2  # one or two pixels of ink in a column
    assert max(inked.sum(axis=0)) == 2 * min(set(inked.sum(axis=0)) - {0})
    assert len(np.flatnonzero(inked.any(axis=0))) == 3 * min(set(inked.sum(axis=0)) - {0})


def test_colour_images_are_shown_as_they_are():
    pixels = np.full((1, 4, 4, 3), (200, 30, 90), np.uint8)
    image = draw(Images("i", "real", pixels, columns=1), kind="images")
    assert tuple(image[151, 151]) == (200, 30, 90)


def test_images_are_centred_on_their_points():
    at_points = np.array([[1.0, 1.0]])
    black = np.full((1, 4, 4), 255, np.uint8)
    image = draw(Images("i", "model", black, at=at_points, height=1.0))
    ink = np.argwhere(np.abs(image - colours.rgb(palette.SURFACE["light"]["text"])).max(-1) < 3)
    assert ink.mean(axis=0) == pytest.approx([1 + 2 * 50, 1 + 4 * 50], abs=1.5)
    assert np.ptp(ink[:, 0]) + 1 == pytest.approx(50, abs=4)


@pytest.mark.parametrize(
    "mark",
    [
        Points("p", "real", np.array([[2.99, 0.0], [40.0, 0.0], [0.0, -9.0]]), size=9),
        Curve("c", "real", np.array([[-50.0, 0], [50, 1]])),
        Images("i", "real", np.full((1, 8, 8), 255, np.uint8), at=np.array([[3.0, 0]]), height=3),
        Text("t", "real", (3.0, 0.0), "words that are long"),
    ],
)
def test_what_lies_outside_does_not_leave_its_panel(mark):
    panels = [Panel("", []), Panel("", [mark]), Panel("", [])]
    empty = Scene([Panel("", [])] * 3)
    with_mark, without = (
        np.asarray(picture(scene, fitted=axes.fit([empty]))).astype(int)
        for scene in (Scene(panels), empty)
    )
    columns = np.flatnonzero(np.abs(with_mark - without).max(axis=(0, 2)))
    assert columns.min() > 1280 / 3
    assert columns.max() < 2 * 1280 / 3


@pytest.mark.parametrize("kind", ["Points", "Field", "Curve", "Arrows", "Mesh", "Images", "Bars"])
def test_the_demo_shows_every_kind_of_mark_in_both_themes(kind):
    panel = next(
        panel
        for panel in scenes.demo().panels
        if any(type(mark).__name__ == kind for mark in panel.marks)
    )
    marks = [mark for mark in panel.marks if type(mark).__name__ == kind]
    for theme in THEMES:
        alone = Panel("", marks, panel.kind, panel.xlim, panel.ylim, log_y=panel.log_y)
        bare = Panel("", [], panel.kind, panel.xlim, panel.ylim, log_y=panel.log_y)
        pictures = [panel_picture(each, theme, SIZE, SIZE) for each in (alone, bare)]
        changed = np.abs(np.diff([np.asarray(p).astype(int) for p in pictures], axis=0)).max()
        assert changed > 60


def test_bars_stand_on_zero_and_share_their_slot():
    marks = [Bars("a", "model", np.array([2.0, -1])), Bars("b", "real", np.array([1.0, 1]))]
    panel = Panel("", marks, kind="chart", xlim=(-0.5, 1.5), ylim=(-2, 2))
    view = axes.view(panel, SIZE, SIZE, ((0, 1), (0, 1)))
    image = np.asarray(panel_picture(panel, "light", SIZE, SIZE)).astype(int)
    slot = view.box[2] / 2
    for i, mark in enumerate(marks):
        for k, value in enumerate(mark.values):
            x = round(view.box[0] + slot * (k + 0.3 + 0.4 * i))
            inside, beyond = (round(float(view.y(value * s))) for s in (0.4, 1.2))
            back, full = colours.rgb(paper()), colours.rgb(palette.ROLE["light"][mark.role])
            assert np.abs(image[inside, x] - (back + (full - back) * 0.85)).max() <= 4
            assert near(image[beyond, x], paper(), 40)


def test_nothing_that_is_lost_breaks_a_picture():
    nothing, lost = np.empty((0, 2)), np.full((3, 2), np.nan)
    marks = [
        Points("a", "real", nothing), Points("b", "real", lost), Curve("c", "model", nothing),
        Curve("d", "model", lost, band=lost), Arrows("e", "real", lost, lost),
        Field("f", np.full((4, 4), np.nan), 0, 0), Mesh("g", "model", np.full((3, 3, 2), np.nan)),
        Bars("h", "model", np.array([np.nan, 1.0])), Bars("i", "model", np.empty(0)),
    ]  # fmt: skip
    free = {"kind": "chart", "xlim": None, "ylim": None}
    panels = [Panel("p", marks), Panel("c", marks, **free), Panel("l", marks, log_y=True, **free)]
    reading = Reading("lost", float("nan"), (float("nan"), 1.0))
    assert picture(Scene(panels, readings=[reading])).width == 1280


def test_a_picture_is_as_wide_as_asked_and_its_height_is_known():
    scene = scenes.demo()
    for width in (400, 960, 1280):
        made = picture(scene, width=width)
        assert made.size == (width, round(height_of(scene, width, axes.fit([scene]))))
    assert picture(scene, width=640, scale=2).width == 1280


def test_turned_words_read_upwards():
    image = Image.new("RGB", (100, 100), "white")
    Canvas(image, (0, 0, 100, 100), 1).write("long word", (50, 50), "#000000", turned=True)
    rows, columns = np.nonzero(np.asarray(image.convert("L")) < 128)
    assert np.ptp(rows) > 2 * np.ptp(columns)


def test_a_run_with_growing_curves_looks_like_one_with_whole_curves():
    run = [scenes.growing(step) for step in range(20)]
    wholes = [scenes.growing(step, whole=True) for step in range(20)]
    for step in (3, 19):
        found, wanted = (
            picture(scene, width=400, fitted=axes.fit(fitted), frame=step)
            for scene, fitted in [(gathered(run[: step + 1]), run), (wholes[step], wholes)]
        )
        assert np.array_equal(np.asarray(found), np.asarray(wanted))
