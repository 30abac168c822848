"""The grammar: every derivation ends in words, and all of them are counted."""

from itertools import product

from explorer.concepts.text.grammar import RULES, GrammarConfig, derive, sentences


def test_every_grammatical_sentence_ends_in_words_and_is_counted():
    for seed in range(20):
        *_, last = derive(GrammarConfig(seed=seed))
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
