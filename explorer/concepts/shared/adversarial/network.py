"""Generator and discriminator, with their gradients written out by hand.

Both are small multilayer perceptrons with LeakyReLU, h = leaky(h' W^T + b). Autograd would record
every operation of every update; here the forward pass keeps its activations and the backward pass
writes into the optimiser's flat gradient. That is faster, and nothing is hidden:
`tests/concepts/shared/adversarial` compares every line with autograd.

LeakyReLU is piecewise linear. So the gradient of D at its input, g = W1^T m1 W2^T m2 ... W3^T with
masks m of 1 or 0.2, is linear in every weight matrix, and the gradient of a penalty on g (R1, R2,
WGAN-GP) is one more forward pass through the same matrices instead of a second derivative.

One network has weights (out, in); the networks of several seeds are stacked, weights (s, out, in),
so that one batched product serves them all: a product of small matrices costs more in being called
than in being computed. Arrays are (n, d) of one network and (s, n, d) of several.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from explorer.nets import Blank, mlp

NEGATIVE_SLOPE = 0.2  # of LeakyReLU
Random = torch.Generator | Sequence[torch.Generator]  # of one network, or of each of several
leaky = nn.functional.leaky_relu_
masked = torch.ops.aten.leaky_relu_backward.default  # times 1 or 0.2, by the sign of the result


def stacked_linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x (s, n, in) through s layers at once: (s, n, out)."""
    return torch.baddbmm(bias, x, weight.mT)


class MLP(nn.Module):
    """Fully connected layers with LeakyReLU between them: (..., n, sizes[0]) -> (..., n, out)."""

    weights: list[Tensor]
    biases: list[Tensor]
    used: list[Tensor]  # the weights that the layers multiply with

    def __init__(self, sizes: Sequence[int], rng: Random, zero_last: bool = False) -> None:
        super().__init__()
        self.sizes = tuple(sizes)
        self.stacked = not isinstance(rng, torch.Generator)
        self.linear: Callable[..., Tensor] = nn.functional.linear
        self.product: Callable[..., Tensor] = torch.mm
        self.add_product: Callable[..., Tensor] = torch.Tensor.addmm_
        if self.stacked:
            self.linear, self.product = stacked_linear, torch.bmm
            self.add_product = torch.Tensor.baddbmm_
        rngs = [rng] if isinstance(rng, torch.Generator) else rng
        activation = partial(nn.LeakyReLU, NEGATIVE_SLOPE)
        nets: list[Any] = [list(mlp(sizes, each, activation, zero_last))[::2] for each in rngs]
        layers = [_stack(each) if self.stacked else each[0] for each in zip(*nets)]
        self.layers = nn.ModuleList(layers)
        self.weights = [layer.weight for layer in layers]
        self.biases = [layer.bias for layer in layers]
        self.used = list(self.weights)

    def forward(self, x: Tensor) -> Tensor:
        return self.activations(x)[-1]

    def activations(self, x: Tensor) -> list[Tensor]:
        """The input, every hidden layer and the output."""
        acts = [x]
        for weight, bias in zip(self.used, self.biases):
            if len(acts) > 1:
                leaky(acts[-1], NEGATIVE_SLOPE)
            acts.append(self.linear(acts[-1], weight, bias))
        return acts

    def backward(self, acts: list[Tensor], cotangent: Tensor) -> None:
        """Write the gradient of a loss, from its `cotangent` (..., n, out) at the output."""
        for k in reversed(range(len(self.used))):
            self.product(cotangent.mT, acts[k], out=grad_of(self.weights[k]))
            torch.sum(cotangent, -2, keepdim=self.stacked, out=grad_of(self.biases[k]))
            if k:
                cotangent = self.through(k, acts, cotangent)

    def through(self, k: int, acts: list[Tensor], cotangent: Tensor) -> Tensor:
        """Carry a cotangent behind weight k to before the activation in front of it."""
        return masked(self.product(cotangent, self.used[k]), acts[k], NEGATIVE_SLOPE, True)


class Generator(MLP):
    """G: noise (..., n, z) -> samples (..., n, d).

    With z = d it starts as the identity, G(z) = z + net(z); `squash` ends it in tanh, for pixels
    in -1..1.
    """

    def __init__(self, sizes: Sequence[int], rng: Random, squash: bool = False) -> None:
        self.residual, self.squash = sizes[0] == sizes[-1] and not squash, squash
        super().__init__(sizes, rng, zero_last=self.residual)

    def activations(self, x: Tensor) -> list[Tensor]:
        acts = super().activations(x)
        if self.residual:
            acts[-1].add_(x)
        if self.squash:
            acts[-1].tanh_()
        return acts

    def backward(self, acts: list[Tensor], cotangent: Tensor) -> None:
        if self.squash:
            cotangent = cotangent * (1 - acts[-1].square())
        super().backward(acts, cotangent)


