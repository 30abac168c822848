"""What a picture is made of: marks with a role, in panels, in a scene.

A concept never draws. It turns one snapshot into a `Scene`, which is plain data, and three
renderers show it: the player's canvas (live), plotly (to look closely), pillow (to take away).
Arrays are numpy, y grows upwards, and everything in one panel shares its axes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

Role: TypeAlias = Literal["real", "model", "rival", "truth", "neutral"]
ROLES: tuple[Role, ...] = ("real", "model", "rival", "truth", "neutral")
Limits: TypeAlias = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Points:
    """A cloud of points."""

    name: str
    role: Role
    xy: np.ndarray  # (n, 2)
    classes: np.ndarray | None = None  # (n,) int: categorical colours instead of the role's
    values: np.ndarray | None = None  # (n,) shown on hover
    size: float = 2.5  # radius in CSS pixels
    opacity: float = 0.7
    shape: Literal["dot", "ring", "cross", "square"] = "dot"
    interpolated: bool = (
        False  # point i is the same one in each frame: the player moves it in between
    )


@dataclass(frozen=True, eq=False)
class Field:
    """Numbers over the whole panel, as colour: row 0 lies at the bottom, cells fill the limits.

    The colour runs from `ends[0]` at `low` to `ends[1]` at `high`; both ends coloured makes a
    diverging map whose middle is the background, one end "neutral" makes a sequential one.
    With `classes`, `values` is how sure one may be (opacity) and `classes` what of.
    """

    name: str
    values: np.ndarray  # (rows, columns)
    low: float
    high: float
    ends: tuple[Role, Role] = ("model", "real")
    classes: np.ndarray | None = None  # (rows, columns) int
    meaning: str = ""  # of the two ends, for the legend: "generated | real"


@dataclass(frozen=True, eq=False)
class Curve:
    """A line; a row of NaN breaks it. `truth` is always drawn dashed.

    With `grows`, `xy` and `band` hold only the points that this frame adds: the curve is put
    together from all frames up to the one shown, by the player itself, else by `gathered`.
    """

    name: str
    role: Role
    xy: np.ndarray  # (n, 2)
    dashed: bool = False
    width: float = 2.0
    band: np.ndarray | None = None  # (n, 2) low and high: an interval around the line
    label: str | None = None  # written at the end of the line; None means `name`, "" nothing
    grows: bool = False  # its name is its own in its panel


@dataclass(frozen=True, eq=False)
class Arrows:
    """Arrows from `xy` along `uv`, in the units of the panel."""

    name: str
    role: Role
    xy: np.ndarray  # (n, 2)
    uv: np.ndarray  # (n, 2)
    interpolated: bool = False  # as of points


@dataclass(frozen=True, eq=False)
class Mesh:
    """A grid of lines that was bent: corner (i, j) lies at `xy[i, j]`."""

    name: str
    role: Role
    xy: np.ndarray  # (rows, columns, 2)


@dataclass(frozen=True, eq=False)
class Images:
    """Small images, in a grid (row by row) or, with `at`, centred on points of the panel."""

    name: str
    role: Role
    pixels: np.ndarray  # (n, h, w) or (n, h, w, 3) uint8; grey 0 is the background, 255 is ink
    columns: int = 8
    captions: Sequence[str] = ()
    at: np.ndarray | None = None  # (n, 2)
    height: float = 0.0  # of an image in the units of the panel, when `at` is given
    marked: Sequence[int] = ()  # outlined in the colour of the role


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars from zero, side by side with those of the same panel."""

    name: str
    role: Role
    values: np.ndarray  # (n,)
    labels: Sequence[str] = ()
    classes: np.ndarray | None = None  # (n,) int


@dataclass(frozen=True, eq=False)
class Text:
    """Words at a point of the panel."""

    name: str
    role: Role
    xy: tuple[float, float]
    text: str


@dataclass(frozen=True, eq=False)
class Links:
    """Links of a network, from `xy` to `xy + uv`: as thick as |value|, coloured by its sign.

    The thickest is for `high` and more; `ends` are the roles of negative and positive values.
    """

    name: str
    xy: np.ndarray  # (n, 2)
    uv: np.ndarray  # (n, 2)
    values: np.ndarray  # (n,)
    high: float
    labels: Sequence[str] = ()  # of each link, shown on hover
    ends: tuple[Role, Role] = ("model", "real")
    meaning: str = "negative | positive"


@dataclass(frozen=True, eq=False)
class Maps:
    """Small fields centred on points of the panel, coloured as a `Field`: what each unit computes.

    Row 0 lies at the bottom; `marked` ones are outlined in the colour of the role.
    """

    name: str
    role: Role
    values: np.ndarray  # (n, rows, columns)
    at: np.ndarray  # (n, 2)
    height: float  # of one of them, in the units of the panel
    low: float
    high: float
    labels: Sequence[str] = ()  # of each of them, shown on hover
    ends: tuple[Role, Role] = ("model", "real")
    meaning: str = ""
    marked: Sequence[int] = ()


Mark: TypeAlias = Points | Field | Curve | Arrows | Mesh | Images | Bars | Text | Links | Maps


