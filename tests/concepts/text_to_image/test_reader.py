"""The reading networks."""

import torch
from torch import nn

from explorer.concepts.text_to_image.measure import Accuracy
from explorer.concepts.text_to_image.reader import STATE, WORD, Heads, Recurrent, agreement
from explorer.nets import generator

SIZES = (2, 8, 6)
X = torch.rand(7, 48, generator=generator(0))


def test_the_cell_is_that_of_torch():
    own, theirs = Recurrent(48, SIZES, generator(1)), nn.GRUCell(WORD, STATE)
    with torch.no_grad():
        theirs.weight_ih.copy_(own.outer.weight)
        theirs.weight_hh.copy_(own.inner.weight)
        theirs.bias_ih.copy_(own.outer.bias)
        theirs.bias_hh.copy_(own.inner.bias)
    x, h = (torch.randn(7, size, generator=generator(2)) for size in (WORD, STATE))
    torch.testing.assert_close(own.cell(x, h), theirs(x, h))


def test_word_by_word_is_the_same_as_being_given_ones_own_words():
    network = Recurrent(48, SIZES, generator(1))
    free = network(X)
    own = torch.stack([each.argmax(1) for each in free], 1)
    for a, b in zip(free, network(X, own)):
        torch.testing.assert_close(a, b)
    other = network(X, (own + 1) % torch.tensor(SIZES))
    torch.testing.assert_close(free[0], other[0])
    assert not torch.allclose(free[1], other[1])


def test_heads_do_not_hear_of_each_other():
    for a, b in zip(Heads(48, SIZES, generator(1))(X), Heads(48, SIZES, generator(1))(X, X)):
        assert torch.equal(a, b)


def test_agreement_counts_attributes_and_whole_captions():
    read = torch.tensor([[0, 1, 2], [0, 1, 3], [1, 1, 3], [1, 0, 3]])
    asked = torch.tensor([[0, 1, 2]] * 4)
    assert agreement(read, asked) == Accuracy((0.5, 0.75, 0.25), 0.25, 0.0, 4)
