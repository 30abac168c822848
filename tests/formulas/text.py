"""Losses, n-grams, the cell of an LSTM."""

from collections import Counter

import numpy as np
import torch

from explorer.concepts.shared import lstm, ngram
from explorer.concepts.text.ngram import bits
from explorer.data import markov
from tests.formulas import formula
from tests.formulas.latex import value

RNG = np.random.default_rng(6)
SIZE = 4
STREAM = torch.tensor(RNG.choice(SIZE, 300, p=[0.5, 0.3, 0.15, 0.05]))
ROWS = ngram.rows_of(STREAM, 2, False)


@formula("text", "Bits per character")
def _(latex):
    model = ngram.fit(ROWS, 2, SIZE)
    p = model.of(ROWS)
    total = latex.replace(r"x_t \mid x_{<t}", "x")
    shown = value(total, x=0.0, T=300.0, symbols={"p": lambda _: p})

    class Corpus:
        lines, held_out = False, STREAM

        @staticmethod
        def length(text):
            return len(text)

    assert np.isclose(bits(model, Corpus), shown)


@formula("text", "Entropy rate of the Markov source")
def _(latex):
    source = markov.source()
    share = source.stationary()
    inner = [
        value(
            latex.partition(r"\pi(s)")[2].replace(r"x \mid s", "x"),
            x=0.0,
            symbols={"p": lambda _, p=p: p},
        )
        for row in source.transitions
        for p in [np.array([each[1] for each in row])]
    ]
    assert np.isclose(-(share * inner).sum(), markov.entropy_rate())


@formula("text", "LSTM cell")
def _(latex):
    x, h, c = (torch.tensor(RNG.normal(size=(2, n))) for n in (12, 3, 3))
    then, cell, gates = lstm.cell(x.clone(), h, c, torch.tensor(RNG.normal(size=(12, 3))))
    i, f, g, o = (gate.numpy() for gate in gates.chunk(4, dim=1))
    table = {"f_t": f, "c_{t-1}": c.numpy(), "i_t": i, "g_t": g, "o_t": o}
    shown = value(latex, "c_t =", symbols=table)
    assert np.allclose(shown, cell.numpy())
    assert np.allclose(value(latex, "h_t =", symbols={**table, "c_t": shown}), then.numpy())


def smoothed(smoothing):
    """The check of a smoothing: every bigram, from counts that are made here."""

    def check(latex):
        own = ngram.fit(ROWS, 2, SIZE, smoothing=smoothing, k=0.3)
        pairs, firsts = Counter(map(tuple, ROWS.tolist())), Counter(ROWS[:, 0].tolist())
        kinds = {h: len({w for a, w in pairs if a == h}) for h in firsts}
        cut = ngram.discounts(np.array(list(pairs.values())))
        lower = ngram.fit(ROWS[:, 1:], 1, SIZE, smoothing=smoothing, k=0.3)
        if smoothing == "kneser":  # a shorter context counts after how many tokens one was seen
            after = Counter(w for _, w in pairs)
            lower = ngram.NGram(
                (
                    ngram._level(
                        1,
                        np.array(sorted(after)),
                        np.array([after[w] for w in sorted(after)]),
                        SIZE,
                        smoothing,
                        0.3,
                    ),
                ),
                1,
                SIZE,
                False,
            )
        right = latex.partition("h) =")[2]
        for text, name in (
            (r"c(hw) - D(c(hw))", "N"),
            ("c(hw)", "C"),
            ("c(h)", "S"),
            (r"\lambda(h)", "L"),
            (r"p_{n-1}(w \mid h')", "P"),
            ("t(h)", "T"),
            ("|V|", "V"),
            (r"\max(N, 0)", "N"),
        ):
            right = right.replace(text, name)
        for h, s in firsts.items():
            left = sum(cut[min(n, 3)] for (a, _), n in pairs.items() if a == h) / s
            for w in range(SIZE):
                n = pairs.get((h, w), 0)
                below = lower.of(np.array([[w]]))[0]
                taken = max(n - cut[min(n, 3)], 0)
                shown = value(
                    right,
                    N=taken,
                    C=float(n),
                    S=float(s),
                    L=left,
                    P=below,
                    T=float(kinds[h]),
                    V=float(SIZE),
                    k=0.3,
                )
                assert np.isclose(own.of(np.array([[h, w]]))[0], shown)

    return check


for key, name in {"kneser": "Kneser-Ney", "witten": "Witten-Bell", "add": "add-k"}.items():
    formula("text", f"n-gram with {name} smoothing")(smoothed(key))
