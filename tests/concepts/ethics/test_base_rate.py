"""Bayes' rule for rare things."""

import pytest

from explorer.concepts.ethics.base_rate import BaseRateConfig, predictive_value, screen
from explorer.runs import finish


def test_ninety_per_cent_of_one_per_cent_is_one_in_twelve():
    assert predictive_value(BaseRateConfig()) == pytest.approx(1 / 12)


def test_what_is_counted_is_bayes_rule_within_the_standard_error():
    exact = predictive_value(BaseRateConfig(0.2, 0.8, 0.7))
    named = true = 0
    for seed in range(20):
        last = finish(screen(BaseRateConfig(0.2, 0.8, 0.7, seed)))[0][-1]
        named += last.named.sum()
        true += (last.named & last.generated).sum()
    assert abs(true / named - exact) < 4 * (exact * (1 - exact) / named) ** 0.5
