"""The panels that several views share: matrices with their tokens, all heads at once."""

from collections.abc import Sequence

import numpy as np

from explorer.concepts.shared.text_panel import sign
from explorer.concepts.transformer.config import TEXTS
from explorer.concepts.transformer.internals import Internals
from explorer.concepts.transformer.model import vocabulary
from explorer.concepts.transformer.tasks import TASKS
from explorer.scene import Field, Images, Mark, Panel, Points, Role, Text

FINE = 75  # points of a field across a matrix, at least, so that its edges stay sharp
TALL = 2.0  # height of a cell beside its width where a telephone has room for few of them
MOST = 14  # tokens of a text whose probabilities are shown
EDGES: tuple[Role, Role] = ("neutral", "model")
REACH, REACH_TEXT = 8.0, 7.6  # of the map of the embeddings


def matrix(
    name: str,
    values: np.ndarray,
    left: Sequence[str],
    under: Sequence[str],
    low: float = 0.0,
    high: float = 1.0,
    ends: tuple[Role, Role] = EDGES,
    meaning: str = "",
    roles: Sequence[Role] = (),
    margin: int = 1,
    tall: float = 1.0,
) -> tuple[list[Mark], tuple[float, float], tuple[float, float]]:
    """A matrix (rows, columns) with row 0 on top and a name for each row and column.

    Returns its marks and the limits of its panel: cell (i, j) is centred on (j, rows - 1 - i), that
    times `tall`, the height of a cell beside its width. Columns are named in the colours of
    `roles`; `margin` is the width of the rows' names in cells.
    """
    rows, columns = values.shape
    empty = (low + high) / 2 if "neutral" not in ends else low
    padded = np.full((rows + 1, columns + margin), empty, np.float32)
    padded[1:, margin:] = np.clip(values[::-1], low, high)
    times = -(-FINE // max(padded.shape))
    fine = padded.repeat(times, axis=0).repeat(times, axis=1)
    marks: list[Mark] = [Field(name, fine, low, high, ends, meaning=meaning)]
    for row, label in enumerate(left):
        at = (-(margin + 1) / 2, tall * (rows - 1 - row))
        marks.append(Text(f"row {row + 1}", "neutral", at, label))
    for column, label in enumerate(under):
        role: Role = roles[column] if roles else "neutral"
        marks.append(Text(f"column {column + 1}", role, (float(column), -tall), label))
    return marks, (-margin - 0.5, columns - 0.5), (-1.5 * tall, (rows - 0.5) * tall)


def head_panel(inside: Internals, layer: int, head: int, span: float = 1.0) -> Panel:
    """Attention weights of one head: a row for each query position, a column for each key."""
    names = list(sign(inside.read))
    marks, xlim, ylim = matrix("attention", inside.attention[layer, head], names, names)
    return Panel(
        f"Attention weights of head {layer + 1}.{head + 1}",
        marks,
        xlim=xlim,
        ylim=ylim,
        span=span,
        caption="Rows: positions that attend. Columns: positions attended to. A row adds up to 1.",
    )


def heads_panel(inside: Internals, marked: Sequence[int] = (), named: bool = True) -> Panel:
    """Attention weights of every head as a small picture: a row for each layer."""
    layers, heads = inside.attention.shape[:2]
    pixels = np.rint(255 * inside.attention).astype(np.uint8)
    captions = [f"{layer + 1}.{head + 1}" for layer in range(layers) for head in range(heads)]
    captions = captions if named else []
    images = Images(
        "head", "model", pixels.reshape(-1, *pixels.shape[2:]), heads, captions, marked=marked
    )
    return Panel(
        "Attention weights of every head",
        [images],
        "images",
        caption="A row for each layer; each picture is a head: its rows attend to its columns.",
    )


def predictions_panel(inside: Internals, dataset: str, every: int = 1, span: float = 1.0) -> Panel:
    """Probabilities of the next token at each position; what really follows is ringed.

    Where there is little room, every so-manieth token is named.
    """
    known = vocabulary(dataset)
    if dataset not in TEXTS:
        shown = list(known)
    else:
        order = np.argsort(-inside.predictions.max(0), kind="stable")[:MOST]
        shown = [known[number] for number in sorted(order)]
    columns = [known.index(token) for token in shown]
    asked = dataset in TASKS and TASKS[dataset].answer is not None
    scored = inside.certain if asked else np.ones_like(inside.certain)  # no question is predicted
    values = inside.predictions[:, columns].T * scored
    names = [sign(s) if row % every == 0 else " " for row, s in enumerate(shown)]
    marks, xlim, ylim = matrix("probability", values, names, list(sign(inside.read)))
    cells = [
        (position, len(shown) - 1 - shown.index(token))
        for position, token in enumerate(inside.next)
        if token in shown and scored[position]
    ]
    xy = np.array(cells, np.float32).reshape(-1, 2)
    certain = np.array([inside.certain[position] for position, _ in cells], bool)
    marks.append(Points("certain", "truth", xy[certain], size=4, opacity=1, shape="ring"))
    marks.append(Points("not certain", "neutral", xy[~certain], size=2, opacity=0.6, shape="ring"))
    return Panel(
        "Predicted next token",
        marks,
        xlim=xlim,
        ylim=ylim,
        span=span,
        caption="Colour: probability. Rings: the true next token; large where it is certain.",
    )


def lens_panel(inside: Internals, dataset: str) -> Panel:
    """The residual stream after each layer, unembedded as if it were the last: the logit lens."""
    known = vocabulary(dataset)
    rows = ["start", *(f"layer {n}" for n in range(1, len(inside.lens)))]
    marks, xlim, ylim = matrix(
        "probability of the true token",
        inside.lens[::-1],
        rows[::-1],
        list(sign(inside.read)),
        margin=4,
        tall=TALL,
    )
    marks += [
        Text(f"after {layer} at {position + 1}", "neutral", (float(position), TALL * layer),
             sign(known[number]))
        for layer, tops in enumerate(inside.tops)
        for position, number in enumerate(tops)
    ]  # fmt: skip
    return Panel(
        "Logit lens: predictions after each layer",
        marks,
        xlim=xlim,
        ylim=ylim,
        caption="Letters: the most probable next token if the network ended there. Colour: "
        "probability of the true one. Bottom row: the text.",
    )


def map_panel(inside: Internals, dataset: str, span: float = 2.0) -> Panel:
    """The embeddings of the tokens in the plane."""
    known, reach = vocabulary(dataset), REACH_TEXT if dataset in TEXTS else REACH
    marks: list[Mark] = [
        Points("tokens", "model", inside.map, size=9, opacity=0.15),
        *(
            Text(f"token {number + 1}", "neutral", (float(x), float(y)), sign(token))
            for number, (token, (x, y)) in enumerate(zip(known, inside.map))
        ),
    ]
    return Panel(
        "Token embeddings",
        marks,
        xlim=(-reach, reach),
        ylim=(-reach, reach),
        span=span,
        caption="Projected on their two principal components.",
    )
