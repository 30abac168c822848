"""Networks that guess the next symbol: equal to PyTorch's, and the same in both of their ways."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from explorer.concepts.text import learner
from explorer.concepts.text.learner import Learner
from explorer.concepts.text.lstm import Recurrence
from explorer.concepts.text.networks import LSTM, NETWORKS
from explorer.data import text
from explorer.nets import generator

every_network = pytest.mark.parametrize("kind", list(NETWORKS))


def test_the_lstm_and_its_gradients_are_those_of_pytorch():
    torch_made = nn.LSTM(7, 5).double()
    own = LSTM(7, 5, generator(0)).double()
    with torch.no_grad():
        for parameter in torch_made.parameters():
            nn.init.uniform_(parameter, -1, 1, generator=generator(1))
        own.enter.copy_(torch_made.weight_ih_l0.T + torch_made.bias_ih_l0 + torch_made.bias_hh_l0)
        own.again.copy_(torch_made.weight_hh_l0)
    symbols = torch.randint(7, (3, 9), generator=generator(2))
    wanted, _ = torch_made(functional.one_hot(symbols.T, 7).double())
    found = Recurrence.apply(own.enter[symbols.T], own.again)
    torch.testing.assert_close(found, wanted)
    weight = torch.randn(wanted.shape, generator=generator(3), dtype=wanted.dtype)
    (wanted * weight).sum().backward()
    (found * weight).sum().backward()
    torch.testing.assert_close(own.enter.grad, torch_made.weight_ih_l0.grad.T)
    torch.testing.assert_close(own.again.grad, torch_made.weight_hh_l0.grad)


@every_network
def test_reading_symbol_by_symbol_gives_what_reading_at_once_gives(kind):
    net = NETWORKS[kind](9, 32, generator(0))
    symbols = torch.randint(9, (3, 20), generator=generator(1))
    symbols[:, 0] = 0
    at_once = net(symbols).log_softmax(-1)
    memory = net.begin(3)
    for place in range(20):
        logs, memory = net.read(symbols[:, place], memory)
        torch.testing.assert_close(logs, at_once[:, place], rtol=1e-4, atol=1e-5)


@every_network
def test_no_guess_sees_what_it_has_to_guess(kind):
    net = NETWORKS[kind](9, 32, generator(0))
    symbols = torch.randint(9, (1, 12), generator=generator(1))
    other = symbols.clone()
    other[0, 7:] = (other[0, 7:] + 1) % 9
    torch.testing.assert_close(net(symbols)[:, :7], net(other)[:, :7])


@every_network
def test_a_network_can_write_more_than_it_can_look_back(kind):
    net = NETWORKS[kind](9, 32, generator(0))
    memory = net.begin(2)
    for place in range(150):
        logs, memory = net.read(torch.full((2,), place % 9), memory)
    torch.testing.assert_close(logs.exp().sum(1), torch.ones(2))


@every_network
@pytest.mark.parametrize("name", ["names", "source"])
def test_learning_lowers_the_bits_on_unseen_text(kind, name):
    corpus = text.load(name)
    each = Learner(kind, corpus, 32, 0.1, 0.6, 0)
    before = learner.judge(each.snapshot(), corpus, 1000)
    each.advance(0.6)
    assert learner.judge(each.snapshot(), corpus, 1000) < before - 0.3
    assert each.clock == pytest.approx(0.6, abs=0.1)


def test_the_mark_is_the_mean_cost_of_each_character_whatever_the_batches():
    corpus = text.load("names")
    net = NETWORKS["lstm"](corpus.size, 16, generator(0))
    total = 0.0
    for line in corpus.parts(corpus.held_out):
        row = torch.cat([torch.zeros(1, dtype=torch.int64), line])[None]
        with torch.no_grad():
            total += functional.cross_entropy(net(row[:, :-1])[0], row[0, 1:], reduction="sum")
    wanted = float(total) / np.log(2) / corpus.letters
    assert learner.judge(net, corpus) == pytest.approx(wanted, rel=1e-5)


def test_every_line_is_learnt_once_in_every_round():
    corpus = text.load("names")
    rounds, seen = learner.lines(corpus, generator(0)), []
    count = len(corpus.parts(corpus.train))
    while len(seen) < count:
        _, targets = next(rounds)
        seen += [tuple(row[row != learner.IGNORED].tolist()) for row in targets]
    wanted = [tuple(line.tolist()) for line in corpus.parts(corpus.train)]
    assert sorted(seen) == sorted(wanted)
