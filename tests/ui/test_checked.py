"""Claims on a page: the run that answers a prediction, and what the visitor's own run says."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from explorer import prose
from explorer.claim_record import flat
from explorer.experiment import chain
from explorer.runs import pool
from tests.contract import CONCEPTS, experiments, name_of
from tests.test_claims import PENDING
from tests.test_pages import app, sound

LATER = {"learning_curves"}  # a page shows these once its training run is done


def page():
    import streamlit as st

    from explorer import runs
    from explorer.claims import Claim
    from explorer.concepts import gan_failures
    from explorer.ui.lesson import checked
    from explorer.ui.run import Run

    every, key = gan_failures.EXPERIMENTS, "bilinear"
    config = every[key].usual()
    job = runs.watch(every[key].process, config, None, "test", True)
    while not job.ended:
        job.wait_for(len(job.snapshots) + 1, 1.0)
    test, chosen = st.session_state["claimed"]
    claim = Claim(test, experiment=key, set=chosen)
    asked = {key: Run(key, every[key], config, job)}
    checked.compare(st.empty(), st.empty(), "gan_failures", every, claim, asked)


def compared(test: str, **chosen: float) -> str:
    script = AppTest.from_function(page)
    script.session_state["claimed"] = (test, chosen)
    script.run()
    assert not script.exception
    return "\n".join(each.value for each in [*script.markdown, *script.caption])


def test_a_run_that_is_as_claimed_is_called_so_with_what_was_measured():
    text = compared("simultaneous > 1")
    assert "As claimed" in text
    assert "Claimed: simultaneous > 1." in text
    assert "Your run: simultaneous 23." in text  # (1 + 0.2^2)^(160 / 2)


def test_a_run_that_is_not_is_called_the_exception():
    text = compared("simultaneous < 1")
    assert "exception" in text
    assert "As claimed" not in text


def test_a_run_with_other_settings_says_nothing_of_the_claim():
    text = compared("simultaneous < 1", learning_rate=0.5)
    assert "Claimed: simultaneous < 1." in text
    assert "Your run" not in text


def test_mathematics_needs_no_run():
    assert "By calculation: log(10) < 2.31." in compared("log(10) < 2.31")


@pytest.mark.slow
def opened(name: str, **link: str) -> AppTest:
    """The page of a concept at its start."""
    script = app()
    script.query_params.update(predict_first="false", **link)
    return script.switch_page(f"pages/{name}.py").run()


@pytest.mark.parametrize(
    "concept",
    [concept for concept in CONCEPTS if name_of(concept) not in PENDING],
    ids=name_of,
)
def test_run_it_asks_for_the_run_that_answers_and_its_view(concept):
    name, every = name_of(concept), experiments(concept)
    questions = prose.load(prose.FOLDER / name / "page.md").questions
    topic, script = None, opened(name)
    for question in questions:
        claim = question.claim
        if claim.formal:
            continue
        if claim.set.get("topic") != topic:  # each topic of a page has its own questions
            topic = claim.set["topic"]
            script = opened(name, topic=topic)
        shown = [each for each in questions if each.claim.set.get("topic", topic) == topic]
        keys = [
            re.fullmatch(r"(predict-.+?)-(at-on|\d+-\d+)", str(button.key))
            for button in script.button
        ]
        card = next(key[1] for key in keys if key)
        counts = [re.fullmatch(r"\d+ of (\d+)", each.value) for each in script.markdown]
        count = next((int(count[1]) for count in counts if count), 1)
        at = count - len(shown) + shown.index(question)
        script.session_state[f"{card}-at"], script.session_state[f"{card}-{at}"] = at, 0
        script = sound(script.run())
        script = sound(next(b for b in script.button if b.label == "Run it").click().run())
        wanted = chain(every, claim.experiment, claim.set)
        asked = [flat(job.config) for job in pool._pool.jobs.values()]
        for at, (key, config) in enumerate(wanted):
            waits = at > 0 or key in LATER  # for the model of the run before it
            assert waits or flat(config) in asked, f"{claim.test}: {key}"
            view = f"{key}_view"
            assert view not in claim.set or script.session_state[view] == claim.set[view]
