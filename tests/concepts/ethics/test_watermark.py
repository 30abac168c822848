"""Watermarks: exact means, independence of the numbers, no change of the distribution."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from explorer.concepts.ethics import watermark
from explorer.concepts.ethics.model import START, language
from explorer.concepts.ethics.watermark import Watermark, detect, expected, keys_of, uniform, write

SCHEMES = [Watermark("green", 5), Watermark("gumbel", 5), Watermark("green", 5, 3, 0.25, 1.0)]
every_scheme = pytest.mark.parametrize("mark", SCHEMES, ids=str)


def last(mark, n=60, steps=40, marked=True, kind="words"):
    *_, texts = write(language(kind, 0), n, steps, mark, np.random.default_rng(0), marked)
    return texts


def test_the_pseudo_random_numbers_are_uniform_and_depend_on_key_context_and_token():
    a, b = (np.arange(1, 401, dtype=np.uint64)[:, None], np.arange(1, 401, dtype=np.uint64)[None])
    u = uniform(1, a, b)
    assert stats.kstest(u.ravel(), "uniform").pvalue > 0.01
    for other in (uniform(2, a, b), uniform(1, b.T[::-1], b), uniform(1, a, b[:, ::-1])):
        assert abs(np.corrcoef(u.ravel(), other.ravel())[0, 1]) < 4 / 400


@every_scheme
def test_the_exact_mean_of_the_statistic_is_what_texts_have_within_the_standard_error(mark):
    texts = last(mark)
    gained = ((mark.scores(texts.u) - mark.usual[0]) * texts.counted).sum(1)
    error = gained - texts.gain.sum(1)
    assert abs(error.mean()) < 4 * error.std() / len(error) ** 0.5
    assert gained.mean() > 2


@every_scheme
def test_the_detector_finds_in_the_text_what_the_writer_put_there(mark):
    """Without the model: from the hashes of the tokens and the key alone."""
    texts = last(mark)
    hashes = language("words", 0).hashes[texts.numbers[:, START - mark.context :]]
    scores, counted = detect(hashes, mark, keys_of(mark, len(hashes)))
    np.testing.assert_allclose(scores, mark.scores(texts.u), rtol=1e-9)
    np.testing.assert_array_equal(counted, texts.counted)


def test_gumbel_draws_every_token_with_its_probability_over_keys():
    p = np.array([0.5, 0.3, 0.15, 0.05])
    keys = np.arange(20_000)
    token, context = np.arange(1, 5, dtype=np.uint64), np.zeros((1, 1), np.uint64)
    u = uniform(keys[:, None], context, token)
    counts = np.bincount((np.log(u) / p).argmax(1), minlength=4)
    assert stats.chisquare(counts, p * len(keys)).pvalue > 0.01


def test_the_mean_of_gumbels_score_is_its_closed_form():
    p = np.array([[0.6, 0.3, 0.1]])
    u = np.random.default_rng(0).random((400_000, 3))
    chosen = u[np.arange(len(u)), (np.log(u) / p).argmax(1)]
    gain = -np.log1p(-chosen) - 1
    exact = expected(p, p, Watermark("gumbel", 0)).sum()
    assert abs(gain.mean() - exact) < 4 * gain.std() / len(u) ** 0.5


def test_the_green_distribution_is_the_tilted_one():
    mark = Watermark("green", 0, delta=1.5)
    p, u = np.array([[0.2, 0.3, 0.5]]), np.array([[0.9, 0.1, 0.7]])
    tilted = np.array([0.2 * np.e**1.5, 0.3, 0.5 * np.e**1.5])
    found = watermark.marked_distribution(p, u, mark)
    np.testing.assert_allclose(found[0], tilted / tilted.sum())


@every_scheme
def test_another_key_or_no_watermark_gives_no_more_than_chance(mark):
    hashes = language("words", 0).hashes[last(mark).numbers[:, START - mark.context :]]
    scores, counted = detect(hashes, mark, np.arange(1000, 1060)[:, None])
    z = mark.z((scores * counted).sum(1), counted.sum(1))
    assert abs(z.mean()) < 4 / len(z) ** 0.5


def test_a_bias_of_zero_changes_nothing():
    mark = Watermark("green", 5, delta=0.0)
    np.testing.assert_array_equal(last(mark).numbers, last(mark, marked=False).numbers)
    assert last(mark).cost.max() < 1e-12


def test_the_cost_grows_with_the_bias():
    costs = [last(replace(SCHEMES[0], delta=d), 20, 10).cost.mean() for d in (0.5, 1.0, 2.0, 4.0)]
    assert costs == sorted(costs)


def test_what_was_seen_before_counts_once():
    hashes = np.array([[1, 2, 1, 2, 1, 3]], np.uint64)
    assert detect(hashes, Watermark("green", 0))[1].tolist() == [[True, True, False, False, True]]
    assert detect(hashes, Watermark("gumbel", 0))[1].tolist() == [[True, True, False, False, False]]
    assert detect(hashes, Watermark("green", 0), once=False)[1].all()
