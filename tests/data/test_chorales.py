"""The chorales: notes are those of the grid, nothing held out is learnt, tokens and notes agree."""

import numpy as np
import pytest

from explorer.data import chorales


def walked(pitch, onset):
    """Notes of a voice, sixteenth by sixteenth."""
    found = []
    for at, each in enumerate(pitch):
        if each < 0:
            continue
        if onset[at] or at == 0 or pitch[at - 1] != each:
            found.append([at, 0, each])
        found[-1][1] += 1
    return found


@pytest.mark.parametrize("number", [0, 4, 63, 363])
def test_notes_are_what_the_grid_says(number):
    chorale = chorales.chorales()[number]
    for voice in range(4):
        expected = walked(chorale.pitch[voice].tolist(), chorale.onset[voice].tolist())
        assert chorale.notes(voice).tolist() == expected


def test_every_chorale_is_moved_to_c_or_a_and_mostly_ends_on_it():
    found = [(each.mode, int(each.pitch[3][each.pitch[3] > 0][-1]) % 12)
             for each in chorales.chorales()]  # fmt: skip
    assert {mode for mode, _ in found} == {"major", "minor"}
    right = [last == {"major": 0, "minor": 9}[mode] for mode, last in found]
    assert np.mean(right) > 0.8  # the others end on another step of the scale


def test_no_melody_is_on_both_sides_of_the_split():
    learnt, held = chorales.split()
    assert sorted(learnt + held) == list(range(364))
    group = chorales.groups()
    assert len(np.unique(group)) == 217
    assert not set(group[list(learnt)]) & set(group[list(held)])


@pytest.mark.parametrize("kind", chorales.KINDS)
def test_tokens_and_notes_say_the_same(kind):
    melodies = chorales.melodies(kind)
    for number, row in zip(chorales.split()[1][:9], melodies.held_out, strict=False):
        real, found = chorales.chorales()[number].notes(), melodies.notes((*row, 0, 0))
        np.testing.assert_array_equal(found[:, 2], real[:, 2])
        if kind == "notes":
            np.testing.assert_array_equal(found[:, 1], real[:, 1])
            assert (np.diff(found[:, 0]) == found[:-1, 1]).all()
    assert melodies.notes((0, 0)).shape == (0, 3)
