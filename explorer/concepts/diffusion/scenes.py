"""What a training run on points looks like, and what it says about itself."""

from dataclasses import replace

import numpy as np

from explorer.concepts.diffusion.plane import EXAM, SAMPLES, SHOWN, VIEW, Marks, PlaneSnapshot
from explorer.concepts.diffusion.targets import TARGETS
from explorer.scene import Arrows, Curve, Field, Flow, Limits, Panel, Points, Reading, Scene

VIEWS: dict[str, str] = {
    "overview": "The whole way",
    "truth": "Beside the truth",
    "curves": "Curves",
}
LONGEST = 0.45  # of an arrow, in the units of the plane
ERROR_LIMITS = (1e-4, 2.0)
DISTANCES = (0.2, 100.0)  # in units of the floor


def plane_scene(s: PlaneSnapshot, view: str) -> Scene:
    """The snapshot in one of VIEWS."""
    build = {"truth": _truth, "curves": _curves}.get(view, _overview)
    return Scene(
        [framed(panel) for panel in build(s)],
        step=s.step,
        flows=FLOWS if build is _overview else (),
        readings=_readings(s),
        sentence=_sentence(s),
    )


FLOWS = (
    Flow(0, 1, "add noise", "real"),
    Flow(1, 2, "network", "model"),
    Flow(2, 3, "minus place", "model"),
    Flow(3, 4, "follow it", "model"),
)


def framed(panel: Panel) -> Panel:
    """A panel, if it is one of the plane, with the limits of all pictures of the plane."""
    return replace(panel, xlim=VIEW, ylim=VIEW) if panel.kind == "plane" else panel


def _overview(s: PlaneSnapshot) -> list[Panel]:
    return [
        Panel("Data", [Points("data", "real", s.fixed.real)], caption="What there is."),
        Panel(
            "Noised",
            [_density(s), Points("noised data", "neutral", s.fixed.noised)],
            caption=f"The same points, noise {SHOWN:g}. Shade: their exact density.",
        ),
        Panel(
            "Guess",
            [
                Points("network's guess", "model", s.guess, glides=True),
                Points("data", "real", s.fixed.real, size=1.5, opacity=0.35),
            ],
            caption="Where the network thinks that each noised point came from.",
        ),
        Panel(
            "Score",
            [_density(s), _arrows(s)],
            caption="Guess minus place: the way to where data are denser.",
        ),
        Panel(
            "Made up",
            [
                Points("data", "real", s.fixed.real, size=1.5, opacity=0.35),
                Points("made up", "model", s.samples, opacity=0.9, glides=True),
            ],
            caption="From pure noise, following the score.",
        ),
    ]


def _curves(s: PlaneSnapshot) -> list[Panel]:
    return [_loss(s), _distance(s), _over_time(s), _by_level(s)]


def _truth(s: PlaneSnapshot) -> list[Panel]:
    return [
        Panel(
            "Learnt score",
            [_density(s), _arrows(s)],
            caption=f"At noise {SHOWN:g}, where the shade is what the noised data look like.",
        ),
        Panel(
            "Exact score",
            [_density(s), _exact_arrows(s)],
            caption="The gradient of the exact log-density, in closed form.",
        ),
        Panel(
            "Where it is wrong",
            [
                Field(
                    "error of the guess",
                    s.error,
                    0.0,
                    1.0,
                    ("neutral", "rival"),
                    meaning="right | off by the size of the noise",
                ),
                Curve("99 % of the noised data", "truth", s.fixed.edge, width=1.5, label=""),
            ],
            caption="Outside the dashed line hardly any noised point goes: nothing to practise on.",
        ),
        _by_level(s),
    ]


def _density(s: PlaneSnapshot) -> Field:
    return density("exact density", s.fixed.density)


def density(name: str, values: np.ndarray) -> Field:
    """An exact density as a shade, light enough to read points on it."""
    high = max(1.6 * float(values.max()), 1e-9)
    return Field(name, values, 0.0, high, ("neutral", "truth"), meaning="empty | dense")


def short(arrows: np.ndarray, longest: float = LONGEST) -> np.ndarray:
    """The same arrows (n, 2), none longer than `longest`."""
    length = np.linalg.norm(arrows, axis=1, keepdims=True)
    return arrows * np.minimum(1, longest / np.maximum(length, 1e-9))


def _arrows(s: PlaneSnapshot) -> Arrows:
    return Arrows("learnt score", "model", s.fixed.arrows_at, short(s.arrows))


def _exact_arrows(s: PlaneSnapshot) -> Arrows:
    return Arrows("exact score", "truth", s.fixed.arrows_at, short(s.fixed.exact_arrows))


def level(x: Limits, y: float) -> np.ndarray:
    """A level line (2, 2)."""
    return np.array([[x[0], y], [x[1], y]], np.float32)


def trails(paths: np.ndarray) -> np.ndarray:
    """Paths (n, stops, 2) as one broken line."""
    gap = np.full((len(paths), 1, 2), np.nan, np.float32)
    return np.concatenate([paths, gap], axis=1).reshape(-1, 2)


def ladder(rungs_and_end: np.ndarray, step: int) -> Panel:
    """The noise strengths (steps + 1, 2) of a walk, and where it stands."""
    rungs = rungs_and_end[rungs_and_end[:, 1] > 0]
    top = float(rungs_and_end[0, 1])
    here = rungs[min(step, len(rungs) - 1)][None]
    return Panel(
        "The ladder",
        [
            Curve("noise left", "neutral", rungs, width=1, label=""),
            Points("rungs", "neutral", rungs, size=2.5, opacity=1),
            Points("here", "model", here, size=6, opacity=1),
        ],
        "chart",
        xlim=(0, max(len(rungs_and_end) - 1, 1)),
        ylim=(0.5 * float(rungs[-1, 1]), 2 * top),
        xlabel="step",
        log_y=True,
        span=0.7,
        caption="Noise strength at each step, down to none.",
    )


