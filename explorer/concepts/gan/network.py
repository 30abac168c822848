"""The two players' networks, with their gradients written out by hand.

Both are small perceptrons with LeakyReLU, h = leaky(h' W^T + b). Autograd would record every
operation of every update; here one forward keeps its activations and one backward walks them in
reverse, straight into the optimiser's flat gradient. That is faster, and nothing is hidden:
`tests/concepts/test_gan_network.py` compares every line with autograd.

LeakyReLU has no curvature. So the slope of the judge at its input, g = W1^T m1 W2^T m2 ... W3^T
with masks m of 1 or 0.2, is linear in every weight matrix, and the gradient of a penalty on g
(R1, R2, Wasserstein's gradient penalty) is one more walk through the same matrices instead of a
second derivative.
"""

from collections.abc import Sequence
from functools import partial

import torch
from torch import Generator, Tensor, nn

from explorer.nets import mlp

SLOPE = 0.2  # of LeakyReLU below zero
Norm = tuple[Tensor, Tensor, float, Tensor]  # singular vectors and value, the divided matrix
_leaky = nn.functional.leaky_relu_
_mask = torch.ops.aten.leaky_relu_backward.default  # times 1 or SLOPE, by the sign of the result


class Layered(nn.Module):
    """Layers with LeakyReLU between them; `linear` is what a layer does with its input."""

    used: list[Tensor]  # the matrices that the layers multiply with
    biases: list[Tensor]

    @staticmethod
    def linear(x: Tensor, matrix: Tensor, bias: Tensor) -> Tensor:
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        return self.activations(x)[-1]

    def activations(self, x: Tensor) -> list[Tensor]:
        """The input, every hidden layer and the output."""
        found = [x]
        for matrix, bias in zip(self.used, self.biases):
            if len(found) > 1:
                _leaky(found[-1], SLOPE)
            found.append(self.linear(found[-1], matrix, bias))
        return found


class Perceptron(Layered):
    """Fully connected layers with LeakyReLU between them: (n, sizes[0]) -> (n, sizes[-1])."""

    def __init__(self, sizes: Sequence[int], rng: Generator, zero_last: bool = False) -> None:
        super().__init__()
        self.net = mlp(sizes, rng, partial(nn.LeakyReLU, SLOPE), zero_last)
        layers = [layer for layer in self.net if isinstance(layer, nn.Linear)]
        self.biases = [layer.bias for layer in layers]
        self.matrices = [layer.weight for layer in layers]
        self.used = list(self.matrices)

    @staticmethod
    def linear(x: Tensor, matrix: Tensor, bias: Tensor) -> Tensor:
        return nn.functional.linear(x, matrix, bias)

    def backward(self, acts: list[Tensor], slope: Tensor) -> None:
        """Write the gradient of a loss whose slope at the output is `slope` (n, out)."""
        for k in reversed(range(len(self.used))):
            torch.mm(slope.t(), acts[k], out=_grad(self.matrices[k]))
            torch.sum(slope, 0, out=_grad(self.biases[k]))
            if k:
                slope = _mask(slope @ self.used[k], acts[k], SLOPE, True)

    def to_input(self, acts: list[Tensor], slope: Tensor) -> list[Tensor]:
        """Carry a slope at the output back to the input; returns it at every layer, input first.

        Element k is the slope before matrix k, masked for k > 0; the last is `slope` itself.
        """
        found = [slope]
        for k in reversed(range(len(self.used))):
            slope = slope @ self.used[k]
            if k:
                slope = _mask(slope, acts[k], SLOPE, True)
            found.append(slope)
        return found[::-1]

    def penalise(self, acts: list[Tensor], slopes: list[Tensor], push: Tensor) -> None:
        """Add the gradient of a penalty on `slopes[0]` whose own slope there is `push`.

        slopes[k] = mask_k * (slopes[k+1] W_k), so it is the backward pass read forwards.
        """
        for k, matrix in enumerate(self.used):
            _grad(self.matrices[k]).addmm_(slopes[k + 1].t(), push)
            if k + 1 < len(self.used):
                push = _mask(push @ matrix.t(), acts[k + 1], SLOPE, True)


class Forger(Perceptron):
    """The generator: noise (n, z) -> points (n, d).

    With z = d it starts as the identity, G(z) = z + net(z); `squash` ends it in tanh, for pixels
    in -1..1.
    """

    def __init__(self, sizes: Sequence[int], rng: Generator, squash: bool = False) -> None:
        self.residual, self.squash = sizes[0] == sizes[-1] and not squash, squash
        super().__init__(sizes, rng, zero_last=self.residual)

    def activations(self, x: Tensor) -> list[Tensor]:
        acts = super().activations(x)
        if self.residual:
            acts[-1].add_(x)
        if self.squash:
            acts[-1].tanh_()
        return acts

    def backward(self, acts: list[Tensor], slope: Tensor) -> None:
        if self.squash:
            slope = slope * (1 - acts[-1].square())
        super().backward(acts, slope)


