"""What is said beside the pictures."""

from dataclasses import replace
from functools import cache

import pytest

from explorer.concepts.text_to_image.config import Config
from explorer.concepts.text_to_image.measure import Accuracy
from explorer.concepts.text_to_image.scene import sentence, short
from explorer.concepts.text_to_image.train import train


@cache
def first():
    return next(train(Config(hidden=16)))


def told(seen, unseen, count=480, **config):
    """The sentence at the end of a run with these joint accuracies."""
    one, other = (Accuracy((each,) * 3, each, 0.05, count) for each in (seen, unseen))
    settings = replace(first().config, **config)
    end = replace(first(), step=settings.steps, config=settings, of_seen=one, of_unseen=other)
    return sentence(end)


@pytest.mark.parametrize(
    ("seen", "unseen", "config", "begins"),
    [
        (1.0, 0.99, {}, "Composition"),
        (1.0, 0.0, {"encoder": "caption"}, "Memorised"),
        (1.0, 0.5, {}, "100 % of seen captions are drawn as asked, but only 50 %"),
        (0.4, 0.2, {}, "40 % of seen captions and 20 %"),
        (1.0, float("nan"), {"held_out": 0}, "100 % of the pictures are as asked"),
    ],
)
def test_the_sentence_says_what_the_accuracies_say(seen, unseen, config, begins):
    assert told(seen, unseen, **config).startswith(begins)


def test_the_interval_is_that_of_wilson():
    assert "(95 % interval 46 to 54 %)" in told(1.0, 0.5)


def test_before_training_nothing_is_claimed():
    assert sentence(first()).startswith("Untrained")


def test_short_captions_name_colour_and_shape():
    assert short("small purple star") == "purple star"
    assert short("large red ring bottom left") == "red ring"
