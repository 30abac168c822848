"""Text has experiments, corruptions and pictures of its own."""

import pytest

from explorer.concepts import metrics
from explorer.runs import finish


def test_text_has_a_run_and_a_picture_in_every_view():
    config = metrics.TextConfig("loop", samples=60, steps=2)
    stops, model = finish(metrics.corrupt_text(config))
    assert [s.step for s in stops] == [0, 1, 2]
    for view in metrics.EXPERIMENTS["text"].views:
        assert metrics.text_scene(stops[-1], view).sentence
    assert len(model.sample(5, 1)) == 5


def test_a_corruption_of_text_is_none_of_images():
    with pytest.raises(ValueError, match=r"corruption must be one of blur.* Got 'loop' instead\."):
        metrics.Config("mnist", "loop")
    with pytest.raises(ValueError, match="corruption must be one of shuffle"):
        metrics.TextConfig("blur")
