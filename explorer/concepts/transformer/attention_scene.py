"""What a network computes from a visitor's own text, over training time."""

import numpy as np

from explorer.concepts.transformer.attention import AttentionSnapshot
from explorer.concepts.transformer.panels import (
    head_panel,
    heads_panel,
    lens_panel,
    map_panel,
    predictions_panel,
)
from explorer.scene import Scene

ATTENTION_VIEWS: dict[str, str] = {
    "attention": "Attention weights",
    "predictions": "Predictions",
    "lens": "Logit lens",
    "map": "Embeddings",
}


def attention_scene(s: AttentionSnapshot, view: str = "attention") -> Scene:
    """The picture of a text at one step of training, in one of ATTENTION_VIEWS."""
    heads = s.internals.attention.shape[1]
    every = heads_panel(s.internals, (s.layer * heads + s.head,))
    enlarged = head_panel(s.internals, s.layer, s.head, span=2.0)
    if view == "predictions":
        panels = [enlarged, predictions_panel(s.internals, s.config.dataset, span=2.0)]
    elif view == "lens":
        panels = [lens_panel(s.internals, s.config.dataset)]
    elif view == "map":
        panels = [map_panel(s.internals, s.config.dataset), every]
    else:
        panels = [enlarged, every]
    return Scene(panels, step=s.step, sentence=_sentence(s, view), unit="training step")


def _sentence(s: AttentionSnapshot, view: str) -> str:
    inside, name = s.internals, f"Head {s.layer + 1}.{s.head + 1}"
    if view == "lens":
        layer = next((n for n, row in enumerate(inside.lens) if row.mean() > 0.5), None)
        if layer is None:
            return "After no layer does the true next token have more than half the probability."
        after = "the start" if layer == 0 else f"layer {layer}"
        return f"From {after} on, the true next token has more than half of the probability."
    if view == "map":
        return f"{len(inside.map)} tokens at step {s.step}: training moves their embeddings."
    if view == "predictions":
        held = inside.lens[-1][inside.certain] if inside.certain.any() else inside.lens[-1]
        return f"The true next token has a probability of {100 * held.mean():.0f} % on average."
    table = inside.attention[s.layer, s.head]
    strongest = table.argmax(1)
    here = np.arange(len(table))
    itself, previous = (strongest == here).mean(), (strongest == here - 1).mean()
    if table.max(1).mean() < 0.3:
        return (
            f"{name} spreads its attention; the largest weight of a row is "
            f"{100 * table.max(1).mean():.0f} % on average."
        )
    if previous > 0.6:
        return f"{name} attends to the previous token: a previous-token head."
    if itself > 0.6:
        return f"{name} attends to its own position."
    return f"{name} attends {_distance(here - strongest)} most of the time."


def _distance(distance: np.ndarray) -> str:
    values, counts = np.unique(distance, return_counts=True)
    most = int(values[counts.argmax()])
    if most == 0:
        return "to its own position"
    return f"{most} positions back" if most > 0 else f"{-most} positions ahead"
