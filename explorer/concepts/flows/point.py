r"""The change of variables, term by term, at one point of the plane.

    log p(x) = log N(f(x); 0, I) + sum_l log |det of layer l|

A tiny square around the point is transformed with it: the log-determinant is the log of how much
its area grows, and the grown square holds the same share of noise as the small one of data.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch

from explorer import config as c
from explorer.concepts.flows.coupling import log_normal
from explorer.concepts.flows.model import PlaneModel
from explorer.concepts.flows.scene import deviations
from explorer.concepts.flows.train import CELLS, LOWEST, POINTS
from explorer.concepts.flows.transform import from_data, places
from explorer.concepts.shared.charts import level
from explorer.concepts.shared.plane_view import NOISE_VIEW, VIEW, density
from explorer.data import plane
from explorer.nets import freeze, generator
from explorer.scene import Bars, Curve, Mark, Mesh, Panel, Points, Reading, Scene, Text, plane_grid

SIDE, CORNERS = 0.02, 7  # of the square around the point: its side, and lines in each direction
REACH = 2.5


@dataclass(frozen=True)
class PointConfig:
    """The point that is followed."""

    x: float = c.number(-0.5, -REACH, REACH, 0.05)
    y: float = c.number(0.9, -REACH, REACH, 0.05)

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class PointSnapshot:
    """The point between data and noise. Layers are numbered from the data."""

    step: int
    config: PointConfig
    layer: int
    share: float  # how much of the layer is applied
    data: np.ndarray  # (POINTS, 2) real points
    density: np.ndarray  # (CELLS, CELLS) learnt
    peak: float  # where its colours end
    real: np.ndarray  # (POINTS, 2) the real points, transformed as far
    start: np.ndarray  # (1, 2) the point among the data
    move: np.ndarray  # (2, 2) of the point, from the snapshot before to this one
    square: np.ndarray  # (CORNERS, CORNERS, 2) around the point, in units of its first side
    reach: float  # how far the square ever gets, in these units
    log_det: float  # so far, also within a layer
    passed: np.ndarray  # (layers,) log-determinants of the layers passed, 0 for those to come
    log_dets: np.ndarray  # (layers,) all of them
    noise: float  # log-density of noise where the point ends up
    exact: float  # exact log-density of the data at the point; may be minus infinity
    ended: bool

    @property
    def learnt(self) -> float:
        """The learnt log-density at the point: the sum of all terms."""
        return self.noise + float(self.log_dets.sum())


@torch.no_grad()
def follow(config: PointConfig, model: PlaneModel) -> Generator[PointSnapshot, None, None]:
    """Follow a point and its neighbourhood from data to noise."""
    flow, dist = model.flow, plane.get(model.config.dataset)
    spot = torch.tensor([[config.x, config.y]])
    axis = torch.linspace(-SIDE / 2, SIDE / 2, CORNERS)
    square = spot + torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1).reshape(-1, 2)
    real = dist.sample(POINTS, generator(0))
    passage = from_data(flow, torch.cat([spot, square, real]))
    terms = passage.log_dets[:, 0]
    offsets = (passage.stops[:, 1 : 1 + len(square)] - passage.stops[:, :1]) / SIDE
    exact = dist.log_density(spot).item()
    cells = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
    learnt = freeze(flow.log_density(cells).exp().reshape(CELLS, CELLS))
    peak = dist.log_density(real).quantile(0.95).exp().item()
    order, data, before = places(flow), freeze(real), spot
    for step, (number, share) in enumerate(order):
        at = passage.at(number, share)
        passed = torch.arange(len(terms)) < number + (share == 1)
        within = torch.log1p(share * terms[number].expm1()) if share < 1 else torch.zeros(())
        yield PointSnapshot(
            step=step,
            config=config,
            layer=number,
            share=share,
            data=data,
            density=learnt,
            peak=peak,
            real=freeze(at[1 + len(square) :]),
            start=freeze(spot),
            move=freeze(torch.cat([before, at[:1]])),
            square=freeze(((at[1 : 1 + len(square)] - at[:1]) / SIDE).reshape(CORNERS, CORNERS, 2)),
            reach=max(1.0, offsets.abs().max().item()),
            log_det=float(terms[passed].sum() + within),
            passed=freeze(torch.where(passed, terms, torch.zeros(()))),
            log_dets=freeze(terms),
            noise=log_normal(passage.stops[-1, :1]).item(),
            exact=max(exact, -1e30),
            ended=step == len(order) - 1,
        )
        before = at[:1]


def area(square: np.ndarray) -> float:
    """The area of the square's outline, from its corners (n, n, 2): Gauss's shoelace formula."""
    x, y = np.concatenate([square[0], square[1:, -1], square[-1, -2::-1], square[-2:0:-1, 0]]).T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def point_scene(s: PointSnapshot) -> Scene:
    """One place of the point between data and noise."""
    exact = s.exact if s.exact > LOWEST else None
    bound = "exact density" if exact is not None else "exact density: none here"
    return Scene(
        [_among_data(s), _towards_noise(s), _neighbourhood(s), _sum(s)],
        step=s.step,
        readings=[
            Reading(
                "growth of the area", float(np.exp(s.log_det)), (area(s.square), area(s.square)),
                "the tiny square", "times", "neither",
                help="The exponential of the sum so far, beside the area of the square as drawn.",
            ),
            Reading(
                "log p(x) of the point", s.learnt if s.ended else np.nan,
                (exact, exact) if exact is not None and s.ended else None,
                bound, "nats", "neither",
                help="Log-density of noise where the point ends up, plus all log-determinants.",
            ),
        ],
        sentence=_sentence(s),
        unit="frame",
    )  # fmt: skip


def _among_data(s: PointSnapshot) -> Panel:
    return Panel(
        "The point among the data",
        [
            density("learnt density", s.density, s.peak, "model"),
            Points("data", "real", s.data, size=2.0, opacity=0.5),
            Points("the point", "rival", s.start, size=7, opacity=1, shape="ring"),
        ],
        xlim=VIEW,
        ylim=VIEW,
        span=1.2,
        caption="Shade: the learnt density.",
    )


def _towards_noise(s: PointSnapshot) -> Panel:
    return Panel(
        "Transformed towards noise",
        [
            deviations(),
            Points("transformed data", "real", s.real, size=2.0, opacity=0.35),
            Curve("its path", "rival", s.move, label="", grows=True),
            Points("the point", "rival", s.move[1:], size=7, opacity=1, shape="ring"),
        ],
        xlim=NOISE_VIEW,
        ylim=NOISE_VIEW,
        span=1.2,
        caption="Where the point ends up, the density of noise is known.",
    )


def _neighbourhood(s: PointSnapshot) -> Panel:
    reach = 0.55 * max(1.0, 2 * s.reach)
    return Panel(
        "Neighbourhood, magnified",
        [Mesh("a tiny square", "rival", s.square)],
        xlim=(-reach, reach),
        ylim=(-reach, reach),
        span=1.2,
        caption="The log of how its area grows is the log-determinant.",
    )


def _sum(s: PointSnapshot) -> Panel:
    layers = len(s.log_dets)
    bars = np.zeros(layers + 2, np.float32)
    bars[:layers] = s.passed
    if s.ended:
        bars[layers:] = s.noise, s.learnt
    every = [*s.log_dets, s.noise, s.learnt, 0.0, *([s.exact] if s.exact > LOWEST else [])]
    low, high = min(every), max(every)
    room = 0.25 * (high - low) + 0.1
    names = [*(str(n + 1) for n in range(layers)), "noise", "sum"]
    marks: list[Mark] = [Bars("terms", "model", bars, names)]
    if s.exact > LOWEST:
        line = level((-0.5, layers + 1.5), s.exact)
        marks.append(Curve("exact log p(x)", "truth", line, label=""))
    for at, value in enumerate(bars):
        if value:
            above = float(value) + (0.55 if value > 0 else -0.55) * room
            marks.append(Text(f"term {at + 1}", "neutral", (float(at), above), f"{value:+.2f}"))
    return Panel(
        "Sum of the change of variables",
        marks,
        "chart",
        xlim=(-0.5, layers + 1.5),
        ylim=(low - room, high + room),
        xlabel="layer",
        ylabel="nats",
        span=1.6,
        caption="Log-determinants of all layers, log-density of noise, and their sum.",
    )


def _sentence(s: PointSnapshot) -> str:
    if not s.ended:
        verb = "grew" if s.log_det > 0 else "shrank"
        return (
            f"Layer {s.layer + 1} of {len(s.log_dets)}: so far the area around the point {verb} by "
            f"a factor of {np.exp(abs(s.log_det)):.3g}."
        )
    terms = " ".join(f"{'+' if v >= 0 else '-'} {abs(v):.2f}" for v in s.log_dets)
    total = f"log p(x) = {s.noise:.2f} {terms} = {s.learnt:.2f} nats"
    if s.exact <= LOWEST:
        return f"{total}. There are no data here, and still the flow has some density."
    return f"{total}; the exact log-density is {s.exact:.2f}."
