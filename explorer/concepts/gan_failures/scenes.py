"""What the runs look like: the failure beside its cure, and the wall of nine seeds."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from explorer.concepts.gan.losses import LOSSES
from explorer.concepts.gan.measure import plane_yardstick
from explorer.concepts.gan.panels import along, arrows, belief_field, cloud, plane_panel
from explorer.concepts.gan_failures.config import CURE_NAMES, FAILURE_NAMES, NONE
from explorer.concepts.gan_failures.gauge import FIGURES, POINTS
from explorer.concepts.gan_failures.rotation import LAGS, ROUNDS, least, rotation
from explorer.concepts.gan_failures.training import FRAMES, Side, Snapshot, Wall
from explorer.concepts.gan_failures.words import sentence, told, wall_sentence
from explorer.scene import Curve, Field, Mark, Panel, Points, Reading, Role, Scene

VIEWS: dict[str, str] = {"overview": "Before and after", "modes": "Mode by mode"}
SLOPES = (1e-4, 1e2)  # that are drawn
GUESS = 1.96 * 0.5 / POINTS**0.5  # of the share that a blind judge gets right
FINE = 6  # the raster of modes is drawn so many times finer, so that its cells have edges


def scene(s: Snapshot, view: str = "overview") -> Scene:
    """The snapshot in one of VIEWS."""
    build: dict[str, Callable[[Snapshot], Scene]] = {"modes": by_mode}
    return replace(
        build.get(view, overview)(s),
        step=s.step,
        readings=readings(s),
        sentence=sentence(s, groups(s)),
        unit="round",
    )


def groups(s: Snapshot) -> int:
    """How many modes there are."""
    return plane_yardstick(s.config.dataset).groups


def names(s: Snapshot) -> tuple[str, str]:
    """What stands over the two games."""
    failure = FAILURE_NAMES[s.config.failure]
    return f"Before: {failure}", f"After: {CURE_NAMES[s.config.cure]}"


def overview(s: Snapshot) -> Scene:
    """Both games, and what can be measured of them."""
    before, after = names(s)
    first = [plane(s, s.before, before)]
    first += [plane(s, s.after, after)] if s.after else [raster(s, s.before, "Mode by mode")]
    copies = s.config.failure == "copies"
    panels = [
        *first,
        copied_panel(s) if copies else covered_panel(s),
        right_panel(s),
        turning_panel(s) if s.config.failure == "circles" else slope_panel(s),
        phase_panel(s),
    ]
    return Scene(panels, rows=(3, 3))


def by_mode(s: Snapshot) -> Scene:
    """How much of its share each mode had at every look."""
    before, after = names(s)
    panels = [raster(s, s.before, before)]
    if s.after:
        panels.append(raster(s, s.after, after))
    return Scene([*panels, covered_panel(s)])


def plane(s: Snapshot, side: Side, title: str) -> Panel:
    """Made-up points over real ones on the judge's belief, and the slopes that they are told."""
    marks: list[Mark] = [belief_field("the judge's belief", side.belief)]
    marks.append(cloud("real", "real", s.real))
    if len(s.kept) and side.rules.shots:
        marks.append(Points("training points", "truth", s.kept, size=7, shape="ring", opacity=1))
    marks += [cloud("made up", "model", side.made), arrows(side.arrows_at, side.arrows)]
    return plane_panel(title, marks, told(s.config.failure, side, side is s.after))


def raster(s: Snapshot, side: Side, title: str) -> Panel:
    """Modes upwards, rounds to the right: the darker, the more points."""
    share = np.repeat(np.repeat(side.modes.clip(0, 1), FINE, 0), 3, 1)
    count = len(side.modes)
    field = Field("share of the mode", share, 0.0, 1.0, ("neutral", "model"), meaning="none | all")
    edge = s.config.steps / (2 * min(FRAMES, s.config.steps))
    ends = (-edge, s.config.steps + edge)
    return Panel(
        title, [field], kind="chart", xlim=ends, ylim=(0.5, count + 0.5), xlabel="round",
        ylabel="mode", caption="A row that ends: a mode was lost.",
    )  # fmt: skip


