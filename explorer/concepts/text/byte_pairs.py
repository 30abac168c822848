"""Byte-pair encoding: the most frequent pair of neighbours becomes one token, again and again."""

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
import torch

from explorer import config as c
from explorer.concepts.shared.text_panel import Line, sign, text_panel, width_of
from explorer.concepts.text import ngram
from explorer.concepts.text.config import known
from explorer.config import frame_steps
from explorer.data.bpe import merge
from explorer.data.text import CORPORA, load, paired, reads
from explorer.scene import Curve, Panel, Reading, Scene, frozen

PIECE, ROOM, NEWEST = 220, 58, 5
EVERY = 4  # frames from one with n-grams to the next
ORDERS = range(2, 6)


@dataclass(frozen=True)
class BytePairsConfig:
    """A text, and how many pairs are merged."""

    dataset: str = c.data("moby", CORPORA, known)
    steps: int = 200

    def __post_init__(self) -> None:
        c.check(self)
        c.whole(self, "steps", 1, 400)

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that it needs."""
        return reads(self.dataset)


@dataclass(frozen=True, eq=False)
class BytePairsSnapshot:
    """So many merges."""

    step: int
    config: BytePairsConfig
    piece: tuple[str, ...]  # the tokens of a piece of held-out text
    newest: tuple[tuple[str, str], ...]  # the last pairs that were merged
    found: np.ndarray  # (2,) characters per token; bits per character of the best n-gram, or NaN
    start: float  # these bits before the first merge


def merge_pairs(config: BytePairsConfig) -> Generator[BytePairsSnapshot, None, None]:
    """Merge pairs, and fit n-grams now and then."""
    plain = load(config.dataset)
    whole = paired(plain, config.steps)
    names = whole.vocabulary
    piece = plain.held_out[:PIECE].tolist()
    first = float("nan")
    for number, step in enumerate(frame_steps(len(whole.merges), 20)):
        pairs = whole.merges[:step]
        numbers = merge(plain.held_out.tolist(), pairs, plain.size)
        bits = float("nan")
        if number % EVERY == 0:
            corpus = replace(
                plain,
                vocabulary=names[: plain.size + step],
                train=torch.tensor(merge(plain.train.tolist(), pairs, plain.size)),
                held_out=torch.tensor(numbers),
                merges=pairs,
            )
            bits = min(ngram.bits(ngram.fitted(corpus, n, "kneser"), corpus) for n in ORDERS)
            first = bits if number == 0 else first
        yield BytePairsSnapshot(
            step, config, tuple(names[n] for n in merge(piece, pairs, plain.size)),
            tuple((names[a], names[b]) for a, b in pairs[-NEWEST:][::-1]),
            frozen(np.array([plain.characters / len(numbers), bits])), first,
        )  # fmt: skip


def byte_pairs_scene(s: BytePairsSnapshot) -> Scene:
    """A piece of text cut into its tokens, the newest pairs, and what n-grams make of it."""
    rows: list[Line] = [("HELD-OUT TEXT, CUT INTO TOKENS", "model")]
    line = ""
    for token in s.piece:
        shown = sign(token)
        if width_of(line) + width_of(shown) > ROOM:
            rows.append((line, "neutral"))
            line = ""
        line += shown + "|"
    rows += [(line, "neutral"), (" ", "neutral"), ("NEWEST MERGES", "model")]
    rows += [(f"{sign(a)}  +  {sign(b)}   becomes   {sign(a + b)}", "neutral") for a, b in s.newest]
    text = text_panel("Tokens", rows, "· is a space, ¶ a line break.", 17)
    (mean, bits), start = s.found.tolist(), round(s.start, 1)
    length = _chart(
        s, "Length of a token", "characters", (0.9, 3), Curve("mean length", "model",
        _point(s, mean), grows=True), "Frequent words become one token.",
    )  # fmt: skip
    fitted = np.empty((0, 2), np.float32) if np.isnan(bits) else _point(s, bits)
    ngrams = _chart(
        s, "Best n-gram, held-out text", "bits per character", (start - 0.2, start + 0.3),
        Curve("orders 2 to 5", "rival", fitted, grows=True),
        "Longer tokens give longer contexts, and each token is rarer.",
    )  # fmt: skip
    reading = Reading("characters per token", mean, (1.0, 1.0), "single characters", "",
                      "neither", "How much shorter the text has become.")  # fmt: skip
    sentence = f"{s.step} pairs merged: a token stands for {mean:.2f} characters on average."
    return Scene([text, length, ngrams], step=s.step, unit="merge", readings=[reading],
                 sentence=sentence)  # fmt: skip


def _chart(
    s: BytePairsSnapshot, title: str, axis: str, ylim: tuple[float, float], curve: Curve, why: str
) -> Panel:
    return Panel(
        title, [curve], "chart", (0, s.config.steps), ylim, "merged pairs", axis, caption=why
    )


def _point(s: BytePairsSnapshot, value: float) -> np.ndarray:
    return np.array([[s.step, value]], np.float32)
