"""Texts as numbers, pairs that become tokens, and a language known exactly."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import torch

from explorer.data import markov, text
from explorer.data.bpe import learn, merge

CORPORA = [*text.CORPORA, text.OWN + "the cat sat on the mat. " * 30]
every_corpus = pytest.mark.parametrize("name", CORPORA, ids=lambda name: name[:8])


@every_corpus
def test_a_text_comes_back_from_its_numbers(name):
    corpus = text.load(name)
    for part in (corpus.train, corpus.held_out):
        written = corpus.decode(part.tolist())
        assert corpus.encode(written) == part.tolist()
    assert corpus.vocabulary[0] == "\n"
    assert corpus.characters == len(corpus.held_out)


def test_no_held_out_name_is_in_the_training_text():
    corpus = text.load("names")
    learnt, kept = (
        [tuple(line.tolist()) for line in corpus.parts(part)]
        for part in (corpus.train, corpus.held_out)
    )
    assert not set(learnt) & set(kept)
    assert len(learnt) + len(kept) == len(set(learnt)) + len(set(kept)) > 8000
    assert all(line[-1] == 0 and 0 not in line[:-1] for line in learnt + kept)


@pytest.mark.parametrize("wrong", ["", "abc", "a" * 3000, "ab " * 7000, "🙂" * 400])
def test_a_text_that_cannot_be_learnt_from_is_refused_with_a_sentence(wrong):
    with pytest.raises(ValueError, match=r"text must have .* Got"):
        text.load(text.OWN + wrong)


@pytest.mark.parametrize(
    "word", ["पूर्व ", "กำลังใจ ", "كِتَابٌ ", "日本語。", "한국어 ", "f(x)=[a]{b}; "]
)
def test_a_text_in_any_script_is_learnt_whole_and_comes_back(word):
    corpus = text.load(text.OWN + word * 100)
    assert corpus.decode(corpus.train.tolist()).startswith(word)
    assert corpus.encode(word) == corpus.train[: len(corpus.encode(word))].tolist()


def test_what_was_left_out_of_an_own_text_is_said_and_the_rest_is_read_again_as_it_stands():
    found = text.checked("e\u0301t\u00e9\u00a0nu\u200b \n\n" * 60)
    assert found.text.startswith("été nu\nété")
    assert found.remark == "Invisible and left out: zero width space (60 times)."
    assert text.checked(found.text) == text.Read(found.text, "")


def test_the_rarest_of_too_many_kinds_are_read_as_one_sign_and_that_is_said():
    many = "".join(chr(0x4E00 + i) * (1 + (i < text.KINDS)) for i in range(text.KINDS + 500))
    found = text.checked(many)
    assert len(set(found.text)) == text.KINDS
    assert found.text.count(text.RARE) == 502
    assert "the 501 rarest are read as □" in found.remark
    assert text.checked(found.text).text == found.text


def test_an_own_list_of_short_lines_is_learnt_line_by_line():
    ends = ("el", "or", "in", "us", "am", "yx")
    towns = "\n".join(f"{a}{b}ton" for a in "abcdefgh" for b in ends)
    assert text.load(text.OWN + towns).lines
    assert not text.load(CORPORA[-1]).lines


def test_pairs_are_those_of_an_implementation_on_lists():
    rng = np.random.default_rng(0)
    numbers = rng.integers(0, 3, 400).tolist()
    found, merged = learn(numbers, 3, 12)
    pairs, rest = [], numbers
    for new in range(3, 15):
        counts = Counter(pairwise(rest))
        pair = min(counts, key=lambda each: (-counts[each], each))
        pairs.append(pair)
        done, at = [], 0
        while at < len(rest):
            if tuple(rest[at : at + 2]) == pair:
                done.append(new)
                at += 2
            else:
                done.append(rest[at])
                at += 1
        rest = done
    assert found == pairs
    assert merged == rest == merge(numbers, found, 3)


def test_longer_tokens_spell_the_same_text():
    short, long = text.load("names"), text.load("names", 50)
    assert long.decode(long.held_out.tolist()) == short.decode(short.held_out.tolist())
    assert long.characters == short.characters > len(long.held_out)
    assert not any("\n" in token for token in long.vocabulary[1:])
    assert long.encode("anna\n") == merge(short.encode("anna\n"), long.merges, short.size)


def test_the_known_source_scores_its_entropy_rate_on_its_own_text():
    written = markov.write(60_000, torch.Generator().manual_seed(1))
    bits = -np.log2(markov.source().follow(written))
    assert bits.mean() == pytest.approx(markov.entropy_rate(), abs=0.02)


def test_the_entropy_rate_is_what_the_word_by_word_sum_gives():
    """Bits of a word by the chain rule, over its mean length."""
    four = -sum(w * np.log2(w) for w in markov.WEIGHTS)
    c = markov.CLOSE
    middles = (1 - c) / c
    stops = -(c * np.log2(c) + (1 - c) * np.log2(1 - c)) * (middles + 1)
    exact = (2 * four + middles * 2 * four + stops) / (2 + 2 * middles + 2 + 1)
    assert markov.entropy_rate() == pytest.approx(exact, abs=1e-12)


def test_every_state_of_the_known_source_has_probabilities_that_add_up_to_one():
    assert all(sum(c for _, c, _ in row) == pytest.approx(1) for row in markov.source().transitions)
