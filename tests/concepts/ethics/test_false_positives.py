"""Real text is accused exactly as often as the level says."""

import numpy as np
import pytest

from explorer.concepts.ethics import Config, FalsePositivesConfig, Model, false_positives
from explorer.concepts.ethics.false_positives import LEVELS, size
from explorer.concepts.ethics.watermark import Watermark
from explorer.runs import finish


def run(texts, **changes):
    config = FalsePositivesConfig(texts)
    model = Model(Config(**changes))
    return finish(false_positives.search_real_text(config, model))[0][-1]


@pytest.mark.parametrize("scheme", ["green", "gumbel"])
def test_measured_and_exact_shares_agree_within_the_standard_error(scheme):
    last = run(4000, scheme=scheme, steps=60)
    for level in (10, 15, 20, 25):  # of LEVELS
        exact = last.exact[level]
        error = (exact * (1 - exact) / last.step) ** 0.5
        assert abs(last.once[level] - exact) < 4 * error


def test_counting_repetitions_accuses_too_many():
    last = run(4000, dataset="letters", context=1, steps=200)
    at = int(np.abs(LEVELS - 0.01).argmin())
    assert last.naive[at] > 0.03 > 0.015 > last.once[at]


def test_a_level_between_two_counts_is_not_reached():
    exact = size(3, Watermark("green", 0, gamma=0.5))
    assert set(exact.round(9).tolist()) <= {0.0, 0.125, 0.5, 0.875, 1.0}
    assert (exact <= LEVELS + 1e-12).all()
