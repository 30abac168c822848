"""What ablation looks like: a table of losses, and the text without the part."""

import numpy as np

from explorer.concepts.shared.matrix import matrix
from explorer.concepts.transformer.ablation import AblationSnapshot
from explorer.concepts.transformer.panels import predictions_panel
from explorer.concepts.transformer.tasks import TASKS
from explorer.scene import Bars, Mark, Panel, Points, Reading, Scene

MANY = 20  # parts: more of them get a line for themselves


def ablation_scene(s: AblationSnapshot) -> Scene:
    """One part is removed."""
    increase = s.bits - s.bits[0]
    readings = [
        Reading("bits per token", float(s.bits[-1]), (float(s.bits[0]),) * 2, "whole network",
                help="Loss on the test set, without this part."),
    ]  # fmt: skip
    if s.config.dataset in TASKS:
        whole = 100 * float(s.exact[0])
        readings.append(
            Reading("exact match", 100 * float(s.exact[-1]), (whole, whole), "whole network", "%",
                    "high", "Share of unseen sequences with every certain token right.")
        )  # fmt: skip
    table, bars = _table(s, increase), _bars(s, increase)
    predictions = predictions_panel(s.internals, s.config.dataset, span=2.0)
    many = len(s.parts) > MANY
    return Scene(
        [table, predictions, bars] if many else [table, bars, predictions],
        step=s.step,
        readings=readings,
        rows=(2, 1) if many else (),
        sentence=_sentence(s, increase),
        unit="part",
    )


def _table(s: AblationSnapshot, increase: np.ndarray) -> Panel:
    values = np.zeros((s.heads + 2, s.layers), np.float32)
    for part, bits in zip(s.parts, increase):
        if part.layer >= 0:
            values[part.column, part.layer] = bits
    rows = [*(f"head {head + 1}" for head in range(s.heads)), "MLP", "all"]
    columns = [str(layer + 1) for layer in range(s.layers)]
    most = 4.0 if s.config.dataset in TASKS else 3.0
    marks, xlim, ylim = matrix("increase of the loss", values, rows, columns, 0.0, most, margin=2)
    if s.part.layer >= 0:
        at = np.array([[s.part.layer, s.heads + 1 - s.part.column]], np.float32)
        marks.append(Points("ablated now", "truth", at, size=9, opacity=1, shape="ring"))
    return Panel(
        "Loss increase",
        marks,
        xlim=xlim,
        ylim=ylim,
        caption="By part and layer. Strong colour: without this part the loss rises a lot.",
    )


def _bars(s: AblationSnapshot, increase: np.ndarray) -> Panel:
    values = np.zeros(len(s.parts) - 1, np.float32)
    values[: len(increase) - 1] = increase[1:]
    now = np.zeros_like(values)
    if s.step:
        now[s.step - 1] = values[s.step - 1]
    labels = [_short(part.name) for part in s.parts[1:]]
    marks: list[Mark] = [
        Bars("increase", "model", values, labels),
        Bars("ablated now", "rival", now, labels),
    ]
    caption = "Of each layer: its heads, its MLP, all of it; at the end (pos): the positions."
    return Panel("Loss increase, bits per token", marks, "chart", None, None, span=1.6,
                 caption=caption)  # fmt: skip


def _short(name: str) -> str:
    kind, _, number = name.partition(" ")
    return number if kind == "head" else {"MLP": "MLP", "layer": "all"}.get(kind, "pos")


def _sentence(s: AblationSnapshot, increase: np.ndarray) -> str:
    if s.step == 0:
        return f"The whole network: {s.bits[0]:.2f} bits per token. Next, without each part."
    bits = float(increase[-1])
    what = "the position encoding" if s.part.name == "positions" else s.part.name
    if bits < 0.02:
        return f"Without {what} the loss stays the same: it does nothing here, or others do it too."
    size = "a little" if bits < 0.2 else "clearly" if bits < 1 else "a lot"
    return f"Without {what} the loss rises {size}: by {bits:.2f} bits per token."
