"""ELIZA: the first rule that matches writes the reply."""

from explorer.concepts.text.eliza import SCRIPT, ElizaConfig, match, normal, reply, talk


def test_the_rule_that_replies_is_the_first_that_matches():
    for message in ("I am sad", "my mother loves cats", "hm", "you and I", "I can't sleep because"):
        words = normal(message)
        number, *_, answer = reply(words)
        assert all(match(pattern, words) is None for _, pattern, _ in SCRIPT[:number])
        assert "{" not in answer
        *_, last = talk(ElizaConfig(message))
        assert last.built[-1] == ("Reply", answer)
