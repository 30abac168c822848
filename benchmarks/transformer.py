"""The transformer: tasks learnt live, and the shipped text model against n-grams.

Seconds are CPU seconds of this thread, evaluations included.
"""

import time

import numpy as np
from torch import Tensor

from benchmarks.row import Row
from explorer.concepts.shared import ngram
from explorer.concepts.transformer import Config, checkpoint, measure, train
from explorer.concepts.transformer.tasks import TASKS
from explorer.data.text import load
from explorer.runs import finish

SEEDS = range(3)
BARS = {"sort": 0.99, "repeat": 0.99, "reverse": 0.99, "copy": 0.99}


def rows() -> list[Row]:
    return [*shipped(), *(row for name in BARS for row in task(name))]


def task(name: str) -> list[Row]:
    """The page's own settings: how many unseen sequences are right, and the time it took."""
    exact, seconds, bits = [], [], []
    for seed in SEEDS:
        start = time.thread_time()
        snapshots, _ = finish(train(Config.usual(name, seed=seed)))
        seconds.append(time.thread_time() - start)
        exact.append(snapshots[-1].scores.exact)
        bits.append(snapshots[-1].scores.bits)
    best = TASKS[name].best_bits
    return [
        Row(f"transformer {name}: exact match", exact, BARS[name], "high", "1", "unseen sequences"),
        Row(f"transformer {name}: seconds", seconds, 60, "low", "-", "evaluations included"),
        Row(f"transformer {name}: bits", bits, best + 0.15, "low", f"{best:.3f}"),
    ]


def shipped() -> list[Row]:
    """Bits per character of held-out chapters; the best of seven n-grams sets the bar."""
    book, net = load("moby_cased"), checkpoint.load()
    grams = {
        order: ngram.fit(ngram.rows_of(book.train, order, False), order, book.size)
        for order in range(1, 8)
    }
    found = []
    for words, text in (
        ("all held-out chapters", book.held_out),
        ("a piece", measure.piece("moby")),
    ):
        by_order = {order: gram_bits(gram, text) for order, gram in grams.items()}
        best = min(by_order, key=by_order.__getitem__)
        ours = measure.bits(net, text)
        note = f"{words}; bar: Kneser-Ney of order {best}; all: " + ", ".join(
            f"{bits:.3f}" for bits in by_order.values()
        )
        found.append(Row("transformer text: bits per character", [ours], by_order[best], note=note))
    return found


def gram_bits(gram: ngram.NGram, text: Tensor) -> float:
    probabilities = gram.of(ngram.rows_of(text, gram.order, False))
    return float(-np.log2(probabilities).sum() / len(text))
