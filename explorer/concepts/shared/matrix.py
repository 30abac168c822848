"""A matrix as a picture, with a name for each row and column."""

from collections.abc import Sequence

import numpy as np

from explorer.scene import Field, Mark, Role, Text

FINE = 75  # points of a field across a matrix, at least, so that its edges stay sharp
EDGES: tuple[Role, Role] = ("neutral", "model")


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
    foot = 1 if under else 0
    padded = np.full((rows + foot, columns + margin), empty, np.float32)
    padded[foot:, margin:] = np.clip(values[::-1], low, high)
    times = -(-FINE // max(padded.shape))
    fine = padded.repeat(times, axis=0).repeat(times, axis=1)
    marks: list[Mark] = [Field(name, fine, low, high, ends, meaning=meaning)]
    for row, label in enumerate(left):
        at = (-(margin + 1) / 2, tall * (rows - 1 - row))
        marks.append(Text(f"row {row + 1}", "neutral", at, label))
    for column, label in enumerate(under):
        role: Role = roles[column] if roles else "neutral"
        marks.append(Text(f"column {column + 1}", role, (float(column), -tall), label))
    return marks, (-margin - 0.5, columns - 0.5), (-(0.5 + foot) * tall, (rows - 0.5) * tall)
