"""What the pages claim: read with their words, checked against the record and by runs."""

import json
import math

import pytest

from benchmarks import claims as runner
from explorer import claim_record as record
from explorer import prose
from explorer.claim_record import Entry, Rate
from explorer.claims import OTHER, Claim, read
from explorer.experiment import Outcome, chain, parameters
from tests.contract import CONCEPTS, experiments, name_of, run, short

# Pages whose presets and predictions do not all state a claim yet.
PENDING: set[str] = set()
# Pages whose claims are not all recorded with as many seeds yet.
UNRECORDED = {
    "arena", "decision_boundaries", "diffusion", "ethics", "flows",
    "latent_space", "text", "text_to_image", "transformer",
}  # fmt: skip
CHEAP = 20.0  # CPU seconds, by the record, of the runs that are made anew here

CLAIMING = [concept for concept in CONCEPTS if name_of(concept) not in PENDING]
every_page = pytest.mark.parametrize("concept", CLAIMING, ids=map(name_of, CLAIMING))


def page_of(concept):
    return prose.load(prose.FOLDER / name_of(concept) / "page.md")


# The language


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        ("modes == 8", True),
        ("modes < 8", False),
        ("2 < modes <= 8", True),
        ("distance > 10 * floor and modes >= 1", True),
        ("distance > 10 * floor and modes > 8", False),
        ("modes > 8 or distance / floor > 10", True),
        ("abs(floor - distance) < 0.4", True),
        ("-distance < 0", True),
        ("min(modes, 3) + max(floor, 0) >= 3", True),
        ("sqrt(modes * 2) == 4 and log(exp(floor)) < 1", True),
        ("distance / (modes - 8) > 0", False),
        ("gone < 1", False),
        ("gone >= 1", False),
    ],
)
def test_a_claim_is_true_of_measurements_or_it_is_not(test, holds):
    measured = {"modes": 8.0, "distance": 0.31, "floor": 0.02, "gone": math.nan}
    assert Claim(test).holds(measured) is holds


def test_a_claim_compares_with_a_run_under_other_settings():
    claim = Claim("modes < 0.5 * other.modes", against={"gamma": 1.0})
    assert claim.holds({"modes": 3}, {"modes": 8})
    assert not claim.holds({"modes": 4}, {"modes": 8})
    assert (claim.names(), claim.names(OTHER)) == (["modes"], ["modes"])
    assert not claim.formal


def test_a_claim_without_measures_is_mathematics():
    claim = Claim("log(10) < 2.31 and sqrt(2) > 1.41")
    assert claim.formal
    assert record.rate({}, [], claim) == Rate(1, 1, True)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"claim": "modes"}, "must be a comparison"),
        ({"claim": "modes + 3"}, "must be a comparison"),
        ({"claim": ""}, "cannot be read"),
        ({"claim": "modes =="}, "cannot be read"),
        ({"claim": "__import__('os').system('x') == 0"}, "must compare measures"),
        ({"claim": "open('x') == 0"}, "must compare measures"),
        ({"claim": "modes.real == 0"}, "must compare measures"),
        ({"claim": "modes[0] == 0"}, "must compare measures"),
        ({"claim": "modes ** 9 == 0"}, "must compare measures"),
        ({"claim": "(lambda: 1) == 1"}, "must compare measures"),
        ({"claim": "'a' < 'b'"}, "must compare measures"),
        ({"claim": "max(modes, key=abs) == 1"}, "must compare measures"),
        ({"claim": "other.modes < modes"}, "against"),
        ({"claim": "modes < 1", "against": {"gamma": 1}}, "against"),
        ({"claim": "modes < 1", "rate": 0.2}, "rate must be between"),
        ({"claim": "modes < 1", "settings": {}}, "unknown in a claim: settings"),
    ],
)
def test_what_is_no_claim_is_refused_with_a_reason(given, why):
    with pytest.raises(ValueError, match=why):
        read(given)


