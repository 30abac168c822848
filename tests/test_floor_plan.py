"""The floor plan: who knows one concept knows his way in every other.

A concept joins by its name in DONE (tests/contract.py). One alone: `pytest -k gan`.
"""

import ast
import inspect
from importlib import import_module

import pytest

from tests.contract import DONE, experiments
from tests.test_architecture import ROOT, imports, tree

CONCEPTS = ROOT / "explorer" / "concepts"
TESTS = ROOT / "tests" / "concepts"
EVERYWHERE = ("__init__.py", "config.py", "train.py", "scene.py", "page.md")
# Old names of what has a name in the plan, or of what says nothing.
VANISHED = {
    "lesson": "page.md",
    "words": "page.md or scene.py",
    "scenes": "scene.py",
    "look": "measure.py or train.py",
    "game": "model.py",
    "training": "train.py",
    "race": "train.py",
    "exam": "measure.py",
    "gauge": "measure.py",
    "quality": "measure.py",
    "reference": "measure.py",
    "marks": "measure.py",
    "problem": "measure.py",
    "slow": "step_by_step.py",
    "walk": "interpolation.py",
}
COMPARES = {"arena"}  # compares the families, so it knows them
LONGEST = {"module": 300, "words": 4}

every_concept = pytest.mark.parametrize("name", sorted(DONE))


def files(name):
    return sorted((CONCEPTS / name).glob("*.py"))


@every_concept
def test_a_concept_has_the_files_that_every_concept_has(name):
    missing = [file for file in EVERYWHERE if not (CONCEPTS / name / file).exists()]
    assert not missing


@every_concept
def test_a_file_is_named_as_in_the_plan_and_fits_in_the_head(name):
    for path in files(name):
        assert path.stem not in VANISHED, f"{path.stem}.py: {VANISHED[path.stem]}"
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST["module"], path


@every_concept
def test_no_concept_leans_on_another(name):
    known = {"explorer", "concepts", "shared", name}
    for path in files(name) if name not in COMPARES else []:
        for module in imports(path):
            if module.startswith("explorer.concepts."):
                other = module.split(".")[2]
                assert other in known, f"{path.name}: {other}. What both need: concepts/shared"


def place(thing):
    """The module of its concept in which something was defined."""
    return inspect.unwrap(thing).__module__.rpartition(".")[2]


@every_concept
def test_training_lies_in_its_files_and_each_further_experiment_whole_in_one(name):
    concept = import_module(f"explorer.concepts.{name}")
    for key, experiment in experiments(concept).items():
        at = tuple(map(place, (experiment.process, experiment.Config, experiment.scene)))
        if key == "train":
            assert at == ("train", "config", "scene")
            continue
        assert at[0] not in ("train", "model", "scene", name), f"{key} has a file of its own"
        assert at[1] in (at[0], "config"), f"{key}: {at}"
        assert at[2] in (at[0], f"{at[0]}_scene"), f"{key}: {at}"


@every_concept
def test_tests_mirror_the_concept(name):
    there = {f"test_{path.stem}.py" for path in files(name)} | {"test_page.py"}
    found = {path.name for path in (TESTS / name).glob("test_*.py")}
    assert found, f"tests/concepts/{name}/ holds the laws of {name}"
    assert found <= there, f"tests of no file: {sorted(found - there)}"
    assert not list((TESTS / name).glob("__init__.py"))
    beside = {path.stem for path in TESTS.glob(f"test_{name}*.py")}
    longer = tuple(f"test_{other}" for other in DONE if other.startswith(f"{name}_"))
    assert not {stem for stem in beside if not stem.startswith(longer)}, "move them into the folder"


@every_concept
def test_the_words_of_a_page_stand_in_its_page_md(name):
    path = ROOT / "pages" / f"{name}.py"
    docstring = tree(path).body[0].value
    texts = [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node is not docstring
    ]
    for node in texts:
        assert len(node.value.split()) <= LONGEST["words"], f"line {node.lineno}: into page.md"