@dataclass(frozen=True, eq=False)
class Panel:
    """One picture of a scene, with axes of its own.

    `plane` has equal aspect and no tick labels, `chart` has axes, `images` shows pictures and
    no axes at all. Limits are fixed over a whole run; a chart's may be None and then fit the data.
    """

    title: str
    marks: Sequence[Mark]
    kind: Literal["plane", "chart", "images"] = "plane"
    xlim: Limits | None = (-3.0, 3.0)
    ylim: Limits | None = (-3.0, 3.0)
    xlabel: str = ""
    ylabel: str = ""
    log_x: bool = False
    log_y: bool = False
    span: float = 1.0  # width relative to the other panels of the row
    caption: str = ""  # one line: what to look for
    active: bool = False  # lit up, in step mode


@dataclass(frozen=True)
class Flow:
    """What one panel passes to another: an arrow between them, with a label."""

    source: int  # index of a panel
    target: int
    label: str
    role: Role = "neutral"
    active: bool = False


@dataclass(frozen=True)
class Reading:
    """A measured number, never without what a perfect model would score.

    `floor` is the interval in which a perfect model's value lies (its noise), or (bound, bound)
    where the best possible value is known exactly; `bound` says which of the two in words.
    `usual` is the mean of a perfect model's values: the unit of "so many times the floor".
    """

    label: str
    value: float
    floor: tuple[float, float] | None
    bound: str = "a perfect model"
    unit: str = ""
    better: Literal["low", "high", "neither"] = "low"
    help: str = ""
    usual: float | None = None


@dataclass(frozen=True, eq=False)
class Sound:
    """Notes that can be heard: the player plays them, and they can be taken away."""

    label: str
    role: Role
    notes: np.ndarray  # (n, 3) start and duration in beats, MIDI pitch
    panel: int = -1  # whose x axis counts beats: a line moves over it; -1 for none
    tempo: float = 90.0  # beats in a minute


@dataclass(frozen=True, eq=False)
class Scene:
    """One frame: panels in rows, readings under them, and a sentence that says what is seen."""

    panels: Sequence[Panel]
    step: int = 0
    rows: Sequence[int] = ()  # number of panels in each row; () puts them all in one
    flows: Sequence[Flow] = ()
    readings: Sequence[Reading] = ()
    sentence: str = ""  # changes with the state; also the text alternative of the picture
    unit: str = "step"  # what `step` counts: "step", "noise level", ...
    title: str = ""
    sounds: Sequence[Sound] = ()


def gathered(scenes: Sequence[Scene]) -> Scene:
    """The last of these scenes, with its growing curves put together from all of them.

    A curve is known by the place of its panel and by its name.
    """
    last = scenes[-1]
    if not grows(last):
        return last
    pieces: dict[tuple[int, str], list[Curve]] = {}
    for scene in scenes:
        for place, panel in enumerate(scene.panels):
            for mark in panel.marks:
                if isinstance(mark, Curve) and mark.grows:
                    pieces.setdefault((place, mark.name), []).append(mark)
    panels = [
        replace(
            panel,
            marks=[
                _joined(pieces[place, mark.name])
                if isinstance(mark, Curve) and mark.grows
                else mark
                for mark in panel.marks
            ],
        )
        for place, panel in enumerate(last.panels)
    ]
    return replace(last, panels=panels)


def grows(scene: Scene) -> bool:
    """Whether a scene shows a curve of which it holds only the new points."""
    marks = (mark for panel in scene.panels for mark in panel.marks)
    return any(isinstance(mark, Curve) and mark.grows for mark in marks)


def _joined(pieces: Sequence[Curve]) -> Curve:
    bands = [piece.band for piece in pieces if piece.band is not None]
    band = np.concatenate(bands) if bands else None
    return replace(
        pieces[-1], xy=np.concatenate([piece.xy for piece in pieces]), band=band, grows=False
    )


def plane_grid(xlim: Limits, ylim: Limits, n: int) -> np.ndarray:
    """Centres of n x n cells over the limits, shape (n * n, 2), in the row order of `Field`."""
    x = xlim[0] + (np.arange(n) + 0.5) * (xlim[1] - xlim[0]) / n
    y = ylim[0] + (np.arange(n) + 0.5) * (ylim[1] - ylim[0]) / n
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)


def contour(
    name: str, role: Role, values: np.ndarray, level: float, xlim: Limits, ylim: Limits
) -> Curve:
    """The line along which a field (laid out as in `Field`) crosses `level`."""
    from contourpy import contour_generator  # only here, so that scenes import fast

    rows, columns = values.shape
    x = xlim[0] + (np.arange(columns) + 0.5) * (xlim[1] - xlim[0]) / columns
    y = ylim[0] + (np.arange(rows) + 0.5) * (ylim[1] - ylim[0]) / rows
    breaks: list[np.ndarray] = []
    for line in contour_generator(x, y, values).lines(level):
        breaks += [np.asarray(line), np.full((1, 2), np.nan)]
    xy = np.concatenate(breaks[:-1]) if breaks else np.empty((0, 2))
    return Curve(name, role, xy.astype(np.float32), label="")


def frozen(array: np.ndarray) -> np.ndarray:
    """A read-only copy: snapshots are shared between visitors."""
    copy = np.array(array)
    copy.setflags(write=False)
    return copy
