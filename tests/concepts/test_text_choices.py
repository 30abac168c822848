"""Choosing the next symbol, and what was copied: against exact enumeration of small cases."""

from itertools import product

import numpy as np
import pytest
import torch

from explorer.concepts.text import novelty
from explorer.concepts.text.config import Config
from explorer.concepts.text.eliza import SCRIPT, Eliza, match, reply, spoken, talk
from explorer.concepts.text.grammar import RULES, Grammar, derive, sentences
from explorer.concepts.text.ngram import fitted
from explorer.concepts.text.sampling import Filters, beam, draw, filtered, greedy
from explorer.concepts.text.sizes import Sizes, SizesSnapshot, flip
from explorer.concepts.text.sizes_scene import sizes_scene
from explorer.concepts.text.train import looks
from explorer.concepts.text.writing import follow, texts, write
from explorer.data import text
from explorer.nets import generator

CHANCES = np.array([0.4, 0.05, 0.25, 0.2, 0.1])


def by_hand(p, used, t, k, top_p, penalty):
    """The filters, one symbol at a time."""
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
    found = filtered(torch.from_numpy(np.log(CHANCES)), [0, 3, 3], Filters(t, k, top_p, penalty))
    wanted = by_hand(CHANCES, {0, 3}, t, k, top_p, penalty)
    np.testing.assert_allclose(found, wanted, atol=1e-12)
    assert float(found.sum()) == pytest.approx(1)


def test_no_filter_leaves_everything_as_it_was():
    found = filtered(torch.from_numpy(np.log(CHANCES)), [1], Filters())
    np.testing.assert_allclose(found, CHANCES)


class Small:
    """Three symbols, of which 0 ends; what follows depends on the last one."""

    after = torch.tensor([[0.1, 0.5, 0.4], [0.3, 0.3, 0.4], [0.55, 0.05, 0.4]])

    def begin(self, n):
        return None

    def read(self, symbols, memory):
        return self.after[symbols].log(), None


def endings(length):
    """Every continuation with its chance: complete at 0 or when it is so long."""
    found = {}
    for n in range(1, length + 1):
        for path in product(range(3), repeat=n):
            if 0 in path[:-1] or (path[-1] != 0 and n < length):
                continue
            p, last = 1.0, 0
            for symbol in path:
                p *= float(Small.after[last, symbol])
                last = symbol
            found[path] = p
    return found


def test_a_beam_that_is_wide_enough_finds_the_likeliest_of_all():
    every = endings(5)
    assert sum(every.values()) == pytest.approx(1)
    best = sorted(every.items(), key=lambda item: -item[1])[:4]
    found = beam(Small(), [], 5, 60)[:4]
    np.testing.assert_allclose(
        [np.exp(path.log) for path in found], [p for _, p in best], rtol=1e-5
    )
    assert found[0].symbols == best[0][0]


def test_a_wider_beam_is_never_worse_than_greed():
    writer, corpus = fitted(text.load("names"), 5, "kneser"), text.load("names")
    for start in ("", "ma", "chri", "x"):
        numbers = corpus.encode(start)
        assert beam(writer, numbers, 20, 8)[0].log >= greedy(writer, numbers, 20).log - 1e-6


def test_dice_fall_as_often_as_the_chances_say():
    every, counts, rng = endings(3), {}, generator(0)
    for _ in range(3000):
        path = draw(Small(), [], 3, Filters(), rng)
        assert np.exp(path.log) == pytest.approx(every[path.symbols], rel=1e-5)
        counts[path.symbols] = counts.get(path.symbols, 0) + 1
    for path, p in every.items():
        assert counts.get(path, 0) / 3000 == pytest.approx(p, abs=0.03)


def test_the_chance_of_a_text_is_the_product_of_those_of_its_symbols():
    corpus = text.load("names")
    writer = fitted(corpus, 5, "kneser")
    logs = follow(writer, corpus.encode("anna"))
    assert logs.shape == (5, corpus.size)
    np.testing.assert_allclose(logs.exp().sum(1), 1, atol=1e-5)


def test_written_names_end_at_their_first_break():
    corpus = text.load("names")
    rows = write(fitted(corpus, 5, "kneser"), 50, 24, generator(0), True)
    for row, name in zip(rows.tolist(), texts(corpus, rows), strict=True):
        ends = row.index(0) if 0 in row else len(row)
        assert len(name) == ends
        assert not any(row[ends:])


