"""The list of what is exact names tests that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs" / "truth.md").read_text())


@pytest.mark.parametrize(("file", "test"), NAMED, ids=[test for _, test in NAMED])
def test_every_test_that_is_named_exists(file, test):
    assert re.search(rf"^def {test}\(", (ROOT / file).read_text(), re.MULTILINE)


def test_many_are_named():
    assert len(NAMED) > 25


def test_no_figure_is_shown_without_its_floor():
    """A reading is written with `None` for its floor only where its value is not known yet."""
    for path in (ROOT / "explorer").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reading":
                named = {each.arg: each.value for each in node.keywords}
                value, floor = (
                    named.get(name) or node.args[at] for at, name in ((1, "value"), (2, "floor"))
                )
                bare = isinstance(floor, ast.Constant) and floor.value is None
                assert not bare or "nan" in ast.unparse(value), f"{path.name}:{node.lineno}"
