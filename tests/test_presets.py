"""A preset, chosen from any other, ends with exactly its settings: in the link, in the run, lit."""

from itertools import combinations, cycle, islice, pairwise
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer import config as fields
from explorer import prose
from explorer.experiment import parameters
from tests.contract import CONCEPTS, experiments, name_of
from tests.test_pages import app, sound

pytestmark = pytest.mark.slow

WRITTEN = [concept for concept in CONCEPTS if hasattr(concept, "EXPERIMENTS")]
OTHER_STAGES = ("forward", "map", "rates", "posterior", "next_token", "rules")
ONE_STAGE = {"gan", "arena"}
TRIED = 3  # presets in each stage
every_concept = pytest.mark.parametrize("concept", WRITTEN, ids=map(name_of, WRITTEN))


def presets_of(concept):
    return prose.load(Path(concept.__file__).with_name("page.md")).presets


def pills(page: AppTest):
    return next(each for each in page.get("button_group") if each.key == "preset-shown")


def words(page: AppTest) -> str:
    return " ".join(each.value for each in page.caption)


def linked(page: AppTest) -> dict[str, str]:
    """What the link says."""
    said = page.query_params.items()
    return {key: value if isinstance(value, str) else value[-1] for key, value in said}


def differing(concept, preset):
    """By parameter: the value that a preset gives to a field, and what the field is without it."""
    names, found = parameters(experiments(concept)), {}
    for (key, field), parameter in names.items():
        experiment = experiments(concept)[key]
        own = {f: at for (of, f), at in names.items() if of == key}
        given = {f: preset.set[at] for f, at in own.items() if at in preset.set}
        if not isinstance(fields.rules(experiment.Config)[field], fields.Seed):
            value = getattr(experiment.usual(**given), field)
            others = {f: each for f, each in given.items() if f != field}
            found[parameter] = value, getattr(experiment.usual(**others), field)
    return found


def written(value: object) -> str:
    """A value as the link says it."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, tuple) else str(value)


def alike(said: str, value: object) -> bool:
    """Whether the link says a value."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(said) == value
    return said == written(value)


@every_concept
def test_every_preset_from_every_other_ends_with_its_own_settings(concept):
    presets = presets_of(concept)
    there_and_back = [each for pair in combinations(presets, 2) for each in pair]
    page = app()
    page.switch_page(f"pages/{name_of(concept)}.py").run()
    for before, name in pairwise(there_and_back):
        if before == name:
            continue
        page = sound(pills(page).set_value(name).run())
        holds(concept, page, name, f"{name} after {before}")


@every_concept
def test_presets_from_every_stage_end_with_their_own_settings(concept, asked):
    """Each stage tries some of the presets, the next stage the next ones."""
    presets, name = list(presets_of(concept)), name_of(concept)
    switch = "experiment" if name == "decision_boundaries" else "stage"
    turns, found = cycle(presets), 0
    for stage in [*list(experiments(concept))[1:], *OTHER_STAGES]:
        page = app()
        page.query_params[switch] = stage
        page.switch_page(f"pages/{name}.py").run()
        own = [each for each in page.text_input if each.key == switch]
        if not own or own[0].value != stage or f"for {switch}=" in words(page):
            continue  # no such stage
        found += 1
        for preset in islice(turns, TRIED):
            switched = [each for each in page.text_input if each.key == switch]
            if not switched:  # the preset before led to where there are no stages
                page = app()
                page.query_params[switch] = stage
                page = page.switch_page(f"pages/{name}.py").run()
                switched = [each for each in page.text_input if each.key == switch]
            page = sound(switched[0].set_value(stage).run())
            assert page.session_state[switch] == stage
            page = sound(pills(page).set_value(preset).run())
            holds(concept, page, preset, f"{preset} from {stage}")
    assert found or name in ONE_STAGE
    assert asked


def holds(concept, page, name, case):
    """Whether a preset is lit and exactly its settings are in the link."""
    preset, link = presets_of(concept)[name], linked(page)
    assert pills(page).value == name, f"{case} is not lit"
    for key, (value, default) in differing(concept, preset).items():
        if key in link:
            assert alike(link[key], value), f"{case}: {key}={link[key]}"
        else:
            assert value == default, f"{case}: {key} is not in the link"
    for key, value in preset.set.items():
        if key not in parameters(experiments(concept)).values() and key in link:
            assert alike(link[key], value), f"{case}: {key}={link[key]}"


@every_concept
def test_the_first_preset_is_what_a_first_visit_shows_and_is_lit(concept):
    page = app()
    page.switch_page(f"pages/{name_of(concept)}.py").run()
    assert pills(page).value == next(iter(presets_of(concept)))


def test_what_another_stage_asks_for_stays_in_the_link():
    page = app()
    asked = {"steps": "20", "eta": "0.5", "sampler": "ddim", "seed": "3"}
    for key, value in asked.items():
        page.query_params[key] = value
    page.switch_page("pages/diffusion.py").run()
    for _ in range(2):
        page = sound(page.run())
        assert asked.items() <= linked(page).items()


def test_a_default_that_depends_on_a_choice_follows_it_until_it_is_touched():
    page = app()
    page.query_params["steps"] = "20"
    page.switch_page("pages/diffusion.py").run()
    plane = page.slider(key="hidden").value
    text = next(each for each in page.text_input if each.key == "dataset")
    page = sound(text.set_value("mnist").run())
    assert page.slider(key="hidden").value != plane
    page = sound(page.slider(key="hidden").set_value(64).run())
    text = next(each for each in page.text_input if each.key == "dataset")
    page = sound(text.set_value("grid").run())
    assert page.slider(key="hidden").value == 64
