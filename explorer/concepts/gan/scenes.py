"""What a snapshot looks like, for points in the plane. Images: see `pictures`."""

from dataclasses import replace

import numpy as np
import torch

from explorer.concepts.gan.density import SIGHT
from explorer.concepts.gan.look import BINS, PlaneSnapshot, Snapshot
from explorer.concepts.gan.losses import LOSSES
from explorer.concepts.gan.measure import PlaneYardstick, Yardstick, yardstick
from explorer.concepts.gan.words import sentence
from explorer.scene import (
    Arrows,
    Bars,
    Curve,
    Field,
    Flow,
    Mesh,
    Panel,
    Points,
    Reading,
    Scene,
)

VIEWS: dict[str, str] = {
    "overview": "The whole game",
    "belief": "Judge and best judge",
    "error": "Where the judge errs",
    "result": "What it makes",
    "curves": "Curves",
}
LOSS_LIMITS: dict[str, tuple[float, float] | None] = {
    "nonsaturating": (0, 3),
    "minimax": (-3, 2),
    "leastsquares": (0, 0.8),
    "hinge": (-2, 3),
    "wasserstein": None,
    "relativistic": (0, 2),
}
NOISE_LIMITS = (-3.3, 3.3)
ARROW = 0.35  # length of an arrow for a slope of one
LONGEST = 0.8
FLOWS = (
    Flow(0, 1, "z"),
    Flow(1, 2, "G(z)", "model"),
    Flow(2, 5, "points", "neutral"),
    Flow(5, 4, "verdict", "rival"),
    Flow(4, 1, "slope", "model"),
)


def plane_scene(s: PlaneSnapshot, view: str) -> Scene:
    """The snapshot in one of VIEWS."""
    rule = yardstick(s.config.dataset)
    build = {"belief": belief, "error": error, "result": result, "curves": curves}
    plain = build.get(view, overview)(s, rule)
    readings = rule.readings(s.marks)
    if view in ("belief", "error") and LOSSES[s.config.loss].best:
        readings = [readings[0], judge_error(s)]
    return replace(plain, step=s.step, readings=readings, sentence=sentence(s, rule), unit="round")


def overview(s: PlaneSnapshot, rule: Yardstick) -> Scene:
    """Every part of the game as a living picture, in the order in which the data flow."""
    noise = Panel(
        "Noise",
        [
            Mesh("grid of noise", "neutral", s.lattice),
            Points("noise", "neutral", s.noise, size=2),
        ],
        xlim=NOISE_LIMITS,
        ylim=NOISE_LIMITS,
        caption="Random numbers z, the same in every frame.",
    )
    generator = Panel(
        "Generator",
        [Mesh("the grid, carried along", "model", s.sheet)],
        caption="The same grid after G. Narrow cells: many points.",
    )
    return Scene(
        [noise, generator, samples(s), distance_panel(s, rule), loss_panel(s), verdict_panel(s)],
        rows=(3, 3),
        flows=FLOWS,
    )


def samples(s: PlaneSnapshot) -> Panel:
    """Made-up over real points, on the judge's belief, with the slope that each is told."""
    return Panel(
        "Made up and real",
        [
            belief_field(s),
            Points("real", "real", s.real, size=2, opacity=0.45),
            Points("made up", "model", s.made, size=2.5, opacity=0.9),
            arrows(s.arrows_at, s.arrows),
        ],
        caption="Arrows: where the judge would find a point more real.",
    )


def belief_field(s: PlaneSnapshot) -> Field:
    return Field("the judge's belief", s.belief, 0.0, 1.0, meaning="looks made up | looks real")


def arrows(at: np.ndarray, slope: np.ndarray, scale: float = ARROW) -> Arrows:
    """Slopes as arrows of one scale for the whole run; only the longest are cut."""
    uv = slope * scale
    length = np.linalg.norm(uv, axis=1, keepdims=True)
    return Arrows("slope", "rival", at, uv * np.minimum(1, LONGEST / (length + 1e-9)))


