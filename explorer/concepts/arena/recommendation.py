"""From requirements to a family, with the metrics that speak for it.

Each requirement ranks the families by one metric; the one with the best mean rank is recommended. A
family that cannot do what is required at all is left out, whatever else it does well.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.concepts.arena import budget, record
from explorer.concepts.arena.families import FAMILIES, ONE_WAY, SAME, SMALL, can_learn
from explorer.concepts.arena.train import Snapshot

RING, IMAGES = "ring", "digits"  # whose record stands in for others


@dataclass(frozen=True)
class Requirement:
    """Something that is required of a model, and the metric of how well it does it.

    Not precision and coverage alone: blurred averages lie near to everything and score well.
    """

    label: str
    metric: str  # column of the table
    values: Callable[[str, str, record.Table], list[float]]  # family, data set, scores
    written: str  # the format of a value
    high: bool = False  # better
    scarce: bool = False  # to be measured where data are few


def _scores_of(name: str) -> Callable[[str, str, record.Table], list[float]]:
    """A metric of every model of a family."""
    return lambda key, data, scores: [getattr(each, name) for each in scores.get(key, ())]


REQUIREMENTS: dict[str, Requirement] = {
    "likelihood": Requirement("a likelihood", "bits/dim", _scores_of("bits"), "{:.3f}"),
    "sharpness": Requirement("samples near the data", "distance", _scores_of("distance"), "{:.4f}"),
    "variety": Requirement(
        "diversity", "recall and coverage, the smaller",
        lambda key, data, scores: [min(each.recall, each.coverage) for each in scores.get(key, ())],
        "{:.3f}", True),
    "speed": Requirement(
        "fast sampling", "ms per 1,000",
        lambda key, data, scores: [budget.sampling(key, data)], "{:.3g}"),
    "latent_space": Requirement(
        "a latent space", "latent space",
        lambda key, data, scores: [LATENT_SPACES.get(FAMILIES[key].latent_space, np.nan)], ""),
    "few": Requirement(
        "little data", "distance, few points", _scores_of("distance"), "{:.4f}", scarce=True),
}  # fmt: skip
LABELS: dict[str, str] = {key: each.label for key, each in REQUIREMENTS.items()}
# The order of latent spaces: low-dimensional with an encoder is what is usually meant by it.
LATENT_SPACES: dict[str, float] = {SMALL: 0.0, SAME: 1.0, ONE_WAY: 2.0}


@dataclass(frozen=True)
class Recommendation:
    """A recommendation, and the table that it rests on."""

    words: str
    rows: list[dict[str, Any]]


def recommend(needs: Sequence[str], dataset: str, run: Snapshot | None) -> Recommendation:
    """A family for `needs` (keys of REQUIREMENTS): by the finished run, else by the record."""
    if not needs:
        return Recommendation("Choose what you need, and the metrics recommend a family.", [])
    scores, source = evidence(dataset, run)
    few, few_source = scarce(dataset, run)
    asked = [REQUIREMENTS[need] for need in needs]
    if any(need.scarce for need in asked):
        source = few_source if all(need.scarce for need in asked) else f"{source} {few_source}"
    found = {
        key: [need.values(key, dataset, few if need.scarce else scores) for need in asked]
        for key in scores
        if can_learn(key, dataset)
    }
    able = {
        key: values for key, values in found.items() if np.isfinite(_scores(needs, values)).all()
    }
    if not able:
        return Recommendation("No family does all of this on these data. Require less.", [])
    ranks = _ranks(np.array([_scores(needs, values) for values in able.values()]))
    order = sorted(zip(able, ranks), key=lambda pair: pair[1])
    rows = [
        {"family": FAMILIES[key].label, "mean rank": float(rank)}
        | {
            REQUIREMENTS[need].metric: written(need, key, values)
            for need, values in zip(needs, able[key])
        }
        for key, rank in order
    ]
    best = [_reasons(key, needs, able[key]) for key, rank in order if rank == order[0][1]]
    words = f"**Recommended:** {' or '.join(best)}. {source}"
    if left := [FAMILIES[key].label for key in found if key not in able]:
        words += f" Left out, because they have no such metric: {', '.join(left)}."
    return Recommendation(words, rows)


def evidence(dataset: str, run: Snapshot | None) -> tuple[record.Table, str]:
    """The scores that the recommendation rests on, and where they come from, in words."""
    known = record.everything()
    if run is not None and run.over:
        return record.table([run]), "Measured in the run above."
    if dataset in known:
        count, seconds = record.SEEDS, record.steps(dataset) / 100
        return known[dataset], f"Measured in {count} recorded runs, {seconds:g} s of training each."
    other = RING if dataset not in budget.LEVELS else IMAGES
    return known.get(
        other, {}
    ), f"Until the run above is done: measured in recorded runs on {other}."


def scarce(dataset: str, run: Snapshot | None) -> tuple[record.Table, str]:
    """The scores for what is to be done with little data, and where they come from."""
    known = record.everything()
    if run is not None and run.over and (run.config.few or run.config.of_images):
        return record.table([run]), "Little data: measured in the run above."
    if dataset in budget.LEVELS:
        return known.get(dataset, {}), f"Little data: measured in recorded runs on all {dataset}."
    own = record.few(dataset)
    name, kind = (own, dataset) if own in known else (record.few(RING), RING)
    source = f"Little data: measured in recorded runs on {record.FEW} points of {kind}."
    return known.get(name, {}), source


def written(need: str, key: str, values: Sequence[float]) -> str:
    """The mean of a metric over the models of a family, and its range."""
    form = REQUIREMENTS[need].written
    if not form:
        return FAMILIES[key].latent_space
    text = form.format(float(np.mean(values)))
    if len(values) > 1:
        text += f" ({form.format(min(values))} to {form.format(max(values))})"
    return text


def _reasons(key: str, needs: Sequence[str], values: Sequence[Sequence[float]]) -> str:
    """A family with the metrics that speak for it."""
    metrics = ", ".join(
        f"{REQUIREMENTS[need].metric} {written(need, key, [float(np.mean(each))])}"
        for need, each in zip(needs, values)
    )
    return f"**{FAMILIES[key].label}** ({metrics})"


def _scores(needs: Sequence[str], found: Sequence[Sequence[float]]) -> list[float]:
    """One number a need, smaller is better; NaN where there is no value."""
    return [
        (-1 if REQUIREMENTS[need].high else 1) * float(np.mean(values)) if len(values) else np.nan
        for need, values in zip(needs, found)
    ]


def _ranks(values: np.ndarray) -> np.ndarray:
    """The mean over the columns of each row's rank, from 1; equal values share their rank."""
    smaller = (values[None] < values[:, None]).sum(1)
    equal = (values[None] == values[:, None]).sum(1)
    return (smaller + (equal + 1) / 2).mean(1)
