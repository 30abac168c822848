"""What was copied: edit distance and longest run against their definitions."""

import numpy as np

from explorer.concepts.text import measure
from explorer.data import text


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
        found = measure.distances(sample, table, lengths)
        assert found.tolist() == [edits(sample, word) for word in words]


def test_a_copy_is_called_a_copy_and_an_invention_is_not():
    corpus = text.load("names")
    first = corpus.decode(corpus.parts(corpus.train)[0].tolist()).strip()
    copy, new = measure.origin(first, corpus), measure.origin("qqxqz", corpus)
    assert (copy.copied, copy.edits, copy.run, copy.nearest) == (True, 0, first, first)
    assert not new.copied
    assert new.edits > 0
    assert measure.share_copied([first, "qqxqz"], corpus) == 0.5


def test_the_longest_run_is_found():
    rng = np.random.default_rng(0)
    for _ in range(50):
        a, b = ("".join(rng.choice(list("ab"), n)) for n in (8, 20))
        pieces = {a[i:j] for i in range(8) for j in range(i, 9)}
        assert len(measure.longest_run(a, b)) == max(len(p) for p in pieces if p in b)
