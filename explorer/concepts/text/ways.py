"""Ways to go on: the tree of continuations, and three ways to choose one of them.

Greedy takes the likeliest symbol each time. Beam search looks for the likeliest whole. Sampling
throws dice, and so writes like the model as a whole.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer import config as check
from explorer.concepts.text.look import ROOMY, Line, sign, text_panel
from explorer.concepts.text.sampling import Filters, Path, beam, draw, greedy, read_all
from explorer.concepts.text.train import NAMES, Model
from explorer.concepts.text.writing import Writer
from explorer.nets import generator
from explorer.scene import Curve, Mark, Panel, Reading, Role, Scene, Text, frozen

DEPTH, KEPT, CHILDREN = 5, 10, 4  # levels of the tree, nodes on each, branches of each
LENGTH, DRAWS = 20, 6
LETTERS = 0.32  # half of what the words of a branch take of the way to the next level
RARE = (0.01, 0.05)  # chances of whole beginnings that part rare from possible from likely
WIDTHS = {"below 1 %": 0.8, "1 to 5 %": 2.2, "above 5 %": 5.0}


@dataclass(frozen=True)
class Ways:
    """A text to go on with, a rung, and how to choose."""

    prompt: str
    rung: str = "ngram"
    filters: Filters = Filters()  # noqa: RUF009  frozen
    width: int = 4  # of the beam
    steps: int = DEPTH
    seed: int = 0

    def __post_init__(self) -> None:
        check.one_of(self, "rung", NAMES)
        check.whole(self, "width", 1, 16)


@dataclass(frozen=True, eq=False)
class Node:
    """A continuation in the tree."""

    symbols: tuple[int, ...]
    label: str
    log: float  # of the whole path
    chance: float  # of its last symbol
    parent: int  # index on the level before
    y: float


@dataclass(frozen=True, eq=False)
class WaysSnapshot:
    """The tree down to a level, and what the three ways chose."""

    step: int
    config: Ways
    levels: tuple[tuple[Node, ...], ...]
    chosen: tuple[tuple[str, str, float], ...]  # way, text, chance of all of it
    known: np.ndarray  # share of all continuations that the last level holds


@torch.no_grad()
def ways(config: Ways, model: Model) -> Generator[WaysSnapshot, None, None]:
    """Grow the tree level by level."""
    corpus = model.corpus
    writer = model.writers.get(config.rung, model.writers["ngram"])
    prompt = corpus.encode(config.prompt)
    levels = _placed(_grown(writer, prompt, corpus.symbols))
    rng = generator(config.seed)
    paths: list[tuple[str, Path]] = [("greedy", greedy(writer, prompt, LENGTH))]
    paths += [("beam", path) for path in beam(writer, prompt, LENGTH, config.width)[:DRAWS]]
    paths += [("dice", draw(writer, prompt, LENGTH, config.filters, rng)) for _ in range(DRAWS)]
    chosen = tuple(
        (way, sign(corpus.decode(path.symbols)), float(np.exp(path.log))) for way, path in paths
    )
    for step in range(len(levels) + 1):
        over = [node for level in levels[: max(0, step - 1)] for node in level]
        ended = [node for node in over if node.symbols[-1] == 0]
        share = sum(np.exp(node.log) for node in [*ended, *levels[step - 1]]) if step else 1.0
        yield WaysSnapshot(step, config, levels[:step], chosen, frozen(np.array([share])))


def ways_scene(s: WaysSnapshot) -> Scene:
    """The tree on the left, the chosen continuations on the right."""
    marks: list[Mark] = [Text("prompt", "neutral", (0.0, 0.0), (s.config.prompt or "…")[-12:])]
    above: tuple[Node, ...] = ()
    edges: list[list[tuple[float, float]]] = [[] for _ in WIDTHS]
    for depth, level in enumerate(s.levels, start=1):
        for number, node in enumerate(level):
            start = above[node.parent].y if depth > 1 else 0.0
            kind = int(np.searchsorted(RARE, np.exp(node.log)))
            ends = (depth - 1 + LETTERS, start), (depth - LETTERS, node.y)
            edges[kind] += [*ends, (np.nan, np.nan)]
            name = f"{depth}.{number + 1}"
            words = f"{node.label} {100 * node.chance:.0f} %"
            marks.append(Text(name, "neutral", (float(depth), node.y), words))
        above = level
    for lines, (name, width) in zip(edges, WIDTHS.items()):
        if lines:
            xy = np.array(lines, np.float32)
            marks.append(Curve(name, "model", xy, width=width, label=""))
    tree = Panel(
        "Branches",
        marks,
        "plane",
        (-0.5, DEPTH + 0.5),
        (-1.9, 1.9),
        span=ROOMY,
        caption="Wider: likelier as a whole. The percentage is that of the last symbol.",
    )
    rows: list[Line] = []
    heads: tuple[tuple[str, Role, str], ...] = (
        ("greedy", "model", "GREEDY: THE LIKELIEST SYMBOL EACH TIME"),
        ("beam", "rival", f"BEAM OF {s.config.width}: THE LIKELIEST WHOLE"),
        ("dice", "real", "DICE: DRAWN FROM WHAT THE FILTERS LEAVE"),
    )
    for way, role, words in heads:
        rows.append((words, role))
        rows += [
            (f"{s.config.prompt}{text}     {_percent(chance)}", "neutral")
            for kind, text, chance in s.chosen
            if kind == way
        ]
    caption = "With the chance of the whole continuation; ¶ ends the line."
    wrote = text_panel("Three ways to choose", rows, caption, room=16)
    best = {way: max(c for kind, _, c in s.chosen if kind == way) for way, _, _ in s.chosen}
    gain = best["beam"] / best["greedy"]
    said = (
        "Beam search found nothing likelier than greed did."
        if gain < 1.005
        else f"Beam search found a continuation {gain:.3g} times as likely as the greedy one."
    )
    share = float(s.known[0])
    held = Reading("held by the branches shown", 100 * share, (100.0, 100.0),
                   "all continuations", "%", "high",
                   "The chance that a continuation begins as a branch, or is one.")  # fmt: skip
    return Scene([tree, wrote], step=s.step, unit="level", readings=[held], sentence=said)


def _grown(writer: Writer, prompt: list[int], symbols: tuple[str, ...]) -> list[list[Node]]:
    """The likeliest beginnings, level by level; what has ended stays on."""
    levels: list[list[Node]] = []
    root = Node((), "", 0.0, 1.0, 0, 0.0)
    ends: list[tuple[Node, Tensor | None, Any]] = [(root, *read_all(writer, prompt))]
    for _ in range(DEPTH):
        grown = []
        for parent, (node, logs, memory) in enumerate(ends):
            if logs is None:
                continue
            for number in logs.topk(min(CHILDREN, len(logs))).indices.tolist():
                chance = float(logs[number].exp())
                child = Node((*node.symbols, number), sign(symbols[number]),
                             node.log + float(logs[number]), chance, parent, 0.0)  # fmt: skip
                grown.append((child, memory))
        grown.sort(key=lambda each: -each[0].log)
        kept = sorted(grown[:KEPT], key=lambda each: each[0].parent)
        if not kept:
            break
        levels.append([node for node, _ in kept])
        ends = []
        for node, memory in kept:
            if node.symbols[-1] == 0:
                ends.append((node, None, None))
            else:
                rows, after = writer.read(torch.tensor([node.symbols[-1]]), memory)
                ends.append((node, rows[0], after))
    return levels


def _placed(levels: list[list[Node]]) -> tuple[tuple[Node, ...], ...]:
    """Nodes spread over the height of each level, in the order of their parents."""
    placed = []
    for level in levels:
        n = len(level)
        ys = np.linspace(1.7, -1.7, n) if n > 1 else [0.0]
        placed.append(tuple(
            Node(x.symbols, x.label, x.log, x.chance, x.parent, float(y))
            for x, y in zip(level, ys)
        ))  # fmt: skip
    return tuple(placed)


def _percent(chance: float) -> str:
    return f"{100 * chance:.2g} %" if chance >= 1e-4 else "under 0.01 %"
