"""What gliding from noise to data looks like."""

from explorer.concepts.diffusion.scenes import density, short, trails
from explorer.concepts.flows.glide import GlideSnapshot
from explorer.concepts.flows.scenes import framed, lines, shade
from explorer.scene import Arrows, Curve, Panel, Points, Reading, Scene

VIEWS: dict[str, str] = {"way": "On the way", "result": "The density it amounts to"}


def glide_scene(s: GlideSnapshot, view: str = "way") -> Scene:
    """One moment on the way from noise to data, in one of VIEWS."""
    panels = [
        _points(s),
        *([_velocity(s), _grid(s)] if view == "way" else [_learnt(s), _exact(s)]),
        _curves(s),
    ]
    return Scene(
        [framed(panel) for panel in panels],
        step=s.step,
        readings=_readings(s),
        sentence=_sentence(s),
    )


def _points(s: GlideSnapshot) -> Panel:
    return Panel(
        "On the way",
        [
            density("exact density now", s.shade),
            Curve("ways of some", "model", trails(s.trails), width=1, label=""),
            Points("points", "model", s.x, size=2.2, glides=True),
        ],
        caption="Noise gliding to data. Are their ways straight?",
    )


def _velocity(s: GlideSnapshot) -> Panel:
    return Panel(
        "Velocity",
        [
            density("exact density now", s.shade),
            Arrows("exact velocity", "truth", s.places, short(s.exact_arrows)),
            Arrows("learnt velocity", "model", s.places, short(s.arrows)),
        ],
        caption="Learnt on top of exact; towards data.",
    )


def _grid(s: GlideSnapshot) -> Panel:
    return Panel(
        "The grid of noise",
        [lines(s.mesh), Points("points", "model", s.x, size=2.0, glides=True)],
        caption="A flow without layers bends, too, and does not tear either.",
    )


def _learnt(s: GlideSnapshot) -> Panel:
    return Panel(
        "Learnt density",
        [shade("learnt density", s.result.density, s.result.peak, "model")],
        caption="Each cell's way to noise, with all divergences added up.",
    )


def _exact(s: GlideSnapshot) -> Panel:
    return Panel(
        "Exact density",
        [shade("exact density", s.result.exact, s.result.peak, "truth")],
        caption="Of the data, in closed form.",
    )


def _curves(s: GlideSnapshot) -> Panel:
    return Panel(
        "Log-density of the points",
        [
            Curve("sum of divergences", "model", s.summed, label=""),
            Curve("exact, at these points", "truth", s.known, label=""),
        ],
        "chart",
        xlim=(0.0, 1.0),
        ylim=(-4.0, 2.5),
        xlabel="share of noise",
        ylabel="nats",
        span=1.3,
        caption="From right to left: density of noise, plus what the velocity squeezes together.",
    )


def _readings(s: GlideSnapshot) -> list[Reading]:
    return [
        Reading(
            "missed by",
            float("nan") if s.missed is None else s.missed,
            None if s.missed is None else (0.0, 0.0),
            "endless steps",
            help="Mean distance between where the points land and where tiny steps would have led "
            "them, at the end.",
        ),
        Reading(
            "length of the ways",
            1 / max(s.straight, 1e-3),
            (1.0, 1.0),
            "straight lines",
            "times",
            "neither",
            help="Of the ways so far, relative to the straight line between their ends.",
        ),
        Reading(
            "gap to the truth",
            s.result.gap,
            (0.0, 0.0),
            "the exact density",
            "nats",
            help="Of the learnt density, with as many steps as it takes to be exact: mean of exact "
            "minus learnt log-density over real points. It does not depend on the steps here.",
        ),
    ]


def _sentence(s: GlideSnapshot) -> str:
    if s.step == 0:
        return "Pure noise. Each point is about to follow the velocity where it stands."
    bent = f"the ways are {1 / max(s.straight, 1e-3):.2f} times as long as straight lines"
    if s.missed is None:
        return f"{s.time:.0%} noise left; {bent}."
    if s.config.rungs == 1:
        return "One step: each point jumped to the average of all data that it could become."
    return f"Arrived, {s.missed:.2g} from where tiny steps would have led; {bent}."
