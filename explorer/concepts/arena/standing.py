"""How the families of a race stand: who is nearest, and what is said under each."""

from math import nan

import numpy as np

from explorer.concepts.arena.exam import Marks
from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.race import Entry, Snapshot
from explorer.scene import Role


def distance(entry: Entry) -> float:
    """Of a family now: from the exam, or from the last look; NaN before both."""
    if entry.marks:
        return float(np.mean([marks.distance for marks in entry.marks]))
    last = entry.curves[-1, 1:] if len(entry.curves) else np.array([nan])
    return float(np.nanmean(last)) if np.isfinite(last).any() else nan


def ranking(snapshot: Snapshot) -> list[Entry]:
    """Those with a distance, nearest first."""
    known = [entry for entry in snapshot.entries if np.isfinite(distance(entry))]
    return sorted(known, key=distance)


def title(entry: Entry) -> str:
    """The family's name, and the short one that charts use."""
    family = FAMILIES[entry.key]
    return family.label if family.label == family.short else f"{family.label} ({family.short})"


def caption(entry: Entry, place: int, learning: float) -> str:
    """How a family does, in a line; `learning` is the share of its way before the exam."""
    if entry.failed:
        return "gave up: its numbers overflowed"
    if not entry.done:
        return "has not begun"
    found = distance(entry)
    told = f"distance {found:.3f}" if np.isfinite(found) else ""
    if entry.marks:
        return f"{ordinal(place)}, {told}"
    if entry.done > learning:
        return f"sits the exam, {told}" if told else "sits the exam"
    share = f"{entry.done / learning:.0%} of its budget"
    return f"{share}, {told}" if told else share


def ordinal(place: int) -> str:
    """
    >>> ordinal(1), ordinal(8)
    ('1st', '8th')
    """
    return f"{place}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(place, 'th') }"


def kind(entry: Entry) -> Role:
    return "neutral" if FAMILIES[entry.key].classic else "model"


def mean(marks: tuple[Marks, ...], name: str) -> float:
    """The mean of a figure over the models of a family; NaN if there is none."""
    return float(np.mean([getattr(each, name) for each in marks])) if marks else nan
