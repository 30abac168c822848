"""Every formula on a page is evaluated against the code that runs, or says why it cannot be."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

from explorer import prose
from tests.contract import CONCEPTS, name_of
from tests.formulas import CHECKS, DEFINITIONS, latex

for path in sorted((Path(__file__).parent / "formulas").glob("*.py")):
    if path.stem not in ("__init__", "latex"):
        import_module(f"tests.formulas.{path.stem}")

SHOWN = [
    (name_of(concept), each)
    for concept in CONCEPTS
    for formulas in prose.load(Path(concept.__file__).with_name("page.md")).maths.values()
    for each in formulas
]


@pytest.mark.parametrize(
    ("concept", "formula"), SHOWN, ids=[f"{name}: {each.name}" for name, each in SHOWN]
)
def test_a_formula_says_what_the_code_does(concept, formula):
    place = concept, formula.name
    if place in DEFINITIONS:
        assert DEFINITIONS[place], "the reason is missing"
        return
    assert place in CHECKS, f"tests/formulas/{concept}.py has no check of {formula.name!r}"
    CHECKS[place](formula.latex)


def test_no_check_is_of_a_formula_that_nobody_shows():
    shown = {(name, each.name) for name, each in SHOWN}
    assert {*CHECKS, *DEFINITIONS} <= shown


def test_the_reader_of_formulas_keeps_its_examples():
    assert doctest.testmod(latex).attempted
    assert not doctest.testmod(latex).failed
