"""Choose for me: from what is needed to a family, with the figures that speak for it.

Each need ranks the families by one figure; the one with the best mean rank is recommended. Who
can't do what is needed at all is left out, whatever else it does well.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.concepts.arena import pace, record
from explorer.concepts.arena.families import FAMILIES, ONE_WAY, SAME, SMALL
from explorer.concepts.arena.race import Snapshot

IMAGES = "digits"  # where data are few: 1,497 images of 64 numbers


@dataclass(frozen=True)
class Need:
    """Something one may ask of a model, and the figure that tells how well it does it."""

    label: str
    figure: str  # column of the table
    value: Callable[[str, str, record.Table], float]  # family, data set, marks; smaller is better
    told: str  # how a value is written


def _mean(key: str, marks: record.Table, name: str) -> float:
    found = [getattr(each, name) for each in marks.get(key, ())]
    return float(np.mean(found)) if found else np.nan


def _few(key: str, dataset: str, marks: record.Table) -> float:
    return _mean(key, record.everything().get(IMAGES, {}), "distance")


NEEDS: dict[str, Need] = {
    "likelihood": Need(
        "how probable something is", "bits/dim",
        lambda key, data, marks: _mean(key, marks, "bits"), "{:.3f}"),
    "sharpness": Need(
        "samples that look real", "precision",
        lambda key, data, marks: -_mean(key, marks, "precision"), "{:.3f}"),
    "variety": Need(
        "all kinds of samples", "coverage",
        lambda key, data, marks: -_mean(key, marks, "coverage"), "{:.3f}"),
    "speed": Need(
        "samples at once", "ms per 1,000",
        lambda key, data, marks: pace.SAMPLING[key].get(pace.kind(data), np.nan), "{:.3g}"),
    "code": Need(
        "a latent space", "latent space",
        lambda key, data, marks: CODES.get(FAMILIES[key].code, np.nan), ""),
    "few": Need(
        "little data", "distance on digits", _few, "{:.4f}"),
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
    marks, source = evidence(dataset, race)
    if not needs:
        return Advice("Say what you need, and the figures choose.", [])
    values = {key: [NEEDS[need].value(key, dataset, marks) for need in needs] for key in marks}
    able = {key: found for key, found in values.items() if np.isfinite(found).all()}
    if not able:
        return Advice("No family does all of this on these data. Ask for less.", [])
    ranks = _ranks(np.array(list(able.values())))
    order = sorted(zip(able, ranks), key=lambda pair: pair[1])
    rows = [
        {"family": FAMILIES[key].label, "mean rank": float(rank)}
        | {NEEDS[need].figure: told(need, key, value) for need, value in zip(needs, able[key])}
        for key, rank in order
    ]
    best = order[0][0]
    said = ", ".join(
        f"{NEEDS[need].figure} {told(need, best, value)}" for need, value in zip(needs, able[best])
    )
    words = f"**Take: {FAMILIES[best].label}** ({said}). {source}"
    if left := [FAMILIES[key].label for key in values if key not in able]:
        words += f" Left out, since they can't: {', '.join(left)}."
    return Advice(words, rows)


def evidence(dataset: str, race: Snapshot | None) -> tuple[record.Table, str]:
    """The marks that advice rests on, and where they come from, in words."""
    known = record.everything()
    if race is not None and race.over:
        return record.table([race]), "By the race above."
    if dataset in known:
        count, seconds = record.SEEDS, record.steps(dataset) / 100
        return known[dataset], f"By {count} races recorded before, {seconds:g} s each."
    other = "ring" if dataset not in pace.LEVELS else IMAGES
    return known.get(other, {}), f"Until your race is over: by the record of the {other}."


def told(need: str, key: str, value: float) -> str:
    """A value as the table says it."""
    return NEEDS[need].told.format(abs(value) if value < 0 and need != "likelihood" else value) or (
        FAMILIES[key].code
    )


def _ranks(values: np.ndarray) -> np.ndarray:
    """The mean over the columns of each row's rank, from 1; equal values share their rank."""
    smaller = (values[None] < values[:, None]).sum(1)
    equal = (values[None] == values[:, None]).sum(1)
    return (smaller + (equal + 1) / 2).mean(1)
