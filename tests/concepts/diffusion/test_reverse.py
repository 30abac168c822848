"""The reverse process: with the exact score every state is where it should be."""

from typing import Any

import numpy as np
import pytest

from explorer.concepts import diffusion
from explorer.concepts.diffusion.config import Config
from explorer.concepts.diffusion.model import PlaneModel
from explorer.concepts.diffusion.reverse import ReverseConfig, reverse
from explorer.concepts.diffusion.samplers import SAMPLERS
from explorer.data import plane


def exact(name):
    """A model that knows the exact denoised estimate for a distribution of the plane."""
    return PlaneModel(Config(name), lambda x, s: x + s**2 * plane.get(name).noised(1, s).score(x))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_with_the_exact_score_every_state_is_where_it_should_be(sampler):
    steps = 20 if sampler == "heun" else 60
    snapshots: list[Any] = list(reverse(ReverseConfig(sampler, "cosine", steps), exact("ring")))
    last = snapshots[-1]
    assert last.noise_level == 0
    assert last.scores.modes == 8
    assert last.scores.distance <= 1.3 * last.scores.distance_floor.high
    assert max(s.distance - s.perfect for s in snapshots) < 0.15


def test_the_learnt_arrows_of_the_exact_model_are_the_exact_arrows():
    snapshots: list[Any] = list(reverse(ReverseConfig(steps=6), exact("moons")))
    for snapshot in snapshots:
        np.testing.assert_allclose(snapshot.learnt, snapshot.exact, atol=2e-3)


def test_one_step_lands_near_the_mean_of_all_data():
    snapshots: list[Any] = list(reverse(ReverseConfig("ddim", steps=1), exact("grid")))
    first, last = snapshots
    assert np.abs(last.x).mean() < 0.1 < np.abs(first.real).mean()
    assert "mean" in diffusion.reverse_scene(last).sentence


def test_n_steps_have_n_plus_one_states_and_ends_without_noise():
    snapshots: list[Any] = list(reverse(ReverseConfig(steps=7), exact("ring")))
    assert [snapshot.step for snapshot in snapshots] == list(range(8))
    levels = [snapshot.noise_level for snapshot in snapshots]
    assert levels == sorted(levels, reverse=True)
    assert snapshots[-1].evaluations == 13


def test_what_overflows_ends_in_a_sentence():
    wild = PlaneModel(Config("ring"), lambda x, s: x * 1e30)
    with pytest.raises(FloatingPointError, match="Clip the denoised estimate"):
        list(reverse(ReverseConfig(steps=9), wild))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sampler": "euler2"}, "sampler must be one of"),
        ({"steps": 0}, "steps must be a whole number between 1 and 100"),
        ({"guidance": -1.0}, "guidance must be between 0 and 12"),
        ({"label": 10}, "label must be one of"),
    ],
)
def test_impossible_settings_are_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        ReverseConfig(**change)
