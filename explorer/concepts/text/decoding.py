"""Decoding: the tree of continuations, and three methods to choose one of them.

Greedy decoding takes the most probable token each time. Beam search looks for the most probable
continuation as a whole. Sampling draws from the model's distribution.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.shared.generation import LanguageModel
from explorer.concepts.shared.text_panel import ROOMY, Line, end_of, sign, text_panel
from explorer.concepts.text.config import MODELS
from explorer.concepts.text.sampling import (
    Continuation,
    Filters,
    after,
    beam_search,
    greedy,
    sample,
)
from explorer.concepts.text.train import Model
from explorer.nets import generator
from explorer.scene import Curve, Mark, Panel, Reading, Role, Scene, Text, frozen

DEPTH, KEPT, CHILDREN = 5, 10, 4  # levels of the tree, nodes on each, branches of each
LENGTH, DRAWS = 20, 6
PROMPT = 24  # letters of it that are shown before each continuation
LETTERS = 0.32  # half of what the words of a branch take of the way to the next level
RARE = (0.01, 0.05)  # probabilities of whole branches: rare, possible, likely
WIDTHS = {"below 1 %": 0.8, "1 to 5 %": 2.2, "above 5 %": 5.0}
METHODS: tuple[tuple[str, Role, str], ...] = (
    ("greedy", "model", "GREEDY: THE MOST PROBABLE TOKEN EACH TIME"),
    ("beam", "rival", "BEAM SEARCH, WIDTH {}: THE MOST PROBABLE WHOLE FOUND"),
    ("sample", "real", "SAMPLES: DRAWN AFTER THE FILTERS"),
)


@dataclass(frozen=True)
class DecodingConfig:
    """A prompt, a model, and how to choose what follows."""

    prompt: str = ""
    model: str = c.choice("ngram", MODELS)
    temperature: float = c.number(1.0, 0.1, 3.0, 0.1)
    top_k: int = c.integer(0, 0, 30)  # 0: all
    top_p: float = c.number(1.0, 0.05, 1.0, 0.05)
    repetition_penalty: float = c.number(1.0, 1.0, 3.0, 0.1)
    beam_width: int = c.integer(4, 1, 16)
    seed: int = c.seed()
    steps: ClassVar[int] = DEPTH

    def __post_init__(self) -> None:
        c.check(self)
        c.words(self, "prompt")

    @property
    def filters(self) -> Filters:
        return Filters(self.temperature, self.top_k, self.top_p, self.repetition_penalty)


@dataclass(frozen=True, eq=False)
class Node:
    """A continuation in the tree."""

    tokens: tuple[int, ...]
    label: str
    log: float  # of the whole branch
    probability: float  # of its last token
    parent: int  # index on the level before
    y: float


@dataclass(frozen=True, eq=False)
class DecodingSnapshot:
    """The tree down to a level, and what the three methods chose."""

    step: int
    config: DecodingConfig
    levels: tuple[tuple[Node, ...], ...]
    chosen: tuple[tuple[str, str, float], ...]  # method, text, probability of all of it
    covered: np.ndarray  # share of all continuations that the last level holds


@torch.no_grad()
def decode(config: DecodingConfig, model: Model) -> Generator[DecodingSnapshot, None, None]:
    """Grow the tree level by level."""
    corpus = model.corpus
    lm = model.models.get(config.model, model.models["ngram"])
    prompt = corpus.encode(config.prompt)
    levels = _placed(_grown(lm, prompt, corpus.vocabulary))
    rng = generator(config.seed)
    found: list[tuple[str, Continuation]] = [("greedy", greedy(lm, prompt, LENGTH))]
    beams = beam_search(lm, prompt, LENGTH, config.beam_width)
    found += [("beam", each) for each in beams[:DRAWS]]
    found += [("sample", sample(lm, prompt, LENGTH, config.filters, rng)) for _ in range(DRAWS)]
    chosen = tuple(
        (method, sign(corpus.decode(each.tokens)), float(np.exp(each.log)))
        for method, each in found
    )
    for step in range(len(levels) + 1):
        over = [node for level in levels[: max(0, step - 1)] for node in level]
        ended = [node for node in over if node.tokens[-1] == 0]
        share = sum(np.exp(node.log) for node in [*ended, *levels[step - 1]]) if step else 1.0
        yield DecodingSnapshot(step, config, levels[:step], chosen, frozen(np.array([share])))


def decoding_scene(s: DecodingSnapshot) -> Scene:
    """The tree on the left, the chosen continuations on the right."""
    rows: list[Line] = []
    prompt = end_of(s.config.prompt, PROMPT)
    for method, role, words in METHODS:
        rows.append((words.format(s.config.beam_width), role))
        rows += [
            (f"{prompt}{text}     {_percent(p)}", "neutral")
            for kind, text, p in s.chosen
            if kind == method
        ]
    caption = "With the probability of the whole continuation; ¶ ends the line."
    table = text_panel("Three decoding methods", rows, caption, room=16)
    best = {method: max(p for kind, _, p in s.chosen if kind == method) for method, *_ in s.chosen}
    gain = best["beam"] / best["greedy"]
    sentence = (
        "Beam search found nothing more probable than greedy decoding did."
        if gain < 1.005
        else f"Beam search found a continuation {gain:.3g} times as probable as the greedy one."
    )
    covered = Reading(
        "covered by the branches shown", 100 * float(s.covered[0]), (100.0, 100.0),
        "all continuations", "%", "high",
        "The probability that a continuation begins with one of these branches.",
    )  # fmt: skip
    return Scene([_tree(s), table], step=s.step, unit="level", readings=[covered],
                 sentence=sentence)  # fmt: skip


def _tree(s: DecodingSnapshot) -> Panel:
    marks: list[Mark] = [Text("prompt", "neutral", (0.0, 0.0), end_of(s.config.prompt, 12) or "…")]
    above: tuple[Node, ...] = ()
    edges: list[list[tuple[float, float]]] = [[] for _ in WIDTHS]
    for depth, level in enumerate(s.levels, start=1):
        for number, node in enumerate(level):
            start = above[node.parent].y if depth > 1 else 0.0
            kind = int(np.searchsorted(RARE, np.exp(node.log)))
            ends = (depth - 1 + LETTERS, start), (depth - LETTERS, node.y)
            edges[kind] += [*ends, (np.nan, np.nan)]
            words = f"{node.label} {100 * node.probability:.0f} %"
            marks.append(Text(f"{depth}.{number + 1}", "neutral", (float(depth), node.y), words))
        above = level
    for lines, (name, width) in zip(edges, WIDTHS.items()):
        if lines:
            xy = np.array(lines, np.float32)
            marks.append(Curve(name, "model", xy, width=width, label=""))
    return Panel(
        "Tree of continuations",
        marks,
        "plane",
        (-0.5, DEPTH + 0.5),
        (-1.9, 1.9),
        span=ROOMY,
        caption="Wider: more probable as a whole. The percentage is that of the last token.",
    )


def _grown(lm: LanguageModel, prompt: list[int], vocabulary: tuple[str, ...]) -> list[list[Node]]:
    """The most probable branches, level by level; what has ended stays on."""
    levels: list[list[Node]] = []
    root = Node((), "", 0.0, 1.0, 0, 0.0)
    ends: list[tuple[Node, Tensor | None, Any]] = [(root, *after(lm, prompt))]
    for _ in range(DEPTH):
        grown = []
        for parent, (node, logs, state) in enumerate(ends):
            if logs is None:
                continue
            for number in logs.topk(min(CHILDREN, len(logs))).indices.tolist():
                child = Node((*node.tokens, number), sign(vocabulary[number]),
                             node.log + float(logs[number]), float(logs[number].exp()), parent,
                             0.0)  # fmt: skip
                grown.append((child, state))
        grown.sort(key=lambda each: -each[0].log)
        kept = sorted(grown[:KEPT], key=lambda each: each[0].parent)
        if not kept:
            break
        levels.append([node for node, _ in kept])
        ends = []
        for node, state in kept:
            if node.tokens[-1] == 0:
                ends.append((node, None, None))
            else:
                rows, then = lm.step(torch.tensor([node.tokens[-1]]), state)
                ends.append((node, rows[0], then))
    return levels


def _placed(levels: list[list[Node]]) -> tuple[tuple[Node, ...], ...]:
    """Nodes spread over the height of each level, in the order of their parents."""
    placed = []
    for level in levels:
        n = len(level)
        ys = np.linspace(1.7, -1.7, n) if n > 1 else [0.0]
        placed.append(tuple(
            Node(x.tokens, x.label, x.log, x.probability, x.parent, float(y))
            for x, y in zip(level, ys)
        ))  # fmt: skip
    return tuple(placed)


def _percent(probability: float) -> str:
    return f"{100 * probability:.2g} %" if probability >= 1e-4 else "under 0.01 %"
