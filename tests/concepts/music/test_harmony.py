"""Four voices: parallels as a musician counts them, and networks that see what they should."""

import numpy as np
import pytest
import torch

from explorer.concepts.music import harmony
from explorer.concepts.music.harmony import COLUMNS, VoiceNet, harmonised, parallels
from explorer.nets import generator


def chords(*columns):
    """(1, 4, beats) of chords as soprano, alto, tenor, bass."""
    return np.array(columns).T[None]


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ((72, 64, 55, 48), (74, 65, 57, 50), 2),  # all rise: S and B octaves, T and B fifths
        ((72, 67, 64, 48), (72, 67, 64, 48), 0),  # nobody moves
        ((72, 67, 60, 53), (71, 67, 60, 52), 1),  # S and B fall, a fifth and an octave apart
        ((72, 67, 60, 48), (74, 67, 60, 38), 0),  # S rises, B falls
        ((79, 72, 64, 48), (81, 74, 64, 48), 1),  # S and A rise, a fifth apart
        ((79, 71, 64, 48), (81, 74, 64, 48), 0),  # into a fifth, from a sixth
    ],
)
def test_parallels_are_counted_as_by_hand(first, second, count):
    assert parallels(chords(first, second))[0].tolist() == [count]


def test_a_table_sees_the_chord_before_and_the_soprano_around():
    pitch = np.array([[70, 71, 72, 73], [60, 61, 62, 63], [50, 51, 52, 53], [40, 41, 42, 43]])
    seen = harmony.table(pitch)
    number = pitch - harmony.LOWEST + 1
    assert seen[0].tolist() == [0, 0, *number[0, :3], 0, 0, 0, *number[[3, 2, 1], 0], 0, 3]
    assert seen[2, 5:8].tolist() == number[1:, 1].tolist()
    assert seen[3].tolist()[-2:] == [3, 0]


@pytest.fixture(scope="module")
def nets():
    return {
        voice: VoiceNet(len(columns), 16, generator(row))
        for row, (voice, (columns, _)) in enumerate(COLUMNS.items())
    }


def test_what_is_drawn_is_what_the_networks_say(nets):
    """The share of each bass in the first beat, over many copies of one soprano."""
    soprano = np.array([72, 74])
    drawn = harmonised(nets, [soprano] * 4000, generator(0))
    seen = harmony.table(np.array([[72, 74], [60, 60], [50, 50], [40, 40]]))[:1]
    columns, own = COLUMNS["bass"]
    logits = nets["bass"](torch.from_numpy(seen[:, columns]))[0, 1:]
    expected = logits.softmax(0).detach().numpy()
    found = np.bincount([each[3, 0] - harmony.LOWEST for each in drawn], minlength=63) / 4000
    assert own == 8
    assert np.abs(found - expected).max() < 4 * np.sqrt(0.25 / 4000)


def test_the_soprano_stays_and_rejecting_lowers_the_parallels(nets):
    sopranos = [each[0] for each in harmony.beats(True)[:12]]
    free, strict = (harmonised(nets, sopranos, generator(1), 0.2, avoid) for avoid in (False, True))
    for soprano, each in zip(sopranos, strict, strict=True):
        np.testing.assert_array_equal(each[0], soprano)
        assert each.shape == (4, len(soprano))
    count = [sum(parallels(each[None]).sum() for each in found) for found in (free, strict)]
    assert count[1] < count[0]


def test_notes_of_held_pitches_are_long_and_the_soprano_sings_every_beat():
    soprano, alto, *_ = harmony.notes(np.array([[72, 72], [60, 60], [50, 51], [40, 41]]))
    assert soprano.tolist() == [[0, 4, 72], [4, 4, 72]]
    assert alto.tolist() == [[0, 8, 60]]
