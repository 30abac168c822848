"""What switching parts off looks like: a table of losses, and the text without the part."""

import numpy as np

from explorer.concepts.transformer.panels import guess_panel, matrix
from explorer.concepts.transformer.tasks import TASKS
from explorer.concepts.transformer.without import Loss
from explorer.scene import Bars, Mark, Panel, Points, Reading, Scene

MANY = 20  # parts: more of them get a line for themselves


def without_scene(s: Loss) -> Scene:
    """One part is off."""
    cost = s.bits - s.bits[0]
    readings = [
        Reading("bits per symbol", float(s.bits[-1]), (float(s.bits[0]),) * 2, "nothing off",
                help="In the exam, with this part switched off."),
    ]  # fmt: skip
    if s.config.dataset in TASKS:
        whole = 100 * float(s.right[0])
        readings.append(
            Reading("all right", 100 * float(s.right[-1]), (whole, whole), "nothing off", "%",
                    "high", "Share of unseen sequences with every certain symbol right.")
        )  # fmt: skip
    table, bars = _table(s, cost), _bars(s, cost)
    guesses = guess_panel(s.inside, s.config.dataset, span=2.0)
    many = len(s.parts) > MANY
    return Scene(
        [table, guesses, bars] if many else [table, bars, guesses],
        step=s.step,
        readings=readings,
        rows=(2, 1) if many else (),
        sentence=_sentence(s, cost),
        unit="part",
    )


def _table(s: Loss, cost: np.ndarray) -> Panel:
    values = np.zeros((s.heads + 2, s.layers), np.float32)
    for part, lost in zip(s.parts, cost):
        if part.layer >= 0:
            values[part.column, part.layer] = lost
    rows = [*(f"head {head + 1}" for head in range(s.heads)), "network", "layer"]
    columns = [str(layer + 1) for layer in range(s.layers)]
    marks, xlim, ylim = matrix("worth", values, rows, columns, 0.0, _most(s), margin=2)
    if s.part.layer >= 0:
        at = np.array([[s.part.layer, s.heads + 1 - s.part.column]], np.float32)
        marks.append(Points("now off", "truth", at, size=9, opacity=1, shape="ring"))
    return Panel(
        "Worth of each part",
        marks,
        xlim=xlim,
        ylim=ylim,
        caption="A column for each layer. Strong: much is lost.",
    )


def _bars(s: Loss, cost: np.ndarray) -> Panel:
    values = np.zeros(len(s.parts) - 1, np.float32)
    values[: len(cost) - 1] = cost[1:]
    now = np.zeros_like(values)
    if s.step:
        now[s.step - 1] = values[s.step - 1]
    labels = [_short(part.name) for part in s.parts[1:]]
    marks: list[Mark] = [
        Bars("bits lost", "model", values, labels),
        Bars("off now", "rival", now, labels),
    ]
    caption = "Layer by layer: its heads, its network, all of it; at: the positions."
    return Panel("Bits lost without it", marks, "chart", None, None, span=1.6, caption=caption)


def _most(s: Loss) -> float:
    return 4.0 if s.config.dataset in TASKS else 3.0


def _short(name: str) -> str:
    kind, _, number = name.partition(" ")
    return number if kind == "head" else {"network": "net", "layer": "all"}.get(kind, "at")


def _sentence(s: Loss, cost: np.ndarray) -> str:
    if s.step == 0:
        return f"The whole network: {s.bits[0]:.2f} bits per symbol. Now one part after the other."
    lost = float(cost[-1])
    what = f"Without {s.part.name}" if s.part.name != "positions" else "Without positions"
    if lost < 0.02:
        return f"{what} nothing is lost: others do its work, or it has none."
    size = "little" if lost < 0.2 else "much" if lost < 1 else "almost everything"
    return f"{what} {size} is lost: {lost:.2f} bits more for each symbol."
