"""An experiment: a process over time, what it is configured by, and how it is drawn.

Every concept names all of its processes in `EXPERIMENTS`, by key, the training run ("train") first.
Pages, contract tests, exports and thumbnails iterate over it; nothing is reachable from a page that
is not in it.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from explorer import config as fields
from explorer.scene import Scene

Views = Mapping[str, str] | Callable[[Any], Mapping[str, str]]


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
