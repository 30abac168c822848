"""The picture of a training run on images, and the sentence of its state."""

import numpy as np

from explorer.concepts.diffusion.measure_images import ImageScores
from explorer.concepts.diffusion.train_images import SIGMA, ImageSnapshot
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.image_grid import COLUMNS, image_grid
from explorer.concepts.shared.percent import in_percent
from explorer.scene import Curve, Flow, Mark, Panel, Points, Reading, Scene

FLOWS = (
    Flow(0, 1, "add noise", "real"),
    Flow(1, 2, "denoise", "model"),
    Flow(2, 3, "sample", "model"),
)
LOSS_LIMITS = (0.05, 20.0)
MAP_LIMITS = (-4.0, 4.0)
WAIT = "waits for the autoencoder"


def scene(s: ImageSnapshot, view: str) -> Scene:
    """The snapshot in one of `scene.VIEWS`."""
    build = {"truth": _comparison, "curves": _curves}.get(view, _overview)
    return Scene(
        build(s),
        step=s.step,
        flows=FLOWS if build is _overview else (),
        readings=[*image_readings(s.scores), _novelty(s.scores)],
        sentence=_sentence(s),
    )


def _overview(s: ImageSnapshot) -> list[Panel]:
    columns, autoencoder = COLUMNS[s.config.dataset], s.phase == "autoencoder"
    where = " of latent codes" if s.in_latent_space else ""
    return [
        image_grid(
            "Held-out images", "held-out images", "real", s.real, columns,
            "Scanned digits, not trained on.",
        ),
        image_grid(
            "Noised images", "noised images", "neutral", s.noised, columns,
            f"At noise level σ = {SIGMA:g}{where}.", WAIT,
        ),
        image_grid(
            "Denoised estimate", "denoised estimate",
            "model", s.denoised, columns,
            "At first reconstructions of the autoencoder, from 16 numbers." if autoencoder
            else "D(x, σ): what the network expects, given x and the class.",
        ),
        image_grid(
            "Samples", "samples", "model", s.samples, columns,
            "Generated from pure noise, classes 0 to 9 in turn.", WAIT,
        ),
    ]  # fmt: skip


def _curves(s: ImageSnapshot) -> list[Panel]:
    return [*([_map(s)] if s.in_latent_space else []), _loss(s), _accuracy(s)]


def _comparison(s: ImageSnapshot) -> list[Panel]:
    columns = COLUMNS[s.config.dataset]
    wait = WAIT if s.phase == "autoencoder" else "at the end of training"
    return [
        image_grid(
            "Samples", "samples", "model", s.samples, columns, "Generated from pure noise.", wait
        ),
        image_grid(
            "Nearest training images", "nearest training images", "real", s.nearest, columns,
            "For each sample. A memorised image would look the same in every stroke.", wait,
        ),
        image_grid("Held-out images", "held-out images", "real", s.real, columns,
                   "Not trained on, for comparison."),
        _loss(s),
    ]  # fmt: skip


def _accuracy(s: ImageSnapshot) -> Panel:
    steps = (0.0, float(s.config.steps))
    real = sum(s.scores.accuracy_floor) / 2 if s.scores else np.nan
    own = s.scores.accuracy if s.scores else np.nan
    return Panel(
        "Class accuracy of the samples",
        [
            Curve("samples", "model", point(s.step, own), grows=True),
            Curve("real images", "truth", level(steps, real)),
        ],
        "chart",
        xlim=steps,
        ylim=(0, 1.05),
        xlabel="training step",
        ylabel="share",
        caption="Share that an independent classifier assigns to the class asked for.",
    )


def _map(s: ImageSnapshot) -> Panel:
    marks: list[Mark] = [Points("latent codes", "real", s.map, s.map_classes, size=2, opacity=0.6)]
    if len(s.map_samples):
        marks.append(Points("samples", "model", s.map_samples, size=4, shape="ring", opacity=1))
    return Panel(
        "Latent space",
        marks,
        xlim=MAP_LIMITS,
        ylim=MAP_LIMITS,
        caption="Latent codes of held-out images, coloured by class, along 2 of 16 axes.",
    )


def _loss(s: ImageSnapshot) -> Panel:
    steps = (0.0, float(s.config.steps))
    marks: list[Mark] = []
    if s.in_latent_space:
        lost = np.nan if s.reconstruction_error is None else max(s.reconstruction_error, 0.05)
        marks.append(Curve("autoencoder", "neutral", point(s.step, lost), grows=True))
    loss = np.nan if s.loss is None else max(s.loss, LOSS_LIMITS[0])
    marks.append(Curve("denoiser", "model", point(s.step, loss), grows=True))
    if s.memorised_loss is not None:
        memorised = min(max(s.memorised_loss, LOSS_LIMITS[0]), LOSS_LIMITS[1])
        marks.append(Curve("memorisation", "truth", level(steps, memorised)))
    return Panel(
        "Loss on held-out images",
        marks,
        "chart",
        xlim=steps,
        ylim=LOSS_LIMITS,
        xlabel="training step",
        ylabel="mean squared error",
        log_y=True,
        caption="Dashed: a denoiser that has memorised the training images, and nothing else.",
    )


def image_readings(scores: ImageScores | None) -> list[Reading]:
    """The scores of generated images; as long as there are none, their places."""
    return [
        Reading(
            "class accuracy",
            100 * scores.accuracy if scores else np.nan,
            in_percent(scores.accuracy_floor) if scores else None,
            "real images",
            "%",
            "high",
            help="Share of samples that a classifier, trained on held-out images only, assigns to "
            "the class that was asked for. It errs on real images, too.",
        ),
        Reading(
            "coverage",
            100 * scores.coverage if scores else np.nan,
            in_percent(scores.coverage_floor) if scores else None,
            "as many real images",
            "%",
            "high",
            help="Diversity: share of real images that have a sample among their five nearest "
            "neighbours, compared as thumbnails of 4 x 4 pixels.",
        ),
    ]


def _novelty(scores: ImageScores | None) -> Reading:
    known = scores is not None and scores.novelty is not None
    return Reading(
        "distance to training images",
        scores.novelty if scores and scores.novelty is not None else np.nan,
        scores.novelty_floor if scores and known else None,
        "held-out images",
        better="neither",
        help="Distance of a sample to the nearest training image, measured at the end of training. "
        "Held-out images are at 1, memorised training images would be at 0.",
    )


def _sentence(s: ImageSnapshot) -> str:
    if s.scores is None:
        return (
            "First an autoencoder learns to encode an image as 16 numbers; its reconstructions "
            f"still miss {s.reconstruction_error:.0%} of the variance. Then the latent codes are "
            "noised and denoised."
        )
    if s.loss is None or s.loss > 0.95:
        return "Untrained: the denoised estimate shows nothing yet, and the samples are noise."
    scores = s.scores
    right = f"{scores.accuracy:.0%} of the samples are classified as the class asked for"
    if scores.novelty is None:
        return f"{right}."
    if scores.novelty < 0.5:
        return f"Trained: {right}. They are copies of training images."
    return (
        f"Trained: {right}. They are no copies: they lie about as far from the training images as "
        "held-out images, or farther."
    )
