"""What a link says is what runs, on every page; and the link of a page brings everything back."""

import ast
from dataclasses import fields as fields_of
from random import Random

import pytest

from explorer import config as fields
from explorer.data.plane import encode_strokes
from explorer.experiment import parameters
from explorer.ui.controls.link import as_text
from explorer.ui.home.contents import ROOT
from tests.contract import CONCEPTS, experiments, name_of
from tests.links import Link, follow, nodes, wrong

pytestmark = pytest.mark.slow

LINKS = 3  # on each page
STAGES = ("forward", "map", "rates", "posterior", "next_token", "rules", "text", "own_text")
DRAWING = encode_strokes([[(-1.0, -1.0), (1.0, 1.0)], [(-1.0, 1.0), (0.5, 0.0)]])


def drawn(rule, random: Random):
    """Any value that a rule allows."""
    match rule:
        case fields.Number(low, high, step, log, whole):
            exact = low * (high / low) ** random.random() if log else random.uniform(low, high)
            on_step = exact if log else low + step * round((exact - low) / step)
            return min(int(high), round(on_step)) if whole else float(f"{min(on_step, high):.3g}")
        case fields.Choice(options):
            return random.choice(list(options))
        case fields.Several(options):
            return tuple(each for each in options if random.random() < 0.6)
        case fields.Flag():
            return random.random() < 0.5
        case fields.Data(names, known):
            return random.choice([*names, *([DRAWING] if known else [])])
    return random.randint(0, fields.LARGEST_SEED)


def written(rule, value) -> str:
    """A value as a link says it."""
    if isinstance(rule, fields.Several):
        return ",".join(value) or "none"
    return str(value) if isinstance(rule, fields.Choice) else as_text(value)


def configs(asked, opened) -> dict:
    """The config of each experiment that the page asked for, and nothing that went wrong."""
    assert not wrong(opened)
    return dict(asked)


def link_of(opened) -> dict[str, str]:
    """What the link under "Take it" says: what every control holds."""
    state = opened.session_state
    held = {key: state[key] for key in sorted(state["_linked"]) if key in state}
    return {key: as_text(value) for key, value in held.items() if value is not None}


def held(opened) -> set[str]:
    """The parameters that are only kept for another stage: their hidden controls have no words."""
    controls = [(getattr(each, "key", None), getattr(each, "label", "")) for each in
                nodes(opened._tree) if type(each).__name__ != "TextInput"]  # fmt: skip
    return {label for key, label in controls if key and key.removesuffix("-shown") == label}


def given_by_page(concept) -> dict[str, set[str]]:
    """By experiment ("" for any): the fields that the page's script gives, instead of a control."""
    script = ast.parse((ROOT / "pages" / f"{name_of(concept)}.py").read_text(encoding="utf-8"))
    kinds = {each.Config.__name__: key for key, each in experiments(concept).items()}
    found: dict[str, set[str]] = {}
    for call in (each for each in ast.walk(script) if isinstance(each, ast.Call)):
        called = getattr(call.func, "attr", "")
        if called == "settings":
            key = str(getattr(call.args[0], "value", ""))
            names = {each.arg or "" for each in call.keywords} - {"strip", "more", "columns"}
            if "" in names:  # **given
                names |= {at.value for each in ast.walk(script) if isinstance(each, ast.Dict)
                          for at in each.keys if isinstance(at, ast.Constant)}  # fmt: skip
            found.setdefault(key, set()).update(names)
        elif called in kinds:
            key = kinds[called]
            found[key] = set(fields.rules(experiments(concept)[key].Config))
    return found


@pytest.mark.parametrize("concept", CONCEPTS, ids=map(name_of, CONCEPTS))
@pytest.mark.parametrize("number", range(LINKS))
def test_the_config_that_runs_is_the_one_of_the_link(concept, number, asked):
    name = name_of(concept)
    random, given = Random(f"{name} {number}"), given_by_page(concept)
    names, own = parameters(experiments(concept)), experiments(concept)
    rules_of = {at: fields.rules(own[key].Config)[field] for (key, field), at in names.items()}
    said_so = {
        parameter: drawn(rules_of[parameter], random)
        for (key, field), parameter in names.items()
        if random.random() < 0.5
        and field not in given.get(key, set()) | given.get("", set())
        and not isinstance(rules_of[parameter], fields.Text)
    }
    query = {at: written(rules_of[at], value) for at, value in said_so.items()}
    query["stage"] = random.choice([*own, *STAGES])
    opened = follow(Link(name, query))
    ran = configs(asked, opened)
    notices = " ".join(each.value for each in opened.caption)
    state = {*opened.session_state["_linked"]} - held(opened)
    if not ran:
        assert opened.error, "nothing ran, and nothing says why"
        return
    for key, config in ran.items():
        if key not in own:
            continue
        rules = fields.rules(own[key].Config)
        controls = {
            f for f in rules
            if (at := names[key, f]) in state and at in said_so and f"for {at}=" not in notices
        }  # fmt: skip
        for field in controls:
            assert getattr(config, field) == said_so[names[key, field]], f"{key}: {field}"
        # What the link leaves open is the default that suits what it says.
        settled = {
            each.name: getattr(config, each.name)
            for each in fields_of(config)
            if each.name in controls or each.name not in rules or names[key, each.name] not in state
        }
        assert own[key].usual(**settled) == config, key
    again = link_of(opened)
    asked.clear()
    assert configs(asked, follow(Link(name, again))) == ran, "its own link"
