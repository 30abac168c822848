"""What leaves the app is what was on the screen: animations, numbers, weights."""

import csv
import io
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from explorer.draw import axes
from explorer.draw.pillow_scene import picture
from explorer.runs import export, finish
from explorer.scene import Curve, Panel, Points, Reading, Scene, Text
from tests.draw import scenes


@dataclass(frozen=True)
class Config:
    steps: int = 40
    rate: float = 0.05
    seed: int = 0


@dataclass(frozen=True)
class Line:
    """y = slope x + offset, fitted."""

    values: np.ndarray

    def weights(self):
        return {"slope": self.values[:1], "offset": self.values[1:]}


def regression(config):
    """Linear regression by gradient descent, trained for real; yields (step, weights, losses)."""
    rng = np.random.default_rng(config.seed)
    x = rng.normal(size=64)
    y = 2 * x - 1 + 0.1 * rng.normal(size=64)
    w, losses = np.zeros(2), []
    for step in range(config.steps + 1):
        error = w[0] * x + w[1] - y
        losses.append(float((error**2).mean()))
        yield step, w.copy(), np.array(losses)
        w -= config.rate * 2 * np.array([(error * x).mean(), error.mean()])
    return Line(w)


def scene(snapshot):
    step, w, losses = snapshot
    line = np.array([[-3.0, -3 * w[0] + w[1]], [3, 3 * w[0] + w[1]]])
    loss = np.stack([np.arange(len(losses)), losses], axis=1)
    said = "The line is found." if losses[-1] < 0.02 else "The line turns. " * (1 + step % 9)
    return Scene(
        [
            Panel("Line", [Curve("fit", "model", line)]),
            Panel("Loss", [Curve("loss", "model", loss)], kind="chart", xlim=None, ylim=None),
        ],
        step=step,
        readings=[Reading("loss", losses[-1], (0.01, 0.01), "the noise")],
        sentence=said,
    )


@pytest.fixture(scope="module")
def run():
    snapshots, model = finish(regression(Config()))
    return [scene(snapshot) for snapshot in snapshots], model


@given(st.integers(1, 2000), st.integers(2, 200))
def test_a_animation_starts_at_the_first_frame_and_ends_with_the_last(count, most):
    found = export.chosen(count, most)
    assert found[0] == 0
    assert found[-1] == count - 1
    assert found == sorted(set(found))
    assert len(found) == min(count, most)


def frames(data):
    moving = Image.open(io.BytesIO(data))
    pages = ImageSequence.Iterator(moving)
    return moving, [np.asarray(page.convert("RGB")).astype(int) for page in pages]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("kind", "error"), [("webp", 4), ("gif", 4)])
def test_a_animation_shows_the_pictures_of_the_run(run, kind, error, theme):
    chosen = [run[0][i] for i in export.chosen(len(run[0]), 6)]
    moving, shown = frames(export.animation(chosen, kind, theme, width=480))
    assert (moving.format, len(shown)) == (kind.upper(), 6)
    fitted = axes.fit(chosen)
    for i, (frame, each) in enumerate(zip(shown, chosen)):
        wanted = np.asarray(picture(each, theme, 480, fitted=fitted, frame=i)).astype(int)
        assert np.abs(frame[: len(wanted)] - wanted).mean() < error


@pytest.mark.parametrize("kind", ["webp", "gif"])
def test_a_animation_repeats_and_rests_on_its_result(run, kind):
    moving, shown = frames(export.animation(run[0][::10], kind, width=480))
    assert moving.info["loop"] == 0
    lengths = []
    for i in range(moving.n_frames):
        moving.seek(i)
        moving.load()
        lengths.append(moving.info["duration"])
    assert lengths == [export.PAUSE] * (len(shown) - 1) + [export.LAST]


@pytest.mark.parametrize("make", [
    lambda run: export.animation(run, "webp", width=300, most=4),
    lambda run: export.png(run, 7, width=300),
    export.curves,
], ids=["animation", "frame", "numbers"])  # fmt: skip
def test_curves_that_grow_are_taken_away_whole_whichever_frames_are_chosen(make):
    made = [make([scenes.growing(i, whole) for i in range(12)]) for whole in (False, True)]
    assert made[0] == made[1]


def test_axes_do_not_move_during_an_animation():
    def grown(step):
        line = np.array([[0.0, 0.0], [step, step]])
        fixed = Points("here", "rival", np.array([[1.0, 1.0]]), size=6, opacity=1)
        return Scene([Panel("", [Curve("l", "model", line, label=""), fixed], "chart", None, None)])

    animation = export._Animation([grown(1), grown(50), grown(9)], "light", 480, lambda share: None)
    colour = np.array([0x7A, 0x3D, 0xB8])
    places = []
    for i in range(3):
        image = np.asarray(animation.draw(i)).astype(int)[
            : animation.high - 45
        ]  # without the legend
        places.append(np.argwhere(np.abs(image - colour).max(-1) < 10).mean(axis=0))
    assert np.ptp(places, axis=0).max() == pytest.approx(0, abs=0.2)


