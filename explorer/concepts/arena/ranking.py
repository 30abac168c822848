"""How the families stand: which is nearest to the data, and the line under each."""

from math import nan

import numpy as np

from explorer.concepts.arena.families import FAMILIES
from explorer.concepts.arena.measure import Scores
from explorer.concepts.arena.train import FamilyState, Snapshot
from explorer.concepts.shared.percent import percent
from explorer.scene import Role


def distance(state: FamilyState) -> float:
    """Of a family now: from its evaluation, before that from few samples; NaN before both."""
    return mean(state.scores, "distance") if state.scores else state.distance


def ranking(snapshot: Snapshot) -> list[FamilyState]:
    """Those with a distance, nearest first."""
    known = [state for state in snapshot.states if np.isfinite(distance(state))]
    return sorted(known, key=distance)


def title(state: FamilyState) -> str:
    """The family's name, and the short one that charts use."""
    family = FAMILIES[state.key]
    return family.label if family.label == family.short else f"{family.label} ({family.short})"


def caption(state: FamilyState, rank: int, training: float) -> str:
    """How a family does, in a line; `training` is the share of its progress before evaluation."""
    if state.failed:
        return "stopped: numerical overflow"
    if not state.done:
        return "not trained yet"
    found = distance(state)
    written = f"distance {found:.3f}" if np.isfinite(found) else ""
    if state.scores:
        return f"{ordinal(rank)}, {written}"
    stage = f"{percent(state.done / training)} of training"
    if state.done > training:
        stage = "being evaluated"
    return f"{stage}, {written}" if written else stage


def ordinal(rank: int) -> str:
    """
    >>> ordinal(1), ordinal(8)
    ('1st', '8th')
    """
    return f"{rank}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(rank, 'th') }"


def kind(state: FamilyState) -> Role:
    return "neutral" if FAMILIES[state.key].classic else "model"


def mean(scores: tuple[Scores, ...], name: str) -> float:
    """The mean of a metric over the models of a family; NaN if there is none."""
    return float(np.mean([getattr(each, name) for each in scores])) if scores else nan
