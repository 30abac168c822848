"""A new concept that is laid runs at once, and is held to all that is still to be written."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.new import lay
from tests.contract import CONCEPTS, DONE, name_of

ROOT = Path(__file__).parents[1]
RUN = """
import explorer
from explorer.concepts import brandnew
from explorer.runs import finish
from explorer.ui.home.contents import entry
config = brandnew.EXPERIMENTS["train"].brief()
snapshots, model = finish(brandnew.train(config))
print(len(snapshots), model.sample(3).shape, brandnew.scene(snapshots[-1]).step)
print(entry("brandnew").title, entry("brandnew").file.exists())
"""


@pytest.fixture(scope="module")
def laid(tmp_path_factory):
    root = tmp_path_factory.mktemp("house")
    for folder in ("explorer", "pages"):
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, root / folder, ignore=skip)
    lay(root, "brandnew", "Brand-new models", "What is new?")
    return root


def test_a_new_concept_runs_at_once_and_has_its_page(laid):
    said = subprocess.run(
        [sys.executable, "-c", RUN], cwd=laid, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines() == ["13 (3, 2) 12", "Brand-new models True"]


def test_every_file_of_the_floor_plan_says_what_to_write(laid):
    folder = laid / "explorer" / "concepts" / "brandnew"
    names = {path.name for path in folder.iterdir()}
    assert names == {"__init__.py", "config.py", "model.py", "train.py", "measure.py", "scene.py",
                     "claims.py", "page.md"}  # fmt: skip
    for path in [*folder.iterdir(), laid / "pages" / "brandnew.py"]:
        assert "WRITE" in path.read_text() or path.name == "page.py", path
    laws = laid / "tests" / "concepts" / "brandnew" / "test_train.py"
    assert "pytest.fail" in laws.read_text()


@pytest.mark.parametrize("concept", CONCEPTS, ids=map(name_of, CONCEPTS))
def test_nothing_is_left_to_be_written(concept):
    name = name_of(concept)
    files = [*Path(concept.__file__).parent.iterdir(), ROOT / "pages" / f"{name}.py"]
    files += (ROOT / "tests" / "concepts" / name).glob("*.py")
    left = [path.name for path in files if path.is_file() and "WRITE" in path.read_text()]
    assert not left


@pytest.mark.parametrize("name", sorted(DONE))
def test_a_concept_has_laws(name):
    files = (ROOT / "tests" / "concepts" / name).glob("test_*.py")
    text = "\n".join(path.read_text() for path in files)
    assert text.count("def test_") >= 5
    assert text.count("assert ") >= 5


@pytest.mark.parametrize(
    ("name", "question", "why"),
    [("Music", "Why?", "small letters"), ("music", "Why", "end with"), ("gan", "Why?", "be new")],
)
def test_a_name_that_cannot_be_is_refused(name, question, why):
    with pytest.raises(ValueError, match=why):
        lay(ROOT, name, "Title", question)
