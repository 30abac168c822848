"""The panels that several views share."""

from collections.abc import Sequence

import numpy as np

from explorer.concepts.gan.density import LIMITS, SIGHT
from explorer.concepts.gan.look import BINS, Snapshot
from explorer.concepts.gan.losses import LOSSES
from explorer.concepts.gan.measure import Yardstick
from explorer.scene import Arrows, Bars, Curve, Field, Mark, Panel, Points, Role

LOSS_LIMITS: dict[str, tuple[float, float] | None] = {
    "nonsaturating": (0, 2.2),
    "minimax": (-3, 2),
    "leastsquares": (0, 0.8),
    "hinge": (-2, 3),
    "wasserstein": None,
    "relativistic": (0, 1.6),
}
ARROW, LONGEST = 1.0, 0.7  # length of an arrow for a slope of one; the longest
CONTRAST = (0.25, 0.75)  # beliefs that are drawn in full colour
MEANING = f"looks made up, {CONTRAST[0]:.0%} | looks real, {CONTRAST[1]:.0%}"
BELIEFS = tuple(f"{i / BINS:.0%}" for i in range(BINS))


def plane_panel(
    title: str, marks: Sequence[Mark], caption: str = "", active: bool = False
) -> Panel:
    """A panel of the plane in which the data lie."""
    return Panel(title, marks, xlim=LIMITS, ylim=LIMITS, caption=caption, active=active)


def belief_field(name: str, belief: np.ndarray) -> Field:
    return Field(name, belief, *CONTRAST, meaning=MEANING)


def cloud(name: str, role: Role, xy: np.ndarray, small: bool = False) -> Points:
    """Points, the real ones paler than the made-up ones that lie on them."""
    real = role == "real"
    size = 1.5 if small else 2 if real else 2.5
    return Points(name, role, xy, size=size, opacity=0.45 if real else 0.8, glides=not real)


def arrows(at: np.ndarray, slope: np.ndarray) -> Arrows:
    """Slopes as arrows of one scale for the whole run; only the longest are cut."""
    uv = slope * ARROW
    length = np.linalg.norm(uv, axis=1, keepdims=True)
    return Arrows("slope", "rival", at, uv * np.minimum(1, LONGEST / (length + 1e-9)), True)


def verdict_panel(s: Snapshot) -> Panel:
    """How the judge marks what is real and what is made up."""
    return Panel(
        "The judge's verdict",
        [
            Bars("real", "real", s.verdict_real, BELIEFS),
            Bars("made up", "model", s.verdict_made, BELIEFS),
        ],
        kind="chart",
        xlim=None,
        ylim=(0, 1),
        xlabel="belief that it is real",
        ylabel="share",
        caption="Apart: the judge wins.",
    )


def loss_panel(s: Snapshot) -> Panel:
    """Both losses, and what the best judge's would be."""
    step, loss = s.column("step"), LOSSES[s.config.loss]
    lines = [
        Curve("cannot tell", "neutral", level(s, loss.at_rest[0]), dashed=True, width=1),
        Curve("judge", "rival", along(step, s.column("judge"))),
        Curve("generator", "model", along(step, s.column("forger"))),
    ]
    best = s.column("best judge")
    caption = "The judge's loss rises when it is fooled."
    if np.isfinite(best).all():
        lines.insert(1, Curve("best judge", "truth", along(step, best)))
        finer = s.column("judge")[-1] < best[-1] - 0.02
        caption = "Above the best judge: still to learn."
        if finer:  # the best judge is that of blurred points, see `density`
            caption = f"Below: it sees finer than the blur of {SIGHT:g}."
    return Panel(
        "Losses",
        lines,
        kind="chart",
        xlim=(0, s.config.steps),
        ylim=LOSS_LIMITS[s.config.loss],
        xlabel="round",
        caption=caption,
    )


def distance_panel(s: Snapshot, rule: Yardstick) -> Panel:
    """Distance over the run, in units of what two sets of real ones have."""
    band = np.tile(np.array(rule.floor, np.float32) / rule.typical, (2, 1))
    name = "averaged" if s.config.keep else "made up"
    return Panel(
        "Distance to the data",
        [
            Curve("real", "truth", level(s, 1), band=band),
            Curve(name, "model", along(s.column("step"), s.column("distance") / rule.typical)),
        ],
        kind="chart",
        xlim=(0, s.config.steps),
        ylim=(0.3, 100),
        xlabel="round",
        log_y=True,
        caption="1: what real ones score.",
    )


def share_panel(s: Snapshot, title: str, lines: Sequence[Curve], caption: str) -> Panel:
    """Shares over the run."""
    return Panel(
        title,
        lines,
        kind="chart",
        xlim=(0, s.config.steps),
        ylim=(0, 1.05),
        xlabel="round",
        caption=caption,
    )


def level(s: Snapshot, height: float) -> np.ndarray:
    """A straight line over the whole run."""
    return np.array([[0, height], [s.config.steps, height]], np.float32)


def along(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The points (n, 2) of a curve."""
    return np.stack([x, y], axis=1).astype(np.float32)


def sight(of: str) -> str:
    return f"{of}, both blurred by {SIGHT:g}."
