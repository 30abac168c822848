"""The language model and the word vectors that score text."""

import numpy as np
import pytest

from explorer.concepts.metrics.corpus import corpus, synonyms
from explorer.concepts.metrics.language_model import ALPHABET, language_model, vectors


@pytest.mark.parametrize("context", ["\n\n\n\n\n", "whale", "zzqzx", "the w"])
def test_the_probabilities_of_the_next_letter_add_up_to_one(context):
    probabilities = [language_model().probability(context, letter) for letter in ALPHABET]
    assert sum(probabilities) == pytest.approx(1)
    assert min(probabilities) > 0


def test_the_language_model_was_trained_on_neither_of_the_other_chapters():
    known = corpus()
    three = (known.language_model, known.train, known.test)
    own, train, test = ({words for words in part if len(words) > 10} for part in three)
    assert not own & train
    assert not own & test
    assert not train & test
    likely = language_model().log_probabilities(known.language_model[0]).mean()
    assert likely > language_model().log_probabilities(known.test[0]).mean()


def test_the_vectors_of_synonyms_are_nearer_than_those_of_words_by_chance():
    known, rng = vectors(), np.random.default_rng(0)
    near = [known[a] @ known[b] for a, b in synonyms().items() if a in known and b in known]
    table = np.stack(list(known.values())[:1000])
    np.testing.assert_allclose(np.linalg.norm(table, axis=1), 1, atol=2e-3)
    one, other = rng.integers(0, 1000, (2, 3000))
    chance = (table[one] * table[other]).sum(1)
    assert np.mean([(each > chance).mean() for each in near]) > 0.7
