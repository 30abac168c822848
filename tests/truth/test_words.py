"""Marks for sentences: other people's libraries, and sentences whose mark is plain to see."""

from math import exp, log

import numpy as np
import pytest
import torch
from sacrebleu.metrics import BLEU
from torchmetrics.functional.text import rouge_score
from torchmetrics.functional.text.bert import _get_precision_recall_f1
from torchmetrics.text import Perplexity

from explorer.truth.words import (
    bits,
    bleu,
    copied,
    cosines,
    distinct,
    embedding_match,
    grams,
    greedy_match,
    perplexity,
    rouge,
    rouge_l,
    self_bleu,
)

CLOSE = 1e-4
seeds = pytest.mark.parametrize("seed", [0, 1, 2])
CALL = [
    "call",
    "me",
    "ishmael",
    "some",
    "years",
    "ago",
    "never",
    "mind",
    "how",
    "long",
    "precisely",
]


def sentences(count, seed, vocabulary=12, shortest=5):
    """Random sentences of few words, so that they share many n-grams."""
    rng = np.random.default_rng(seed)
    words = np.array([f"w{i}" for i in range(vocabulary)])
    return [list(rng.choice(words, rng.integers(shortest, 25))) for _ in range(count)]


def joined(texts):
    return [" ".join(words) for words in texts]


def sacre(candidates, references):
    oracle = BLEU(tokenize="none", force=True)
    streams = [joined(stream) for stream in zip(*references)]
    return oracle.corpus_score(joined(candidates), streams).score


@seeds
@pytest.mark.parametrize("vocabulary", [4, 12, 500])
def test_bleu_is_that_of_sacrebleu(seed, vocabulary):
    made = sentences(20, seed, vocabulary)
    real = [sentences(3, 100 * seed + i, vocabulary) for i in range(20)]
    assert bleu(made, real) == pytest.approx(sacre(made, real), rel=CLOSE)


@seeds
@pytest.mark.parametrize("vocabulary", [5, 40])
def test_self_bleu_is_the_mean_of_sacrebleu_with_all_others_as_references(seed, vocabulary):
    texts = sentences(15, seed, vocabulary)
    others = [texts[:i] + texts[i + 1 :] for i in range(len(texts))]
    exact = np.mean([sacre([texts[i]], [others[i]]) for i in range(len(texts))])
    assert self_bleu(texts) == pytest.approx(exact, rel=CLOSE)


def test_self_bleu_of_equal_sentences_is_100_and_of_one_sentence_refused():
    assert self_bleu([CALL] * 3) == pytest.approx(100)
    with pytest.raises(ValueError, match=r"at least 2 sentences\. Got 1 instead\."):
        self_bleu([CALL])


@seeds
def test_rouge_is_that_of_torchmetrics(seed):
    made, real = sentences(20, seed), sentences(20, seed + 50)
    theirs = rouge_score(joined(made), joined(real), rouge_keys=("rouge1", "rouge2", "rougeL"))
    ours = {"rouge1": rouge(made, real, 1), "rouge2": rouge(made, real, 2)}
    ours["rougeL"] = rouge_l(made, real)
    for name, value in ours.items():
        assert value == pytest.approx(theirs[f"{name}_fmeasure"].item(), rel=CLOSE)


def test_a_copy_has_full_marks_and_a_stranger_none():
    strangers = [["x", "y", "z", "u", "v"]]
    for mark in (lambda a, b: rouge(a, b, 1), lambda a, b: rouge(a, b, 2), rouge_l):
        assert mark([CALL], [CALL]) == 1
        assert mark(strangers, [CALL]) == 0
    assert bleu([CALL], [[CALL]]) == pytest.approx(100)
    assert bleu(strangers, [[CALL]]) == 0
    assert bleu([[]], [[CALL]]) == 0


def test_a_shuffled_sentence_keeps_its_words_and_loses_their_order():
    shuffled = [CALL[::-1]]
    assert rouge(shuffled, [CALL], 1) == 1
    assert rouge(shuffled, [CALL], 2) == 0
    assert rouge_l(shuffled, [CALL]) == pytest.approx(1 / len(CALL))


def test_half_a_sentence_pays_for_its_brevity():
    """All its n-grams are right, so BLEU is exp(1 - r/c) alone."""
    assert bleu([CALL[:6]], [[CALL]]) == pytest.approx(100 * exp(1 - 11 / 6))


@seeds
def test_perplexity_is_that_of_torchmetrics_and_the_exponential_of_bits(seed):
    logits = torch.randn(3, 40, 11, generator=torch.Generator().manual_seed(seed))
    target = torch.arange(120).view(3, 40) % 11
    oracle = Perplexity()
    oracle.update(logits, target)
    chosen = logits.log_softmax(2).gather(2, target[..., None]).flatten().numpy()
    assert perplexity(chosen) == pytest.approx(oracle.compute().item(), rel=CLOSE)
    assert 2 ** bits(chosen, 120) == pytest.approx(perplexity(chosen), rel=1e-6)


def test_the_perplexity_of_a_fair_die_is_the_number_of_its_sides():
    assert perplexity(np.full(50, log(1 / 6))) == pytest.approx(6)
    assert bits(np.full(50, log(1 / 8)), 50) == pytest.approx(3)
    assert bits(np.full(50, log(1 / 8)), 100) == pytest.approx(1.5)


def test_distinct_counts_different_n_grams():
    assert distinct([["a", "b", "a", "b"]], 1) == 0.5
    assert distinct([["a", "b", "a", "b"]], 2) == pytest.approx(2 / 3)
    assert distinct([["a"], []], 2) == 0
    assert distinct([CALL, CALL], 1) == 0.5


def test_copied_is_the_share_of_n_grams_that_stood_in_the_training_text():
    seen = frozenset(grams(CALL, 4))
    assert copied([CALL[2:9]], seen, 4) == 1
    assert copied([CALL[::-1]], seen, 4) == 0
    assert copied([CALL, CALL[::-1]], seen, 4) == 0.5


@seeds
def test_the_embedding_match_is_bertscores_greedy_match(seed):
    rng = np.random.default_rng(seed)
    a, b = (rng.standard_normal((n, 6)) for n in (7, 9))
    a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (a, b))
    scale = [torch.full((1, len(x)), 1 / len(x)).double() for x in (a, b)]
    both = [torch.from_numpy(x)[None, None] for x in (a, b)]
    theirs = _get_precision_recall_f1(*both, *scale)[2].item()
    assert greedy_match(a @ b.T) == pytest.approx(theirs, rel=CLOSE)


def test_words_without_a_vector_match_only_themselves():
    vectors = {"sea": np.array([1.0, 0]), "ocean": np.array([0.8, 0.6]), "hat": np.array([0, 1.0])}
    np.testing.assert_allclose(
        cosines(["sea", "x"], ["ocean", "hat", "x"], vectors), [[0.8, 0, 0], [0, 0, 1]]
    )
    assert embedding_match([["the", "sea"]], [["the", "ocean"]], vectors) == pytest.approx(0.9)
    assert embedding_match([["the", "sea"]], [["the", "sea"]], vectors) == 1
    assert embedding_match([[]], [["the"]], vectors) == 0