class Judge(Perceptron):
    """The discriminator: points (n, d) -> one number each, high where they look real.

    `fourier` fixed random waves of the point are appended to it, `zoom` multiplies it, and
    `spectral` divides every matrix by its largest singular value, so that D is 1-Lipschitz:
    Miyato et al. (2018), Spectral Normalization, https://arxiv.org/abs/1802.05957
    """

    waves: Tensor

    def __init__(
        self,
        sizes: Sequence[int],
        rng: Generator,
        fourier: int = 0,
        zoom: float = 1.0,
        spectral: bool = False,
    ) -> None:
        dim, *rest = sizes
        super().__init__([dim + 2 * fourier, *rest], rng)
        self.zoom, self.spectral, self.fourier = zoom, spectral, fourier
        self.register_buffer("waves", 3.0 * torch.randn(dim, fourier, generator=rng))
        if spectral:
            self.left = [
                nn.functional.normalize(torch.randn(len(m), generator=rng), dim=0)
                for m in self.matrices
            ]
            self.right = [m.new_zeros(m.shape[1]) for m in self.matrices]
            self.sizes = [1.0] * len(self.matrices)
            for _ in range(20):
                self.normalise()

    def activations(self, x: Tensor) -> list[Tensor]:
        return super().activations(self.features(x))

    def features(self, x: Tensor) -> Tensor:
        x = x * self.zoom if self.zoom != 1 else x
        if not self.fourier:
            return x
        angle = x @ self.waves
        return torch.cat([x, angle.cos(), angle.sin()], dim=1)

    def slopes(self, acts: list[Tensor], slope: Tensor) -> tuple[list[Tensor], Tensor]:
        """Slopes at every layer for `slope` (n, 1) at the output, and at the point (n, d)."""
        layers = self.to_input(acts, slope)
        g = layers[0]
        if self.fourier:
            _, cos, sin = self._split(acts[0])
            at_x, at_cos, at_sin = self._split(g)
            g = at_x + (at_sin * cos - at_cos * sin) @ self.waves.t()
        return layers, g * self.zoom if self.zoom != 1 else g

    def penalise_slope(self, acts: list[Tensor], layers: list[Tensor], push: Tensor) -> None:
        """Add the gradient of a penalty on the slope at the point; `push` (n, d): its slope."""
        push = push * self.zoom if self.zoom != 1 else push
        if self.fourier:
            _, cos, sin = self._split(acts[0])
            along = push @ self.waves
            push = torch.cat([push, -sin * along, cos * along], dim=1)
        self.penalise(acts, layers, push)

    def _split(self, features: Tensor) -> tuple[Tensor, ...]:
        dim, waves = self.waves.shape
        return features.split([dim, waves, waves], dim=1)

    def norms(self) -> tuple[Norm, ...]:
        """Where the power iteration stands, to go on from there with `set_norms`."""
        return tuple(zip(self.left, self.right, self.sizes, self.used))

    def set_norms(self, norms: tuple[Norm, ...]) -> None:
        self.left, self.right, self.sizes, self.used = (list(part) for part in zip(*norms))

    @torch.no_grad()
    def normalise(self) -> None:
        """One step of power iteration, then divide every matrix by its largest singular value."""
        for k, matrix in enumerate(self.matrices):
            self.right[k] = nn.functional.normalize(matrix.t() @ self.left[k], dim=0)
            reached = matrix @ self.right[k]
            self.sizes[k] = float(reached.norm()) + 1e-12
            self.left[k] = reached / self.sizes[k]
            self.used[k] = matrix / self.sizes[k]

    @torch.no_grad()
    def through_norm(self) -> None:
        """Turn the gradient by the divided matrices into the gradient by the matrices.

        With W' = W / s and s = u^T W v:  dL/dW = (dL/dW' - <dL/dW', W'> u v^T) / s.
        """
        for k, matrix in enumerate(self.matrices):
            grad = _grad(matrix)
            along = float((grad * self.used[k]).sum())
            grad.addr_(self.left[k], self.right[k], alpha=-along).div_(self.sizes[k])


def _grad(parameter: Tensor) -> Tensor:
    if parameter.grad is None:  # nobody optimises it yet
        parameter.grad = torch.zeros_like(parameter)
    return parameter.grad
