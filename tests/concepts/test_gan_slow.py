"""Slow motion: one update at a time, before and after."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from explorer.concepts import gan
from explorer.concepts.gan import Config, Game, Slow
from explorer.runs import finish

SHORT = Config(steps=30, batch=64, hidden=16, d_hidden=16, d_updates=2)


@cache
def moves(config=SHORT, start=4):
    _, model = finish(gan.train(config))
    return finish(gan.updates(Slow(config, start, 9), model))[0]


def test_every_update_is_shown_before_and_after():
    frames = moves()
    assert [frame.done for frame in frames] == [False, True] * 9
    assert [frame.step for frame in frames] == list(range(18))


def test_the_judge_has_its_turns_before_the_generator():
    turns = [frame.player for frame in moves()[::2]]
    assert turns == ["judge", "judge", "generator"] * 3


def test_points_stand_still_while_the_judge_moves_and_the_judge_while_points_move():
    for frame in moves():
        still, moved = frame.after - frame.before, np.abs(frame.change).max()
        if not frame.done:
            assert not still.any()
            assert moved == 0
        elif frame.player == "judge":
            assert not still.any()
            assert moved > 0
        else:
            assert still.any()
            assert moved == 0


def test_an_update_begins_where_the_last_one_ended():
    frames = moves()
    for after, before in zip(frames[1::2], frames[2::2]):
        np.testing.assert_array_equal(after.belief, before.belief)


@pytest.mark.parametrize("regulariser", ["r1", "spectral"])
def test_a_game_taken_up_again_is_the_game_that_was_left(regulariser):
    config = replace(SHORT, regulariser=regulariser)
    game = Game(config)
    for _ in range(10):
        game.round()
    again = Game(config)
    again.take_up(game.moment())
    real, z = game.real.next(), game.noise.next()
    with torch.no_grad():
        for each in (game, again):
            each.set_rates()
            made = each.forger.activations(z)
            each.judge_update(real, made[-1])
            each.forger_update(made, real)
    torch.testing.assert_close(again.judge_adam.flat.value, game.judge_adam.flat.value)
    torch.testing.assert_close(again.forger_adam.flat.value, game.forger_adam.flat.value)
    torch.testing.assert_close(again.average.value, game.average.value)


def test_slow_motion_starts_in_the_tenth_that_was_asked_for():
    assert moves(start=0)[0].round == 0
    assert moves(start=4)[0].round == 12


def test_nothing_moves_where_the_rates_have_faded_to_zero():
    for frame in moves(start=10):
        assert not frame.change.any()
        np.testing.assert_array_equal(frame.after, frame.before)


def test_what_is_about_to_move_is_lit_and_told():
    before, after = (gan.slow_scene(frame) for frame in moves()[:2])
    assert [panel.active for panel in before.panels] == [True, True, True, False]
    assert [panel.active for panel in after.panels] == [False, False, False, True]
    assert "judge's turn" in before.sentence
    assert "has taken its step" in after.sentence
    generator = gan.slow_scene(moves()[5])
    assert "typical point moved" in generator.sentence
    assert "Moves" in generator.panels[3].caption


def test_slow_motion_does_not_touch_the_model_it_came_from():
    _, model = finish(gan.train(SHORT))
    kept = {name: value.copy() for name, value in model.weights().items()}
    finish(gan.updates(Slow(SHORT, 3, 3), model))
    for name, value in model.weights().items():
        np.testing.assert_array_equal(value, kept[name])


def test_images_have_no_slow_motion():
    with pytest.raises(ValueError, match=r"game must be about points.*Got digits instead"):
        Slow(Config(dataset="digits"))
