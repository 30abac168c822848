"""What the laws of every concept share: all concepts, found by themselves, and a short run."""

from dataclasses import fields, is_dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from explorer.runs import finish

FOLDER = Path(__file__).parents[1] / "explorer" / "concepts"
CONCEPTS = [
    import_module(f"explorer.concepts.{path.stem}")
    for path in sorted(FOLDER.iterdir())
    if path.stem not in ("__init__", "shared")
    and (path.suffix == ".py" or (path / "__init__.py").exists())
]
STEPS = 12

every_concept = pytest.mark.parametrize(
    "concept", CONCEPTS, ids=[module.__name__.rpartition(".")[2] for module in CONCEPTS]
)


def short(concept, **changes):
    """The concept's own default, but over in a moment."""
    return replace(concept.Config(), steps=STEPS, **changes)


@cache
def run(concept):
    """The snapshots and the model of a short run."""
    return finish(concept.train(short(concept)))


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