def test_all_frames_of_a_animation_have_one_size_even_when_words_change(run):
    heights = {picture(each, width=400).height for each in run[0][:9]}
    assert len(heights) > 1
    _, shown = frames(export.animation(run[0][:9], "gif", width=400))
    assert {frame.shape for frame in shown} == {(max(heights), 400, 3)}
    assert all((frame[-5:] > 250).all() for frame in shown)  # filled up with background


def test_progress_is_told_up_to_the_end(run):
    shares = []
    export.animation(run[0][::8], "webp", width=300, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_a_run_of_one_frame_is_a_animation_too(run):
    for kind in ("webp", "gif"):
        assert frames(export.animation(run[0][:1], kind, width=300))[1]


def test_a_picture_for_print_is_twice_as_fine():
    image = Image.open(io.BytesIO(export.png([scenes.demo()], width=640)))
    assert image.format == "PNG"
    assert image.width == 1280


SAID = {"dataset": "ring", "seed": "3", "link": "http://x/?seed=3"}


def test_every_file_names_its_settings(run):
    with Image.open(io.BytesIO(export.png(run[0][:2], width=300, settings=SAID))) as picture:
        picture.load()
        assert picture.info | SAID == picture.info
    together = "dataset=ring, seed=3, link=http://x/?seed=3"
    for kind, place in (("gif", "comment"), ("webp", "exif")):
        moving = export.animation(run[0][:2], kind, width=300, settings=SAID)
        with Image.open(io.BytesIO(moving)) as picture:
            found = (
                picture.getexif()[export.DESCRIPTION] if place == "exif" else picture.info[place]
            )
            assert (found if isinstance(found, str) else found.decode()) == together
    rows = list(csv.DictReader(io.StringIO(export.curves(run[0], SAID).decode("utf-8-sig"))))
    assert {row["name"]: row["x"] for row in rows if row["panel"] == "settings"} == SAID


def test_settings_are_every_field_of_a_config_and_of_those_inside_it():
    @dataclass(frozen=True)
    class Outer:
        train: Config = Config()
        size: int = 9

    assert export.settings(Outer()) == {
        "train.steps": "40", "train.rate": "0.05", "train.seed": "0", "size": "9",
    }  # fmt: skip


def test_numbers_come_back_from_the_table(run):
    rows = list(csv.DictReader(io.StringIO(export.curves(run[0]).decode("utf-8-sig"))))
    readings = [row for row in rows if row["panel"] == "readings"]
    assert [float(row["y"]) for row in readings] == [s.readings[0].value for s in run[0]]
    assert [int(row["x"]) for row in readings] == [s.step for s in run[0]]
    assert {row["low"] for row in readings} == {"0.01"}
    curve = [row for row in rows if row["panel"] == "Loss"]
    xy = np.array([[float(row["x"]), float(row["y"])] for row in curve])
    assert np.allclose(xy, run[0][-1].panels[1].marks[0].xy, rtol=1e-6)


def test_a_table_says_that_it_is_utf_8():
    assert export.curves([scenes.demo()]).startswith(b"\xef\xbb\xbfpanel,")


def test_the_letters_that_a_picture_cannot_show_are_known_before_it_is_made():
    words = Panel("Título", [Text("a", "model", (0, 0), "日本 ok ∇ я")], "plane", (0, 1), (0, 1))
    assert export.lacking([Scene([words], sentence="किताब")]) == "日本कतब", (
        "marks go with their letters"
    )
    assert export.lacking([scenes.demo()]) == ""


def test_a_band_and_a_hole_in_a_curve_survive_the_table():
    rows = list(csv.DictReader(io.StringIO(export.curves([scenes.demo(90)]).decode("utf-8-sig"))))
    model = [row for row in rows if (row["panel"], row["name"]) == ("Losses", "model")]
    assert all(float(row["low"]) < float(row["y"]) < float(row["high"]) for row in model)
    broken = [
        row["y"] for row in rows if (row["panel"], row["name"]) == ("Losses", "discriminator")
    ]
    assert broken.count("nan") == 15


def test_weights_come_back_and_a_model_without_any_has_none(run):
    with np.load(io.BytesIO(export.weights(run[1]))) as archive:
        assert archive["slope"] == pytest.approx(2, abs=0.1)
        assert archive["offset"] == pytest.approx(-1, abs=0.1)
    assert export.weights(object()) is None
