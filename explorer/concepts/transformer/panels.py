"""The panels that several views share: matrices with their tokens, all heads at once."""

from collections.abc import Sequence

import numpy as np

from explorer.concepts.shared.matrix import matrix
from explorer.concepts.shared.text_panel import sign
from explorer.concepts.transformer.config import TEXTS
from explorer.concepts.transformer.internals import Internals
from explorer.concepts.transformer.model import vocabulary
from explorer.concepts.transformer.tasks import TASKS
from explorer.scene import Images, Mark, Panel, Points, Text

TALL = 2.0  # height of a cell beside its width where a telephone has room for few of them
MOST = 14  # tokens of a text whose probabilities are shown
REACH, REACH_TEXT = 8.0, 7.6  # of the map of the embeddings


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
