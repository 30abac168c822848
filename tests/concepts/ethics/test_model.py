"""The language models of the watermark."""

import numpy as np
import pytest

from explorer.concepts.ethics.model import Bigram, hashes_of, language, split


@pytest.mark.parametrize("kind", ["words", "letters"])
def test_probabilities_add_up_to_one(kind):
    model = language(kind, 0)
    p = model.probabilities(model.starts(30, np.random.default_rng(0)))
    assert p.shape == (30, len(model.tokens))
    assert p.min() > 0
    np.testing.assert_allclose(p.sum(1), 1, atol=1e-12)


def test_the_fast_bigram_equals_the_n_gram_that_it_was_made_of():
    import torch

    from explorer.concepts.shared.ngram import fit, rows_of

    stream = torch.from_numpy(np.random.default_rng(0).zipf(1.6, 3000).clip(1, 40) - 1)
    slow = fit(rows_of(stream, 2, False), 2, 40)
    contexts = np.arange(40)[:, None]
    expected = slow.probabilities(contexts)
    np.testing.assert_allclose(Bigram(slow).probabilities(contexts), expected, rtol=1e-12)


def test_no_word_that_is_tested_was_learnt_from_and_the_seed_chooses_the_half():
    model, other = language("words", 0), language("words", 1)
    assert abs(len(model.real) / 108_000 - 1) < 0.05
    assert not np.array_equal(model.learnt[:500], other.learnt[:500])


def test_a_hash_does_not_depend_on_the_vocabulary():
    few, many = hashes_of(["whale"]), hashes_of(split("The white whale!", "words"))
    assert few[0] == many[2]
    assert len(set(many.tolist())) == 3
