"""The code that is taken away runs on its own and repeats the run."""

import io
import subprocess
import sys
import zipfile
from threading import Condition

import pytest
from PIL import Image

from explorer.concepts import gan, text, transformer
from explorer.runs import finish, standalone
from explorer.runs.job import Job

pytestmark = pytest.mark.slow


def job(process, config, after=None):
    return Job(process, config, after, Condition())


def unzipped(data, folder):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
        return set(archive.namelist())


def repeated(folder):
    """What `run.py` says, in a process that sees nothing of this project but the folder."""
    done = subprocess.run(
        [sys.executable, "-s", "run.py"], cwd=folder, capture_output=True, text=True, timeout=200,
        env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def trained():
    config = gan.Config(dataset="moons", steps=12, batch=16, hidden=8, d_hidden=8, seed=3)
    return config, *finish(gan.train(config))


def test_a_bundle_repeats_the_run_to_the_last_digit(tmp_path, trained):
    config, snapshots, _ = trained
    unzipped(standalone.bundle(job(gan.train, config), gan.scene, "overview"), tmp_path)
    said = repeated(tmp_path)
    for reading in gan.scene(snapshots[-1], "overview").readings:
        assert f"{reading.label}: {reading.value:.4g}" in said
    with Image.open(tmp_path / "result.png") as image:
        assert image.width == 2560


def test_a_bundle_of_a_run_that_builds_on_another_repeats_both(tmp_path, trained):
    config, _, model = trained
    steps = gan.Steps(config, updates=2)
    last = finish(gan.step_by_step(steps, model))[0][-1]
    after = job(gan.step_by_step, steps, job(gan.train, config))
    unzipped(standalone.bundle(after, gan.step_scene), tmp_path)
    assert gan.step_scene(last).sentence in repeated(tmp_path)


def test_a_bundle_holds_what_is_imported_and_nothing_of_the_app(trained):
    names = _names(standalone.bundle(job(gan.train, trained[0]), gan.scene))
    assert {"explorer/concepts/shared/adversarial/losses.py", "explorer/nets.py"} <= names
    assert {"run.py", "LICENSE"} <= names
    assert {"assets/fonts/source_sans_3.woff2", "assets/fonts/OFL.txt"} <= names
    assert not [
        name for name in names if name.startswith(("explorer/ui", "explorer/runs", "pages"))
    ]


def test_data_that_cannot_be_asked_for_stay_at_home(trained):
    names = _names(standalone.bundle(job(gan.train, trained[0]), gan.scene))
    assert "assets/data/digits_1797.npz" in names  # one of its own data sets
    assert "assets/data/mnist_10000.npz" not in names
    assert not [name for name in names if name.startswith("assets/latent_space")]


@pytest.mark.parametrize("dataset", ["names", "markov"])
def test_a_text_takes_along_what_it_reads_and_no_other(dataset, tmp_path):
    config = text.Config(dataset, networks=(), steps=1)
    data = standalone.bundle(job(text.train, config), text.scene, "comparison")
    names = unzipped(data, tmp_path)
    assert len(data) < 1_000_000
    assert ("assets/data/first_names.txt" in names) == (dataset == "names")
    assert "assets/data/moby_dick.txt.gz" not in names
    assert "assets/transformer/moby_dick.npz" not in names
    assert text.scene(finish(text.train(config))[0][-1], "comparison").sentence in repeated(
        tmp_path
    )


def test_a_task_of_the_transformer_leaves_the_text_model_at_home():
    task, book = (
        _names(standalone.bundle(job(transformer.train, config), transformer.scene))
        for config in map(transformer.Config.usual, ("sort", "moby"))
    )
    assert not [name for name in task if "moby" in name]
    assert "assets/transformer/moby_dick.npz" in book


def test_requirements_are_those_of_the_bundle_with_versions(trained, tmp_path):
    unzipped(standalone.bundle(job(gan.train, trained[0]), gan.scene), tmp_path)
    wanted = dict(
        line.split("==") for line in (tmp_path / "requirements.txt").read_text().splitlines()
    )
    assert {"torch", "numpy", "pillow"} <= set(wanted)
    assert not {"streamlit", "plotly", "PIL"} & set(wanted)
    assert "+" not in wanted["torch"]


def test_imports_are_followed_wherever_they_stand_and_packages_come_along():
    found = {path.relative_to(standalone.ROOT).as_posix() for path in
             standalone.closure(["explorer.draw.pillow_scene"])}  # fmt: skip
    assert {"explorer/__init__.py", "explorer/draw/canvas.py", "explorer/scene.py"} <= found
    assert "explorer/draw/plotly_scene.py" not in found


def test_what_cannot_be_imported_by_name_is_not_offered(trained):
    here = job(gan.train, trained[0])
    assert standalone.possible(here, gan.scene)
    assert not standalone.possible(here, lambda snapshot: None)


def _names(data):
    return set(zipfile.ZipFile(io.BytesIO(data)).namelist())
