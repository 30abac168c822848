"""What a snapshot looks like, for points in the plane. Images: see `pictures`."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch

from explorer.concepts.gan.density import SIGHT
from explorer.concepts.gan.look import PlaneSnapshot
from explorer.concepts.gan.losses import LOSSES
from explorer.concepts.gan.measure import PlaneYardstick, plane_yardstick
from explorer.concepts.gan.panels import (
    along,
    arrows,
    belief_field,
    cloud,
    distance_panel,
    level,
    loss_panel,
    plane_panel,
    share_panel,
    sight,
    verdict_panel,
)
from explorer.concepts.gan.words import sentence
from explorer.scene import Bars, Curve, Field, Flow, Mesh, Panel, Points, Reading, Scene

VIEWS: dict[str, str] = {
    "overview": "The whole game",
    "belief": "Judge and best judge",
    "error": "Where the judge errs",
    "result": "What it makes",
    "curves": "Curves",
}
NOISE_LIMITS = (-3.3, 3.3)
FLOWS = (
    Flow(0, 1, "z"),
    Flow(1, 2, "G(z)", "model"),
    Flow(2, 5, "points"),
    Flow(5, 4, "verdict", "rival"),
    Flow(4, 1, "slope", "model"),
)


def plane_scene(s: PlaneSnapshot, view: str) -> Scene:
    """The snapshot in one of VIEWS."""
    rule = plane_yardstick(s.config.dataset)
    build: dict[str, Callable[[PlaneSnapshot, PlaneYardstick], Scene]] = {
        "belief": belief,
        "error": error,
        "result": result,
        "curves": curves,
    }
    readings = rule.readings(s.marks)
    if view in ("belief", "error") and knows_best(s):
        readings = [readings[0], judge_error(s)]
    return replace(
        build.get(view, overview)(s, rule),
        step=s.step,
        readings=readings,
        sentence=sentence(s, rule),
        unit="round",
    )


def knows_best(s: PlaneSnapshot) -> bool:
    """Whether the best judge of this loss is known."""
    return LOSSES[s.config.loss].best is not None


def overview(s: PlaneSnapshot, rule: PlaneYardstick) -> Scene:
    """Every part of the game as a living picture, in the order in which the data flow."""
    noise = Panel(
        "Noise",
        [
            Mesh("grid", "neutral", s.lattice),
            Points("noise", "neutral", s.noise, size=2),
        ],
        xlim=NOISE_LIMITS,
        ylim=NOISE_LIMITS,
        caption="Random z, always the same.",
    )
    generator = plane_panel(
        "Generator",
        [Mesh("generator", "model", s.sheet)],
        "The same grid after G.",
    )
    samples = plane_panel(
        "Made up and real",
        [
            belief_field("the judge's belief", s.belief),
            cloud("real", "real", s.real),
            cloud("made up", "model", s.made),
            arrows(s.arrows_at, s.arrows),
        ],
        "Arrows: what would look more real.",
    )
    return Scene(
        [noise, generator, samples, distance_panel(s, rule), loss_panel(s), verdict_panel(s)],
        rows=(3, 3),
        flows=FLOWS,
    )


def belief(s: PlaneSnapshot, rule: PlaneYardstick) -> Scene:
    """What the judge has learnt, beside the best that any judge could say."""
    clouds = [cloud("real", "real", s.real, True), cloud("made up", "model", s.made, True)]
    learnt = plane_panel(
        "The judge's belief",
        [belief_field("the judge's belief", s.belief), *clouds],
        "What the judge has learnt so far.",
    )
    if not knows_best(s):
        steep = Field("steepness", s.best, 0.0, 2.0, ("neutral", "rival"), meaning="flat | steep")
        best = plane_panel(
            "Steepness of the critic",
            [steep, *clouds],
            "The best critic has steepness 1 wherever points have to move.",
        )
    else:
        best = plane_panel(
            "The best judge: p / (p + q)",
            [belief_field("the best judge", s.best), *clouds],
            sight("p exact, q by quadrature"),
        )
    return Scene([learnt, best])


def error(s: PlaneSnapshot, rule: PlaneYardstick) -> Scene:
    """Where the judge is wrong, and which of its beliefs can be trusted."""
    if not knows_best(s):
        return belief(s, rule)
    gap = Field(
        "belief minus best",
        s.belief - s.best,
        -0.5,
        0.5,
        meaning="takes real for made up | takes made up for real",
    )
    diagonal = np.array([[0, 0], [1, 1]], np.float32)
    trust = Panel(
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
        caption="On the dashed line it can. Flatter: the judge is too timid.",
    )
    clouds = [cloud("made up", "model", s.made, True)]
    title = "Judge minus best judge"
    return Scene([plane_panel(title, [gap, *clouds], "Pale: the judge is right."), trust])


def calibration_curve(s: PlaneSnapshot, parts: int = 10) -> np.ndarray:
    """Mean belief of the judge where the best judge says so much, weighted by mass."""
    group = (s.best.ravel() * parts).astype(int).clip(0, parts - 1)
    mass = np.bincount(group, s.mass.ravel(), parts)
    means = [np.bincount(group, (s.mass * m).ravel(), parts) for m in (s.best, s.belief)]
    filled = mass > 0.005 * mass.sum()
    return along(*(m[filled] / mass[filled] for m in means))


def judge_error(s: PlaneSnapshot) -> Reading:
    """How far the judge's belief is from the best judge's, where there are points."""
    gap = float((np.abs(s.belief - s.best) * s.mass).sum() / s.mass.sum())
    return Reading(
        "error of the judge",
        gap,
        (0.0, 0.0),
        "the best judge",
        help="Mean difference between its belief and the best judge's, over real and made-up "
        f"points blurred by {SIGHT:g}.",
    )


def result(s: PlaneSnapshot, rule: PlaneYardstick) -> Scene:
    """The averaged generator's points over real ones, and their share per mode."""
    name = "made up (averaged)" if s.config.keep else "made up"
    made = plane_panel(
        "Made up over real",
        [cloud("real", "real", s.real), cloud(name, "model", s.averaged)],
        "By averaged weights, which calm the last rounds." if s.config.keep else "By the weights.",
    )
    if not rule.groups:
        return Scene([made, distance_panel(s, rule)])
    mode, gap = rule.dist.nearest_mode(torch.tensor(s.averaged))
    share = torch.bincount(mode[gap <= 3], minlength=rule.groups).numpy() / len(s.averaged)
    deserved = rule.dist.mode_weights.numpy()
    names = tuple(str(k + 1) for k in range(rule.groups))
    modes = Panel(
        "Share per mode",
        [
            Bars("made up", "model", share.astype(np.float32), names),
            Curve("real", "truth", along(np.arange(rule.groups), deserved)),
        ],
        kind="chart",
        xlim=None,
        ylim=(0, 4 / rule.groups),
        xlabel="mode",
        ylabel="share",
        caption="Dashed: what every mode deserves.",
    )
    return Scene([made, modes])


def curves(s: PlaneSnapshot, rule: PlaneYardstick) -> Scene:
    """Distance, coverage and losses over the run."""
    step = s.column("step")
    lines = [
        Curve("perfect", "truth", level(s, rule.share[0])),
        Curve("points on target", "model", along(step, s.column("third"))),
        Curve("judged right", "rival", along(step, s.column("right"))),
    ]
    if rule.groups:
        covered = s.column("covered") / rule.groups
        lines.append(Curve("modes covered", "real", along(step, covered)))
    caption = "At rest the judge is right about half of the points."
    shares = share_panel(s, "Coverage and quality", lines, caption)
    return Scene([distance_panel(s, rule), shares, loss_panel(s)])
