"""Language models: what networks reach beside n-grams, in CPU seconds of one thread.

A network is trained until `time.thread_time` says that its seconds are over; evaluation is not
counted, and is on the held-out text. Bars of the networks are relative to the best n-gram of
orders 1 to 7 with modified Kneser-Ney on the same split.

`python -m benchmarks.text record` measures from which number of first names on an LSTM is better
than n-grams and keeps that in `assets/text/dataset_size.npz`: about eight minutes.
"""

import sys
import time

import numpy as np

import explorer  # noqa: F401  limits the threads before the libraries load
from benchmarks.row import Row
from explorer.concepts.text import measure, ngram, record
from explorer.concepts.text.learner import Learner
from explorer.data import text

SEEDS = range(3)
NAMES_15 = (96, 0.15, 0.0)  # hidden units, dropout, data noise
NAMES_60 = (128, 0.3, 0.1)
SOURCE_30 = (64, 0.0, 0.0)


def rows() -> list[Row]:
    names, source = text.load("names"), text.load("markov")
    best = min(ngram.all_orders(names, "kneser"))
    exact = source.entropy_rate
    assert exact is not None
    short, ratio = _several("lstm", names, 15, *NAMES_15)
    long, _ = _several("lstm", names, 60, *NAMES_60)
    known, _ = _several("lstm", source, 30, *SOURCE_30)
    return [
        Row("Text, names: LSTM after 15 s, bits", short, best + 0.03, "low",
            f"best n-gram {best:.3f}", "96 hidden units, dropout .15"),
        Row("Text, names: LSTM after 60 s, bits", long, best, "low",
            f"best n-gram {best:.3f}", "128 hidden units, dropout .3, data noise .1"),
        Row("Text, Markov source: LSTM after 30 s, share above the entropy rate",
            [bits / exact - 1 for bits in known], 0.05, "low", f"exact {exact:.4f} bits",
            f"best n-gram {min(ngram.all_orders(source, 'kneser')) / exact - 1:.3f}"),
        Row("Text: true over nominal seconds", ratio, 2.0, "low", "1", "LSTM on names"),
        _ngrams(),
    ]  # fmt: skip


def _several(
    kind: str, corpus: text.Corpus, seconds: float, hidden: int, dropout: float, data_noise: float
) -> tuple[list[float], list[float]]:
    """Bits on the held-out text and true by nominal seconds, for each seed."""
    bits, ratio = [], []
    for seed in SEEDS:
        each, spent = learn(kind, corpus, seconds, hidden, dropout, data_noise, seed)
        bits.append(measure.evaluate(each.snapshot(), corpus))
        ratio.append(spent / each.clock)
    return bits, ratio


def learn(
    kind: str,
    corpus: text.Corpus,
    seconds: float,
    hidden: int,
    dropout: float,
    data_noise: float,
    seed: int,
) -> tuple[Learner, float]:
    """A network after so many true CPU seconds, and those; the schedule follows true time."""
    each = Learner(kind, corpus, hidden, dropout, 1e9, seed, data_noise)
    begun, spent = time.thread_time(), 0.0
    while spent < seconds:
        each.seconds = max(1e-9, each.clock) * seconds / max(1e-9, spent) if spent else 1e9
        each.advance(each.clock + 0.02)
        spent = time.thread_time() - begun
    return each, spent


def _ngrams() -> Row:
    seconds = []
    for _ in SEEDS:
        ngram.all_orders.cache_clear()
        ngram.fitted.cache_clear()
        begun = time.thread_time()
        ngram.all_orders(text.load("names"), "kneser")
        seconds.append(time.thread_time() - begun)
    return Row("Text, names: all n-grams of orders 1 to 7, seconds", seconds, 1.0)


def measured() -> record.Record:
    """n-grams and LSTMs of growing parts of the names, with every seed; some minutes."""
    found = np.zeros((len(record.SEEDS), len(record.PARTS), 4))
    for row, seed in enumerate(record.SEEDS):
        for part, numbers in enumerate(record.measure(seed)):
            found[row, part] = numbers
            print(f"seed {seed}, names, n-gram, network, and by size:", *numbers, flush=True)
    names, best = found[0, :, 0].astype(int), found[0, :, 1]
    return record.Record(names, best, found[..., 2], found[..., 3])


if __name__ == "__main__" and sys.argv[1:] == ["record"]:
    record.write(measured())
    print(*(record.recorded(times) for times in ("equal_time", "proportional_time")), sep="\n")