def both(s: Snapshot, name: str) -> list[Mark]:
    """A figure over the run, before and after."""
    step = np.linspace(0, s.step, len(s.before.history))
    label = "before" if s.after else "made up"
    marks: list[Mark] = [
        Curve(label, "neutral" if s.after else "model", line(step, s.before, name))
    ]
    if s.after:
        marks.append(Curve("after", "model", line(step, s.after, name)))
    return marks


def line(step: np.ndarray, side: Side, name: str) -> np.ndarray:
    """A figure by step, within what can be drawn."""
    return along(step, side.figure(name).clip(-1e6, 1e6))


def level(s: Snapshot, name: str, height: float) -> Curve:
    return Curve(name, "truth", np.array([[0, height], [s.config.steps, height]], np.float32))


def chart(
    s: Snapshot, title: str, marks: list[Mark], ylim: tuple[float, float], caption: str,
    log_y: bool = False,
) -> Panel:  # fmt: skip
    """A figure over the run."""
    return Panel(
        title, marks, kind="chart", xlim=(0, s.config.steps), ylim=ylim, xlabel="round",
        caption=caption, log_y=log_y,
    )  # fmt: skip


def covered_panel(s: Snapshot) -> Panel:
    count = groups(s)
    marks = [level(s, f"all {count}", count), *both(s, "covered")]
    return chart(s, "Modes covered", marks, (0, count + 0.6), "Of those that there are.")


def copied_panel(s: Snapshot) -> Panel:
    marks = [level(s, "unseen real points", 1), *both(s, "copied")]
    caption = "Below 1: nearer than chance would be."
    return chart(s, "Way to the nearest training point", marks, (0, 1.6), caption)


def right_panel(s: Snapshot) -> Panel:
    marks = [level(s, "cannot tell", 0.5), *both(s, "right")]
    return chart(s, "The judge finds the real one", marks, (0, 1.05), "Of one real, one made up.")


def slope_panel(s: Snapshot) -> Panel:
    marks = both(s, "pull")
    clipped = [replace(m, xy=np.clip(m.xy, [0, SLOPES[0]], [np.inf, SLOPES[1]])) for m in marks
               if isinstance(m, Curve)]  # fmt: skip
    caption = "All that the generator learns from."
    return chart(s, "Slope at the generator's points", list(clipped), SLOPES, caption, log_y=True)


def turning_panel(s: Snapshot) -> Panel:
    """How the arrows turn round: a wave of the rotation, or nothing."""
    sides: list[tuple[Side, str, Role]] = [(s.before, "before" if s.after else "arrows", "model")]
    if s.after:
        sides = [(s.before, "before", "neutral"), (s.after, "after", "model")]
    low = least(min(s.step, ROUNDS))
    marks: list[Mark] = [
        Curve("noise alone", "truth", np.array([[0, low], [LAGS, low]], np.float32), width=1.2)
    ]
    marks += [Curve(name, role, along(np.arange(len(side.turning)), side.turning))
              for side, name, role in sides]  # fmt: skip
    return Panel(
        "Arrows now and later", marks, kind="chart", xlim=(0, LAGS), ylim=(-1, 1),
        xlabel="rounds later", ylabel="agreement", caption="-1: they point back. A circle: a wave.",
    )  # fmt: skip


def phase_panel(s: Snapshot) -> Panel:
    """One loss against the other: circles, or a way to rest."""
    first: Role = "neutral" if s.after else "rival"
    sides: list[tuple[Side, str, Role]] = [(s.before, "before" if s.after else "losses", first)]
    if s.after:
        sides.append((s.after, "after", "model"))
    xlim, ylim = (0.0, 2.6), (-2.6, 3.2) if s.config.failure == "vanish" else (0.0, 3.2)
    low, high = np.array([xlim, ylim]).T
    marks: list[Mark] = []
    for side, name, role in sides:
        xy = along(side.figure("judge"), side.figure("forger"))
        marks.append(Curve(name, role, xy.clip(low - 1, high + 1), width=1.2))
    rest = np.array([LOSSES[sides[-1][0].rules.game.loss].at_rest], np.float32)
    marks.append(Points("at rest", "truth", rest, size=5, shape="cross", opacity=1))
    return Panel(
        "One loss against the other", marks, kind="chart", xlim=xlim, ylim=ylim,
        xlabel="the judge's loss", ylabel="generator's", caption="Cross: where nothing is told.",
    )  # fmt: skip


