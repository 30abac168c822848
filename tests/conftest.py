"""`pytest --changed`: only what the files that differ from main can break.

A file of one concept touches this concept; a file of the interface touches no model; whatever
else changes, everything runs. The tests that no concept owns always run.
"""

import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMES = {path.parent.name for path in ROOT.glob("explorer/concepts/*/config.py")}
collect_ignore = ["formulas"]  # read once, by test_formulas.py
INTERFACE = (
    "explorer/ui/",
    "pages/",
    "tests/ui/",
    "tests/browser/",
    "docs/",
    "deploy/",
    "benchmarks/",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--changed", action="store_true", help="only what the changed files can break")


def git(*arguments: str) -> list[str]:
    """What git answers, line by line; nothing where there is no git."""
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return []
    return done.stdout.splitlines() if done.returncode == 0 else []


def changed_files() -> list[str]:
    """The files that differ from where this branch left main, new ones included."""
    base = git("merge-base", "HEAD", "origin/main") or git("merge-base", "HEAD", "main") or ["HEAD"]
    return git("diff", "--name-only", base[0]) + git("ls-files", "--others", "--exclude-standard")


def concepts_of(files: list[str]) -> set[str]:
    """The concepts whose own tests the files can break; all if one of the files is common."""
    touched = set()
    for file in files:
        owners = {name for name in NAMES if {name, f"{name}.py"} & set(Path(file).parts)}
        if not owners and not file.startswith(INTERFACE) and not file.endswith(".md"):
            return NAMES
        touched |= owners
    return touched if files else NAMES


def owner(item: pytest.Item) -> str | None:
    """The concept that a test is about: by its folder, or by the name among its parameters."""
    inside = NAMES & set(item.path.relative_to(ROOT).parts)
    named = NAMES & set(re.findall(r"\w+", item.name.partition("[")[2]))
    return next(iter(inside or named), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--changed"):
        return
    touched = concepts_of(changed_files())
    left_out = [item for item in items if owner(item) not in {None, *touched}]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if owner(item) in {None, *touched}]


@pytest.fixture
def asked(monkeypatch):
    """(experiment, config) of every run that a page asks for; none of them trains."""
    pages = import_module("explorer.ui.page")  # `ui.page` is the function
    found, watch = [], pages.watch

    def only_looks(process, config, after=None, *, key, train=True):
        found.append((key, config))
        return watch(process, config, after, key=key, train=False)

    monkeypatch.setattr(pages, "watch", only_looks)
    return found
