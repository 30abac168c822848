"""A visitor's own text under the detector."""

import pytest

from explorer.concepts.ethics import Config, Model, OwnTextConfig, read_text
from explorer.runs import finish


def last(text, **changes):
    return finish(read_text(OwnTextConfig(text), Model(Config(**changes))))[0][-1]


@pytest.mark.parametrize("scheme", ["green", "gumbel"])
def test_the_text_that_is_offered_is_detected_and_with_another_key_it_is_not(scheme):
    text = Model(Config(scheme=scheme)).text()
    assert last("", scheme=scheme).p < 1e-4
    assert last(text, scheme=scheme).p == last("", scheme=scheme).p
    assert last(text, scheme=scheme, key=8).p > 1e-3


@pytest.mark.parametrize("text", ["!", "one", "whale " * 400, "Ünïcode 語 and words"])
def test_any_text_can_be_tested(text):
    found = last(text)
    assert 0 < found.p <= 1
    assert found.counted < 5


def test_a_text_that_is_too_long_is_refused_by_name_rule_and_value():
    with pytest.raises(ValueError, match="text must have at most 3000 characters"):
        OwnTextConfig("a" * 3001)