def _loss(s: PlaneSnapshot) -> Panel:
    steps = (0.0, float(s.config.steps))
    return Panel(
        "Loss",
        [
            Curve("network", "model", s.losses),
            Curve("best possible", "truth", level(steps, s.fixed.best_loss)),
        ],
        kind="chart",
        xlim=steps,
        ylim=(0, 2.2 if s.config.objective == "flow" else 1.1),
        xlabel="step",
        caption="On points kept aside. Not zero even at best: noise can't be guessed in full.",
    )


def _by_level(s: PlaneSnapshot) -> Panel:
    return Panel(
        "Error by noise strength",
        [
            Curve("learnt", "model", np.maximum(s.level_errors, ERROR_LIMITS[0])),
        ],
        kind="chart",
        xlim=(0.02, 5),
        ylim=ERROR_LIMITS,
        xlabel="noise strength",
        log_x=True,
        log_y=True,
        caption="Of the score, squared: 0 is perfect, 1 is knowing nothing.",
    )


def _over_time(s: PlaneSnapshot) -> Panel:
    return Panel(
        "Error of the score",
        [Curve("learnt", "model", np.maximum(s.score_errors, [0, ERROR_LIMITS[0]]))],
        kind="chart",
        xlim=(0, s.config.steps),
        ylim=ERROR_LIMITS,
        xlabel="step",
        log_y=True,
        caption="Weighted as in the bound on the likelihood; zero would be the exact score.",
    )


def _distance(s: PlaneSnapshot) -> Panel:
    """How far from the data over training, in units of the floor."""
    floor = s.marks.distance_floor
    steps = (0.0, float(s.config.steps))
    band = np.tile(np.array(floor.interval, np.float32) / floor.mean, (2, 1))
    return Panel(
        "Distance to the data",
        [
            Curve("real points", "truth", level(steps, 1.0), band=band),
            Curve("made up", "model", np.clip(s.distances, [0, DISTANCES[0]], [np.inf, 1e3])),
        ],
        kind="chart",
        xlim=steps,
        ylim=DISTANCES,
        xlabel="step",
        log_y=True,
        caption="In units of what real points score; shaded: 99 % of them.",
    )


def percent(interval: Limits) -> Limits:
    """An interval of shares in percent."""
    return 100 * interval[0], 100 * interval[1]


def on_a_mode(marks: Marks | None) -> Reading | None:
    """How many points lie where they should, of data that have modes; before that, its place."""
    name = "on a mode"
    if marks is None:
        return Reading(name, np.nan, None, "real points", "%", "high")
    if marks.high_quality is None or marks.high_quality_floor is None:
        return None
    return Reading(
        name,
        100 * marks.high_quality,
        percent(marks.high_quality_floor.interval),
        "real points",
        "%",
        "high",
        help=f"Share of made-up points within three standard deviations of a mode; {marks.modes} "
        f"of {marks.of} modes have at least a fifth of the points that they deserve.",
    )


def _readings(s: PlaneSnapshot) -> list[Reading]:
    distance = Reading(
        "distance to the data",
        s.marks.distance,
        s.marks.distance_floor.interval,
        "as many real points",
        help=f"Sliced Wasserstein distance of made-up points from the data, in the units of the "
        f"picture. Of {EXAM:,} points at the end, of {SAMPLES} before: from so few, a lost mode is "
        "two floors away instead of ten.",
        usual=s.marks.distance_floor.mean,
    )
    error = Reading(
        "error of the score",
        100 * float(s.score_errors[-1, 1]),
        (0.0, 0.0),
        "the exact score",
        "%",
        help="Squared, relative to the exact score, over noise strengths from 0.02 to 5, weighted "
        "by the strength squared.",
    )
    modes = on_a_mode(s.marks)
    return [distance, *([modes] if modes else []), error]


def _sentence(s: PlaneSnapshot) -> str:
    error, marks = float(s.score_errors[-1, 1]), s.marks
    what = TARGETS[s.config.objective].label
    if s.step == 0:
        return f"Untrained: asked for {what}, it answers nothing, and the walk leads nowhere."
    if not np.isfinite(error) or marks.distance > 0.5:
        return "What is made up is far from the data: the walk goes astray."
    if error > 0.3:
        rough = "The network knows roughly where the data are; detail is still averaged away."
        done = "Detail finer than the network can follow was averaged away for good."
        return done if s.step == s.config.steps else rough
    if marks.high_quality is not None and marks.high_quality < 0.8:
        return (
            f"{marks.modes} of {marks.of} modes are covered, but {1 - marks.high_quality:.0%} of "
            "the points still lie between them: at little noise the score is not sharp yet."
        )
    if marks.distance > 1.3 * marks.distance_floor.high:
        return "The right places in slightly wrong proportions: the distance is above its floor."
    right, off = f"the score is {1 - error:.1%} right", strays(marks)
    if s.step < s.config.steps:
        return f"So far {right}{off.replace('them', 'the points made up')}."
    every = f", all {marks.of} modes are found" if marks.of and marks.modes == marks.of else ""
    return f"Done: {right}{every}, and the points are as near to the data as chance allows{off}."


def strays(marks: Marks) -> str:
    """What is to be said of points off the modes, if they are more than chance allows."""
    if marks.high_quality is None or marks.high_quality_floor is None:
        return ""
    if marks.high_quality >= marks.high_quality_floor.low:
        return ""
    real = 1 - marks.high_quality_floor.mean
    return f"; {1 - marks.high_quality:.1%} of them lie off the modes, of real points {real:.1%}"