def written(tmp_path, front="", body=""):
    path = tmp_path / "page.md"
    start = 'title = "T"\nquestion = "Q?"\nsummary = "S"\n'
    path.write_text(f"+++\n{start}{front}+++\n{body}", encoding="utf-8")
    return path


QUESTION = "## Predict: So?\n- [x] yes\n\n  Because.\n- [ ] no\n\n  No.\n\n"


def test_claims_are_read_beside_their_words(tmp_path):
    front = """
[presets.works]
why = "So."
set = { stage = "reverse", names = ["a", "b"] }
claim = "modes == 8"
rate = 0.95

[[claims]]
says = "It rises at once."
experiment = "other"
claim = "height > 3"
"""
    body = QUESTION + '```claim\nset = { steps = 1 }\nclaim = "modes < 3"\n```\n\n'
    page = prose.read(written(tmp_path, front, body + "## Text: run\nIt rises\nat once.\n"))
    assert page.claims == {
        "works": Claim("modes == 8", 0.95, "reverse", {"stage": "reverse", "names": ("a", "b")}),
        "So?": Claim("modes < 3", set={"steps": 1}),
        "It rises at once.": Claim("height > 3", experiment="other", says="It rises at once."),
    }


@pytest.mark.parametrize(
    ("front", "body", "line", "why"),
    [
        ('\n[presets.a]\nwhy = "b"\nclaim = "modes"\n', "", 6, "must be a comparison"),
        ("", QUESTION + '```claim\nclaim = "modes"\n```\n', 14, "must be a comparison"),
        ("", QUESTION + "```claim\nclaim = \n```\n", 14, "Invalid value"),
    ],
)
def test_a_claim_that_cannot_be_read_is_named_with_file_and_line(tmp_path, front, body, line, why):
    path = written(tmp_path, front, body)
    with pytest.raises(ValueError, match=why) as caught:
        prose.read(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_the_claim_of_a_sentence_belongs_to_a_sentence_that_stands_on_the_page(tmp_path):
    front = '[[claims]]\nsays = "It rises."\nclaim = "height > 3"\n'
    with pytest.raises(ValueError, match="a sentence of the page"):
        prose.read(written(tmp_path, front, "## Text: run\nIt falls.\n"))


# The record


def entry(seeds, **settings):
    return Entry("train", settings, 1.0, seeds)


def test_the_record_is_of_these_settings_and_no_others():
    usual = {"train.gamma": 0.2, "train.new": False}
    known = entry({}, **{"train.gamma": 0.5})
    assert known.of({"train.gamma": 0.5}, usual)
    assert not known.of({"train.gamma": 0.4}, usual)
    assert known.of({"train.gamma": 0.5, "train.new": False}, usual)
    assert not known.of({"train.gamma": 0.5, "train.new": True}, usual)
    assert not known.of({}, usual)


def test_the_record_survives_its_file(tmp_path):
    settings = {"train.gamma": 0.5, "train.names": ["a"]}
    known = {"gan": [entry({3: {"modes": 8.0, "gap": math.nan}}, **settings)]}
    file = tmp_path / "claims.json"
    runner.write(known, file)
    json.loads(file.read_text(), parse_constant=pytest.fail)  # what every reader of JSON accepts
    (back,) = record.read(file)["gan"]
    assert back.settings == settings
    assert back.seeds[3]["modes"] == 8.0
    assert math.isnan(back.seeds[3]["gap"])


@pytest.mark.parametrize("concept", CONCEPTS, ids=map(name_of, CONCEPTS))
def test_settings_leave_seeds_out_and_hold_all_the_rest(concept):
    for key in experiments(concept):
        found = record.settings(experiments(concept), key, {})
        assert not any(name.endswith(".seed") for name in found)
        json.dumps(found)
        seeds = [chain(experiments(concept), key, {}, seed) for seed in (0, 1)]
        for one, other in zip(*seeds, strict=True):
            assert record.flat(one[1]) == record.flat(other[1])


# The pages


@every_page
def test_every_preset_and_every_prediction_states_a_claim(concept):
    page = page_of(concept)
    bare = [name for name, preset in page.presets.items() if preset.claim is None]
    bare += [question.text for question in page.questions if question.claim is None]
    assert not bare


@every_page
def test_a_claim_speaks_of_measures_of_an_experiment_and_of_settings_that_there_are(concept):
    every = experiments(concept)
    known = set(parameters(every).values()) | {f"{key}_view" for key in every}
    script = (prose.FOLDER.parents[1] / "pages" / f"{name_of(concept)}.py").read_text()
    for words, claim in page_of(concept).claims.items():
        assert claim.experiment in every, f"{words}: {claim.experiment}"
        measures = {record.DIVERGED, *every[claim.experiment].measures}
        unknown = {*claim.names(), *claim.names(OTHER)} - measures
        assert not unknown, f"{words}: {unknown} is none of {sorted(measures)}"
        for chosen in record.sides(claim):
            for name in chosen:
                assert name in known or f'"{name}"' in script, f"{words}: {name}"
            chain(every, claim.experiment, chosen)
            view = chosen.get(f"{claim.experiment}_view")
            config = chain(every, claim.experiment, chosen)[-1][1]
            assert view is None or view in every[claim.experiment].views_of(config), words


@every_page
def test_every_claim_has_a_record_and_is_as_often_true_as_it_says(concept):
    every, known = experiments(concept), record.read().get(name_of(concept), [])
    for words, claim in page_of(concept).claims.items():
        if name_of(concept) in UNRECORDED:
            break
        found = record.rate(every, known, claim)
        least = 1 if found.every else record.SEEDS
        advice = f"python -m benchmarks claims {name_of(concept)}"
        assert found.seeds >= least, f"{words}: recorded with {found.seeds} seeds: {advice}"
        assert found.share >= claim.rate, f"{words}: {claim.test} {found.words}"


def test_measures_of_a_short_run_are_numbers_by_name():
    for concept in CLAIMING:
        for key, experiment in experiments(concept).items():
            if not experiment.measures or name_of(concept) == "arena":
                continue
            before = None
            if experiment.after:
                snapshots, model = run(concept, experiment.after, **experiment.on)
                config = short(concept, experiment.after, **experiment.on)
                before = Outcome(config, snapshots, model)
            snapshots, model = run(concept, key)
            outcome = Outcome(short(concept, key), snapshots, model, before)
            measured = record.measure(experiment, outcome)
            assert all(name.isidentifier() for name in measured)
            assert measured[record.DIVERGED] == 0


def cheapest():
    """The recorded runs that take least, as many as fit: (concept, claim)."""
    found = []
    for concept in CLAIMING:
        every, known = experiments(concept), record.read().get(name_of(concept), [])
        for claim in page_of(concept).claims.values():
            sides = [record.entry(every, known, claim.experiment, s) for s in record.sides(claim)]
            if not claim.formal and all(sides):
                before = bool(every[claim.experiment].after)
                seconds = sum(each.seconds for each in sides)
                found.append((seconds + 5 * before, concept, claim))
    found.sort(key=lambda each: each[0])
    spent, chosen = 0.0, []
    for seconds, concept, claim in found:
        spent += 2 * seconds
        if spent > CHEAP:
            break
        chosen.append((concept, claim))
    return chosen


@pytest.mark.slow
@pytest.mark.parametrize(
    ("concept", "claim"),
    [
        pytest.param(concept, claim, id=f"{name_of(concept)}: {claim.test}")
        for concept, claim in cheapest()
    ],
)
def test_what_is_claimed_happens_again(concept, claim):
    """With one of two seeds at least: on another processor a run takes another course."""
    every, name = experiments(concept), name_of(concept)
    held = [
        claim.holds(
            *(
                record.measure(
                    every[claim.experiment],
                    runner.outcome(name, tuple(chain(every, claim.experiment, chosen, seed))),
                )
                for chosen in record.sides(claim)
            )
        )
        for seed in (0, 1)
    ]
    assert any(held)
