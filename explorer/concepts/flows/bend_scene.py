"""What passing through the layers looks like."""

import numpy as np

from explorer.concepts.flows.bend import SIGHT, BendSnapshot
from explorer.concepts.flows.scenes import CIRCLES, shade, stretch
from explorer.scene import Bars, Curve, Mark, Mesh, Panel, Points, Reading, Scene

AXES = {0: "left and right", 1: "up and down", None: "both ways"}
PEAK = 0.6  # of the colours of the density


def bend_scene(s: BendSnapshot) -> Scene:
    """One moment on the way through the layers."""
    to_data = s.config.way == "data"
    done = 1 - s.share if to_data else s.share
    cloud: list[Mark] = [Mesh("grid of noise", "neutral", s.mesh)]
    cloud += [Curve("1, 2, 3 deviations", "truth", CIRCLES, width=1, label="")]
    if to_data:
        cloud.append(Points("noise", "model", s.points, classes=s.classes))
    else:
        cloud.append(Points("data", "real", s.points, classes=s.classes))
    coloured = "the quarter of the noise it came from" if to_data else "its class"
    panels = [
        Panel(
            "Points and grid",
            cloud,
            xlim=SIGHT,
            ylim=SIGHT,
            span=1.3,
            caption=f"Each point keeps the colour of {coloured}.",
        ),
        Panel(
            "Density now",
            [shade("density", s.density, PEAK, "model")],
            xlim=SIGHT,
            ylim=SIGHT,
            span=1.3,
            caption="Exact at every moment, also inside a layer.",
        ),
        Panel(
            "What this layer does",
            [stretch("log-determinant", s.stretch, 3.0)],
            xlim=SIGHT,
            ylim=SIGHT,
            span=1.3,
            caption=f"It moves points {AXES[s.axis]}: stretch or squeeze towards noise.",
        ),
        Panel(
            "Log-determinants",
            [
                Bars(
                    "mean over the points",
                    "model",
                    s.terms,
                    [str(number + 1) for number in range(s.layers)],
                )
            ],
            "chart",
            xlim=None,
            ylim=None,
            xlabel="layer",
            ylabel="nats",
            caption="Of the layers passed. Their sum turns density of noise into density of data.",
        ),
    ]
    total = float(s.terms.sum())
    return Scene(
        panels,
        step=s.step,
        readings=[
            Reading(
                "sum so far", total, None, "mean log-determinant", "nats", "neither",
                help="Averaged over the points shown: by how much they were spread out towards "
                "noise, as a logarithm.",
            )
        ],
        sentence=_sentence(s, to_data, done),
        unit="moment",
    )  # fmt: skip


def _sentence(s: BendSnapshot, to_data: bool, done: float) -> str:
    last = 0 if to_data else s.layers - 1
    if s.layer == last and np.isclose(done, 1):
        if to_data:
            return "Noise has become data: the grid is bent and squeezed, and torn nowhere."
        return "Data have become noise: a round heap, in which classes still lie side by side."
    moves = AXES[s.axis]
    return f"Layer {s.layer + 1} of {s.layers}, {done:.0%} done: it moves points {moves}."
