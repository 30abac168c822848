"""Statistics of the whole minibatch for the discriminator: samples that are all alike look fake.

A discriminator that sees every sample by itself cannot know that a hundred of them are one and the
same. Minibatch discrimination measures in a learnt space how close every sample is to the others;
minibatch standard deviation tells how much the batch varies, one feature for all.

Salimans et al. (2016), Improved Techniques for Training GANs, https://arxiv.org/abs/1606.03498
Karras et al. (2018), Progressive Growing of GANs, https://arxiv.org/abs/1710.10196
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

KERNELS, DEPTH = 4, 2  # of minibatch discrimination: similarities, and dimensions of each


class Statistic(nn.Module):
    """Turns hidden features h (s, n, hidden) into `size` more for each sample, by its batch."""

    size: int

    def forward(self, h: Tensor, groups: int = 1) -> Tensor:
        """The features (s, n, size); each of `groups` equal parts of the batch for itself."""
        s, n, width = h.shape
        return self.of_batches(h.reshape(s * groups, n // groups, width)).reshape(s, n, -1)

    def of_batches(self, h: Tensor) -> Tensor:
        """The features (batches, n, size) of h (batches, n, hidden)."""
        raise NotImplementedError

    def backward(self, cotangent: Tensor) -> Tensor:
        """The cotangent at h of one at the last features; also writes gradients."""
        raise NotImplementedError


class Deviation(Statistic):
    """Minibatch standard deviation: the mean over hidden features of their spread in the batch."""

    size = 1

    def of_batches(self, h: Tensor) -> Tensor:
        off = h - h.mean(1, keepdim=True)
        spread = (off.square().mean(1, keepdim=True) + 1e-8).sqrt()
        self.direction = off / (spread * h.shape[1] * h.shape[2])
        return spread.mean(2, keepdim=True).expand(-1, h.shape[1], 1)

    def backward(self, cotangent: Tensor) -> Tensor:
        batches, n, width = self.direction.shape
        total = cotangent.reshape(batches, n, 1).sum(1, keepdim=True)
        return (total * self.direction).reshape(len(cotangent), -1, width)


class Discrimination(Statistic):
    r"""Minibatch discrimination: o_ib = sum over j /= i of exp(-|M_ib - M_jb|_1), with M = h T."""

    size = KERNELS

    def __init__(self, hidden: int, rngs: Sequence[torch.Generator]) -> None:
        super().__init__()
        bound = hidden**-0.5
        drawn = [
            (2 * torch.rand(hidden, KERNELS * DEPTH, generator=rng) - 1) * bound for rng in rngs
        ]
        self.tensor = nn.Parameter(torch.stack(drawn), requires_grad=False)

    def of_batches(self, h: Tensor) -> Tensor:
        s, (batches, n, width) = len(self.tensor), h.shape
        self.h = h.reshape(s, -1, width)
        m = torch.bmm(self.h, self.tensor).view(batches, n, KERNELS, DEPTH)
        self.m = m.permute(0, 2, 3, 1).contiguous()  # (batches, kernels, depth, n)
        self.near = [distances(one).neg_().exp_() for one in self.m]  # by batch: fits the cache
        return torch.stack([each.sum(2) for each in self.near]).sub_(1).movedim(1, 2)

    def backward(self, cotangent: Tensor) -> Tensor:
        batches, kernels, depth, n = self.m.shape
        g = cotangent.reshape(batches, n, kernels).movedim(1, 2)
        at_m = torch.empty_like(self.m)
        for one, near, own, found in zip(self.m, self.near, g, at_m):
            weight = near * (own[:, :, None] + own[:, None, :])
            for k in range(depth):
                torch.sum(differences(one[:, k]).sign_().mul_(weight), 2, out=found[:, k])
        at_m = -at_m.movedim(3, 1).reshape(len(self.h), -1, kernels * depth)
        if self.tensor.grad is None:
            self.tensor.grad = torch.zeros_like(self.tensor)
        torch.bmm(self.h.mT, at_m, out=self.tensor.grad)
        return torch.bmm(at_m, self.tensor.mT)


def distances(m: Tensor) -> Tensor:
    """City-block distances between the points m (kernels, depth, n): (kernels, n, n)."""
    total = differences(m[:, 0]).abs_()
    for k in range(1, m.shape[1]):
        total.add_(differences(m[:, k]).abs_())
    return total


def differences(m: Tensor) -> Tensor:
    """All differences of the coordinates m (kernels, n): (kernels, n, n)."""
    return m[:, :, None] - m[:, None, :]
