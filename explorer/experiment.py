"""An experiment: a process over time, what it is configured by, and how it is drawn.

Every concept names all of its processes in `EXPERIMENTS`, by key, the training run ("train") first.
Pages, contract tests, exports and thumbnails iterate over it; nothing is reachable from a page that
is not in it.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from explorer import config as fields
from explorer.scene import Scene

Views = Mapping[str, str] | Callable[[Any], Mapping[str, str]]


@dataclass(frozen=True, eq=False)
class Outcome:
    """A finished run, to be measured; `before` is the one whose model it was given."""

    config: Any
    snapshots: Sequence[Any]
    model: Any
    before: Any = None  # another Outcome

    @property
    def last(self) -> Any:
        return self.snapshots[-1]


Measures = Mapping[str, Callable[[Outcome], float]]


@dataclass(frozen=True, eq=False)
class Experiment:
    """A generator of snapshots with its configuration and its picture.

    `process(config)` yields snapshots and returns a model; with `after`, the key of another
    experiment, it is `process(config, model)`, with the model that the other one returned.
    """

    process: Callable[..., Generator[Any, None, Any]]
    Config: type
    scene: Callable[..., Scene]  # scene(snapshot, view), or scene(snapshot) without views
    views: Views = field(default_factory=dict)  # key -> label, or a function of the config
    label: str = ""
    after: str = ""
    short: Mapping[str, Any] = field(default_factory=dict)  # what makes a test's run a moment long
    on: Mapping[str, Any] = field(default_factory=dict)  # changes of the run it is `after`, then
    given: Callable[[Any], Mapping[str, Any]] | None = None  # fields by the first one's config
    measures: Measures = field(default_factory=dict)  # what can be claimed about a finished run

    def usual(self, **chosen: Any) -> Any:
        """A config with what was chosen; its other fields have the defaults that suit this."""
        return getattr(self.Config, "usual", self.Config)(**chosen)

    def brief(self, **chosen: Any) -> Any:
        """The default config, over in a moment."""
        return replace(self.usual(), **{**self.short, **chosen})

    def views_of(self, config: Any) -> Mapping[str, str]:
        """The views of a run with this config; empty if there is one picture only."""
        return self.views(config) if callable(self.views) else self.views


def parameters(experiments: Mapping[str, Experiment]) -> dict[tuple[str, str], str]:
    """(experiment, field) -> the parameter of the link that holds it.

    It is the field's name; where an earlier experiment has a field of that name, the
    experiment's key stands before it.
    """
    found: dict[tuple[str, str], str] = {}
    for key, experiment in experiments.items():
        for name in fields.rules(experiment.Config):
            taken = name in found.values()
            found[key, name] = f"{key}_{name}" if taken else name
    return found


def chain(
    experiments: Mapping[str, Experiment],
    key: str,
    chosen: Mapping[str, Any],
    seed: int | None = None,
) -> list[tuple[str, Any]]:
    """(key, config) of an experiment, after those that it builds upon, for a link with `chosen`.

    As its page makes them: what the page gives a config, `given` of the experiment says. With
    `seed`, every seed that is not chosen is this one.
    """
    names = parameters(experiments)

    def built(of: str) -> Any:
        experiment = experiments[of]
        rules = fields.rules(experiment.Config)
        own = {names[of, name]: name for name in rules}
        first = next(iter(experiments))
        found: dict[str, Any] = {}
        if experiment.given is not None:
            found |= experiment.given(built(first))
        if seed is not None:
            seeds = {name for name, rule in rules.items() if isinstance(rule, fields.Seed)}
            found |= dict.fromkeys(seeds - set(found), seed)
        found |= {name: chosen[at] for at, name in own.items() if at in chosen}
        return experiment.usual(**found)

    steps = [key]
    while after := experiments[steps[0]].after:
        steps.insert(0, after)
    return [(of, built(of)) for of in steps]
