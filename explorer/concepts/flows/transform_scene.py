"""The picture of points or images that pass through the layers of a flow."""

from explorer.concepts.flows.scene import deviations, grid_lines, log_det_field
from explorer.concepts.flows.transform import (
    ImageTransformSnapshot,
    PlaneTransformSnapshot,
    TransformSnapshot,
)
from explorer.concepts.shared.image_grid import COLUMNS, image_grid
from explorer.concepts.shared.plane_view import NOISE_VIEW, density
from explorer.scene import Bars, Flow, Mark, Panel, Points, Reading, Role, Scene

AXES = {0: "horizontally", 1: "vertically", None: "in both directions"}
PEAK = 0.6  # of the colours of the density


def transform_scene(s: TransformSnapshot) -> Scene:
    """One place between data and noise."""
    images = isinstance(s, ImageTransformSnapshot)
    if isinstance(s, ImageTransformSnapshot):
        panels = _images(s)
    else:
        assert isinstance(s, PlaneTransformSnapshot)
        panels = _points(s)
    return Scene(
        [*panels, _log_dets(s)],
        step=s.step,
        flows=(Flow(0, 1, s.config.direction, "model"),) if images else (),
        readings=[
            Reading(
                "sum of log-determinants", float(s.passed.sum()), (0.0, 0.0), "the identity",
                "nats", "neither",
                help="Of the layers passed, averaged over what is shown: how much it expands on "
                "the way to noise, as a logarithm.",
            )
        ],
        sentence=_sentence(s),
        unit="frame",
    )  # fmt: skip


def _points(s: PlaneTransformSnapshot) -> list[Panel]:
    inverse = s.config.direction == "inverse"
    role: Role = "model" if inverse else "real"
    points = Points("samples" if inverse else "data", role, s.points, classes=s.classes)
    coloured = "the quarter of the noise it comes from" if inverse else "its class"
    panels: list[tuple[str, list[Mark], str]] = [
        (
            "Points and grid",
            [grid_lines(s.mesh), deviations(), points],
            f"Each point keeps the colour of {coloured}.",
        ),
        (
            "Density",
            [density("density", s.density, PEAK, "model")],
            "Of the flow at this place: exact, also inside a layer.",
        ),
        (
            "Log-determinant of this layer",
            [log_det_field(s.log_det, 3.0)],
            f"It moves points {AXES[s.axis]}; colour: expansion towards noise.",
        ),
    ]
    return [
        Panel(title, marks, xlim=NOISE_VIEW, ylim=NOISE_VIEW, caption=caption)
        for title, marks, caption in panels
    ]


def _images(s: ImageTransformSnapshot) -> list[Panel]:
    inverse, columns = s.config.direction == "inverse", COLUMNS[s.dataset]
    role: Role = "neutral" if inverse else "real"
    title = "Noise" if inverse else "Held-out images"
    return [
        image_grid(title, "start", role, s.start, columns, "Before the first layer."),
        image_grid("Transformed", "transformed images", "model", s.now, columns,
                   "By the layers passed so far."),
        image_grid("Pixels that this layer transforms", "transformed pixels", "neutral",
                   s.transformed, 1, "Dark. The light ones stay and determine how.", span=0.6),
    ]  # fmt: skip


def _log_dets(s: TransformSnapshot) -> Panel:
    low, high = min(0.0, float(s.log_dets.min())), max(0.0, float(s.log_dets.max()))
    room = 0.05 * (high - low) + 1e-3
    return Panel(
        "Log-determinants",
        [Bars("mean", "model", s.passed, [str(number + 1) for number in range(s.layers)])],
        "chart",
        xlim=(-0.5, s.layers - 0.5),
        ylim=(low - room, high + room),
        xlabel="layer",
        ylabel="nats",
        caption="Of the layers passed. With the log-density of noise they add up to log p(x).",
    )


def _sentence(s: TransformSnapshot) -> str:
    inverse, images = s.config.direction == "inverse", isinstance(s, ImageTransformSnapshot)
    if s.ended and images:
        return "Noise has become images." if inverse else "Images have become noise."
    if s.ended and inverse:
        return "Noise has become data: the grid is stretched and squeezed, but still connected."
    if s.ended:
        return "Data have become noise; points of a class still lie side by side."
    where = f"Layer {s.layer + 1} of {s.layers}, {s.done:.0%} applied"
    if isinstance(s, PlaneTransformSnapshot):
        return f"{where}: it moves points {AXES[s.axis]}."
    return f"{where}: half of the pixels are transformed, the others determine how."
