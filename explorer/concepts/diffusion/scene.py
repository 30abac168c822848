"""The picture of a training run on points, and the sentence of its state."""

import numpy as np

from explorer.concepts.diffusion import scene_images
from explorer.concepts.diffusion.config import PREDICTIONS, Config
from explorer.concepts.diffusion.measure import Scores
from explorer.concepts.diffusion.train import FINAL_SAMPLES, SAMPLES, SIGMA, PlaneSnapshot, Snapshot
from explorer.concepts.diffusion.train_images import ImageSnapshot
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.percent import in_percent
from explorer.concepts.shared.plane_view import framed, pale_density, shortened
from explorer.scene import Arrows, Curve, Field, Flow, Panel, Points, Reading, Scene

VIEWS: dict[str, str] = {
    "overview": "Overview",
    "truth": "Exact score",
    "curves": "Curves",
}
ERROR_LIMITS = (1e-4, 2.0)
DISTANCES = (0.2, 100.0)  # in units of the noise floor
FLOWS = (
    Flow(0, 1, "add noise", "real"),
    Flow(1, 2, "denoise", "model"),
    Flow(2, 3, "minus x", "model"),
    Flow(3, 4, "sample", "model"),
)


def views(config: Config) -> dict[str, str]:
    """The views of a run: of images, the score is not known exactly."""
    return VIEWS | {"truth": "Nearest images"} if config.of_images else VIEWS


