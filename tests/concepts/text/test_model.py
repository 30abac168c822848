"""Networks that predict the next token: equal to PyTorch's, in parallel and token by token."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from explorer.concepts.shared.lstm import LSTM, Recurrence
from explorer.concepts.text import learner, measure
from explorer.concepts.text.learner import Learner
from explorer.concepts.text.model import KINDS
from explorer.data import text
from explorer.nets import generator

every_network = pytest.mark.parametrize("kind", list(KINDS))


def test_the_lstm_and_its_gradients_are_those_of_pytorch():
    theirs = nn.LSTM(7, 5).double()
    own = LSTM(7, 5, generator(0)).double()
    with torch.no_grad():
        for parameter in theirs.parameters():
            nn.init.uniform_(parameter, -1, 1, generator=generator(1))
        own.input_weight.copy_(theirs.weight_ih_l0.T + theirs.bias_ih_l0 + theirs.bias_hh_l0)
        own.recurrent_weight.copy_(theirs.weight_hh_l0)
    tokens = torch.randint(7, (3, 9), generator=generator(2))
    wanted, _ = theirs(functional.one_hot(tokens.T, 7).double())
    found = Recurrence.apply(own.input_weight[tokens.T], own.recurrent_weight)
    torch.testing.assert_close(found, wanted)
    weight = torch.randn(wanted.shape, generator=generator(3), dtype=wanted.dtype)
    (wanted * weight).sum().backward()
    (found * weight).sum().backward()
    torch.testing.assert_close(own.input_weight.grad, theirs.weight_ih_l0.grad.T)
    torch.testing.assert_close(own.recurrent_weight.grad, theirs.weight_hh_l0.grad)


@every_network
def test_reading_token_by_token_gives_what_reading_at_once_gives(kind):
    net = KINDS[kind](9, 32, generator(0))
    tokens = torch.randint(9, (3, 20), generator=generator(1))
    tokens[:, 0] = 0
    at_once = net(tokens).log_softmax(-1)
    state = net.initial_state(3)
    for position in range(20):
        logs, state = net.step(tokens[:, position], state)
        torch.testing.assert_close(logs, at_once[:, position], rtol=1e-4, atol=1e-5)


@every_network
def test_no_prediction_sees_what_it_has_to_predict(kind):
    net = KINDS[kind](9, 32, generator(0))
    tokens = torch.randint(9, (1, 12), generator=generator(1))
    other = tokens.clone()
    other[0, 7:] = (other[0, 7:] + 1) % 9
    torch.testing.assert_close(net(tokens)[:, :7], net(other)[:, :7])


@every_network
def test_a_network_can_generate_more_than_its_context(kind):
    net = KINDS[kind](9, 32, generator(0))
    state = net.initial_state(2)
    for position in range(150):
        logs, state = net.step(torch.full((2,), position % 9), state)
    torch.testing.assert_close(logs.exp().sum(1), torch.ones(2))


@every_network
@pytest.mark.parametrize("name", ["names", "markov"])
def test_learning_lowers_the_bits_on_held_out_text(kind, name):
    corpus = text.load(name)
    each = Learner(kind, corpus, 32, 0.1, 0.6, 0)
    before = measure.evaluate(each.snapshot(), corpus, 1000)
    each.advance(0.6)
    assert measure.evaluate(each.snapshot(), corpus, 1000) < before - 0.3
    assert each.clock == pytest.approx(0.6, abs=0.1)


def test_the_loss_is_the_mean_cost_of_each_character_whatever_the_batches():
    corpus = text.load("names")
    net = KINDS["lstm"](corpus.size, 16, generator(0))
    total = 0.0
    for line in corpus.parts(corpus.held_out):
        row = torch.cat([torch.zeros(1, dtype=torch.int64), line])[None]
        with torch.no_grad():
            total += functional.cross_entropy(net(row[:, :-1])[0], row[0, 1:], reduction="sum")
    wanted = float(total) / np.log(2) / corpus.characters
    assert measure.evaluate(net, corpus) == pytest.approx(wanted, rel=1e-5)


def test_every_line_is_learnt_once_in_every_epoch():
    corpus = text.load("names")
    epochs, seen = learner.lines(corpus, generator(0)), []
    count = len(corpus.parts(corpus.train))
    while len(seen) < count:
        _, targets = next(epochs)
        seen += [tuple(row[row != learner.IGNORED].tolist()) for row in targets]
    wanted = [tuple(line.tolist()) for line in corpus.parts(corpus.train)]
    assert sorted(seen) == sorted(wanted)
