"""Filters, beam search and sampling: against exact enumeration of small cases."""

from itertools import product

import numpy as np
import pytest
import torch

from explorer.concepts.shared.generation import generate, predict
from explorer.concepts.text.ngram import fitted
from explorer.concepts.text.sampling import Filters, beam_search, filtered, greedy, sample
from explorer.data import text
from explorer.nets import generator

PROBABILITIES = np.array([0.4, 0.05, 0.25, 0.2, 0.1])


def by_hand(p, used, t, k, top_p, penalty):
    """The filters, one token at a time."""
    weights = [x ** ((penalty if i in used else 1) / t) for i, x in enumerate(p)]
    order = sorted(range(len(p)), key=lambda i: -weights[i])
    kept = order[:k] if k else order
    total, crossed, final = sum(weights[i] for i in kept), 0.0, []
    for i in kept:
        if crossed < top_p:
            final.append(i)
        crossed += weights[i] / total
    rest = sum(weights[i] for i in final)
    return [weights[i] / rest if i in final else 0.0 for i in range(len(p))]


@pytest.mark.parametrize(
    ("t", "k", "top_p", "penalty"),
    list(product([0.5, 1.0, 2.0], [0, 1, 3], [0.3, 0.66, 1.0], [1.0, 1.7])),
)
def test_the_filters_are_those_of_exact_enumeration(t, k, top_p, penalty):
    found = filtered(
        torch.from_numpy(np.log(PROBABILITIES)), [0, 3, 3], Filters(t, k, top_p, penalty)
    )
    wanted = by_hand(PROBABILITIES, {0, 3}, t, k, top_p, penalty)
    np.testing.assert_allclose(found, wanted, atol=1e-12)
    assert float(found.sum()) == pytest.approx(1)


def test_no_filter_leaves_everything_as_it_was():
    found = filtered(torch.from_numpy(np.log(PROBABILITIES)), [1], Filters())
    np.testing.assert_allclose(found, PROBABILITIES)


class Small:
    """Three tokens, of which 0 ends; what follows depends on the last one."""

    after = torch.tensor([[0.1, 0.5, 0.4], [0.3, 0.3, 0.4], [0.55, 0.05, 0.4]])

    def initial_state(self, n):
        return None

    def step(self, tokens, state):
        return self.after[tokens].log(), None


def endings(length):
    """Every continuation with its probability: complete at 0 or when it is so long."""
    found = {}
    for n in range(1, length + 1):
        for path in product(range(3), repeat=n):
            if 0 in path[:-1] or (path[-1] != 0 and n < length):
                continue
            p, last = 1.0, 0
            for token in path:
                p *= float(Small.after[last, token])
                last = token
            found[path] = p
    return found


def test_a_beam_that_is_wide_enough_finds_the_likeliest_of_all():
    every = endings(5)
    assert sum(every.values()) == pytest.approx(1)
    best = sorted(every.items(), key=lambda item: -item[1])[:4]
    found = beam_search(Small(), [], 5, 60)[:4]
    np.testing.assert_allclose(
        [np.exp(path.log) for path in found], [p for _, p in best], rtol=1e-5
    )
    assert found[0].tokens == best[0][0]


def test_a_wider_beam_is_never_worse_than_greed():
    lm, corpus = fitted(text.load("names"), 5, "kneser"), text.load("names")
    for start in ("", "ma", "chri", "x"):
        numbers = corpus.encode(start)
        assert beam_search(lm, numbers, 20, 8)[0].log >= greedy(lm, numbers, 20).log - 1e-6


def test_samples_are_as_frequent_as_their_probabilities():
    every, counts, rng = endings(3), {}, generator(0)
    for _ in range(3000):
        path = sample(Small(), [], 3, Filters(), rng)
        assert np.exp(path.log) == pytest.approx(every[path.tokens], rel=1e-5)
        counts[path.tokens] = counts.get(path.tokens, 0) + 1
    for path, p in every.items():
        assert counts.get(path, 0) / 3000 == pytest.approx(p, abs=0.03)


def test_the_probability_of_a_text_is_the_product_of_those_of_its_symbols():
    corpus = text.load("names")
    lm = fitted(corpus, 5, "kneser")
    logs, _ = predict(lm, corpus.encode("anna"))
    assert logs.shape == (5, corpus.size)
    np.testing.assert_allclose(logs.exp().sum(1), 1, atol=1e-5)


def test_sampled_names_end_at_their_first_break():
    corpus = text.load("names")
    rows = generate(fitted(corpus, 5, "kneser"), 50, 24, generator(0), True)
    for row, name in zip(rows.tolist(), corpus.texts(rows), strict=True):
        ends = row.index(0) if 0 in row else len(row)
        assert len(name) == ends
        assert not any(row[ends:])
