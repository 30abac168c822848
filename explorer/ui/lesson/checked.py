"""Claims on a page: their rate beside the words, the run that answers, and what it says.

The words of a page claim something of many runs; the visitor sees one. So each claim comes with
the share of seeds in which it was true, and a run that is the exception is called so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer import claim_record as record
from explorer import prose
from explorer.claims import OTHER, Claim, Measured
from explorer.experiment import Experiment
from explorer.ui.controls import link
from explorer.ui.controls.fields import wanted
from explorer.ui.controls.presets import Preset
from explorer.ui.run import Run

KEPT = 64  # measured runs
EXCEPTION = ":material/warning: **This seed is the exception.**"
_presets: dict[str, dict[str, Preset]] = {}  # by page
_measured: dict[tuple[str, ...], Measured] = {}  # by run and measures; the same for everybody


def rate(concept: str, experiments: Mapping[str, Experiment], claim: Claim | None) -> str:
    """In how many of the recorded seeds a claim is true, in brackets; "" without a record."""
    if claim is None:
        return ""
    found = record.rate(experiments, record.recorded().get(concept, ()), claim)
    return f"(True {found.words}.)" if found.words else ""


def presets(
    concept: str, experiments: Mapping[str, Experiment], written: Mapping[str, prose.Preset]
) -> dict[str, Preset]:
    """The presets of a page by name, put together once: they are the same for everybody."""
    if concept not in _presets:
        _presets[concept] = {
            name: Preset(
                values,
                each.why,
                each.good,
                set(values) - set(each.set),
                rate(concept, experiments, each.claim),
            )
            for name, each in written.items()
            for values in [wanted(experiments, each.set)]
        }
    return _presets[concept]


def sentences(
    concept: str, experiments: Mapping[str, Experiment], claims: Sequence[Claim], text: str
) -> str:
    """A text in which each sentence that runs have checked says in how many seeds it is so."""
    for claim in claims:
        text = text.replace(
            claim.says, f"{claim.says} {rate(concept, experiments, claim)}".rstrip()
        )
    return text


def offer(claim: Claim, settings: Mapping[str, Any]) -> DeltaGenerator:
    """The button that sets the settings and the view which answer, if there is a run that does.

    Returns a place beside it.
    """
    if not claim.formal:
        st.button(
            "Run it", key=f"run-{claim.test}-{sorted(claim.set)}", icon=":material/play_arrow:",
            type="tertiary", help="Set the settings and the view that answer.",
            on_click=_set, args=(claim, settings),
        )  # fmt: skip
    return st.empty()


def compare(
    place: DeltaGenerator,
    details: DeltaGenerator,
    concept: str,
    experiments: Mapping[str, Experiment],
    claim: Claim,
    asked: Mapping[str, Run],
) -> None:
    """Say whether the visitor's own run, if it is the one that answers, is as was claimed.

    In a few words at `place`; what was claimed and measured, and of how many seeds, in `details`.
    """
    if claim.formal:
        details.caption(f"By calculation: {claim.words}.")
        return
    found = record.rate(experiments, record.recorded().get(concept, ()), claim)
    claimed = f"Claimed: {claim.words}." + (f" True {found.words}." if found.words else "")
    sides = measurements(concept, experiments, claim, asked)
    if sides is None:
        details.caption(claimed)
        return
    mine, other = sides
    values = [f"{_named(name)} {mine[name]:.3g}" for name in claim.names()]
    values += [f"the other's {_named(name)} {other[name]:.3g}" for name in claim.names(OTHER)]
    details.caption(f"{claimed} Your run: {', '.join(values)}.")
    if claim.holds(mine, other):
        place.markdown(":material/check: As claimed.", width="content")
    else:
        place.markdown(EXCEPTION, width="content")


def warn(
    place: DeltaGenerator,
    concept: str,
    experiments: Mapping[str, Experiment],
    claim: Claim,
    asked: Mapping[str, Run],
) -> None:
    """Say at `place` if the visitor's own run is not what the preset promises."""
    sides = measurements(concept, experiments, claim, asked)
    if sides is not None and not claim.holds(*sides):
        place.markdown(EXCEPTION, width="content")


def measurements(
    concept: str, experiments: Mapping[str, Experiment], claim: Claim, asked: Mapping[str, Run]
) -> tuple[Measured, Measured] | None:
    """What was measured of the visitor's own run, if it is the one of the claim, and of the other.

    None before it has ended, or if nothing is known of the other one.
    """
    run = asked.get(claim.experiment)
    if run is None or not run.job.ended or not answers(experiments, claim, run):
        return None
    other = beside(concept, experiments, claim, run)
    if claim.against and not other:
        return None
    return measured(run, claim.names()), other or {}


def answers(experiments: Mapping[str, Experiment], claim: Claim, run: Run) -> bool:
    """Whether a run has the settings that a claim speaks of, whatever its seeds."""
    of_run: dict[str, Any] = {}
    key, each = claim.experiment, run
    while True:
        of_run |= {f"{key}.{name}": value for name, value in record.flat(each.config).items()}
        if each.after is None:
            return of_run == record.settings(experiments, claim.experiment, claim.set)
        key, each = experiments[key].after, each.after


def measured(run: Run, names: Sequence[str]) -> Measured:
    """Measures of an ended run, each of them taken once; of one that failed, not a number."""
    key = (run.job.name, *names)
    if key not in _measured:
        if len(_measured) >= KEPT:
            _measured.pop(next(iter(_measured)))
        missing = {**dict.fromkeys(names, float("nan")), record.DIVERGED: 1.0}
        failed = run.job.status == "failed"
        _measured[key] = missing if failed else record.measure(run.experiment, run.outcome, names)
    return _measured[key]


def beside(
    concept: str, experiments: Mapping[str, Experiment], claim: Claim, run: Run
) -> Measured | None:
    """What the second run of a claim measured: with this seed if it is recorded, else the middle.

    None if there is no record, or nothing to compare with.
    """
    chosen = record.sides(claim)[1:]
    known = record.recorded().get(concept, ())
    entry = record.entry(experiments, known, claim.experiment, chosen[0]) if chosen else None
    if entry is None:
        return None
    seed = getattr(run.config, "seed", 0)
    return entry.seeds.get(seed) or record.middle(entry)


def _named(measure: str) -> str:
    return measure.replace("_", " ")


def _set(claim: Claim, wanted: Mapping[str, Any]) -> None:
    """Set what the run of a claim needs; from the callback, before the controls exist."""
    st.session_state.pop("_usual", None)  # what is set here is chosen: it follows nothing
    for key, value in wanted.items():
        link.write(key, value)
