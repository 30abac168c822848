"""What a visitor's own text looks like inside, over training time."""

import numpy as np

from explorer.concepts.transformer.looking import Sight
from explorer.concepts.transformer.panels import (
    guess_panel,
    head_panel,
    heads_panel,
    lens_panel,
    map_panel,
)
from explorer.concepts.transformer.scenes import REACH, REACH_TEXT
from explorer.concepts.transformer.tasks import TASKS
from explorer.scene import Scene

LOOKS: dict[str, str] = {
    "attention": "Attention",
    "guesses": "Answers",
    "lens": "Layer by layer",
    "map": "Map of symbols",
}


def look_scene(s: Sight, view: str = "attention") -> Scene:
    """The picture of a text at one step of training, in one of LOOKS."""
    heads = s.inside.attention.shape[1]
    every = heads_panel(s.inside, (s.layer * heads + s.head,))
    enlarged = head_panel(s.inside, s.layer, s.head, span=2.0)
    if view == "guesses":
        panels = [enlarged, guess_panel(s.inside, s.config.dataset, span=2.0)]
    elif view == "lens":
        panels = [lens_panel(s.inside, s.config.dataset)]
    elif view == "map":
        reach = REACH if s.config.dataset in TASKS else REACH_TEXT
        panels = [map_panel(s.inside, s.config.dataset, reach), every]
    else:
        panels = [enlarged, every]
    return Scene(panels, step=s.step, sentence=_sentence(s, view), unit="training step")


def _sentence(s: Sight, view: str) -> str:
    inside, name = s.inside, f"Head {s.layer + 1}.{s.head + 1}"
    if view == "lens":
        layer = next((n for n, row in enumerate(inside.lens) if row.mean() > 0.5), None)
        if layer is None:
            return "Nowhere on its way is the right symbol thought more likely than all the rest."
        after = "the start" if layer == 0 else f"layer {layer}"
        return f"From {after} on, the right symbol has more than half of the probability."
    if view == "map":
        return f"{len(inside.map)} symbols at step {s.step}; they move only when they are learnt."
    if view == "guesses":
        held = inside.lens[-1][inside.judged] if inside.judged.any() else inside.lens[-1]
        return f"What really follows was given {held.mean():.0%} on average."
    table = inside.attention[s.layer, s.head]
    strongest = table.argmax(1)
    here = np.arange(len(table))
    self_, before = (strongest == here).mean(), (strongest == here - 1).mean()
    if table.max(1).mean() < 0.3:
        return (
            f"{name} spreads its attention; on average its strongest cell holds "
            f"{table.max(1).mean():.0%}."
        )
    if before > 0.6:
        return f"{name} looks at the symbol just before: a previous-token head."
    if self_ > 0.6:
        return f"{name} looks at its own place."
    return f"{name} looks {_far(here - strongest)} most of the time."


def _far(distance: np.ndarray) -> str:
    values, counts = np.unique(distance, return_counts=True)
    most = int(values[counts.argmax()])
    return "at its own place" if most == 0 else f"{most} places back" if most > 0 else "ahead"
