"""What a flow of points looks like while it learns, and what it says about itself."""

from dataclasses import replace

import numpy as np

from explorer.concepts.diffusion.plane import VIEW
from explorer.concepts.flows.config import COUPLINGS
from explorer.concepts.flows.plane import LOWEST, OUTSIDE, PlaneSnapshot
from explorer.scene import Curve, Field, Flow, Panel, Points, Reading, Role, Scene

VIEWS: dict[str, str] = {
    "overview": "There and back",
    "truth": "Beside the truth",
    "bridges": "Bridges",
}
NOISE = (-3.2, 3.2)  # limits of pictures of noise
ARROWS = (Flow(0, 1, "bend", "model"), Flow(1, 2, "bend back", "model"))
MOST_STRETCH = 4.0  # nats, at the ends of the colours


def plane_scene(s: PlaneSnapshot, view: str) -> Scene:
    """The snapshot in one of VIEWS."""
    build = {"truth": _truth, "bridges": _bridges}.get(view, _overview)
    return Scene(
        [framed(panel) for panel in build(s)],
        step=s.step,
        flows=ARROWS if build is _overview else (),
        readings=_readings(s),
        sentence=_sentence(s),
    )


def framed(panel: Panel) -> Panel:
    """A panel of the plane, unless it has limits of its own, with those of all data."""
    own = panel.kind != "plane" or panel.xlim != (-3.0, 3.0)
    return panel if own else replace(panel, xlim=VIEW, ylim=VIEW)


def circles(radii: tuple[float, ...] = (1.0, 2.0, 3.0)) -> np.ndarray:
    """Circles around the middle as one broken line, (n, 2)."""
    angle = np.linspace(0, 2 * np.pi, 61)
    ring = np.stack([np.cos(angle), np.sin(angle)], 1)
    gap = np.full((1, 2), np.nan)
    return np.concatenate([part for r in radii for part in (r * ring, gap)]).astype(np.float32)


CIRCLES = circles()


def lines(mesh: np.ndarray) -> Curve:
    """The grid of noise, wherever its lines (n, 2), broken by NaN, have come to."""
    return Curve("grid of noise", "neutral", mesh, width=1, label="")


def _overview(s: PlaneSnapshot) -> list[Panel]:
    return [
        Panel(
            "Data",
            [Points("data", "real", s.fixed.real, classes=s.fixed.classes)],
            caption="Real points, coloured by class.",
        ),
        Panel(
            "As noise",
            [
                Curve("1, 2, 3 deviations", "truth", CIRCLES, width=1, label=""),
                Points("data as noise", "real", s.as_noise, classes=s.fixed.classes, glides=True),
            ],
            xlim=NOISE,
            ylim=NOISE,
            caption="The same points, bent. A perfect flow leaves a round heap.",
        ),
        Panel(
            "Noise as data",
            [
                lines(s.mesh),
                Points("made up", "model", s.samples, opacity=0.9, glides=True),
            ],
            caption="Noise, bent back. Every cell holds the same share of it.",
        ),
        Panel(
            "Learnt density",
            [learnt(s)],
            caption="Exact for every point: what was squeezed is dense.",
        ),
        _curve(s),
    ]


def _truth(s: PlaneSnapshot) -> list[Panel]:
    wrong = s.density - s.fixed.density
    high = 0.5 * s.fixed.peak
    return [
        Panel("Learnt density", [learnt(s)], caption="Of the model, from the change of variables."),
        Panel(
            "Exact density",
            [shade("exact density", s.fixed.density, s.fixed.peak, "truth")],
            caption="Of the data, in closed form.",
        ),
        Panel(
            "Where it is wrong",
            [
                Field(
                    "learnt minus exact", wrong, -high, high, ("real", "model"),
                    meaning="too little | too much",
                )
            ],
            caption="Learnt minus exact density.",
        ),
        Panel(
            "Stretch",
            [stretch("log-determinant", s.stretch)],
            caption="Log of how areas grow on the way to noise.",
        ),
        _curve(s),
    ]  # fmt: skip


