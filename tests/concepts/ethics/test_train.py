"""The run of the watermark."""

import numpy as np
import pytest

from explorer.concepts.ethics import Config, train
from explorer.runs import finish


@pytest.mark.parametrize("changes", [{}, {"scheme": "gumbel"}], ids=["green", "gumbel"])
def test_marked_texts_are_detected_and_others_are_not(changes):
    last = finish(train(Config(steps=40, **changes)))[0][-1]
    assert last.marked.detected > 0.95
    assert last.plain.detected < 0.02
    error = last.marked.z.std() / len(last.marked.z) ** 0.5
    assert abs(last.marked.z.mean() - last.expected) < 5 * error


def test_eight_words_are_too_few_for_any_detection():
    last = finish(train(Config(steps=8)))[0][-1]
    assert last.marked.detected == 0
    assert np.isnan(last.critical)
