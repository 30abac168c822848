"""The house's rules, read from the source itself: new files are found and held to them."""

import ast
import doctest
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(ROOT.glob("explorer/**/*.py"))
PAGES = [*sorted(ROOT.glob("pages/*.py")), ROOT / "streamlit_app.py"]
LONGEST = {"module": 330, "page": 100}

# Which part of explorer may know which. What is not named here may be known by everybody.
KNOWS = {
    "data": {"data"},
    "truth": {"data", "truth"},
    "nets": set(),
    "optim": set(),
    "scene": set(),
    "config": set(),
    "experiment": {"config", "scene"},
    "claims": set(),
    "claim_record": {"claims", "config", "experiment"},
    "prose": {"claims"},
    "glossary": {"prose"},
    "new": {"new"},
    "concepts": {"data", "truth", "nets", "optim", "scene", "config", "experiment", "concepts"},
    "draw": {"draw", "scene"},
    "runs": {"runs", "draw", "scene"},
    "ui": {
        "ui",
        "runs",
        "draw",
        "scene",
        "config",
        "data",
        "experiment",
        "prose",
        "glossary",
        "claims",
        "claim_record",
    },
}
HEAVY = {
    "runs": {"torch", "sklearn", "streamlit"},
    "draw": {"torch", "sklearn", "streamlit"},
    "scene": {"torch", "sklearn", "streamlit"},
    "pages": {"torch", "numpy", "sklearn", "plotly"},
}
# Functions of torch that draw from the generator that all visitors share unless told otherwise.
RANDOM = {"rand", "randn", "randint", "randperm", "multinomial", "bernoulli", "normal", "poisson"}
RANDOM_METHODS = {"uniform_", "normal_", "bernoulli_", "exponential_", "random_", "multinomial"}
UNSEEDED = {"rand_like", "randn_like", "randint_like", "manual_seed", "seed", "dropout"}


def part(path):
    """The part of the house that a file belongs to: "data", "ui", ..., or "pages"."""
    where = path.relative_to(ROOT).parts
    if where[0] != "explorer":
        return "pages"
    return where[1].removesuffix(".py") if where[1] != "__init__.py" else ""


def label(path):
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path):
    return ast.parse(path.read_text())


@cache
def imports(path):
    """Every module that a file imports, wherever in it: "torch.nn", "explorer.data.plane"."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: import by full names"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def dotted(node):
    """The written name of what is called: "torch.randn"; "" for anything else."""
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""


every_module = pytest.mark.parametrize("path", MODULES, ids=label)
every_page = pytest.mark.parametrize("path", PAGES, ids=label)
every_file = pytest.mark.parametrize("path", [*MODULES, *PAGES], ids=label)


@every_module
def test_imports_go_one_way(path):
    known = {name.split(".")[1] for name in imports(path) if name.startswith("explorer.")}
    here = part(path)
    if here:
        assert known & KNOWS.keys() <= KNOWS[here], f"{here} must not know {known - KNOWS[here]}"
    else:
        assert not known


@every_file
def test_only_ui_and_pages_know_streamlit_and_the_rest_imports_nothing_too_heavy(path):
    libraries = {name.split(".")[0] for name in imports(path)}
    here = part(path)
    if here not in ("ui", "pages"):
        assert "streamlit" not in libraries
    assert not libraries & HEAVY.get(here, set())


@every_page
def test_a_page_shows_and_does_nothing_else(path):
    kinds = {type(node) for node in ast.walk(tree(path))}
    loops = {ast.For, ast.While, ast.Try, ast.ClassDef}
    assert not kinds & loops, "a page has no loops, no try and no classes"
    assert "session_state" not in path.read_text()
    assert len(path.read_text().splitlines()) <= LONGEST["page"]


@every_module
def test_a_file_fits_in_the_head(path):
    assert len(path.read_text().splitlines()) <= LONGEST["module"]


@every_file
def test_no_error_is_swallowed_unseen(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"line {node.lineno}: which error?"
            broad = {"Exception", "BaseException"} & {dotted(n) for n in ast.walk(node.type)}
            # Only the worker may catch everything: it tells those who watch the run.
            assert not broad or part(path) == "runs", f"line {node.lineno}: too broad"


@every_module
def test_every_random_number_comes_from_a_generator_that_was_passed(path):
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        name, given = dotted(node.func), {keyword.arg for keyword in node.keywords}
        owner, _, function = name.rpartition(".")
        where = f"line {node.lineno}: {name}"
        if owner in ("torch", "np.random", "numpy.random", "random", "torch.nn.functional", "F"):
            assert function not in UNSEEDED, where
        if owner == "torch" and function in RANDOM:
            assert "generator" in given, where
        if function in RANDOM_METHODS and isinstance(node.func, ast.Attribute):
            assert "generator" in given, where
        if owner in ("np.random", "numpy.random"):
            assert function == "default_rng", where
            assert node.args or node.keywords, f"{where} without a seed"
        if owner == "random":
            assert function == "Random", where
        assert not name.startswith(("nn.Linear", "nn.Conv")), f"{where}: see nets.linear"


@every_module
def test_a_module_says_what_it_is_about(path):
    assert ast.get_docstring(tree(path)), "a docstring with the idea, the formula, the source"


@pytest.mark.parametrize("path", [path for path in MODULES if ">>>" in path.read_text()], ids=label)
def test_examples_in_docstrings_are_true(path):
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    result = doctest.testmod(import_module(name))
    assert result.attempted
    assert not result.failed
