"""What a training run on images looks like, and what it says about itself."""

import numpy as np

from explorer.concepts.diffusion.images import STRENGTH, ImageSnapshot
from explorer.concepts.diffusion.quality import ImageMarks
from explorer.concepts.diffusion.scenes import level, percent
from explorer.scene import Curve, Flow, Images, Mark, Panel, Points, Reading, Role, Scene, Text

FLOWS = (
    Flow(0, 1, "add noise", "real"),
    Flow(1, 2, "network", "model"),
    Flow(2, 3, "many times", "model"),
)
LOSS_LIMITS = (0.05, 20.0)
COLUMNS = {"digits": 5, "mnist": 3}  # of a grid of images
MAP_LIMITS = (-4.0, 4.0)


def image_scene(s: ImageSnapshot, view: str) -> Scene:
    """The snapshot in one of `scenes.VIEWS`."""
    build = {"truth": _new, "curves": _curves}.get(view, _overview)
    return Scene(
        build(s),
        step=s.step,
        flows=FLOWS if build is _overview else (),
        readings=[*image_readings(s.marks), _newness(s.marks)],
        sentence=_sentence(s),
    )


WAIT = "waits for the autoencoder"


def grid(
    title: str,
    name: str,
    role: Role,
    pixels: np.ndarray,
    columns: int,
    caption: str,
    wait: str = "",
    span: float = 1.0,
) -> Panel:
    """A panel of images; while there are none, words that say what it waits for."""
    marks: list[Mark] = [Images(name, role, pixels, columns)] if len(pixels) else []
    if not marks and wait:
        marks = [Text("waiting", "neutral", (0.0, 0.0), wait)]
    return Panel(title, marks, "images", caption=caption, span=span)


def _overview(s: ImageSnapshot) -> list[Panel]:
    columns, rebuilt = COLUMNS[s.config.dataset], s.learning == "autoencoder"
    where = " to their codes" if s.in_codes else ""
    seen = "Rebuilt from 16 numbers each." if rebuilt else "What the network sees in the noise."
    return [
        grid("Data", "data", "real", s.real, columns, "Images that are kept aside."),
        grid(
            "Noised",
            "noised data",
            "neutral",
            s.noised,
            columns,
            f"Noise of strength {STRENGTH:g} added{where}.",
            WAIT,
        ),
        grid("Guess", "guess", "model", s.guess, columns, seen),
        grid(
            "Made up",
            "made up",
            "model",
            s.samples,
            columns,
            "From pure noise. Asked for: 0 to 9 in turn.",
            WAIT,
        ),
    ]


def _curves(s: ImageSnapshot) -> list[Panel]:
    return [*([_map(s)] if s.in_codes else []), _loss(s), _reads(s)]


def _new(s: ImageSnapshot) -> list[Panel]:
    columns = COLUMNS[s.config.dataset]
    wait = WAIT if s.learning == "autoencoder" else "at the end of the run"
    panels = [
        grid("Made up", "made up", "model", s.samples, columns, "From pure noise.", wait),
        grid(
            "Nearest training images",
            "nearest training images",
            "real",
            s.nearest,
            columns,
            "Of all that it learnt from. Copies would be alike in every stroke.",
            wait,
        ),
        grid("Unseen", "unseen images", "real", s.real, columns, "Images it has never seen."),
    ]
    return [*panels, _loss(s)]


def _reads(s: ImageSnapshot) -> Panel:
    steps = (0.0, float(s.config.steps))
    real = level(steps, sum(s.marks.read_floor) / 2) if s.marks else level(steps, np.nan)
    return Panel(
        "Read as asked for",
        [Curve("made up", "model", s.reads), Curve("real images", "truth", real)],
        "chart",
        xlim=steps,
        ylim=(0, 1.05),
        xlabel="step",
        caption="By a classifier that the model has never met. Dashed: on real images.",
    )


def _map(s: ImageSnapshot) -> Panel:
    marks: list[Mark] = [Points("codes", "real", s.map, s.map_classes, size=2, opacity=0.6)]
    if len(s.map_samples):
        marks.append(Points("made up", "model", s.map_samples, size=4, shape="ring", opacity=1))
    return Panel(
        "The codes",
        marks,
        xlim=MAP_LIMITS,
        ylim=MAP_LIMITS,
        caption="Each image is one point, coloured by class (2 of 16 axes). Noise is added here.",
    )


def _loss(s: ImageSnapshot) -> Panel:
    steps = (0.0, float(s.config.steps))
    marks: list[Mark] = []
    if len(s.lost):
        marks.append(Curve("lost by the autoencoder", "neutral", np.maximum(s.lost, [0, 0.05])))
    if len(s.losses):
        marks.append(Curve("network", "model", np.maximum(s.losses, [0, 0.05])))
    if s.heart_loss is not None:
        heart = level(steps, min(max(s.heart_loss, LOSS_LIMITS[0]), LOSS_LIMITS[1]))
        marks.append(Curve("learnt by heart", "truth", heart))
    return Panel(
        "Loss on unseen images",
        marks,
        "chart",
        xlim=steps,
        ylim=LOSS_LIMITS,
        xlabel="step",
        log_y=True,
        caption="Dashed: who knows every training image by heart, and nothing else, does worse.",
    )


def image_readings(marks: ImageMarks | None) -> list[Reading]:
    """The figures of made-up images; as long as there are none, their places."""
    return [
        Reading(
            "read as asked for",
            100 * marks.read if marks else np.nan,
            percent(marks.read_floor) if marks else None,
            "real images",
            "%",
            "high",
            help="A classifier that the model has never met reads the class that was asked for. It "
            "errs on real images, too.",
        ),
        Reading(
            "variety",
            100 * marks.variety if marks else np.nan,
            percent(marks.variety_floor) if marks else None,
            "as many real images",
            "%",
            "high",
            help="Share of real images that have a made-up one among their five nearest "
            "neighbours, as thumbnails of 4 x 4 pixels.",
        ),
    ]


def _newness(marks: ImageMarks | None) -> Reading:
    known = marks is not None and marks.novelty is not None
    return Reading(
        "distance to training images",
        marks.novelty if marks and marks.novelty is not None else np.nan,
        marks.novelty_floor if marks and known else None,
        "unseen real images",
        better="neither",
        help="Of the nearest one, measured at the end of a run. Unseen real images are at 1, "
        "copies would be at 0.",
    )


def _sentence(s: ImageSnapshot) -> str:
    if s.marks is None:
        return (
            f"First an autoencoder learns to put an image into 16 numbers and back; it still loses "
            f"{float(s.lost[-1, 1]):.0%} of what varies. Then these numbers are diffused."
        )
    if not len(s.losses) or s.losses[-1, 1] > 0.95:
        return "Untrained: the network sees nothing in the noise, and noise is what it makes."
    marks = s.marks
    if marks.novelty is None:
        return f"{marks.read:.0%} of what it makes is read as the class that was asked for."
    new = (
        "They are copies of training images."
        if marks.novelty < 0.5
        else "They are no copies: as far from the training images as unseen real ones, or farther."
    )
    return f"Done: {marks.read:.0%} are read as the class that was asked for. {new}"
