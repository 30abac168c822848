r"""The long short-term memory, written out: one step, and its gradient over a whole text.

$$i, f, o = \sigma(\cdot) \quad g = \tanh(\cdot) \quad \text{of } x_t W_x + h_{t-1} W_h + b$$
$$c_t = f \odot c_{t-1} + i \odot g \qquad h_t = o \odot \tanh(c_t)$$

The gradient (backpropagation through time) is written out, too: autograd would visit every small
product of every step, and takes about twice as long.

Hochreiter and Schmidhuber (1997); gates in the order of `torch.nn.LSTM` (i, f, g, o).
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import torch
from torch import Generator, Tensor, nn

from explorer.nets import linear

Mask: TypeAlias = Callable[[Tensor], Tensor] | None  # dropout


def cell(
    x: Tensor, h: Tensor, c: Tensor, recurrent_weight: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """One step: inputs (n, 4 hidden), h and c (n, hidden), the matrix of h.

    Returns h, c and the four gates (n, 4 hidden).
    """
    size = h.shape[1]
    gates = torch.addmm(x, h, recurrent_weight.T)  # all four in one product
    gates[:, : 2 * size].sigmoid_()
    gates[:, 2 * size : 3 * size].tanh_()
    gates[:, 3 * size :].sigmoid_()
    i, f, g, o = gates.chunk(4, dim=1)
    c = torch.addcmul(f * c, i, g)
    return o * c.tanh(), c, gates


class Recurrence(torch.autograd.Function):
    """All steps of a text: inputs (positions, n, 4 hidden) to h at each position."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, recurrent_weight: Tensor) -> Tensor:
        h = c = x.new_zeros(x.shape[1], recurrent_weight.shape[1])
        outputs, cells, all_gates = [h], [c], []
        for position in range(len(x)):
            h, c, gates = cell(x[position], h, c, recurrent_weight)
            outputs.append(h)
            cells.append(c)
            all_gates.append(gates)
        hs, cs = torch.stack(outputs), torch.stack(cells)
        ctx.save_for_backward(recurrent_weight, hs, cs, torch.stack(all_gates))
        return hs[1:]

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor]:
        recurrent_weight, hs, cs, gates = ctx.saved_tensors
        (out,) = gradients
        i, f, g, o = gates.chunk(4, dim=2)
        read = cs[1:].tanh()
        # What does not depend on later steps, for all positions at once.
        to_c = o * (1 - read * read)
        local = gates * (1 - gates)
        size = recurrent_weight.shape[1]
        local[:, :, 2 * size : 3 * size] = 1 - g * g
        local.mul_(torch.cat([g, cs[:-1], i, read], dim=2))
        dx = torch.empty_like(gates)
        dh, dc = out.new_zeros(out.shape[1:]), out.new_zeros(out.shape[1:])
        for position in range(len(out) - 1, -1, -1):
            dh = dh + out[position]
            dc = torch.addcmul(dc, dh, to_c[position])
            torch.mul(local[position], torch.cat([dc, dc, dc, dh], dim=1), out=dx[position])
            dh = dx[position] @ recurrent_weight
            dc = dc * f[position]
        return dx, dx.flatten(0, 1).T @ hs[:-1].flatten(0, 1)


class Recurrent(nn.Module):
    """A language model of one LSTM layer, whatever enters its gates and leaves as logits."""

    hidden: int
    recurrent_weight: Tensor

    def inputs(self, tokens: Tensor) -> Tensor:
        """What enters the gates (..., 4 hidden) for tokens (...)."""
        raise NotImplementedError

    def logits(self, h: Tensor) -> Tensor:
        """Logits (..., size) of outputs (..., hidden)."""
        raise NotImplementedError

    def forward(self, tokens: Tensor, dropout: Mask = None) -> Tensor:
        """Logits (n, positions, size) of texts (n, positions) that start with a state of zeros."""
        h = Recurrence.apply(self.inputs(tokens.T), self.recurrent_weight)
        return self.logits(h if dropout is None else dropout(h)).transpose(0, 1)

    def initial_state(self, n: int) -> tuple[Tensor, Tensor]:
        return torch.zeros(n, self.hidden), torch.zeros(n, self.hidden)

    def step(
        self, tokens: Tensor, state: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        h, c, _ = cell(self.inputs(tokens), *state, self.recurrent_weight)
        return self.logits(h).log_softmax(-1), (h, c)


class LSTM(Recurrent):
    """A cell state c that gates write, forget and output; see `cell`.

    A token enters as a row of a table, which is what a matrix makes of one-hot inputs.
    """

    def __init__(self, size: int, hidden: int, rng: Generator) -> None:
        super().__init__()
        self.hidden, bound = hidden, hidden**-0.5
        self.input_weight = nn.Parameter(torch.randn(size, 4 * hidden, generator=rng) * 0.5)
        self.recurrent_weight = nn.Parameter(torch.empty(4 * hidden, hidden))
        nn.init.uniform_(self.recurrent_weight, -bound, bound, generator=rng)
        with torch.no_grad():
            self.input_weight[:, hidden : 2 * hidden] += 1.0  # at first, do not forget
        self.output = linear(hidden, size, rng)

    def inputs(self, tokens: Tensor) -> Tensor:
        return self.input_weight[tokens]

    def logits(self, h: Tensor) -> Tensor:
        return self.output(h)
