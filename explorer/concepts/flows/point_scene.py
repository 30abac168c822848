"""What the sum of one point looks like."""

import numpy as np

from explorer.concepts.diffusion.plane import VIEW
from explorer.concepts.flows.bend import SIGHT
from explorer.concepts.flows.plane import LOWEST
from explorer.concepts.flows.point import PointSnapshot
from explorer.concepts.flows.scenes import CIRCLES, shade
from explorer.scene import Bars, Curve, Mark, Mesh, Panel, Points, Reading, Scene, Text


def area(square: np.ndarray) -> float:
    """The area of the square's outline, from its corners (n, n, 2): Gauss's shoelace."""
    x, y = np.concatenate([square[0], square[1:, -1], square[-1, -2::-1], square[-2:0:-1, 0]]).T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def point_scene(s: PointSnapshot) -> Scene:
    """One moment of the point on its way to noise."""
    reach = 0.55 * max(1.0, 2 * s.reach)
    panels = [
        Panel(
            "Where it lies",
            [
                shade("learnt density", s.density, s.peak, "model"),
                Points("data", "real", s.data, size=2.0, opacity=0.5),
                Points("the point", "rival", s.trail[:1], size=7, opacity=1, shape="ring"),
            ],
            xlim=VIEW,
            ylim=VIEW,
            span=1.2,
            caption="Among the data, on the learnt density.",
        ),
        Panel(
            "Its way to noise",
            [
                Curve("1, 2, 3 deviations", "truth", CIRCLES, width=1, label=""),
                Points("data on their way", "real", s.real, size=2.0, opacity=0.35),
                Curve("its way", "rival", s.trail, label=""),
                Points("the point", "rival", s.trail[-1:], size=7, opacity=1, shape="ring"),
            ],
            xlim=SIGHT,
            ylim=SIGHT,
            span=1.2,
            caption="The data go along. Where it ends up, noise has a known density.",
        ),
        Panel(
            "Its neighbourhood",
            [Mesh("a tiny square", "rival", s.square)],
            xlim=(-reach, reach),
            ylim=(-reach, reach),
            span=1.2,
            caption="Magnified. The log of how its area grows is the log-determinant.",
        ),
        _sum(s),
    ]
    exact = s.exact if s.exact > LOWEST else None
    bound = "exact density" if exact is not None else "exact density: none here"
    return Scene(
        panels,
        step=s.step,
        readings=[
            Reading(
                "area grew by",
                float(np.exp(s.log_det)),
                (area(s.square), area(s.square)),
                "the tiny square",
                "times",
                "neither",
                help="The exponential of the sum so far, beside the area of the square as drawn.",
            ),
            Reading(
                "log p of the point",
                s.learnt if s.ended else np.nan,
                (exact, exact) if exact is not None and s.ended else None,
                bound,
                "nats",
                "neither",
                help="Log-density of noise where the point ends up, and all log-determinants.",
            ),
        ],
        sentence=_sentence(s),
        unit="moment",
    )


def _sum(s: PointSnapshot) -> Panel:
    layers = len(s.final)
    bars = np.zeros(layers + 2, np.float32)
    bars[:layers] = s.terms
    if s.ended:
        bars[layers:] = s.noise, s.learnt
    every = [*s.final, s.noise, s.learnt, 0.0]
    if s.exact > LOWEST:
        every.append(s.exact)
    low, high = min(every), max(every)
    room = 0.25 * (high - low) + 0.1
    marks: list[Mark] = [
        Bars("terms", "model", bars, [*(str(n + 1) for n in range(layers)), "noise", "sum"])
    ]
    if s.exact > LOWEST:
        level = np.array([[-0.5, s.exact], [layers + 1.5, s.exact]], np.float32)
        marks.append(Curve("exact log p", "truth", level, label=""))
    for at, value in enumerate(bars):
        if value:
            text = f"{value:+.2f}"
            above = float(value) + (0.55 if value > 0 else -0.55) * room
            marks.append(Text(f"term {at + 1}", "neutral", (float(at), above), text))
    return Panel(
        "The sum",
        marks,
        "chart",
        xlim=(-0.5, layers + 1.5),
        ylim=(low - room, high + room),
        xlabel="layer",
        ylabel="nats",
        span=1.6,
        caption="Log-determinant of every layer, log-density of noise, and what they add up to.",
    )


def _sentence(s: PointSnapshot) -> str:
    if not s.ended:
        grown = "grew" if s.log_det > 0 else "shrank"
        return (
            f"Layer {s.layer + 1} of {len(s.final)}: so far the area around the point {grown} "
            f"{np.exp(abs(s.log_det)):.3g} times."
        )
    dets = " ".join(f"{'+' if v >= 0 else '-'} {abs(v):.2f}" for v in s.final)
    said = f"{s.noise:.2f} {dets} = {s.learnt:.2f} nats"
    if s.exact <= LOWEST:
        return f"{said}. No data come here, and still the flow gives the place some density."
    return f"{said}; the exact log-density is {s.exact:.2f}."
