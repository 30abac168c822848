"""What judges the melodies: bits that add up, copies that are found, errors that are honest."""

import numpy as np
import pytest
import torch

from explorer.concepts.music import measure
from explorer.concepts.music.model import LSTM, fitted
from explorer.concepts.shared.generation import predict
from explorer.data import chorales
from explorer.nets import generator


def test_the_lstm_is_charged_for_every_note_and_the_end():
    melodies = chorales.melodies("pitches")
    net = LSTM(melodies, 16, generator(0))
    row = melodies.held_out[5]
    logs, _ = predict(net, row)
    nats = -sum(float(logs[at, token]) for at, token in enumerate((*row, 0)))
    assert measure.cost(net, "pitches")[5] == pytest.approx(nats / np.log(2), rel=1e-4)


def test_the_n_gram_is_charged_in_the_same_way():
    melodies = chorales.melodies("notes")
    gram, row = fitted("notes", 3), melodies.held_out[7]
    logs, _ = predict(gram, row)
    nats = -sum(float(logs[at, token]) for at, token in enumerate((*row, 0)))
    found = measure.gram_cost(gram, melodies)[7]
    assert found == pytest.approx(nats / np.log(2), rel=1e-4)


def test_the_gain_is_the_difference_of_bits_a_note_and_of_itself_nothing():
    rng = np.random.default_rng(0)
    length = measure.lengths("notes")
    own, other = 3 * length + rng.normal(size=44), 3.5 * length
    ahead, error = measure.gain(own, other, "notes")
    expected = measure.per_note(other, "notes") - measure.per_note(own, "notes")
    assert ahead == pytest.approx(expected)
    assert measure.gain(own, own, "notes") == (0, 0)
    many = [measure.gain(3 * length + rng.normal(size=44), other, "notes")[0] for _ in range(400)]
    assert error == pytest.approx(np.std(many), rel=0.4)


def test_a_run_is_found_wherever_it_is_and_a_training_melody_is_all_copied():
    row = chorales.melodies("notes").train[0]
    assert measure.copied_run(row, "notes") == 24
    odd = (row[5],) * 9  # nine times the same note is in no melody
    cut = (*odd, *row[10:20], *odd)
    assert 10 <= measure.copied_run(cut, "notes") <= 12
    assert measure.copied_run((), "notes") == 0


def test_what_is_read_and_what_follows_are_one_apart():
    inputs, targets = measure.padded(((5, 6), (7,)), None)
    assert inputs.tolist() == [[0, 5, 6], [0, 7, 0]]
    assert targets.tolist() == [[5, 6, 0], [7, 0, measure.IGNORED]]
    cut, ends = measure.padded(((5, 6, 7),), 2)
    assert torch.equal(cut, torch.tensor([[0, 5]]))
    assert torch.equal(ends, torch.tensor([[5, 6]]))
