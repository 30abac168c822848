"""A broken field is refused by name, with the rule and the value."""

from dataclasses import dataclass
from typing import Any

import pytest

from explorer import config


@dataclass(frozen=True)
class Settings:
    rate: Any = 0.1
    steps: Any = 10
    loss: Any = "hinge"


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "1", None, True, 2.0])
def test_a_number_outside_its_interval_or_no_number_at_all_is_refused(bad):
    with pytest.raises(ValueError, match=r"rate must be between 0 and 1\. Got .* instead\."):
        config.between(Settings(rate=bad), "rate", 0, 1)


@pytest.mark.parametrize("bad", [0, 11, 5.0, True, "5"])
def test_a_count_is_a_whole_number_within_its_bounds(bad):
    with pytest.raises(ValueError, match=r"steps must be a whole number between 1 and 10"):
        config.whole(Settings(steps=bad), "steps", 1, 10)


def test_what_is_allowed_passes():
    config.between(Settings(), "rate", 0, 1)
    config.whole(Settings(), "steps", 1, 10)
    config.one_of(Settings(), "loss", ["hinge"])


def test_an_unknown_choice_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match=r"loss must be one of a, b\. Got 'hinge' instead\."):
        config.one_of(Settings(), "loss", ["a", "b"])


@pytest.mark.parametrize(("steps", "frames"), [(1, 150), (149, 150), (150, 150), (4001, 150)])
def test_frames_start_at_zero_end_at_the_last_step_and_never_repeat(steps, frames):
    taken = config.frame_steps(steps, frames)
    assert taken[0] == 0
    assert taken[-1] == steps
    assert taken == sorted(set(taken))
    assert len(taken) == min(steps, frames) + 1
