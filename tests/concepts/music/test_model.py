"""The LSTM of melodies: a sum of parts, at once and note by note."""

import torch

from explorer.concepts.music.model import LSTM
from explorer.concepts.shared import lstm
from explorer.data import chorales
from explorer.nets import generator

MELODIES = chorales.melodies("notes")


def test_it_is_the_common_lstm_with_tables_that_are_sums():
    net = LSTM(MELODIES, 16, generator(0))
    common = lstm.LSTM(MELODIES.size, 16, generator(0))
    with torch.no_grad():
        common.input_weight.copy_(net.inputs(torch.arange(MELODIES.size)))
        common.recurrent_weight.copy_(net.recurrent_weight)
        logits = net.logits(torch.cat([torch.zeros(1, 16), torch.eye(16)]))
        common.output.bias.copy_(logits[0])
        common.output.weight.copy_((logits[1:] - logits[0]).T)
    tokens = torch.randint(MELODIES.size, (3, 9), generator=generator(1))
    torch.testing.assert_close(net(tokens), common(tokens), rtol=1e-4, atol=1e-5)


def test_note_by_note_is_the_same_as_at_once():
    net = LSTM(MELODIES, 16, generator(0))
    tokens = torch.randint(MELODIES.size, (3, 9), generator=generator(1))
    at_once, state = net(tokens).log_softmax(-1), net.initial_state(3)
    for position in range(9):
        logs, state = net.step(tokens[:, position], state)
        torch.testing.assert_close(logs, at_once[:, position], rtol=1e-4, atol=1e-5)


def test_tokens_of_one_pitch_share_what_is_learnt_of_it():
    """A gradient at one token moves the inputs of all tokens with its pitch or its duration."""
    net = LSTM(MELODIES, 16, generator(0))
    token = 40
    net.inputs(torch.tensor([token])).sum().backward()
    moved = (net.pitch_weight.grad[net.pitch] + net.duration_weight.grad[net.duration]).abs().sum(1)
    alike = (MELODIES.pitch == MELODIES.pitch[token]) | (
        MELODIES.duration == MELODIES.duration[token]
    )
    assert ((moved > 0).numpy() == alike).all()
