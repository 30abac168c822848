"""What the laws of every concept share: all concepts, found by themselves, and a short run."""

from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from explorer.experiment import Experiment
from explorer.runs import finish

FOLDER = Path(__file__).parents[1] / "explorer" / "concepts"
CONCEPTS = [
    import_module(f"explorer.concepts.{path.stem}")
    for path in sorted(FOLDER.iterdir())
    if path.stem not in ("__init__", "shared")
    and (path.suffix == ".py" or (path / "__init__.py").exists())
]
# Concepts that follow the floor plan and the field's words.
DONE: set[str] = {
    "arena",
    "decision_boundaries",
    "diffusion",
    "ethics",
    "flows",
    "gan",
    "gan_failures",
    "latent_space",
    "metrics",
    "music",
    "neural_networks",
    "text",
    "text_to_image",
    "transformer",
}
STEPS = 12


def name_of(concept):
    """The folder of a concept."""
    return concept.__name__.rpartition(".")[2]


def experiments(concept):
    """All processes of a concept by key; of one that does not name them yet, its training run."""
    alone = Experiment(
        concept.train, concept.Config, concept.scene, concept.VIEWS, short={"steps": STEPS}
    )
    return getattr(concept, "EXPERIMENTS", {"train": alone})


def case(concept, *more):
    """A concept as a parameter of tests; `make check` leaves out the one that trains all others."""
    marks = [pytest.mark.slow] if name_of(concept) == "arena" else []
    return pytest.param(concept, *more, marks=marks, id="-".join([name_of(concept), *more]))


every_concept = pytest.mark.parametrize("concept", [case(concept) for concept in CONCEPTS])
every_experiment = pytest.mark.parametrize(
    ("concept", "key"),
    [case(concept, key) for concept in CONCEPTS for key in experiments(concept)],
)


def short(concept, key="train", **changes):
    """The experiment's own default, but over in a moment."""
    return experiments(concept)[key].brief(**changes)


def start(concept, key="train", **changes):
    """The process of a short run, with the model that it builds upon; nothing has run yet."""
    experiment = experiments(concept)[key]
    before = experiment.after
    built_on = [run(concept, before, **experiment.on)[1]] if before else []
    return experiment.process(short(concept, key, **changes), *built_on)


@cache
def run(concept, key="train", **changes):
    """The snapshots and the model of a short run."""
    return finish(start(concept, key, **changes))


def drawn(concept, key, snapshot):
    """(view, scene) of a snapshot of a short run, in every view."""
    experiment = experiments(concept)[key]
    for view in experiment.views_of(short(concept, key)):
        yield view, experiment.scene(snapshot, view)
    if not experiment.views:
        yield "", experiment.scene(snapshot)


def arrays(value):
    """Every array inside a record, however deep."""
    if isinstance(value, np.ndarray):
        return [value]
    if is_dataclass(value):
        return [a for field in fields(value) for a in arrays(getattr(value, field.name))]
    if isinstance(value, dict):
        return [a for item in value.values() for a in arrays(item)]
    if isinstance(value, list | tuple):
        return [a for item in value for a in arrays(item)]
    return []


def same(a, b):
    assert len(a) == len(b)
    for x, y in zip(a, b, strict=True):
        assert x.dtype == y.dtype
        np.testing.assert_array_equal(x, y)
