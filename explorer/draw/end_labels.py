"""The names of curves at their ends, pushed apart so that none covers another.

The same rules as in the player (explorer/ui/player/axes.js).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.draw.axes import View, end_label
from explorer.draw.layout import Measure
from explorer.scene import Curve, Panel


@dataclass
class EndLabel:
    """The name of a curve at its end: both ends and the baseline of the words."""

    mark: Curve
    text: str
    left: float
    right: float
    y: float


def end_labels(panel: Panel, view: View, measure: Measure) -> list[EndLabel]:
    """Names at the ends of curves, pushed apart so that none covers another.

    They stand behind the end, in the room beside the axes; without that above it. As many as the
    height has room for.
    """
    left, top, width, height = view.box
    beside = view.room > 0
    found: list[EndLabel] = []
    for mark in panel.marks:
        text = end_label(mark)
        if not isinstance(mark, Curve) or not text:
            continue
        shown = view.xy(mark.xy)
        shown = shown[np.isfinite(shown).all(axis=1)]
        if not len(shown):
            continue
        wide, (x, y) = measure(text), shown[-1].tolist()
        right = min(x + 5, left + width + 5) + wide if beside else min(x, left + width - 2)
        right = max(right, left + wide + 4)
        found.append(EndLabel(mark, text, right - wide, right, y + (4 if beside else -7)))
    found.sort(key=lambda label: label.y)
    del found[max(1, int(height // 14)) :]

    def near(label: EndLabel, others: Sequence[EndLabel]) -> list[float]:
        meet = (o for o in others if label.left < o.right + 4 and o.left < label.right + 4)
        return [other.y for other in meet]

    for i, label in enumerate(found):
        label.y = max([label.y, top + 10, *(y + 14 for y in near(label, found[:i]))])
    for i, label in reversed([*enumerate(found)]):
        label.y = min([label.y, top + height - 4, *(y - 14 for y in near(label, found[i + 1 :]))])
    return found
