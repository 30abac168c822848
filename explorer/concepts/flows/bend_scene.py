"""What passing through the layers looks like."""

from explorer.concepts.diffusion.pictures import grid
from explorer.concepts.flows.bend import SIGHT, ImageMoment, Moment, PlaneMoment
from explorer.concepts.flows.pictures import COLUMNS
from explorer.concepts.flows.scenes import CIRCLES, lines, shade, stretch
from explorer.scene import Bars, Curve, Flow, Mark, Panel, Points, Reading, Scene

AXES = {0: "left and right", 1: "up and down", None: "both ways"}
PEAK = 0.6  # of the colours of the density


def bend_scene(s: PlaneMoment | ImageMoment) -> Scene:
    """One moment on the way through the layers."""
    return Scene(
        [*(_points(s) if isinstance(s, PlaneMoment) else _images(s)), _terms(s)],
        step=s.step,
        flows=() if isinstance(s, PlaneMoment) else (Flow(0, 1, "bend", "model"),),
        readings=[
            Reading(
                "sum of log-determinants so far", float(s.terms.sum()), (0.0, 0.0),
                "nothing stretched", "nats", "neither",
                help="Averaged over what is shown: by how much it was spread out towards noise, "
                "as a logarithm.",
            )
        ],
        sentence=_sentence(s),
        unit="moment",
    )  # fmt: skip


def _points(s: PlaneMoment) -> list[Panel]:
    to_data = s.config.way == "data"
    cloud: list[Mark] = [
        lines(s.mesh),
        Curve("1, 2, 3 deviations", "truth", CIRCLES, width=1, label=""),
        Points("noise", "model", s.points, classes=s.classes)
        if to_data
        else Points("data", "real", s.points, classes=s.classes),
    ]
    coloured = "the quarter of the noise it came from" if to_data else "its class"
    panels: list[tuple[str, list[Mark], str]] = [
        ("Points and grid", cloud, f"Each point keeps the colour of {coloured}."),
        (
            "Density now",
            [shade("density", s.density, PEAK, "model")],
            "Exact at every moment, also inside a layer.",
        ),
        (
            "What this layer does",
            [stretch("log-determinant", s.stretch, 3.0)],
            f"It moves points {AXES[s.axis]}: stretch or squeeze towards noise.",
        ),
    ]
    return [
        Panel(title, marks, xlim=SIGHT, ylim=SIGHT, caption=caption)
        for title, marks, caption in panels
    ]


def _images(s: ImageMoment) -> list[Panel]:
    to_data = s.config.way == "data"
    return [
        grid(
            "Noise" if to_data else "Data", "start", "neutral" if to_data else "real", s.start,
            COLUMNS, "Where they began.",
        ),
        grid("On the way", "images now", "model", s.now, COLUMNS, "What the layers made of them."),
        grid(
            "What this layer moves", "moved pixels", "neutral", s.moved, 1,
            "The dark pixels go along curves; the light ones stay and say how.",
            span=0.6,
        ),
    ]  # fmt: skip


def _terms(s: Moment) -> Panel:
    labels = [str(number + 1) for number in range(s.layers)]
    low, high = min(0.0, float(s.final.min())), max(0.0, float(s.final.max()))
    room = 0.05 * (high - low) + 1e-3
    return Panel(
        "Log-determinants",
        [Bars("mean", "model", s.terms, labels)],
        "chart",
        xlim=(-0.5, s.layers - 0.5),
        ylim=(low - room, high + room),
        xlabel="layer",
        ylabel="nats",
        caption="Of the layers passed. Their sum turns density of noise into density of data.",
    )


def _sentence(s: PlaneMoment | ImageMoment) -> str:
    to_data = s.config.way == "data"
    if s.ended and isinstance(s, ImageMoment):
        return "Noise has become images." if to_data else "Images have become noise."
    if s.ended:
        if to_data:
            return "Noise has become data: the grid is bent and squeezed, and torn nowhere."
        return "Data have become noise: a round heap, in which classes still lie side by side."
    where = f"Layer {s.layer + 1} of {s.layers}, {s.done:.0%} done"
    if isinstance(s, ImageMoment):
        return f"{where}: half of the pixels move, the others say how."
    return f"{where}: it moves points {AXES[s.axis]}."
