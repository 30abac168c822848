"""Planted secrets: exposure against enumeration and chance, and what remedies do to the text."""

from collections import Counter

import numpy as np
import torch

from explorer.concepts.ethics import canary
from explorer.concepts.ethics.canary import ENDINGS, INSERTIONS, CanaryConfig, planted
from explorer.concepts.shared.lstm import LSTM
from explorer.nets import generator


def names_of(remedy, **changes):
    text = planted(CanaryConfig(remedy=remedy, **changes))
    return text, Counter(text.corpus.decode(name[:-1]) for name in text.names)


def test_each_secret_stands_in_the_text_as_often_as_it_should():
    for remedy, expected in (("none", INSERTIONS), ("deduplication", np.minimum(INSERTIONS, 1))):
        text, counts = names_of(remedy)
        assert [counts[secret] for secret in text.secrets] == list(expected)
    assert max(names_of("deduplication")[1].values()) == 1


def test_noise_replaces_the_share_of_letters_that_it_should():
    plain, noisy = planted(CanaryConfig()), planted(CanaryConfig(remedy="noise", flip=0.3))
    pairs = [(a, b) for x, y in zip(plain.names, noisy.names) for a, b in zip(x, y) if a]
    changed = np.mean([a != b for a, b in pairs])
    expected = 0.3 * 25 / 26  # one in 26 is replaced by itself
    assert abs(changed - expected) < 4 * (expected / len(pairs)) ** 0.5


def test_the_log_probabilities_of_endings_are_those_of_single_texts():
    net = LSTM(30, 8, generator(0))
    logs = canary.log_probabilities(net, [5, 7], list(range(1, 27)))
    assert logs.shape == (ENDINGS,)
    ending = ((3 * 26 + 0) * 26 + 25) * 26 + 11
    tokens = torch.tensor([[0, 5, 7, 4, 1, 26, 12]])
    with torch.no_grad():
        each = net(tokens).log_softmax(-1)[0]
    direct = sum(each[2 + k, tokens[0, 3 + k]].item() for k in range(4))
    assert abs(logs[ending] - direct) < 1e-4


def test_the_exposure_of_a_secret_that_was_never_inserted_is_exponential():
    """Every rank is as probable as any other: P(exposure >= e) = 2^-e."""
    rng = np.random.default_rng(0)
    logs = rng.random(ENDINGS)
    found = np.array([canary.exposure(logs, at) for at in rng.integers(0, ENDINGS, 2000)])
    for bits in (1.0, 3.0, 5.0):
        share = 2.0**-bits
        assert abs((found >= bits).mean() - share) < 4 * (share / 2000) ** 0.5


def test_an_n_gram_gives_every_inserted_secret_away_and_no_other():
    text = planted(CanaryConfig())
    stream = torch.tensor([number for name in text.names for number in name])
    ngram = canary.fit(canary.rows_of(stream, 5, True), 5, text.corpus.size, True)
    values, likeliest = canary.found(ngram, text)
    assert values[0] < 7
    assert (values[1:] > canary.MOST - 0.01).all()
    assert likeliest[1:] == list(text.secrets[1:])
