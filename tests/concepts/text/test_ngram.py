"""n-grams of a corpus: probabilities add up, and hand-written rules beside them."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.concepts.shared.ngram import SMOOTHINGS, rows_of
from explorer.concepts.text import hand_written, ngram
from explorer.data import text

STREAM = np.random.default_rng(1).choice(4, 300, p=[0.2, 0.4, 0.3, 0.1])


@pytest.mark.parametrize("smoothing", list(SMOOTHINGS))
@pytest.mark.parametrize("order", [1, 3, 5, 7])
def test_probabilities_add_up_to_one_after_every_context_seen_or_not(smoothing, order):
    corpus = text.load("names")
    model = ngram.fitted(corpus, order, smoothing)
    seen = np.unique(rows_of(corpus.train, order, True)[:, :-1], axis=0)[:3000]
    never = np.random.default_rng(0).integers(0, corpus.size, (300, order - 1))
    for past in (seen, never):
        p = model.probabilities(past)
        assert (p > 0).all()
        np.testing.assert_allclose(p.sum(1), 1, atol=1e-9)


@pytest.mark.parametrize("lines", [False, True])
def test_reading_token_by_token_gives_what_whole_rows_give(lines):
    corpus = replace(
        text.load("names"), lines=lines, train=torch.from_numpy(STREAM), vocabulary=tuple("\nabc")
    )
    model = ngram.fitted(corpus, 4, "kneser")
    p = model.of(rows_of(corpus.train, 4, lines))
    state, found = model.initial_state(1), []
    for last, now in zip([0, *STREAM[:-1]], STREAM, strict=True):
        logs, state = model.step(torch.tensor([last]), state)
        found.append(float(logs[0, now].exp()))
    np.testing.assert_allclose(found, p, rtol=1e-5)


def test_more_text_makes_longer_contexts_pay():
    corpus = text.load("names")
    small = replace(corpus, train=corpus.train[:2000])
    best = [int(np.argmin(ngram.all_orders(each, "kneser"))) for each in (small, corpus)]
    assert best[0] < best[1]


@pytest.mark.parametrize("name", text.CORPORA)
def test_hand_written_rules_are_probabilities_and_beat_the_uniform_distribution(name):
    corpus = text.load(name)
    rules = hand_written.Rules(corpus)
    every = torch.arange(corpus.size)
    p = rules.probabilities(every, every.roll(1), every % 9)
    assert (p > 0).all()
    torch.testing.assert_close(p.sum(1), torch.ones(corpus.size, dtype=p.dtype))
    assert hand_written.bits(rules, corpus) < np.log2(corpus.size)
