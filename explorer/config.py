"""The fields of a configuration: each default, range and unit is declared once.

    @dataclass(frozen=True)
    class Config:
        learning_rate: float = number(6e-3, 1e-4, 1.0, log=True)
        steps: int = steps(5000, 20_000)
        seed: int = seed()

        def __post_init__(self) -> None:
            check(self)

The rule of a field lies in its metadata. `check` holds a config to it, the controls of a page are
drawn from it. An error names the field, the rule and the value that broke it.
"""

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeAlias

LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Number:
    """A number with low <= value <= high; a slider moves it in steps, or (`log`) along 1, 2, 5."""

    low: float
    high: float
    step: float
    log: bool = False
    whole: bool = False
    unit: str = ""

    def check(self, name: str, value: object) -> None:
        kinds = int if self.whole else int | float
        known = isinstance(value, kinds) and not isinstance(value, bool) and isfinite(value)
        if not known or not self.low <= value <= self.high:  # type: ignore[operator]
            what = "a whole number between" if self.whole else "between"
            low, high = (f"{end}" if self.whole else f"{end:g}" for end in (self.low, self.high))
            raise ValueError(f"{name} must be {what} {low} and {high}. Got {value!r} instead.")


@dataclass(frozen=True)
class Choice:
    """One of some values, each with the label that a visitor reads."""

    options: Mapping[Any, str]

    def check(self, name: str, value: object) -> None:
        if isinstance(value, bool) or value not in self.options:
            choices = ", ".join(map(str, self.options))
            raise ValueError(f"{name} must be one of {choices}. Got {value!r} instead.")


@dataclass(frozen=True)
class Several:
    """Any of some values, as a tuple in their order."""

    options: Mapping[str, str]

    def check(self, name: str, value: object) -> None:
        if not isinstance(value, tuple) or not set(value) <= set(self.options):
            choices = ", ".join(self.options)
            raise ValueError(f"{name} must be some of {choices}. Got {value!r} instead.")


@dataclass(frozen=True)
class Flag:
    """Something that is on or off."""

    def check(self, name: str, value: object) -> None:
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be one of True, False. Got {value!r} instead.")


@dataclass(frozen=True)
class Data:
    """The name of a data set: one of `names`, chosen by picture, or what `known` lets pass."""

    names: tuple[str, ...]
    known: Callable[[str], None] | None = None

    def check(self, name: str, value: object) -> None:
        if value in self.names:
            return
        if not isinstance(value, str) or self.known is None:
            choices = ", ".join(self.names)
            raise ValueError(f"{name} must be one of {choices}. Got {value!r} instead.")
        self.known(value)


@dataclass(frozen=True)
class Seed:
    """The seed of all randomness of a run."""

    def check(self, name: str, value: object) -> None:
        Number(0, LARGEST_SEED, 1, whole=True).check(name, value)


@dataclass(frozen=True)
class Text:
    """A short text that a pad writes into the link; `known` raises ValueError on nonsense."""

    known: Callable[[str], object]

    def check(self, name: str, value: object) -> None:
        if not isinstance(value, str):
            raise ValueError(f"{name} must be text. Got {value!r} instead.")
        self.known(value)


Rule: TypeAlias = Number | Choice | Several | Flag | Data | Seed | Text


def number(
    default: float, low: float, high: float, step: float = 0.0, *, log: bool = False, unit: str = ""
) -> Any:
    """A number; `step` is what one move of its slider changes (a hundredth of the range)."""
    return _field(default, Number(low, high, step or (high - low) / 100, log, False, unit))


def integer(
    default: int, low: int, high: int, step: int = 1, *, log: bool = False, unit: str = ""
) -> Any:
    """A whole number."""
    return _field(default, Number(low, high, step, log, True, unit))


def steps(default: int, high: int, low: int = 1) -> Any:
    """How many training steps."""
    return _field(default, Number(low, high, 1, True, True, "steps"))


def choice(default: Any, options: Mapping[Any, str] | Collection[Any]) -> Any:
    """One of `options`: value -> label, or values that are their own labels."""
    labels = options if isinstance(options, Mapping) else {each: str(each) for each in options}
    return _field(default, Choice(labels))


def several(default: tuple[str, ...], options: Mapping[str, str]) -> Any:
    """Any of `options`: value -> label."""
    return _field(default, Several(options))


def flag(default: bool) -> Any:
    """Something that is on or off."""
    return _field(default, Flag())


def data(default: str, names: Collection[str], known: Callable[[str], None] | None = None) -> Any:
    """The name of a data set; `known` raises ValueError on a name that is neither."""
    return _field(default, Data(tuple(names), known))


def text(default: str, known: Callable[[str], object]) -> Any:
    """A short text that a pad writes; `known` raises ValueError on what it cannot read."""
    return _field(default, Text(known))


def seed(default: int = 0) -> Any:
    """The seed of all randomness of a run."""
    return _field(default, Seed())


def _field(default: Any, rule: Rule) -> Any:
    return dataclasses.field(default=default, metadata={"rule": rule})


def rules(kind: type) -> dict[str, Rule]:
    """The rule of every field of a config class that has one, in their order."""
    return {
        field.name: field.metadata["rule"]
        for field in dataclasses.fields(kind)
        if "rule" in field.metadata
    }


def defaults(kind: type) -> dict[str, Any]:
    """The default of every field with a rule."""
    return {
        field.name: field.default for field in dataclasses.fields(kind) if "rule" in field.metadata
    }


def check(config: Any) -> None:
    """Raise ValueError unless every field of the config keeps its rule."""
    for name, rule in rules(type(config)).items():
        rule.check(name, getattr(config, name))


def one_of(config: Any, field: str, allowed: Collection[Any]) -> None:
    """Raise ValueError unless `config.field` is one of `allowed`."""
    value = getattr(config, field)
    if value not in allowed:
        choices = ", ".join(map(str, allowed))
        raise ValueError(f"{field} must be one of {choices}. Got {value!r} instead.")


def between(config: Any, field: str, low: float, high: float) -> None:
    """Raise ValueError unless `config.field` is a number with low <= value <= high."""
    Number(low, high, 0).check(field, getattr(config, field))


def words(config: Any, field: str) -> None:
    """Raise ValueError unless `config.field` is text."""
    value = getattr(config, field)
    if not isinstance(value, str):
        raise ValueError(f"{field} must be text. Got {value!r} instead.")


def whole(config: Any, field: str, low: int, high: int) -> None:
    """Raise ValueError unless `config.field` is an int with low <= value <= high."""
    Number(low, high, 0, whole=True).check(field, getattr(config, field))


def frame_steps(steps: int, frames: int) -> list[int]:
    """The steps at which a run yields a snapshot: 0, `steps`, and evenly between them.

    >>> frame_steps(10, 4), frame_steps(2, 99), frame_steps(0, 9)
    ([0, 2, 5, 8, 10], [0, 1, 2], [0])
    """
    count = max(1, min(frames, steps))
    return sorted({round(i * steps / count) for i in range(count + 1)})
