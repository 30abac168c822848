"""Longer symbols: the most frequent pair of neighbours becomes one symbol, again and again."""

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
import torch

from explorer import config as check
from explorer.concepts.text import ngram
from explorer.concepts.text.look import Line, sign, text_panel
from explorer.config import frame_steps
from explorer.data.bpe import merge
from explorer.data.text import load, paired, reads
from explorer.scene import Curve, Panel, Reading, Scene, frozen

PIECE, ROOM, NEWEST = 220, 58, 5
JUDGED = 4  # of the looks, every so-manieth is judged by counting
ORDERS = range(2, 6)


@dataclass(frozen=True)
class Longer:
    """A text, and how many pairs are merged."""

    dataset: str = "moby"
    steps: int = 200

    def __post_init__(self) -> None:
        check.whole(self, "steps", 1, 400)

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that it needs."""
        return reads(self.dataset)


@dataclass(frozen=True, eq=False)
class LongerSnapshot:
    """So many merges."""

    step: int
    config: Longer
    piece: tuple[str, ...]  # the symbols of a piece of held-out text
    newest: tuple[tuple[str, str], ...]  # the last pairs that were merged
    length: np.ndarray  # (looks, 2): merges, characters per symbol
    bits: np.ndarray  # (looks, 2): merges, bits per character of the best n-gram


def longer(config: Longer) -> Generator[LongerSnapshot, None, None]:
    """Merge pairs; look now and then."""
    plain = load(config.dataset)
    whole = paired(plain, config.steps)
    names = [*whole.symbols]
    piece = plain.held_out[:PIECE].tolist()
    lengths: list[tuple[float, float]] = []
    bits: list[tuple[float, float]] = []
    for number, step in enumerate(frame_steps(len(whole.pairs), 20)):
        pairs = whole.pairs[:step]
        numbers = merge(plain.held_out.tolist(), pairs, plain.size)
        lengths.append((step, plain.letters / len(numbers)))
        if number % JUDGED == 0:
            corpus = replace(
                plain,
                symbols=whole.symbols[: plain.size + step],
                train=torch.tensor(merge(plain.train.tolist(), pairs, plain.size)),
                held_out=torch.tensor(numbers),
                pairs=pairs,
            )
            best = min(ngram.bits(ngram.fitted(corpus, n, "kneser"), corpus) for n in ORDERS)
            bits.append((step, best))
        newest = tuple((names[a], names[b]) for a, b in pairs[-NEWEST:][::-1])
        yield LongerSnapshot(
            step, config, tuple(names[n] for n in merge(piece, pairs, plain.size)), newest,
            frozen(np.array(lengths)), frozen(np.array(bits)),
        )  # fmt: skip


def longer_scene(s: LongerSnapshot) -> Scene:
    """A piece of text in its symbols, the newest pairs, and what it does to counting."""
    rows: list[Line] = [("UNSEEN TEXT, ITS SYMBOLS PARTED", "model")]
    line = ""
    for symbol in s.piece:
        shown = sign(symbol)
        if len(line) + len(shown) > ROOM:
            rows.append((line, "neutral"))
            line = ""
        line += shown + "|"
    rows += [(line, "neutral"), (" ", "neutral"), ("NEWEST PAIRS", "model")]
    rows += [(f"{sign(a)}  +  {sign(b)}   becomes   {sign(a + b)}", "neutral") for a, b in s.newest]
    text = text_panel("Symbols", rows, "· is a space, ¶ a line break.", 17)
    steps, at = s.config.steps, round(float(s.bits[0, 1]), 1)
    length = Panel(
        "Characters per symbol",
        [Curve("mean length", "model", s.length.astype(np.float32))],
        "chart", (0, steps), (0.9, 3), "merged pairs",
        caption="Frequent words become one symbol.",
    )  # fmt: skip
    judged = Panel(
        "Best n-gram, bits per character",
        [Curve("orders 2 to 5", "rival", s.bits.astype(np.float32))],
        "chart", (0, steps), (at - 0.2, at + 0.3), "merged pairs",
        caption="Longer symbols reach further back, and each is rarer.",
    )  # fmt: skip
    mean = float(s.length[-1, 1])
    said = f"{s.step} pairs merged: a symbol stands for {mean:.2f} characters on average."
    reading = Reading("characters per symbol", mean, (1.0, 1.0), "single characters", "", "neither",
                      "How much shorter the text has become.")  # fmt: skip
    return Scene([text, length, judged], step=s.step, unit="pair", readings=[reading],
                 sentence=said)  # fmt: skip
