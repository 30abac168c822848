"""The LSTM by reward: its gradient is that of the objective, and the penalty holds it."""

import numpy as np
import pytest
import torch

from explorer.concepts import music
from explorer.concepts.music.lstm_reward import LSTMRewardConfig, NetworkReinforce, error, tune
from explorer.concepts.music.model import sampled
from explorer.concepts.music.reward import RewardConfig
from explorer.concepts.music.rules import counts, pitches
from explorer.nets import generator
from explorer.runs import finish
from tests.contract import run


@pytest.fixture(scope="module")
def model():
    return run(music)[1]


def test_what_the_network_says_of_a_melody_is_what_it_wrote_it_by(model):
    learner = NetworkReinforce(LSTMRewardConfig(), model)
    tokens = sampled(model.lstm, 3, generator(0))[:, :9]
    logs, state = learner.logs(model.lstm, tokens), model.lstm.initial_state(3)
    last = torch.zeros(3, dtype=torch.int64)
    for at in range(9):
        rows, state = model.lstm.step(last, state)
        last = tokens[:, at]
        found = rows.gather(1, last[:, None])[:, 0]
        torch.testing.assert_close(logs[:, at], found, rtol=1e-4, atol=1e-5)


def test_rules_count_the_pitches_of_tokens_with_durations(model):
    learner = NetworkReinforce(LSTMRewardConfig(), model)
    tokens = sampled(model.lstm, 20, generator(1)).numpy()
    counted = counts(learner.plain[tokens])
    assert np.array_equal(counted[:, -1], (tokens > 0).sum(1))
    pitch = model.melodies.pitch[tokens]
    outside = ((tokens > 0) & ((pitch < 60) | (pitch > 79))).sum(1)
    assert np.array_equal(counted[:, 3], outside)
    assert np.array_equal(pitches()[learner.plain], model.melodies.pitch)


def test_before_the_first_update_nothing_has_moved_and_then_the_reward_rises(model):
    snapshots, tuned = finish(tune(LSTMRewardConfig(RewardConfig(length=0.0), steps=25), model))
    first, last = snapshots[0].now, snapshots[-1].now
    assert not first.surprise.any()
    assert np.array_equal(first.rewards, snapshots[0].before.rewards)
    spread = np.hypot(error(first.rewards), error(last.rewards))
    assert last.rewards.mean() > first.rewards.mean() + 4 * spread
    assert last.surprise.mean() > 0
    assert any((a != b).any() for a, b in zip(tuned.weights().values(),
                                              model.weights().values(), strict=True))  # fmt: skip


def test_a_large_penalty_keeps_the_network_nearer_to_what_it_was(model):
    kl = [
        finish(tune(LSTMRewardConfig(RewardConfig(beta=beta), steps=12), model))[0][-1]
        .now.surprise.mean()
        for beta in (0.0, 5.0)
    ]  # fmt: skip
    assert kl[1] < kl[0]
