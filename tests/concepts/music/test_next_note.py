"""Writing note by note: temperatures, openings, and what was expected."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from explorer.concepts import music
from explorer.concepts.music.next_note import NextNoteConfig, tempered, write
from explorer.concepts.music.train import REAL
from explorer.data.chorales import named
from explorer.runs import finish
from tests.contract import run


@pytest.fixture(scope="module")
def model():
    return run(music)[1]


def test_a_temperature_is_the_power_of_the_probabilities():
    p = torch.tensor([0.5, 0.3, 0.2]).double()
    for temperature in (0.25, 1.0, 2.0):
        wanted = p ** (1 / temperature)
        torch.testing.assert_close(tempered(p.log(), temperature), wanted / wanted.sum())


@pytest.mark.parametrize("name", ["lstm", "ngram"])
def test_a_melody_goes_on_from_its_opening(model, name):
    config = NextNoteConfig(name, opening=5, steps=8)
    snapshots, written = finish(write(config, model))
    real = model.melodies.notes(model.melodies.held_out[REAL])
    for snapshot in snapshots:
        np.testing.assert_array_equal(snapshot.notes[:5], real[:5])
        assert len(snapshot.notes) == 5 + snapshot.step
        assert snapshot.expected.shape == (len(snapshot.notes) + 1, 128)
        np.testing.assert_allclose(snapshot.expected.sum(axis=1), 1, rtol=1e-4)
    assert np.array_equal(written.notes, snapshots[-1].notes)


def test_near_temperature_zero_the_most_probable_note_is_written(model):
    config = NextNoteConfig(temperature=0.05, opening=0, steps=6)
    snapshots, _ = finish(write(config, model))
    for now, then in pairwise(snapshots):
        assert now.after[0] > now.before[0]
        written = named(int(then.notes[-1, 2]))
        assert written == now.labels[0].split()[0] or now.after[0] < 0.999
