"""n-grams: every smoothing equals a slow, separate implementation."""

from collections import Counter, defaultdict
from itertools import product

import numpy as np
import pytest
import torch

from explorer.concepts.shared import ngram

ALPHABET = 4
STREAM = np.random.default_rng(1).choice(ALPHABET, 300, p=[0.2, 0.4, 0.3, 0.1])


def contexts(stream, order, lines):
    """Each token with the order - 1 before it, as tuples; breaks stand where nothing is."""
    found = []
    for at in range(len(stream)):
        start = 0
        if lines:
            start = max((i + 1 for i in range(at) if stream[i] == 0), default=0)
        past = [0] * (order - 1) + list(stream[start:at])
        found.append((tuple(past[len(past) - order + 1 :]), stream[at]))
    return found


class Slow:
    """Chen and Goodman, with dictionaries, straight from the definition."""

    def __init__(self, stream, order, lines, smoothing, k):
        self.smoothing, self.k, self.order = smoothing, k, order
        seen = [(*h, w) for h, w in contexts(stream, order, lines)]
        self.counts = {j: Counter(gram[order - j :] for gram in seen) for j in range(1, order + 1)}
        if smoothing == "kneser":
            raw = self.counts
            self.counts = {order: raw[order]}
            for j in range(1, order):
                left = defaultdict(set)
                for gram in raw[j + 1]:
                    left[gram[1:]].add(gram[0])
                self.counts[j] = Counter({
                    gram: raw[j][gram] if lines and j > 1 and gram[0] == 0 else len(tokens)
                    for gram, tokens in left.items()
                })  # fmt: skip

    def cuts(self, j):
        n = Counter(self.counts[j].values())
        if all(n[i] for i in (1, 2, 3, 4)):
            y = n[1] / (n[1] + 2 * n[2])
            d = [0] + [i - (i + 1) * y * n[i + 1] / n[i] for i in (1, 2, 3)]
            if all(0 < d[i] <= i for i in (1, 2, 3)):
                return d
        return [0, 0.5, 1.0, 1.5]

    def p(self, w, h, j=None):
        j = self.order if j is None else j
        if j == 0:
            return 1 / ALPHABET
        h = h[len(h) - j + 1 :]
        after = {gram[-1]: c for gram, c in self.counts[j].items() if gram[:-1] == h}
        total = sum(after.values())
        if self.smoothing == "add":
            return (after.get(w, 0) + self.k) / (total + self.k * ALPHABET)
        below = self.p(w, h[1:], j - 1)
        if not total:
            return below
        if self.smoothing == "witten":
            return (after.get(w, 0) + len(after) * below) / (total + len(after))
        d = self.cuts(j)
        left = sum(d[min(c, 3)] for c in after.values())
        count = after.get(w, 0)
        return (count - d[min(count, 3)] + left * below) / total


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("smoothing", list(ngram.SMOOTHINGS))
def test_every_smoothing_equals_a_separate_implementation(smoothing, order, lines):
    rows = ngram.rows_of(torch.from_numpy(STREAM), order, lines)
    model = ngram.fit(rows, order, ALPHABET, lines, smoothing, 0.3)
    slow = Slow(STREAM.tolist(), order, lines, smoothing, 0.3)
    past = np.array(list(product(range(ALPHABET), repeat=order - 1)), np.int64)
    wanted = [[slow.p(w, tuple(h)) for w in range(ALPHABET)] for h in past.tolist()]
    np.testing.assert_allclose(model.probabilities(past), wanted, atol=1e-12)


def test_a_bigram_by_hand():
    """abab|ab: with discounts of a half, one and one and a half (too few counts to tell)."""
    stream = torch.tensor([1, 2, 1, 2, 0, 1, 2])
    model = ngram.fit(ngram.rows_of(stream, 2, False), 2, 3)
    # Bigrams: 01 twice, 12 three times, 21 once, 20 once. Places: a in 2, b in 1, break in 1.
    unigram_b = (1 - 0.5) / 4 + ((0.5 + 1.0 + 0.5) / 4) / 3
    assert model.of(np.array([[1, 2]]))[0] == pytest.approx((3 - 1.5) / 3 + 1.5 / 3 * unigram_b)


def test_a_line_hides_what_was_before_it():
    stream = torch.tensor([3, 3, 0, 1, 0, 2])
    rows = ngram.rows_of(stream, 3, True)
    assert rows.tolist()[3] == [0, 0, 1]
    assert ngram.rows_of(stream, 3, False).tolist()[3] == [3, 0, 1]