def readings(s: Snapshot) -> list[Reading]:
    """What the diagnosis rests on, of the game that was shown last."""
    side = s.after or s.before
    count = groups(s)
    which = "after" if s.after else "before"
    now = dict(zip(FIGURES, side.history[-1].tolist()))
    then = dict(zip(FIGURES, s.before.history[-1].tolist()))
    was = f" (before: {then['covered']:.0f})" if s.after else ""
    third = {
        "circles": Reading("way between two looks", now["swing"], (0.0, 0.0), "at rest", help=_WAY),
        "forget": Reading("modes forgotten", now["visited"] - now["covered"], (0, 0), "none",
                          help="Modes that were covered at some look and are not now."),
        "copies": Reading("way to the nearest training point", now["copied"], (0.9, 1.1),
                          "unseen real points", better="neither", help=_COPY),
    }.get(s.config.failure)  # fmt: skip
    slope = Reading("slope at the generator", min(now["pull"], 1e6), (0.0, 0.0), "nothing to learn",
                    better="neither", help="Median length of the arrows.")  # fmt: skip
    second = Reading("judge finds the real one", now["right"], (0.5 - GUESS, 0.5 + GUESS),
                     "guessing", better="neither",
                     help="Given one real and one made-up point.")  # fmt: skip
    if s.config.failure == "circles":
        floor = least(min(s.step, ROUNDS)), 1.0
        second = Reading("rotation of the slope", rotation(side.turning), floor, "no rotation",
                         better="neither", help=_TURN)  # fmt: skip
    return [
        Reading("modes covered", now["covered"], (count, count), f"all modes{was}",
                better="high", help=f"Of the game {which}: a mode counts once it holds a fifth of "
                "the points that it deserves."),
        second,
        third or slope,
    ]  # fmt: skip


_WAY = "How far the typical point went since the last look, in units of the picture."
_TURN = (
    "How far the generator's mean arrow turns against itself within 100 rounds: -1 in a pure "
    "circle. Arrows of noise alone stay within the interval."
)
_COPY = (
    "Median distance to the nearest training point, as a multiple of what real points have that "
    "were not trained on."
)


def wall_scene(s: Wall) -> Scene:
    """Nine seeds, each in its own square."""
    panels = []
    covered = s.history[-1, :, FIGURES.index("covered")].astype(int)
    for seed, made, count in zip(s.seeds, s.made, covered):
        marks = [cloud("real", "real", s.real, True), cloud("made up", "model", made, True)]
        caption = f"{count} of {s.groups} modes" if s.groups else ""
        square = plane_panel(f"Seed {seed}", marks, caption)
        panels.append(replace(square, span=0.75))  # three in a row also on a telephone
    return Scene(
        panels, step=s.step, rows=(3, 3, 3), sentence=wall_sentence(s), unit="round",
        readings=wall_readings(s),
    )  # fmt: skip


def wall_readings(s: Wall) -> list[Reading]:
    """How sure one may be, from as many seeds as there are."""
    if not s.groups:
        return []
    covered = s.history[-1, :, FIGURES.index("covered")]
    full = float((covered == s.groups).sum())
    many = len(s.seeds)
    return [
        Reading("seeds with all modes", full, (many, many), f"all {many}", better="high"),
        Reading("modes in the worst seed", float(covered.min()), (s.groups, s.groups),
                f"all {s.groups}", better="high"),
    ]  # fmt: skip


__all__ = ["NONE", "VIEWS", "scene", "wall_scene"]
