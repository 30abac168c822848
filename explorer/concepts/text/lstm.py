r"""The long short-term memory, written out: one step, and its gradient over a whole text.

$$i, f, o = \sigma(\cdot) \quad g = \tanh(\cdot) \quad \text{of } x_t W_x + h_{t-1} W_h + b$$
$$c_t = f \odot c_{t-1} + i \odot g \qquad h_t = o \odot \tanh(c_t)$$

The gradient is written out, too (back through time): autograd would visit every small product of
every step, and takes about twice as long.

Hochreiter and Schmidhuber (1997); gates in the order of `torch.nn.LSTM` (i, f, g, o).
"""

from typing import Any

import torch
from torch import Tensor


def cell(x: Tensor, h: Tensor, c: Tensor, again: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """One step: what entered (n, 4 hidden), the memories (n, hidden), the matrix of h.

    Returns h, c and the four gates (n, 4 hidden).
    """
    size = h.shape[1]
    gates = torch.addmm(x, h, again.T)  # all four in one product
    gates[:, : 2 * size].sigmoid_()
    gates[:, 2 * size : 3 * size].tanh_()
    gates[:, 3 * size :].sigmoid_()
    i, f, g, o = gates.chunk(4, dim=1)
    c = torch.addcmul(f * c, i, g)
    return o * c.tanh(), c, gates


class Recurrence(torch.autograd.Function):
    """All steps of a text: what enters (places, n, 4 hidden) to h at each place."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, again: Tensor) -> Tensor:
        h = c = x.new_zeros(x.shape[1], again.shape[1])
        outputs, memories, all_gates = [h], [c], []
        for place in range(len(x)):
            h, c, gates = cell(x[place], h, c, again)
            outputs.append(h)
            memories.append(c)
            all_gates.append(gates)
        hs, cs = torch.stack(outputs), torch.stack(memories)
        ctx.save_for_backward(again, hs, cs, torch.stack(all_gates))
        return hs[1:]

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor]:
        again, hs, cs, gates = ctx.saved_tensors
        (out,) = gradients
        i, f, g, o = gates.chunk(4, dim=2)
        read = cs[1:].tanh()
        # What does not depend on later steps, for all places at once.
        to_c = o * (1 - read * read)
        slope = gates * (1 - gates)
        size = again.shape[1]
        slope[:, :, 2 * size : 3 * size] = 1 - g * g
        slope.mul_(torch.cat([g, cs[:-1], i, read], dim=2))
        dx = torch.empty_like(gates)
        dh, dc = out.new_zeros(out.shape[1:]), out.new_zeros(out.shape[1:])
        for place in range(len(out) - 1, -1, -1):
            dh = dh + out[place]
            dc = torch.addcmul(dc, dh, to_c[place])
            torch.mul(slope[place], torch.cat([dc, dc, dc, dh], dim=1), out=dx[place])
            dh = dx[place] @ again
            dc = dc * f[place]
        return dx, dx.flatten(0, 1).T @ hs[:-1].flatten(0, 1)
