"""The control of a field, drawn from the rule that its config declares."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from PIL import Image

from explorer import config as fields
from explorer.experiment import Experiment, parameters
from explorer.prose import Help
from explorer.ui.classroom.classroom import seed as class_seed
from explorer.ui.controls import link
from explorer.ui.controls.controls import choose, number, slider, toggle
from explorer.ui.controls.dataset import dataset
from explorer.ui.controls.several import NONE, several


def drawn(
    rule: fields.Rule,
    parameter: str,
    words: Help,
    default: Any,
    pictures: Mapping[str, Image.Image] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Any:
    """Draw the control of a field under its parameter of the link; the value it holds."""
    follow(parameter, rule, default)
    label, help = words.label, words.text
    match rule:
        case fields.Number(low, high, step, log, whole):
            kind = int if whole else float
            return slider(
                label, kind(low), kind(high), kind(default), kind(step), parameter, help, log
            )
        case fields.Choice(options):
            offered = labels or {str(value): text for value, text in options.items()}
            written = choose(label, offered, parameter, help, pictures, default=str(default))
            return _by_text(rule)[written]
        case fields.Several(options):
            return several(label, options, parameter, default, help)
        case fields.Flag():
            return toggle(label, parameter, default, help)
        case fields.Data(names, known):
            return dataset(parameter, names, default, known is not None, label, help)
        case fields.Text(known):
            return link.text(parameter, default, _read_by(known), label)
        case fields.Seed():
            first = class_seed(default) if parameter == "seed" else default
            return number(label, 0, fields.LARGEST_SEED, first, parameter, help)
    raise TypeError(f"no control is known for {rule!r}")


def _read_by(known: Callable[[str], object]) -> Callable[[str], str]:
    """A reader of the link that lets pass what `known` does not refuse."""

    def read(written: str) -> str:
        known(written)
        return written

    return read


def _by_text(rule: fields.Choice) -> dict[str, Any]:
    """The values of a choice by how the link writes them."""
    return {str(value): value for value in rule.options}


def chosen_ahead(config: type, later: Mapping[str, str]) -> dict[str, Any]:
    """What choices hold whose controls come later: defaults before them may depend on these.

    `later` maps fields of a config class to their parameters of the link.
    """
    rules, found = fields.rules(config), {}
    for name, parameter in later.items():
        rule, text = rules[name], link.held(parameter)
        if isinstance(rule, fields.Choice) and text in _by_text(rule):
            found[name] = _by_text(rule)[text]
        elif isinstance(rule, fields.Data) and text in rule.names:
            found[name] = text
    return found


def usual(experiment: Experiment, chosen: Mapping[str, Any]) -> Any:
    """The defaults that suit what was chosen so far; the plain ones where that is refused."""
    try:
        return experiment.usual(**chosen)
    except ValueError:
        return experiment.usual()


def wanted(experiments: Mapping[str, Experiment], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What all controls hold when only `changes` differ from the defaults, by parameter."""
    found, names = dict(changes), parameters(experiments)
    for key, experiment in experiments.items():
        rules = fields.rules(experiment.Config)
        own = {name: names[key, name] for name in rules}
        config = experiment.usual(**{n: changes[at] for n, at in own.items() if at in changes})
        for name, parameter in own.items():
            if not isinstance(rules[name], fields.Seed) or parameter in changes:
                found[parameter] = written(rules[name], getattr(config, name))
    return found


def follow(parameter: str, rule: fields.Rule, default: Any) -> None:
    """A control that nobody touched follows a default that depends on other controls."""
    before: dict[tuple[Any, str], Any] = st.session_state.setdefault("_usual", {})
    slot = (st.session_state.get("_page"), parameter)
    state, now = st.session_state, written(rule, default)
    if slot in before and before[slot] != now and state.get(parameter) == before[slot]:
        state[parameter] = now
    before[slot] = now


def written(rule: fields.Rule, value: Any) -> Any:
    """A value as its control holds it: what is chosen is text."""
    if isinstance(rule, fields.Choice):
        return str(value)
    if isinstance(rule, fields.Several):
        return ",".join(value) or NONE
    return value