class Discriminator(MLP):
    """D: samples (..., n, d) -> one output each (..., n, 1), high where they look real.

    `fourier` fixed random Fourier features are appended to the input, `input_scale` multiplies it,
    and `spectral` divides every weight by its largest singular value, so that D is 1-Lipschitz:
    Miyato et al. (2018), Spectral Normalization, https://arxiv.org/abs/1802.05957
    """

    packing = 1  # samples that D sees together
    frequencies: Tensor  # (..., d, fourier)

    def __init__(
        self,
        sizes: Sequence[int],
        rng: Random,
        fourier: int = 0,
        input_scale: float = 1.0,
        spectral: bool = False,
    ) -> None:
        dim, *rest = sizes
        super().__init__([dim + 2 * fourier, *rest], rng)
        self.input_scale, self.spectral, self.fourier = input_scale, spectral, fourier
        self.register_buffer("frequencies", 3.0 * _normal(rng, dim, fourier))
        if spectral:
            self.left = [
                nn.functional.normalize(_normal(rng, each.shape[-2], 1), dim=-2)
                for each in self.weights
            ]
            self.right, self.norms = [torch.zeros(())] * len(self.weights), list(self.left)
            for _ in range(20):
                self.normalise()

    def activations(self, x: Tensor, groups: int = 1) -> list[Tensor]:
        """The features of x, every hidden layer and the output.

        `groups` equal parts of x are batches of their own, where D sees statistics of the batch.
        """
        return super().activations(self.features(x))

    def features(self, x: Tensor) -> Tensor:
        """What the first layer sees of samples (..., n, d)."""
        x = x * self.input_scale if self.input_scale != 1 else x
        if not self.fourier:
            return x
        angle = self.product(x, self.frequencies)
        return torch.cat([x, angle.cos(), angle.sin()], dim=-1)

    def input_gradient(
        self, acts: list[Tensor], cotangent: Tensor, top: int | None = None
    ) -> tuple[list[Tensor], Tensor]:
        """Cotangents at every layer for one before layer `top`, and the gradient at the samples.

        Without `top`, `cotangent` (..., n, 1) stands at the output.
        """
        layers = [cotangent]
        for k in reversed(range(len(self.used) if top is None else top)):
            cotangent = (
                self.through(k, acts, cotangent) if k else self.product(cotangent, self.used[0])
            )
            layers.append(cotangent)
        return layers[::-1], self.at_samples(acts[0], cotangent)

    def at_samples(self, features: Tensor, g: Tensor) -> Tensor:
        """Carry a gradient with respect to `features` back to the samples (..., n, d)."""
        if self.fourier:
            _, cos, sin = self._split(features)
            at_x, at_cos, at_sin = self._split(g)
            g = at_x + self.product(at_sin * cos - at_cos * sin, self.frequencies.mT)
        return g * self.input_scale if self.input_scale != 1 else g

    def penalise(self, acts: list[Tensor], layers: list[Tensor], cotangent: Tensor) -> None:
        """Add the gradient of a penalty on the input gradient; `cotangent` (..., n, d): its own.

        layers[k] = mask_k * (layers[k+1] W_k), so it is the backward pass read forwards.
        """
        if self.input_scale != 1:
            cotangent = cotangent * self.input_scale
        if self.fourier:
            features = acts[0].reshape(*cotangent.shape[:-1], -1)
            _, cos, sin = self._split(features)
            along = self.product(cotangent, self.frequencies)
            cotangent = torch.cat([cotangent, -sin * along, cos * along], dim=-1)
        cotangent = cotangent.reshape(acts[0].shape)
        for k, weight in enumerate(self.used):
            self.add_product(grad_of(self.weights[k]), layers[k + 1].mT, cotangent)
            if k + 1 < len(self.used):
                ahead = self.product(cotangent, weight.mT)
                cotangent = masked(ahead, acts[k + 1], NEGATIVE_SLOPE, True)

    def _split(self, features: Tensor) -> tuple[Tensor, ...]:
        dim, waves = self.frequencies.shape[-2:]
        return features.split([dim, waves, waves], dim=-1)

    @torch.no_grad()
    def normalise(self) -> None:
        """One step of power iteration, then divide every weight by its largest singular value."""
        for k, weight in enumerate(self.weights):
            self.right[k] = nn.functional.normalize(weight.mT @ self.left[k], dim=-2)
            reached = weight @ self.right[k]
            self.norms[k] = reached.norm(dim=-2, keepdim=True) + 1e-12
            self.left[k] = reached / self.norms[k]
            self.used[k] = weight / self.norms[k]

    @torch.no_grad()
    def through_norm(self) -> None:
        """Turn the gradient by the divided weights into the gradient by the weights.

        With W' = W / s and s = u^T W v:  dL/dW = (dL/dW' - <dL/dW', W'> u v^T) / s.
        """
        for k, weight in enumerate(self.weights):
            grad = grad_of(weight)
            along = (grad * self.used[k]).sum((-2, -1), keepdim=True)
            grad.sub_(along * (self.left[k] @ self.right[k].mT)).div_(self.norms[k])


def grad_of(parameter: Tensor) -> Tensor:
    """The gradient of a parameter, made if no optimiser has one for it yet."""
    if parameter.grad is None:
        parameter.grad = torch.zeros_like(parameter)
    return parameter.grad


def _normal(rng: Random, *shape: int) -> Tensor:
    """Normal numbers of this shape, for each of several generators its own."""
    if isinstance(rng, torch.Generator):
        return torch.randn(*shape, generator=rng)
    return torch.stack([torch.randn(*shape, generator=each) for each in rng])


def _stack(layers: Sequence[nn.Linear]) -> nn.Linear:
    """One module for the layers of several networks: weight (s, out, in), bias (s, 1, out)."""
    both = Blank(1, 1)
    weight = torch.stack([layer.weight.detach() for layer in layers])
    bias = torch.stack([layer.bias.detach()[None] for layer in layers])
    both.weight = nn.Parameter(weight, requires_grad=False)
    both.bias = nn.Parameter(bias, requires_grad=False)
    return both
