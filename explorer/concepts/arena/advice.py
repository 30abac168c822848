"""Choose for me: from what is needed to a family, with the figures that speak for it.

Each need ranks the families by one figure; the one with the best mean rank is recommended. Who
can't do what is needed at all is left out, whatever else it does well.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.concepts.arena import pace, record
from explorer.concepts.arena.families import FAMILIES, ONE_WAY, SAME, SMALL, takes
from explorer.concepts.arena.race import Snapshot

RING, IMAGES = "ring", "digits"  # whose record stands in for others


@dataclass(frozen=True)
class Need:
    """Something one may ask of a model, and the figure that tells how well it does it.

    Not precision and coverage alone: blurred averages lie near to everything and score well.
    """

    label: str
    figure: str  # column of the table
    values: Callable[[str, str, record.Table], list[float]]  # family, data set, marks
    told: str  # how a value is written
    high: bool = False  # better
    scarce: bool = False  # to be judged where data are few


def _marks(name: str) -> Callable[[str, str, record.Table], list[float]]:
    """A figure of every model of a family."""
    return lambda key, data, marks: [getattr(each, name) for each in marks.get(key, ())]


NEEDS: dict[str, Need] = {
    "likelihood": Need("how probable something is", "bits/dim", _marks("bits"), "{:.3f}"),
    "sharpness": Need("samples that look real", "distance", _marks("distance"), "{:.4f}"),
    "variety": Need(
        "all kinds of samples", "recall and coverage, the smaller",
        lambda key, data, marks: [min(each.recall, each.coverage) for each in marks.get(key, ())],
        "{:.3f}", True),
    "speed": Need(
        "samples at once", "ms per 1,000",
        lambda key, data, marks: [pace.sampling(key, data)], "{:.3g}"),
    "code": Need(
        "a latent space", "latent space",
        lambda key, data, marks: [CODES.get(FAMILIES[key].code, np.nan)], ""),
    "few": Need(
        "little data", "distance, few data", _marks("distance"), "{:.4f}", scarce=True),
}  # fmt: skip
# What kinds of code are worth: a small one with an encoder is what "latent space" usually means.
CODES: dict[str, float] = {SMALL: 0.0, SAME: 1.0, ONE_WAY: 2.0}


@dataclass(frozen=True)
class Advice:
    """A recommendation in words, and the table that it rests on."""

    words: str
    rows: list[dict[str, Any]]


def advise(needs: Sequence[str], dataset: str, race: Snapshot | None) -> Advice:
    """What to take for `needs` (keys of NEEDS): by the race that is over, else by the record."""
    if not needs:
        return Advice("Say what you need, and the figures choose.", [])
    marks, source = evidence(dataset, race)
    few, few_source = scarce(dataset, race)
    asked = [NEEDS[need] for need in needs]
    if any(need.scarce for need in asked):
        source = few_source if all(need.scarce for need in asked) else f"{source} {few_source}"
    found = {
        key: [need.values(key, dataset, few if need.scarce else marks) for need in asked]
        for key in marks
        if takes(key, dataset)
    }
    able = {
        key: values for key, values in found.items() if np.isfinite(_scores(needs, values)).all()
    }
    if not able:
        return Advice("No family does all of this on these data. Ask for less.", [])
    ranks = _ranks(np.array([_scores(needs, values) for values in able.values()]))
    order = sorted(zip(able, ranks), key=lambda pair: pair[1])
    rows = [
        {"family": FAMILIES[key].label, "mean rank": float(rank)}
        | {NEEDS[need].figure: told(need, key, values) for need, values in zip(needs, able[key])}
        for key, rank in order
    ]
    best = [_said(key, needs, able[key]) for key, rank in order if rank == order[0][1]]
    words = f"**Take:** {' or '.join(best)}. {source}"
    if left := [FAMILIES[key].label for key in found if key not in able]:
        words += f" Left out, for want of a figure: {', '.join(left)}."
    return Advice(words, rows)


def evidence(dataset: str, race: Snapshot | None) -> tuple[record.Table, str]:
    """The marks that advice rests on, and where they come from, in words."""
    known = record.everything()
    if race is not None and race.over:
        return record.table([race]), "By the race above."
    if dataset in known:
        count, seconds = record.SEEDS, record.steps(dataset) / 100
        return known[dataset], f"By {count} races recorded before, {seconds:g} s each."
    other = RING if dataset not in pace.LEVELS else IMAGES
    return known.get(other, {}), f"Until your race is over: by the record of the {other}."


def scarce(dataset: str, race: Snapshot | None) -> tuple[record.Table, str]:
    """The marks for what is to be done with little data, and where they come from."""
    known = record.everything()
    if race is not None and race.over and (race.config.few or race.config.of_images):
        return record.table([race]), "Little data: by the race above."
    if dataset in pace.LEVELS:
        return known.get(dataset, {}), f"Little data: all {dataset} there are, by the record."
    own = record.few(dataset)
    name, kind = (own, dataset) if own in known else (record.few(RING), RING)
    said = f"Little data: by the record of the {kind} with {record.FEW} points."
    return known.get(name, {}), said


def told(need: str, key: str, values: Sequence[float]) -> str:
    """The mean of a figure over the models of a family, and from where to where it goes."""
    written = NEEDS[need].told
    if not written:
        return FAMILIES[key].code
    said = written.format(float(np.mean(values)))
    if len(values) > 1:
        said += f" ({written.format(min(values))} to {written.format(max(values))})"
    return said


def _said(key: str, needs: Sequence[str], values: Sequence[Sequence[float]]) -> str:
    """A family with the figures that speak for it."""
    figures = ", ".join(
        f"{NEEDS[need].figure} {told(need, key, [float(np.mean(each))])}"
        for need, each in zip(needs, values)
    )
    return f"**{FAMILIES[key].label}** ({figures})"


def _scores(needs: Sequence[str], found: Sequence[Sequence[float]]) -> list[float]:
    """One number a need, smaller is better; NaN where there is no figure."""
    return [
        (-1 if NEEDS[need].high else 1) * float(np.mean(values)) if len(values) else np.nan
        for need, values in zip(needs, found)
    ]


def _ranks(values: np.ndarray) -> np.ndarray:
    """The mean over the columns of each row's rank, from 1; equal values share their rank."""
    smaller = (values[None] < values[:, None]).sum(1)
    equal = (values[None] == values[:, None]).sum(1)
    return (smaller + (equal + 1) / 2).mean(1)
