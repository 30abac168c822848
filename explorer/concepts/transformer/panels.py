"""The panels that several views share: matrices with their symbols, all heads at once."""

from collections.abc import Sequence

import numpy as np

from explorer.concepts.transformer.inside import Inside
from explorer.concepts.transformer.learn import symbols
from explorer.concepts.transformer.tasks import TASKS
from explorer.scene import Field, Images, Mark, Panel, Points, Role, Text

FINE = 96  # points of a field across a matrix, at least, so that its edges stay sharp
SIGNS = {" ": "·", "\n": "¶"}
TALL = 2.0  # height of a cell beside its width where a telephone has room for few of them
EDGES: tuple[Role, Role] = ("neutral", "model")


def sign(symbol: str) -> str:
    """A symbol as it is drawn: one that would not be seen gets a sign."""
    return SIGNS.get(symbol, symbol)


def signs(text: str) -> str:
    return "".join(map(sign, text))


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


def head_panel(inside: Inside, layer: int, head: int, title: str = "", span: float = 1.0) -> Panel:
    """Where one head looks: a row for each place that looks, a column for each looked at."""
    names = list(signs(inside.read))
    marks, xlim, ylim = matrix("attention", inside.attention[layer, head], names, names)
    return Panel(
        title or f"Head {layer + 1}.{head + 1}",
        marks,
        xlim=xlim,
        ylim=ylim,
        span=span,
        caption="A row for each place that looks; strong: where. Rows add up to 1.",
    )


def heads_panel(
    inside: Inside, marked: Sequence[int] = (), title: str = "Every head", named: bool = True
) -> Panel:
    """Attention of every head as a small picture: a row for each layer."""
    layers, heads = inside.attention.shape[:2]
    pixels = np.rint(255 * inside.attention).astype(np.uint8)
    captions = [f"{layer + 1}.{head + 1}" for layer in range(layers) for head in range(heads)]
    captions = captions if named else []
    images = Images(
        "head", "model", pixels.reshape(-1, *pixels.shape[2:]), heads, captions, marked=marked
    )
    return Panel(
        title,
        [images],
        "images",
        caption="A row for each layer. In each picture rows look, columns are looked at.",
    )


def guess_panel(
    inside: Inside,
    dataset: str,
    title: str = "What it thinks comes next",
    every: int = 1,
    span: float = 1.0,
) -> Panel:
    """Probabilities of the next symbol at each place; what really follows is ringed.

    Where there is little room, every so-manieth symbol is named.
    """
    known = symbols(dataset)
    if dataset not in ("moby", "names"):
        shown = list(known)
    else:
        order = np.argsort(-inside.guesses.max(0), kind="stable")[:14]
        shown = [known[number] for number in sorted(order)]
    columns = [known.index(symbol) for symbol in shown]
    asked = dataset in TASKS and TASKS[dataset].answer is not None
    counted = inside.judged if asked else np.ones_like(inside.judged)  # a question is not guessed
    values = inside.guesses[:, columns].T * counted
    names = [sign(s) if row % every == 0 else " " for row, s in enumerate(shown)]
    marks, xlim, ylim = matrix("probability", values, names, list(signs(inside.read)))
    places = [
        (place, len(shown) - 1 - shown.index(symbol))
        for place, symbol in enumerate(inside.next)
        if symbol in shown and counted[place]
    ]
    xy = np.array(places, np.float32).reshape(-1, 2)
    certain = np.array([inside.judged[place] for place, _ in places], bool)
    marks.append(Points("certain", "truth", xy[certain], size=4, opacity=1, shape="ring"))
    marks.append(Points("not certain", "neutral", xy[~certain], size=2, opacity=0.6, shape="ring"))
    return Panel(
        title,
        marks,
        xlim=xlim,
        ylim=ylim,
        span=span,
        caption="Strong colour: likely. Rings: what really follows; large ones are certain.",
    )


def lens_panel(inside: Inside, dataset: str) -> Panel:
    """The residual stream read after each layer, as if it were the last: the logit lens."""
    known = symbols(dataset)
    rows = ["start", *(f"layer {n}" for n in range(1, len(inside.lens)))]
    marks, xlim, ylim = matrix(
        "probability of what follows",
        inside.lens[::-1],
        rows[::-1],
        list(signs(inside.read)),
        margin=4,
        tall=TALL,
    )
    for layer, tops in enumerate(inside.tops):
        for place, number in enumerate(tops):
            marks.append(
                Text(
                    f"after {layer} at {place + 1}",
                    "neutral",
                    (float(place), TALL * layer),
                    sign(known[number]),
                )
            )
    return Panel(
        "Reading its mind, layer by layer",
        marks,
        xlim=xlim,
        ylim=ylim,
        caption="The likeliest next symbol if it ended there. Colour: chance of the right one. "
        "At the bottom: the text.",
    )


def map_panel(inside: Inside, dataset: str, reach: float, span: float = 2.0) -> Panel:
    """The embeddings of the symbols in the plane."""
    known = symbols(dataset)
    marks: list[Mark] = [
        Points("symbols", "model", inside.map, size=9, opacity=0.15),
        *(
            Text(f"symbol {number + 1}", "neutral", (float(x), float(y)), sign(symbol))
            for number, (symbol, (x, y)) in enumerate(zip(known, inside.map))
        ),
    ]
    return Panel(
        "Map of the symbols",
        marks,
        xlim=(-reach, reach),
        ylim=(-reach, reach),
        span=span,
        caption="Their vectors, by their two main directions.",
    )
