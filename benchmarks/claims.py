"""The record of claims: `python -m benchmarks claims [concept ...] [--minutes 30] [--seeds 10]`.

Each run that a claim of a page speaks of is made with ten seeds, and what was measured is written
to `assets/claims.json` after every run: broken off, it goes on where it stopped. What takes least
comes first. Other settings or another measure make a run anew; another bound does not.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import explorer  # noqa: F401  limits the threads before the libraries load
from explorer import claim_record as record
from explorer import prose
from explorer.claim_record import DIVERGED, FILE, SEEDS, Entry
from explorer.claims import OTHER, Claim
from explorer.experiment import Experiment, Outcome, chain
from explorer.runs import finish

CONCEPTS = sorted(path.parent.name for path in prose.FOLDER.glob("*/page.md"))
KEPT = 4  # finished runs at hand, for what builds upon them
Steps = tuple[tuple[str, Any], ...]  # (experiment, config), each after those that it builds upon
_finished: dict[tuple[str, Steps], Outcome] = {}
_seconds: dict[tuple[str, Steps], float] = {}  # CPU seconds of each run, without those before it
UNKNOWN = 5.0  # CPU seconds that a run is taken to need before one was made


@dataclass(frozen=True)
class Work:
    """One run that a claim speaks of."""

    concept: str
    key: str  # of its experiment
    chosen: Mapping[str, Any]
    seed: int
    seconds: float  # that it will take, as far as is known

    @property
    def steps(self) -> list[tuple[str, Any]]:
        return chain(experiments(self.concept), self.key, self.chosen, self.seed)


def experiments(concept: str) -> Mapping[str, Experiment]:
    """All processes of a concept, by key."""
    found: Mapping[str, Experiment] = import_module(f"explorer.concepts.{concept}").EXPERIMENTS
    return found


def claims_of(concept: str) -> Mapping[str, Claim]:
    """Every claim of a page, by the words that it belongs to."""
    return prose.load(prose.FOLDER / concept / "page.md").claims


def main(arguments: list[str]) -> int:
    """Measure what lacks a record, then say which claims are less often true than they say."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks claims", description=__doc__)
    parser.add_argument("concepts", nargs="*", help="all of them if none is named")
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no run after these")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    asked = parser.parse_args(arguments)
    if unknown := set(asked.concepts) - set(CONCEPTS):
        parser.error(f"concepts must be among {', '.join(CONCEPTS)}. Got {', '.join(unknown)}.")
    end = time.monotonic() + 60 * asked.minutes
    for concept in asked.concepts or CONCEPTS:
        while time.monotonic() < end and (work := next_run(concept, asked.seeds)):
            perform(work)
    return report(asked.concepts or CONCEPTS)


def next_run(concept: str, seeds: int) -> Work | None:
    """The run of a concept that lacks a record and takes least, one seed of all before the next.

    What builds upon a run that is still at hand comes first.
    """

    def order(work: Work) -> tuple[int, bool, float]:
        return work.seed, (concept, tuple(work.steps[:1])) not in _finished, work.seconds

    return min(missing(concept, seeds), key=order, default=None)


def missing(concept: str, seeds: int) -> Iterator[Work]:
    """Every run that a claim speaks of and that the record does not hold."""
    known, all_of_them = record.read().get(concept, []), experiments(concept)
    for claim in claims_of(concept).values():
        if claim.formal:
            continue
        count = seeds if record.seeded(all_of_them, claim) else 1
        for chosen, of in zip(record.sides(claim), ("", OTHER)):
            entry = record.entry(all_of_them, known, claim.experiment, chosen)
            measured, seconds = (entry.seeds, entry.seconds) if entry else ({}, UNKNOWN)
            for seed in range(count):
                if not set(claim.names(of)) <= set(measured.get(seed, {})):
                    yield Work(concept, claim.experiment, chosen, seed, seconds)


def perform(work: Work) -> None:
    """Make one run, measure it, and write that into the record."""
    every, steps = experiments(work.concept), tuple(work.steps)
    last = every[work.key]
    try:
        measured = record.measure(last, outcome(work.concept, steps))
    except FloatingPointError:
        measured = {**dict.fromkeys(last.measures, math.nan), DIVERGED: 1.0}
    seconds = round(_seconds.get((work.concept, steps), 0.0), 1)
    known = record.read()
    entries = known.setdefault(work.concept, [])
    entry = record.entry(every, entries, work.key, work.chosen)
    settings = record.settings(every, work.key, work.chosen)
    now = entry or Entry(work.key, settings, seconds, {})
    seeds = {**now.seeds, work.seed: measured}
    if entry in entries:
        entries.remove(entry)
    slowest = max(now.seconds, seconds)
    entries.append(replace(now, settings=settings, seconds=slowest, seeds=seeds))
    write(known)
    print(f"{work.concept} {work.key} {dict(work.chosen)} seed {work.seed}: {seconds} s,", {
        name: float(f"{value:.3g}") for name, value in measured.items()
    }, file=sys.stderr, flush=True)  # fmt: skip


def outcome(concept: str, steps: Steps) -> Outcome:
    """The finished run of the last of these (experiment, config), after those before it."""
    if (concept, steps) in _finished:
        return _finished[concept, steps]
    *before, (key, config) = steps
    first = outcome(concept, tuple(before)) if before else None
    built_on = [first.model] if first else []
    start = time.thread_time()
    snapshots, model = finish(experiments(concept)[key].process(config, *built_on))
    _seconds[concept, steps] = time.thread_time() - start
    if len(_finished) >= KEPT:
        _finished.pop(next(iter(_finished)))
    _finished[concept, steps] = Outcome(config, snapshots, model, first)
    return _finished[concept, steps]


def report(concepts: list[str]) -> int:
    """Print each claim with its rate; 1 if one lacks a record or is true too seldom."""
    bad = 0
    known = record.read()
    for concept in concepts:
        for words, claim in claims_of(concept).items():
            found = record.rate(experiments(concept), known.get(concept, []), claim)
            wrong = not found.seeds or found.share < claim.rate
            bad += wrong
            mark = "WRONG" if wrong else "ok"
            print(f"{mark:5} {found.held:3}/{found.seeds:<3} {concept}: {words[:60]}: {claim.test}")
    return bool(bad)


def write(known: Mapping[str, list[Entry]], file: Path = FILE) -> None:
    """The record as text, one line for all seeds with the same settings."""
    parts = []
    for concept, entries in sorted(known.items()):
        lines = sorted(json.dumps(plain(each)) for each in entries)
        parts.append(f"{json.dumps(concept)}: [\n" + ",\n".join(lines) + "\n]")
    part = file.with_suffix(".part")
    part.write_text("{\n" + ",\n".join(parts) + "\n}\n")
    part.replace(file)


def plain(entry: Entry) -> dict[str, Any]:
    """An entry as JSON has it."""
    return {
        "experiment": entry.experiment,
        "settings": entry.settings,
        "seconds": entry.seconds,
        "seeds": {
            str(seed): {
                name: float(f"{value:.5g}") if math.isfinite(value) else None
                for name, value in sorted(measured.items())
            }
            for seed, measured in sorted(entry.seeds.items())
        },
    }
