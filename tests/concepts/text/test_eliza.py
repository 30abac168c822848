"""ELIZA: the first rule that matches writes the reply."""

import pytest

from explorer.concepts.text.eliza import SCRIPT, ElizaConfig, match, normal, reply, talk


def test_the_rule_that_replies_is_the_first_that_matches():
    for message in ("I am sad", "my mother loves cats", "hm", "you and I", "I can't sleep because"):
        words = normal(message)
        number, *_, answer = reply(words)
        assert all(match(pattern, words) is None for _, pattern, _ in SCRIPT[:number])
        assert "{" not in answer
        *_, last = talk(ElizaConfig(message))
        assert last.built[-1] == ("Reply", answer)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("I can’t sleep!", "i can't sleep"),
        ("“José”, ça va?", "josé ça va"),
        ("ＹＥＳ\u00a0no", "ｙｅｓ no"),
    ],
)
def test_a_message_is_read_with_its_apostrophes_and_in_every_script(typed, words):
    assert normal(typed) == words


def test_a_curly_apostrophe_meets_the_rule_for_it():
    assert reply(normal("I can’t sleep"))[0] == reply(normal("I can't sleep"))[0]
    assert SCRIPT[reply(normal("I can’t sleep"))[0]][1] == "* i can't *"
