"""Step by step: one update at a time, before and after."""

from functools import cache

import numpy as np
import pytest

from explorer.concepts import gan
from explorer.concepts.gan import Config, Steps
from explorer.runs import finish

SHORT = Config(steps=30, batch=64, hidden=16, d_hidden=16, d_updates=2)


@cache
def updates(start=4):
    _, model = finish(gan.train(SHORT))
    return finish(gan.step_by_step(Steps(SHORT, start, 9), model))[0]


def test_every_update_is_shown_before_and_after():
    frames = updates()
    assert [frame.done for frame in frames] == [False, True] * 9
    assert [frame.step for frame in frames] == list(range(18))


def test_the_discriminator_is_updated_before_the_generator():
    networks = [frame.network for frame in updates()[::2]]
    assert networks == ["discriminator", "discriminator", "generator"] * 3


def test_only_the_network_that_is_updated_changes():
    for frame in updates():
        moved, change = frame.after - frame.before, np.abs(frame.change).max()
        assert bool(moved.any()) == (frame.done and frame.network == "generator")
        assert bool(change) == (frame.done and frame.network == "discriminator")


def test_an_update_begins_where_the_last_one_ended():
    frames = updates()
    for after, before in zip(frames[1::2], frames[2::2]):
        np.testing.assert_array_equal(after.output, before.output)


def test_it_starts_in_the_tenth_that_was_asked_for():
    assert updates(start=0)[0].train_step == 0
    assert updates(start=4)[0].train_step == 12


def test_what_is_about_to_change_is_lit_and_named():
    before, after = (gan.step_scene(frame) for frame in updates()[:2])
    assert [panel.active for panel in before.panels] == [True, True, True, False]
    assert [panel.active for panel in after.panels] == [False, False, False, True]
    assert "Next: an update of the discriminator" in before.sentence
    assert "The discriminator was updated" in after.sentence
    generator = gan.step_scene(updates()[5])
    assert "typical sample moved" in generator.sentence
    assert "move of each sample" in generator.panels[3].caption


def test_a_loss_has_a_point_before_the_first_update_and_one_after_each():
    points = [gan.step_scene(frame).panels[2].marks[0].xy for frame in updates()]
    assert np.concatenate(points)[:, 0].tolist() == list(range(10))


def test_the_model_that_it_starts_from_is_not_touched():
    _, model = finish(gan.train(SHORT))
    kept = {name: value.copy() for name, value in model.weights().items()}
    finish(gan.step_by_step(Steps(SHORT, 3, 3), model))
    for name, value in model.weights().items():
        np.testing.assert_array_equal(value, kept[name])


def test_images_have_no_single_updates():
    with pytest.raises(ValueError, match=r"train must be about points.*Got digits instead"):
        Steps(Config(dataset="digits"))
