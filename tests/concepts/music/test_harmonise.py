"""A melody of one's own, and one of Bach's: refused, kept, and shown beat by beat."""

import numpy as np
import pytest

from explorer.concepts import music
from explorer.concepts.music import harmony
from explorer.concepts.music.harmonise import HarmoniseConfig, accompany, own_melody
from explorer.runs import finish
from tests.contract import run


@pytest.mark.parametrize("wrong", ["72", "72-", "50-52", "72-85", "c-d", "-", "72-" * 70 + "72"])
def test_what_is_no_melody_is_refused(wrong):
    with pytest.raises(ValueError, match="melody must be"):
        own_melody(wrong)


def test_a_melody_is_read_and_nothing_is_none():
    assert own_melody("72-74-60") == (72, 74, 60)
    assert own_melody("") == ()


@pytest.mark.parametrize("melody", ["", "72-74-76-72"])
def test_beat_by_beat_the_chords_grow_below_the_soprano(melody):
    choir = run(music, "voices")[1]
    config = HarmoniseConfig(melody, chorale=2)
    snapshots, whole = finish(accompany(config, choir))
    assert [each.step for each in snapshots] == list(range(1, len(config.soprano) + 1))
    for each in snapshots:
        np.testing.assert_array_equal(each.chords, whole.chords[:, : each.step])
        np.testing.assert_array_equal(each.chords[0], config.soprano[: each.step])
        assert (each.bach is None) == bool(melody)
    if not melody:
        np.testing.assert_array_equal(snapshots[0].bach, harmony.beats(True)[2][:, :64])
