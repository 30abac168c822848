"""The picture of a training run on images, and the sentence of its state."""

import numpy as np

from explorer.concepts.flows.train_images import STOPS, ImageSnapshot
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.image_grid import COLUMNS, image_grid
from explorer.scene import Curve, Flow, Panel, Reading, Scene

FLOWS = (Flow(0, 1, "forward", "model"), Flow(1, 2, "inverse", "model"))


def scene(s: ImageSnapshot, view: str) -> Scene:
    """The snapshot in one of `scene.VIEWS`."""
    build = {"truth": _comparison, "bridges": _interpolations}.get(view, _overview)
    return Scene(
        [*build(s), _bits(s)],
        step=s.step,
        flows=FLOWS if build is _overview else (),
        readings=_readings(s),
        sentence=_sentence(s),
    )


def _overview(s: ImageSnapshot) -> list[Panel]:
    columns = COLUMNS[s.config.dataset]
    return [
        image_grid("Held-out images", "held-out images", "real", s.real, columns,
                   "Scanned digits, not trained on."),
        image_grid("Transformed to noise", "noise of the images", "real", s.as_noise, columns,
                   "Their f(x). A perfect flow leaves nothing to be recognised."),
        image_grid("Samples", "samples", "model", s.samples, columns,
                   "Noise z, transformed by the inverse."),
    ]  # fmt: skip


def _comparison(s: ImageSnapshot) -> list[Panel]:
    columns = COLUMNS[s.config.dataset]
    return [
        image_grid("Samples", "samples", "model", s.samples, columns, "Generated from noise."),
        image_grid("Nearest training images", "nearest training images", "real", s.nearest,
                   columns, "For each sample. A memorised image would look the same.",
                   "at the end of training"),
        image_grid("Held-out images", "held-out images", "real", s.real, columns,
                   "Not trained on, for comparison."),
    ]  # fmt: skip


def _interpolations(s: ImageSnapshot) -> list[Panel]:
    return [
        image_grid("Interpolation between images", "interpolation", "model", s.interpolations,
                   STOPS, "The ends of each row are real, between them noise is interpolated.",
                   span=1.6)
    ]  # fmt: skip


def _bits(s: ImageSnapshot) -> Panel:
    steps = (0.0, float(s.config.steps))
    return Panel(
        "Bits per pixel",
        [
            Curve("held-out images", "model", point(s.step, s.bits), label="held-out", grows=True),
            Curve("training images", "real", point(s.step, s.train_bits), dashed=True, label="",
                  grows=True),
            Curve("independent pixels", "neutral", level(steps, s.independent_bits), width=1,
                  label="independent"),
        ],
        "chart",
        xlim=steps,
        ylim=(1.5, 4.5),
        xlabel="training step",
        ylabel="bits",
        caption="Thin line: a model that takes all pixels for independent.",
    )  # fmt: skip


def _readings(s: ImageSnapshot) -> list[Reading]:
    return [
        Reading(
            "bits per pixel", s.bits, (s.independent_bits, s.independent_bits),
            "independent pixels", "bits",
            help="To encode held-out images; the least possible is not known. 17 grey levels at "
            "random would be 4.09.",
        ),
        Reading(
            "overfitting", s.bits - s.train_bits, (0.0, 0.0), "held-out as training images", "bits",
            help="How many bits per pixel a held-out image costs more than a training image.",
        ),
        Reading(
            "distance to training images", np.nan if s.novelty is None else s.novelty,
            s.novelty_floor, "held-out images", better="neither",
            help="Distance of samples to the nearest training image. Held-out images are at 1, "
            "memorised images would be at 0; far above 1, samples are unlike any digit.",
        ),
    ]  # fmt: skip


def _sentence(s: ImageSnapshot) -> str:
    saved, overfit = s.independent_bits - s.bits, s.bits - s.train_bits
    if s.step == 0:
        return "Untrained: the flow is the identity, and its samples are noise."
    if saved < 0:
        return f"{s.bits:.2f} bits per pixel: more than with independent pixels."
    if s.step < s.config.steps:
        return f"{s.bits:.2f} bits per pixel, {saved:.2f} fewer than with independent pixels."
    end = f", and {overfit:.2f} more than training images: it overfits" if overfit > 0.1 else ""
    far = s.novelty is not None and s.novelty_floor is not None and s.novelty > s.novelty_floor[1]
    unlike = " Its samples lie farther from the training images than real digits do." if far else ""
    return (
        f"Trained: {s.bits:.2f} bits per pixel for held-out images, {saved:.2f} fewer than with "
        f"independent pixels{end}.{unlike}"
    )