def verdict_panel(s: Snapshot, active: bool = False) -> Panel:
    """How the judge marks real and made-up points."""
    marks = [
        f"{(i + 0.5) / BINS:.0%}" if i in (1, BINS // 2, BINS - 2) else "" for i in range(BINS)
    ]
    return Panel(
        "The judge's verdict",
        [
            Bars("real", "real", s.verdict_real, labels=marks),
            Bars("made up", "model", s.verdict_made, labels=marks),
        ],
        kind="chart",
        xlim=None,
        ylim=(0, 1),
        xlabel="belief that a point is real",
        ylabel="share",
        caption="Apart: the judge wins. Both at 50 %: it cannot tell.",
        active=active,
    )


def loss_panel(s: Snapshot, span: float = 1.0) -> Panel:
    """Both losses, and what the best judge's would be."""
    step, loss = s.column("step"), LOSSES[s.config.loss]
    rest = np.array([[0, loss.at_rest[0]], [s.config.steps, loss.at_rest[0]]], np.float32)
    lines = [
        Curve("cannot tell", "neutral", rest, dashed=True, width=1),
        Curve("judge", "rival", along(step, s.column("judge"))),
        Curve("generator", "model", along(step, s.column("forger"))),
    ]
    best = s.column("best judge")
    caption = "The judge's loss rises when it is fooled."
    if np.isfinite(best).all():
        lines.insert(1, Curve("best judge", "truth", along(step, best)))
        caption = f"Dashed: the best judge with sight {SIGHT:g}. The gap is not yet learnt."
    return Panel(
        "Losses",
        lines,
        kind="chart",
        xlim=(0, s.config.steps),
        ylim=LOSS_LIMITS[s.config.loss],
        xlabel="round",
        caption=caption,
        span=span,
    )


def distance_panel(s: Snapshot, rule: Yardstick, span: float = 1.0) -> Panel:
    """Distance over the run, in units of what two sets of real points have."""
    ends = np.array([[0, 1], [s.config.steps, 1]], np.float32)
    band = np.tile(np.array(rule.floor, np.float32) / rule.typical, (2, 1))
    averaged = "averaged" if s.config.keep else "made up"
    return Panel(
        "Distance to the data",
        [
            Curve("real from real", "truth", ends, band=band),
            Curve(averaged, "model", along(s.column("step"), s.column("distance") / rule.typical)),
        ],
        kind="chart",
        xlim=(0, s.config.steps),
        ylim=(0.3, 100),
        xlabel="round",
        log_y=True,
        caption="In units of the distance between two sets of real ones.",
        span=span,
    )


def belief(s: PlaneSnapshot, rule: Yardstick) -> Scene:
    """What the judge has learnt, beside the best that any judge could say."""
    clouds = [
        Points("real", "real", s.real, size=1.5, opacity=0.5),
        Points("made up", "model", s.made, size=1.5, opacity=0.7),
    ]
    learnt = Panel(
        "The judge's belief", [belief_field(s), *clouds], caption="What it has learnt so far."
    )
    if LOSSES[s.config.loss].best is None:
        steep = Field("steepness", s.best, 0.0, 2.0, ("neutral", "rival"), meaning="flat | steep")
        title = "Steepness of the critic"
        best = Panel(title, [steep, *clouds], caption="The best critic has steepness 1 in between.")
    else:
        field = Field("the best judge", s.best, 0.0, 1.0, meaning="looks made up | looks real")
        best = Panel(
            "The best judge: p / (p + q)",
            [field, *clouds],
            caption=f"Exact p, q by quadrature, both blurred by {SIGHT:g}.",
        )
    return Scene([learnt, best])


def error(s: PlaneSnapshot, rule: Yardstick) -> Scene:
    """Where the judge is wrong, and which of its beliefs can be trusted."""
    if LOSSES[s.config.loss].best is None:
        return belief(s, rule)
    gap = Field(
        "belief minus best",
        s.belief - s.best,
        -1.0,
        1.0,
        meaning="takes real for made up | takes made up for real",
    )
    clouds = [Points("made up", "model", s.made, size=1.5, opacity=0.5)]
    diagonal = np.array([[0, 0], [1, 1]], np.float32)
    return Scene(
        [
            Panel("Judge minus best judge", [gap, *clouds], caption="Pale: the judge is right."),
            Panel(
                "Can its belief be trusted?",
                [
                    Curve("best judge", "truth", diagonal),
                    Curve("judge", "rival", calibration_curve(s)),
                ],
                kind="chart",
                xlim=(0, 1),
                ylim=(0, 1),
                xlabel="what the best judge says",
                ylabel="what the judge says",
                caption="On the dashed line: yes. Flatter: too timid.",
            ),
        ]
    )


def calibration_curve(s: PlaneSnapshot, parts: int = 10) -> np.ndarray:
    """Mean belief of the judge where the best judge says so much, weighted by mass."""
    group = (s.best.ravel() * parts).astype(int).clip(0, parts - 1)
    mass = np.bincount(group, s.mass.ravel(), parts)
    means = [np.bincount(group, (s.mass * m).ravel(), parts) for m in (s.best, s.belief)]
    filled = mass > 0.005 * mass.sum()
    return np.stack([(m[filled] / mass[filled]) for m in means], axis=1).astype(np.float32)


def judge_error(s: PlaneSnapshot) -> Reading:
    gap = float((np.abs(s.belief - s.best) * s.mass).sum() / s.mass.sum())
    return Reading(
        "error of the judge",
        gap,
        (0.0, 0.0),
        "the best judge",
        help="Mean difference between its belief and the best judge's, over real and made-up "
        f"points, at sight {SIGHT:g}.",
    )


def result(s: PlaneSnapshot, rule: Yardstick) -> Scene:
    """The averaged generator's points over real ones, and their share per mode."""
    name = "made up (averaged)" if s.config.keep else "made up"
    made = Panel(
        "Made up over real",
        [
            Points("real", "real", s.real, size=2, opacity=0.45),
            Points(name, "model", s.averaged, size=2.5, opacity=0.8),
        ],
        caption="Averaged weights calm the last steps." if s.config.keep else "The last weights.",
    )
    if not isinstance(rule, PlaneYardstick) or not rule.groups:
        return Scene([made, distance_panel(s, rule)])
    mode, gap = rule.dist.nearest_mode(torch.from_numpy(s.averaged))
    share = torch.bincount(mode[gap <= 3], minlength=rule.groups).numpy() / len(s.averaged)
    even = np.array([[-0.5, 1 / rule.groups], [rule.groups - 0.5, 1 / rule.groups]], np.float32)
    modes = Panel(
        "Share per mode",
        [
            Bars("made up", "model", share.astype(np.float32)),
            Curve("real", "truth", even),
        ],
        kind="chart",
        xlim=None,
        ylim=(0, 4 / rule.groups),
        xlabel="mode",
        ylabel="share",
        caption="Dashed: what every mode deserves.",
    )
    return Scene([made, modes])


def curves(s: Snapshot, rule: Yardstick) -> Scene:
    """Distance, coverage and losses over the run."""
    step, steps = s.column("step"), s.config.steps
    perfect = np.array([[0, rule.share[0]], [steps, rule.share[0]]], np.float32)
    lines = [
        Curve("perfect", "truth", perfect),
        Curve("points on target", "model", along(step, s.column("third"))),
    ]
    if rule.groups:
        covered = s.column("covered") / rule.groups
        lines.append(Curve("modes covered", "real", along(step, covered)))
    right = Curve("judged right", "rival", along(step, s.column("right")))
    shares = Panel(
        "Coverage and quality",
        [*lines, right],
        kind="chart",
        xlim=(0, steps),
        ylim=(0, 1.05),
        xlabel="round",
        caption="At rest the judge is right about half of the points.",
    )
    return Scene([distance_panel(s, rule), shares, loss_panel(s)])


def along(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Points (n, 2) of a curve."""
    return np.stack([x, y], axis=1).astype(np.float32)
