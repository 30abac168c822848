"""What a flow of images looks like while it learns, and what it says about itself."""

import numpy as np

from explorer.concepts.diffusion.pictures import grid
from explorer.concepts.diffusion.scenes import level
from explorer.concepts.flows.images import STOPS, ImageSnapshot
from explorer.concepts.flows.scenes import ARROWS
from explorer.scene import Curve, Panel, Reading, Scene

COLUMNS = 5


def image_scene(s: ImageSnapshot, view: str) -> Scene:
    """The snapshot in one of `scenes.VIEWS`."""
    build = {"truth": _new, "bridges": _walks}.get(view, _overview)
    return Scene(
        [*build(s), _bits(s)],
        step=s.step,
        flows=ARROWS if build is _overview else (),
        readings=_readings(s),
        sentence=_sentence(s),
    )


def _overview(s: ImageSnapshot) -> list[Panel]:
    return [
        grid("Data", "data", "real", s.real, COLUMNS, "Images that are kept aside."),
        grid(
            "As noise", "data as noise", "real", s.as_noise, COLUMNS,
            "The same, bent. A perfect flow leaves nothing to be recognised.",
        ),
        grid("Noise as data", "made up", "model", s.samples, COLUMNS, "Noise, bent back."),
    ]  # fmt: skip


def _new(s: ImageSnapshot) -> list[Panel]:
    return [
        grid("Made up", "made up", "model", s.samples, COLUMNS, "From noise."),
        grid(
            "Nearest training images", "nearest training images", "real", s.nearest, COLUMNS,
            "Of all that it learnt from. Copies would be alike in every stroke.",
            "at the end of the run",
        ),
        grid("Unseen", "unseen images", "real", s.real, COLUMNS, "Images it has never seen."),
    ]  # fmt: skip


def _walks(s: ImageSnapshot) -> list[Panel]:
    return [
        grid(
            "Bridges between images", "on the way", "model", s.walks, STOPS,
            "First and last in each row are real. Between them, a straight line in the noise.",
            span=1.6,
        )
    ]  # fmt: skip


def _bits(s: ImageSnapshot) -> Panel:
    steps = (0.0, float(s.config.steps))
    return Panel(
        "Bits per pixel",
        [
            Curve("images kept aside", "model", s.bits, label="unseen"),
            Curve("images learnt from", "real", s.train_bits, dashed=True, label=""),
            Curve("each pixel alone", "neutral", level(steps, s.alone), width=1, label="alone"),
        ],
        "chart",
        xlim=steps,
        ylim=(1.5, 4.5),
        xlabel="step",
        caption="To write an image down. Thin: a model that knows each pixel by itself.",
    )


def _readings(s: ImageSnapshot) -> list[Reading]:
    return [
        Reading(
            "bits per pixel",
            float(s.bits[-1, 1]),
            (s.alone, s.alone),
            "each pixel alone",
            "bits",
            help="Of images kept aside; their true value is not known. 17 levels at random would "
            "be 4.09.",
        ),
        Reading(
            "learnt by heart",
            float(s.bits[-1, 1] - s.train_bits[-1, 1]),
            (0.0, 0.0),
            "unseen like seen",
            "bits",
            help="How many bits more an unseen image costs than one that was learnt from.",
        ),
        Reading(
            "newness",
            np.nan if s.newness is None else s.newness,
            s.newness_floor,
            "unseen images",
            better="high",
            help="Distance of made-up images to the nearest training image, if that of unseen ones "
            "is 1. Far above 1 they are unlike any digit.",
        ),
    ]


def _sentence(s: ImageSnapshot) -> str:
    bits, heart = float(s.bits[-1, 1]), float(s.bits[-1, 1] - s.train_bits[-1, 1])
    if s.step == 0:
        return "Nothing is bent yet: noise is made up, and images pass for noise as they are."
    if bits > s.alone:
        return f"{bits:.2f} bits per pixel: more than guessing each pixel by itself."
    if s.step < s.config.steps:
        return f"{bits:.2f} bits per pixel, {s.alone - bits:.2f} saved by what pixels share."
    learnt = ", and has begun to learn its images by heart" if heart > 0.1 else ""
    return (
        f"Done: {bits:.2f} bits per pixel for unseen images, {s.alone - bits:.2f} fewer than pixel "
        f"by pixel{learnt}."
    )