def _bridges(s: PlaneSnapshot) -> list[Panel]:
    return [
        Panel(
            "Learnt, in logarithms",
            [logs("learnt log-density", s.log_density, "model")],
            caption="Thin bridges join what should be apart.",
        ),
        Panel(
            "Exact, in logarithms",
            [logs("exact log-density", s.fixed.log_density, "truth")],
            caption="The same for the data: empty is empty.",
        ),
        Panel(
            "The grid of noise",
            [lines(s.mesh), Points("made up", "model", s.samples, glides=True)],
            caption="Bent, squeezed, never torn.",
        ),
        _curve(s),
    ]


def learnt(s: PlaneSnapshot) -> Field:
    """The model's density, on the scale of the exact one."""
    return shade("learnt density", s.density, s.fixed.peak, "model")


def shade(name: str, values: np.ndarray, peak: float, role: Role) -> Field:
    """A density; colours end at `peak`."""
    return Field(name, values, 0.0, peak, ("neutral", role), meaning="empty | dense")


def logs(name: str, values: np.ndarray, role: Role) -> Field:
    """A log-density, as seen by who looks for what is thin."""
    return Field(name, values, LOWEST, 0.5, ("neutral", role), meaning="empty | dense")


def stretch(name: str, values: np.ndarray, most: float = MOST_STRETCH) -> Field:
    """A log-determinant: neutral where areas keep their size."""
    return Field(name, values, -most, most, ("model", "real"), meaning="squeezed | stretched")


def _curve(s: PlaneSnapshot) -> Panel:
    steps = (0.0, float(s.config.steps))
    level = np.array([[steps[0], 0], [steps[1], 0]], np.float32)
    top = max(0.5, 1.1 * float(s.gaps[0, 1]))
    return Panel(
        "Gap to the truth",
        [
            Curve(COUPLINGS[s.config.coupling], "model", s.gaps, label=""),
            Curve("exact density", "truth", level, label=""),
        ],
        kind="chart",
        xlim=steps,
        ylim=(-0.05 * top, top),
        xlabel="step",
        ylabel="nats",
        caption="Mean of exact minus learnt log-density on real points kept aside.",
    )


def _readings(s: PlaneSnapshot) -> list[Reading]:
    real = 100 * OUTSIDE
    mass = np.nan if s.marks.mass is None else s.marks.mass
    return [
        Reading(
            "gap to the truth",
            s.marks.gap,
            (0.0, 0.0),
            "the exact density",
            "nats",
            help="The Kullback-Leibler divergence: how much less likely real points are under the "
            "model than under the exact density, per point.",
        ),
        Reading(
            "off the data",
            100 * s.marks.stray,
            (0.0, 100 * binomial_high(s.marks.judged)),
            "real points",
            "%",
            help=f"Share of made-up points where the exact density is so low that {real:g} % of "
            "real points lie there.",
        ),
        Reading(
            "total mass",
            mass,
            None if s.marks.mass is None else (1.0, 1.0),
            "of every density",
            better="neither",
            help="The learnt density added up over the plane, by quadrature, at the end of the "
            "run: a flow can't help but give 1.",
        ),
    ]


def binomial_high(n: int) -> float:
    """The share below which OUTSIDE of n real points fall, 99 times in 100 (normal tail)."""
    return OUTSIDE + 2.6 * (OUTSIDE * (1 - OUTSIDE) / n) ** 0.5


def _sentence(s: PlaneSnapshot) -> str:
    gap, stray, end = s.marks.gap, s.marks.stray, s.step == s.config.steps
    if s.step == 0:
        return "Nothing is bent yet: data pass for noise as they are, and noise for data."
    much = f"{stray:.1%} of the made-up points lie where hardly any real one does"
    if gap > 0.3:
        tail = "more layers or finer splines would" if end else "it still"
        return f"{gap:.2f} nats from the truth: {tail} bend the plane further. {much}."
    if end and stray > 5 * OUTSIDE:
        return f"{gap:.3f} nats from the truth. {much}: on bridges that no flow can tear."
    if end:
        return f"Done: {gap:.3f} nats from the exact density, and {much}."
    return f"{gap:.3f} nats from the truth, and {much}."
