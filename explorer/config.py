"""Checks for frozen configs: each names the field, the rule and the value that broke it."""

from collections.abc import Collection
from math import isfinite
from typing import Any


def one_of(config: Any, field: str, allowed: Collection[Any]) -> None:
    """Raise ValueError unless `config.field` is one of `allowed`."""
    value = getattr(config, field)
    if value not in allowed:
        choices = ", ".join(map(str, allowed))
        raise ValueError(f"{field} must be one of {choices}. Got {value!r} instead.")


def between(config: Any, field: str, low: float, high: float) -> None:
    """Raise ValueError unless `config.field` is a number with low <= value <= high."""
    value = getattr(config, field)
    number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    if not number or not low <= value <= high:
        raise ValueError(f"{field} must be between {low:g} and {high:g}. Got {value!r} instead.")


def whole(config: Any, field: str, low: int, high: int) -> None:
    """Raise ValueError unless `config.field` is an int with low <= value <= high."""
    value = getattr(config, field)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(
            f"{field} must be a whole number between {low} and {high}. Got {value!r} instead."
        )


def frame_steps(steps: int, frames: int) -> list[int]:
    """The steps at which a run yields a snapshot: 0, `steps`, and evenly between them.

    >>> frame_steps(10, 4), frame_steps(2, 99)
    ([0, 2, 5, 8, 10], [0, 1, 2])
    """
    count = min(frames, steps)
    return [round(i * steps / count) for i in range(count + 1)]