def scene(snapshot: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    if isinstance(snapshot, ImageSnapshot):
        return scene_images.scene(snapshot, view)
    build = {"truth": _truth, "curves": _curves}.get(view, _overview)
    return Scene(
        [framed(panel) for panel in build(snapshot)],
        step=snapshot.step,
        flows=FLOWS if build is _overview else (),
        readings=_readings(snapshot),
        sentence=_sentence(snapshot),
    )


def _overview(s: PlaneSnapshot) -> list[Panel]:
    data = Points("training data", "real", s.fixed.real, size=1.5, opacity=0.35)
    return [
        Panel(
            "Training data",
            [Points("training data", "real", s.fixed.real)],
            caption="Points x₀ drawn from the data distribution.",
        ),
        Panel(
            "Noised data",
            [_density(s), Points("noised data", "neutral", s.fixed.noised)],
            caption=f"x = x₀ + σε, noise level σ = {SIGMA:g}. Shade: exact density.",
        ),
        Panel(
            "Denoised estimate",
            [Points("denoised estimate", "model", s.denoised, interpolated=True), data],
            caption="D(x, σ): where the network expects x₀, given x.",
        ),
        Panel(
            "Learnt score",
            [_density(s), _arrows(s)],
            caption="D(x, σ) − x, the score times σ²: arrows point to higher density.",
        ),
        Panel(
            "Samples",
            [data, Points("samples", "model", s.samples, opacity=0.9, interpolated=True)],
            caption="Generated from pure noise by the reverse process.",
        ),
    ]


def _curves(s: PlaneSnapshot) -> list[Panel]:
    return [_loss(s), _distance(s), _score_error(s), _by_level(s)]


def _truth(s: PlaneSnapshot) -> list[Panel]:
    exact = Arrows("exact score", "truth", s.fixed.arrows_at, shortened(s.fixed.exact_arrows))
    return [
        Panel(
            "Learnt score",
            [_density(s), _arrows(s)],
            caption=f"At noise level σ = {SIGMA:g}, over the exact density of the noised data.",
        ),
        Panel(
            "Exact score",
            [_density(s), exact],
            caption="The gradient of the exact log-density, in closed form; drawn times σ².",
        ),
        Panel(
            "Error of the denoised estimate",
            [
                Field(
                    "error of the denoised estimate",
                    s.error,
                    0.0,
                    1.0,
                    ("neutral", "rival"),
                    meaning="no error | an error of σ",
                ),
                Curve("99 % of the noised data", "truth", s.fixed.outline, width=1.5, label=""),
            ],
            caption="Outside the dashed line there are hardly any noised data to learn from.",
        ),
        _by_level(s),
    ]


def _density(s: PlaneSnapshot) -> Field:
    return pale_density("exact density", s.fixed.density)


def _arrows(s: PlaneSnapshot) -> Arrows:
    return Arrows("learnt score", "model", s.fixed.arrows_at, shortened(s.arrows))


def _loss(s: PlaneSnapshot) -> Panel:
    steps = (0.0, float(s.config.steps))
    return Panel(
        "Loss",
        [
            Curve("network", "model", point(s.step, s.loss), grows=True),
            Curve("exact denoiser", "truth", level(steps, s.fixed.best_loss)),
        ],
        kind="chart",
        xlim=steps,
        ylim=(0, 2.2 if s.config.prediction == "velocity" else 1.1),
        xlabel="training step",
        ylabel="mean squared error",
        caption="On held-out points. No denoiser can go below the dashed line.",
    )


def _by_level(s: PlaneSnapshot) -> Panel:
    return Panel(
        "Error of the score by noise level",
        [Curve("learnt score", "model", np.maximum(s.error_by_level, ERROR_LIMITS[0]))],
        kind="chart",
        xlim=(0.02, 5),
        ylim=ERROR_LIMITS,
        xlabel="noise level σ",
        ylabel="relative squared error",
        log_x=True,
        log_y=True,
        caption="0 is the exact score, 1 is as bad as a score of zero.",
    )


def _score_error(s: PlaneSnapshot) -> Panel:
    error = max(s.score_error, ERROR_LIMITS[0])
    return Panel(
        "Error of the score",
        [Curve("learnt score", "model", point(s.step, error), grows=True)],
        kind="chart",
        xlim=(0, s.config.steps),
        ylim=ERROR_LIMITS,
        xlabel="training step",
        ylabel="relative squared error",
        log_y=True,
        caption="Over all noise levels, weighted by σ² as in the bound on the likelihood.",
    )


def _distance(s: PlaneSnapshot) -> Panel:
    """How far the samples are from the data over training, in units of the noise floor."""
    floor = s.scores.distance_floor
    steps = (0.0, float(s.config.steps))
    band = np.tile(np.array(floor.interval, np.float32) / floor.mean, (2, 1))
    distance = min(max(s.scores.distance / floor.mean, DISTANCES[0]), 1e3)
    return Panel(
        "Distance to the data",
        [
            Curve("fresh points", "truth", level(steps, 1.0), band=band),
            Curve("samples", "model", point(s.step, distance), grows=True),
        ],
        kind="chart",
        xlim=steps,
        ylim=DISTANCES,
        xlabel="training step",
        ylabel="× noise floor",
        log_y=True,
        caption="Sliced Wasserstein distance. Shaded: where 99 % of sets of fresh points lie.",
    )


def high_quality(scores: Scores | None) -> Reading | None:
    """The share of samples near a mode, of data that have modes; None for other data."""
    name = "high-quality samples"
    if scores is None:
        return Reading(name, np.nan, None, "fresh points", "%", "high")
    if scores.high_quality is None or scores.high_quality_floor is None:
        return None
    return Reading(
        name,
        100 * scores.high_quality,
        in_percent(scores.high_quality_floor.interval),
        "fresh points",
        "%",
        "high",
        help=f"Share of samples within three standard deviations of a mode; {scores.modes} of "
        f"{scores.of} modes have at least a fifth of the samples that they should have.",
    )


def _readings(s: PlaneSnapshot) -> list[Reading]:
    distance = Reading(
        "distance to the data",
        s.scores.distance,
        s.scores.distance_floor.interval,
        "as many fresh points",
        help=f"Sliced Wasserstein distance of samples from the data, in the units of the picture. "
        f"Of {FINAL_SAMPLES:,} samples at the end, of {SAMPLES} before: with so few, a lost mode "
        "is two noise floors away instead of ten.",
        usual=s.scores.distance_floor.mean,
    )
    error = Reading(
        "squared error of the score",
        100 * s.score_error,
        (0.0, 0.0),
        "the exact score",
        "%",
        help="Relative to the square of the exact score, over noise levels from 0.02 to 5, "
        "weighted by the noise level squared. 0.5 % of the square is 7 % of the length.",
    )
    quality = high_quality(s.scores)
    return [distance, *([quality] if quality else []), error]


def _sentence(s: PlaneSnapshot) -> str:
    error, scores, ended = s.score_error, s.scores, s.step == s.config.steps
    if s.step == 0:
        what = PREDICTIONS[s.config.prediction]
        return f"Untrained: the network should predict {what}, and its samples are still noise."
    if not np.isfinite(error) or scores.distance > 0.5:
        return "The samples are far from the data: the reverse process diverges."
    if error > 0.3:
        if ended:
            return f"Fine detail is averaged away{_modes(scores)}: a squared error of {error:.0%}."
        return "The score is roughly right; fine detail is still averaged away."
    if scores.high_quality is not None and scores.high_quality < 0.8:
        return (
            f"{scores.modes} of {scores.of} modes are covered, but {1 - scores.high_quality:.0%} "
            "of the samples lie between them: at low noise levels the score is not sharp yet."
        )
    if scores.distance > 1.3 * scores.distance_floor.high:
        return "Samples lie in the right places in slightly wrong proportions."
    error, off = error**0.5, off_the_modes(scores)
    if not ended:
        return f"So far the score is off by {error:.1%} of its length (root mean square){off}."
    every = f", all {scores.of} modes are covered" if scores.of == scores.modes else ""
    near = nearness(scores)
    return f"Trained: the score is off by {error:.1%} of its length{every}, and {near}{off}."


def nearness(scores: Scores) -> str:
    """Whether the distance lies inside the noise floor."""
    nearly = "" if scores.distance <= scores.distance_floor.high else "nearly "
    return f"the samples are {nearly}as near to the data as fresh points are"


def _modes(scores: Scores) -> str:
    return "" if scores.modes is None else f", {scores.modes} of {scores.of} modes are covered"


def off_the_modes(scores: Scores) -> str:
    """What is to be said of samples off the modes, if they are more than chance allows."""
    if scores.high_quality is None or scores.high_quality_floor is None:
        return ""
    if scores.high_quality >= scores.high_quality_floor.low:
        return ""
    off, real = 1 - scores.high_quality, 1 - scores.high_quality_floor.mean
    return f"; {off:.1%} of the samples lie off the modes, of fresh points {real:.1%}"
