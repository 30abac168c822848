"""What each corruption does to a set of sentences, and which metrics notice it."""

from functools import cache

import numpy as np
import pytest

from explorer.concepts.metrics.measure import TEXT_METRICS
from explorer.concepts.metrics.measure_text import TextEvaluation
from explorer.concepts.metrics.text import CORRUPTIONS

N = 200
seeds = pytest.mark.parametrize("seed", [0, 1])


@cache
def evaluation(seed=0):
    return TextEvaluation(N, seed)


def by_key(values):
    return dict(zip([metric.key for metric in TEXT_METRICS], values, strict=True))


def z_scores(seed, corruption, severity):
    chosen = evaluation(seed)
    values = chosen.measure(chosen.corrupted(corruption, severity))
    return by_key(chosen.floors.z_scores(values))


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_sentences_at_severity_zero_are_the_perfect_ones(corruption):
    chosen = evaluation()
    assert chosen.corrupted(corruption, 0.0).lines == chosen.perfect
    assert len(chosen.corrupted(corruption, 1.0).lines) == N
    assert all(chosen.corrupted(corruption, 1.0).lines)


def test_shuffled_words_are_the_same_words_and_a_loop_repeats_three():
    chosen = evaluation()
    for line, original in zip(chosen.corrupted("shuffle", 1.0).lines, chosen.perfect, strict=True):
        assert sorted(line) == sorted(original)
    for line, original in zip(chosen.corrupted("loop", 1.0).lines, chosen.perfect, strict=True):
        assert len(line) == len(original)
        assert line[-1] == line[-4]


@seeds
def test_of_perfect_sets_hardly_any_value_leaves_its_noise_floor(seed):
    assert np.nanmax(np.abs(list(z_scores(seed, "collapse", 0.0).values()))) < 1.5


@seeds
def test_only_copied_runs_of_words_notice_memorisation(seed):
    found = z_scores(seed, "memorise", 1.0)
    assert found.pop("copied") > 50
    assert all(z < 1.5 for z in found.values() if np.isfinite(z))


@seeds
def test_metrics_of_single_words_do_not_notice_that_their_order_is_lost(seed):
    found = z_scores(seed, "shuffle", 1.0)
    assert abs(found["rouge1"]) < 1e-6
    assert found["embedding"] < 0.1
    assert min(found["bleu"], found["rouge2"], found["bits"], found["perplexity"]) > 3


@seeds
def test_perplexity_hardly_notices_a_loop_and_distinct_pairs_do(seed):
    found = z_scores(seed, "loop", 1.0)
    assert found["perplexity"] < 1.5
    assert found["distinct2"] > 10


@seeds
def test_the_embedding_match_forgives_synonyms_more_than_rouge_does(seed):
    values = by_key(evaluation(seed).measure(evaluation(seed).corrupted("synonyms", 1)))
    assert values["rouge1"] + 0.02 < values["embedding"] < 1