def edits(a, b):
    """Levenshtein's distance, by its recursion."""
    if not a or not b:
        return len(a) + len(b)
    change = edits(a[1:], b[1:]) + (a[0] != b[0])
    return min(change, edits(a[1:], b) + 1, edits(a, b[1:]) + 1)


def test_the_nearest_name_is_found_by_edit_distance():
    words = ["ann", "bob", "maria", "mark", "zoe"]
    table = np.zeros((5, 5), np.int64)
    for row, word in zip(table, words, strict=True):
        row[: len(word)] = [ord(c) for c in word]
    lengths = np.array([len(word) for word in words])
    for sample in ("mario", "an", "", "kram"):
        found = novelty.distances(sample, table, lengths)
        assert found.tolist() == [edits(sample, word) for word in words]


def test_a_copy_is_called_a_copy_and_an_invention_is_not():
    corpus = text.load("names")
    first = corpus.decode(corpus.parts(corpus.train)[0].tolist()).strip()
    copy, new = novelty.trace(first, corpus), novelty.trace("qqxqz", corpus)
    assert (copy.copied, copy.edits, copy.run, copy.nearest) == (True, 0, first, first)
    assert not new.copied
    assert new.edits > 0
    assert novelty.share_copied([first, "qqxqz"], corpus) == 0.5


def test_the_longest_run_is_found():
    rng = np.random.default_rng(0)
    for _ in range(50):
        a, b = ("".join(rng.choice(list("ab"), n)) for n in (8, 20))
        pieces = {a[i:j] for i in range(8) for j in range(i, 9)}
        assert len(novelty.longest_run(a, b)) == max(len(p) for p in pieces if p in b)


def test_every_grammatical_sentence_ends_in_words_and_is_counted():
    for seed in range(20):
        *_, last = derive(Grammar(seed=seed))
        assert not any(word in RULES for word in last.forms[-1].split())
    assert sentences(2) == 0
    for depth in (3, 4):
        assert sentences(depth) == len(every_sentence("SENTENCE", depth))


def every_sentence(name, depth):
    if name not in RULES:
        return [name]
    if depth == 0:
        return []
    return [
        " ".join(words)
        for choice in RULES[name]
        for words in product(*(every_sentence(word, depth - 1) for word in choice.split()))
    ]


def test_the_rule_that_replies_is_the_first_that_fits():
    for said in ("I am sad", "my mother loves cats", "hm", "you and I", "I can't sleep because"):
        words = spoken(said)
        number, *_, answer = reply(words)
        assert all(match(pattern, words) is None for _, pattern, _ in SCRIPT[:number])
        assert "{" not in answer
        *_, last = talk(Eliza(said))
        assert last.built[-1] == ("Reply", answer)


def test_the_order_flips_where_the_curves_cross():
    found = np.array([[100.0, 3.0, 3.4], [1000.0, 2.8, 2.9], [10_000.0, 2.6, 2.5]])
    assert flip(found) == pytest.approx(10**3.5)
    assert flip(found[:2]) is None


@pytest.mark.parametrize(
    ("gaps", "said"),
    [
        ([0.4, 0.1, 0.2], "the order has not flipped"),
        ([0.4, 0.1, -0.2], "the order flips near"),
        ([-0.4, -0.1, -0.2], "on every part so far the network is ahead"),
        ([0.4, -0.1, 0.2], "with 1,000 characters the network is ahead"),
    ],
)
def test_what_is_said_about_sizes_is_what_the_curves_show(gaps, said):
    found = np.array([[10.0 ** (2 + i), 3.0, 3.0 + gap] for i, gap in enumerate(gaps)])
    base = Config(rungs=("lstm",), steps=5)
    seen = SizesSnapshot(3, Sizes(base), found, np.array([50.0, 2e4, 2.0, 5.0]), float("nan"))
    assert said in sizes_scene(seen).sentence.lower()


def test_a_run_is_looked_at_every_tenth_step_at_most_but_for_a_few_times():
    assert [looks(steps) for steps in (1, 30, 80, 200, 600, 6000)] == [4, 4, 8, 20, 20, 20]
