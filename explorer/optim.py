"""Adam and SGD over one flat buffer.

A compact network has a dozen small tensors, and an optimiser that visits them one by one spends
its time on the visiting. Here all parameters (and all gradients) are views into one vector each,
so an update is a handful of operations whatever the depth. It also spares the import of
`torch.optim`, which costs 1.2 s and 75 MB. Equal to `torch.optim` to float tolerance (tested).

Kingma and Ba (2015), Adam, https://arxiv.org/abs/1412.6980
Loshchilov and Hutter (2019), decoupled weight decay, https://arxiv.org/abs/1711.05101
"""

from collections.abc import Iterable
from math import cos, pi, sqrt

import torch
from torch import Tensor, nn


class Flat:
    """Parameters moved into one vector `value`, their gradients into `grad`, both (n,) float32.

    The modules go on working: their parameters become views of the vector.
    """

    def __init__(self, parameters: Iterable[nn.Parameter]) -> None:
        own = list(parameters)
        if not own:
            raise ValueError("parameters must not be empty.")
        self.value = torch.cat([p.detach().reshape(-1) for p in own])
        self.grad = torch.zeros_like(self.value)
        start = 0
        for p in own:
            end = start + p.numel()
            p.data = self.value[start:end].view_as(p)
            p.grad = self.grad[start:end].view_as(p)
            start = end


class Optimizer:
    """What Adam and SGD share; `rate` may be changed between steps."""

    def __init__(self, parameters: Iterable[nn.Parameter], rate: float) -> None:
        self.flat = Flat(parameters)
        self.rate = rate

    def zero_grad(self) -> None:
        self.flat.grad.zero_()

    def descend(self, loss: Tensor, learning_rate: float | None = None) -> None:
        """One update along the gradient of `loss`, from now on with this learning rate if given."""
        if learning_rate is not None:
            self.rate = learning_rate
        self.zero_grad()
        loss.backward()
        self.step()

    def step(self) -> None:
        raise NotImplementedError


class Adam(Optimizer):
    """Adam; with `decay`, AdamW."""

    def __init__(
        self,
        parameters: Iterable[nn.Parameter],
        rate: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, rate)
        self.betas, self.eps, self.decay, self.count = betas, eps, decay, 0
        self.mean = torch.zeros_like(self.flat.value)
        self.square = torch.zeros_like(self.flat.value)

    @torch.no_grad()
    def step(self) -> None:
        (b1, b2), g = self.betas, self.flat.grad
        self.count += 1
        self.mean.lerp_(g, 1 - b1)
        self.square.mul_(b2).addcmul_(g, g, value=1 - b2)
        size = self.square.sqrt().div_(sqrt(1 - b2**self.count)).add_(self.eps)
        if self.decay:
            self.flat.value.mul_(1 - self.rate * self.decay)
        self.flat.value.addcdiv_(self.mean, size, value=-self.rate / (1 - b1**self.count))


class SGD(Optimizer):
    """Gradient descent, with momentum if asked for."""

    def __init__(
        self, parameters: Iterable[nn.Parameter], rate: float, momentum: float = 0.0
    ) -> None:
        super().__init__(parameters, rate)
        self.momentum = momentum
        self.velocity = torch.zeros_like(self.flat.value)

    @torch.no_grad()
    def step(self) -> None:
        self.velocity.mul_(self.momentum).add_(self.flat.grad)
        self.flat.value.add_(self.velocity, alpha=-self.rate)


class Average:
    """Exponential moving average of an optimiser's parameters, for what is shown.

    `copy_to(module)` writes it into a module of the same parameters in the same order. The
    average forgets its random start: the first updates weigh (1 + n) / (10 + n) at most.
    """

    def __init__(self, optimizer: Optimizer, decay: float = 0.999) -> None:
        self.source, self.decay, self.count = optimizer.flat, decay, 0
        self.value = self.source.value.clone()

    @torch.no_grad()
    def update(self) -> None:
        self.count += 1
        decay = min(self.decay, (1 + self.count) / (10 + self.count))
        self.value.lerp_(self.source.value, 1 - decay)

    @torch.no_grad()
    def copy_to(self, module: nn.Module) -> None:
        start = 0
        for p in module.parameters():
            p.copy_(self.value[start : start + p.numel()].view_as(p))
            start += p.numel()


def cosine(step: int, steps: int, rate: float, warmup: int = 0) -> float:
    """A learning rate that rises over `warmup` steps and then falls to zero along a cosine."""
    if step < warmup:
        return rate * (step + 1) / warmup
    return rate * 0.5 * (1 + cos(pi * (step - warmup) / max(1, steps - warmup)))
