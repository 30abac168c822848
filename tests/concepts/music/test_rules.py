"""The rules: counted note by note, as a musician would."""

import numpy as np

from explorer.concepts.music import rules
from explorer.concepts.music.optimum import CAP


def token(pitch):
    return int(np.flatnonzero(rules.pitches() == pitch)[0])


def melody(*pitches):
    row = np.zeros(CAP, int)
    row[: len(pitches)] = [token(each) for each in pitches]
    return row


def counted(*pitches):
    return dict(zip(rules.RULES, rules.counts(melody(*pitches)[None])[0], strict=True))


def test_a_melody_by_hand():
    found = counted(72, 72, 74, 66, 81, 72)
    assert found == {
        "accidental": 1,  # F sharp
        "leap": 3,  # D to F sharp, to A, to C
        "repetition": 1,
        "outside": 1,  # A5
        "tonic": 1,
        "length": 6,
    }


def test_what_comes_after_the_end_does_not_count():
    assert counted(74)["tonic"] == 0
    assert counted(60)["length"] == 1
    assert not any(counted().values())


def test_the_reward_is_the_weighted_sum_of_what_is_counted():
    weights = (-1.0, -1.0, -0.5, -0.5, 3.0, 0.15)
    row = melody(72, 71, 73, 64, 60)
    before = np.r_[0, row[:-1]][:6]
    reward = rules.reward_table(weights)[before, row[:6]].sum()
    assert reward == np.dot(rules.counts(row[None])[0], weights)
