"""Many small networks side by side: every layer of all of them is one batched product.

A product of small matrices costs more in being called than in being computed. So the networks of
several seeds are stacked, weights (s, out, in), and one `baddbmm` serves them all. As in
`gan.network`, gradients are written out by hand and no network ever sees another's numbers:
the network of a seed computes what it would compute alone.
"""

import ctypes
import sys
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from explorer.concepts.gan.network import SLOPE, Forger, Judge, Layered, Perceptron
from explorer.concepts.gan_failures.crowd import Crowd

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # the names that malloc.h gives them
_leaky = nn.functional.leaky_relu_
_mask = torch.ops.aten.leaky_relu_backward.default  # times 1 or SLOPE, by the sign of the result


def keep_memory() -> None:
    """Ask the C library to keep freed memory for the next layer, where it can be asked (glibc).

    Tensors of many seeds are so large that it returns them to the system after every product and
    fetches them again, page by page, for the next: that costs as much as the product.
    """
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(TRIM_THRESHOLD, 64 * 2**20)
        library.mallopt(MMAP_THRESHOLD, 32 * 2**20)


class Stack(Layered):
    """Perceptrons of the same sizes, stacked: (s, n, in) -> (s, n, out)."""

    def __init__(self, nets: Sequence[Perceptron]) -> None:
        super().__init__()
        layers = range(len(nets[0].matrices))
        self.matrices = [_stacked([net.matrices[k] for net in nets]) for k in layers]
        self.biases = [_stacked([net.biases[k][None] for net in nets]) for k in layers]
        self.weights = nn.ParameterList([*self.matrices, *self.biases])
        self.used = list(self.matrices)

    @staticmethod
    def linear(x: Tensor, matrix: Tensor, bias: Tensor) -> Tensor:
        return torch.baddbmm(bias, x, matrix.mT)

    def backward(self, acts: list[Tensor], slope: Tensor) -> None:
        """Write the gradient of a loss whose slope at the output is `slope` (s, n, out)."""
        for k in reversed(range(len(self.used))):
            torch.bmm(slope.mT, acts[k], out=grad_of(self.matrices[k]))
            torch.sum(slope, 1, keepdim=True, out=grad_of(self.biases[k]))
            if k:
                slope = self.through(k, acts, slope)

    def through(self, k: int, acts: list[Tensor], slope: Tensor) -> Tensor:
        """Carry a slope behind matrix k to before the activation in front of it."""
        return _mask(torch.bmm(slope, self.used[k]), acts[k], SLOPE, True)


class Forgers(Stack):
    """Generators: noise (s, n, z) -> points (s, n, d); with z = d, G(z) = z + net(z)."""

    def __init__(self, nets: Sequence[Forger]) -> None:
        super().__init__(nets)
        self.residual, self.squash = nets[0].residual, nets[0].squash

    def activations(self, x: Tensor) -> list[Tensor]:
        acts = super().activations(x)
        if self.residual:
            acts[-1].add_(x)
        return [*acts[:-1], acts[-1].tanh_()] if self.squash else acts

    def backward(self, acts: list[Tensor], slope: Tensor) -> None:
        if self.squash:
            slope = slope * (1 - acts[-1].square())
        super().backward(acts, slope)


class Judges(Stack):
    """Discriminators: points (s, n, d) -> one number for each, or for each pack of `pack`.

    With a `crowd`, the last layer also sees how alike the points of the batch are.
    """

    waves: Tensor

    def __init__(self, nets: Sequence[Judge], pack: int = 1, crowd: Crowd | None = None) -> None:
        super().__init__(nets)
        first = nets[0]
        self.zoom, self.fourier, self.pack, self.crowd = first.zoom, first.fourier, pack, crowd
        self.register_buffer("waves", torch.stack([net.waves for net in nets]))
        self.spectral = first.spectral
        if self.spectral:
            layers = range(len(self.matrices))
            self.left = [torch.stack([net.left[k] for net in nets])[:, :, None] for k in layers]
            self.right = [torch.stack([net.right[k] for net in nets])[:, :, None] for k in layers]
            self.sizes = [
                torch.tensor([net.sizes[k] for net in nets]).view(-1, 1, 1) for k in layers
            ]
            self.used = [torch.stack([net.used[k] for net in nets]) for k in layers]

    def features(self, x: Tensor) -> Tensor:
        """What the first layer sees of points (s, n, d): waves, if any; packs side by side."""
        x = x * self.zoom if self.zoom != 1 else x
        if self.fourier:
            angle = torch.bmm(x, self.waves)
            x = torch.cat([x, angle.cos(), angle.sin()], dim=2)
        return x.reshape(len(x), x.shape[1] // self.pack, -1) if self.pack > 1 else x

    def activations(self, x: Tensor, groups: int = 1) -> list[Tensor]:
        """As in `Stack`; with a crowd, `groups` equal parts of x are looked at separately."""
        seen = self.features(x)
        if not self.crowd:
            return super().activations(seen)
        acts = [seen]
        for matrix, bias in zip(self.used[:-1], self.biases[:-1]):
            acts.append(_leaky(self.linear(acts[-1], matrix, bias), SLOPE))
        acts[-1] = torch.cat([acts[-1], self.crowd.look(acts[-1], groups)], dim=2)
        return [*acts, self.linear(acts[-1], self.used[-1], self.biases[-1])]

    def alone(self, x: Tensor, others: Tensor) -> Tensor:
        """What is said of each point (s, n, d), or pack, as if in a crowd like `others`: (s, n)."""
        if not self.crowd:
            return self.activations(x)[-1][:, :, 0]
        hidden = self.matrices[-1].shape[2] - self.crowd.size
        usual = self.activations(others)[-2][:, :, hidden:].mean(1, keepdim=True)
        h = self.features(x)
        for matrix, bias in zip(self.used[:-1], self.biases[:-1]):
            h = _leaky(self.linear(h, matrix, bias), SLOPE)
        h = torch.cat([h, usual.expand(-1, h.shape[1], -1)], dim=2)
        return self.linear(h, self.used[-1], self.biases[-1])[:, :, 0]

    def through(self, k: int, acts: list[Tensor], slope: Tensor) -> Tensor:
        if not self.crowd or k < len(self.used) - 1:
            return super().through(k, acts, slope)
        hidden = acts[k].shape[2] - self.crowd.size
        before = torch.bmm(slope, self.used[k])
        back = self.crowd.backward(before[:, :, hidden:].contiguous())
        return _mask(before[:, :, :hidden] + back, acts[k][:, :, :hidden], SLOPE, True)

    def slopes(
        self, acts: list[Tensor], slope: Tensor, top: int | None = None
    ) -> tuple[list[Tensor], Tensor]:
        """Slopes at every layer for `slope` before layer `top`, and at the points (s, n, d).

        Without `top` it is the slope (s, n, 1) at the output.
        """
        layers = [slope]
        for k in reversed(range(len(self.used) if top is None else top)):
            slope = self.through(k, acts, slope) if k else torch.bmm(slope, self.used[0])
            layers.append(slope)
        return layers[::-1], self.to_points(acts[0], slope)

    def to_points(self, seen: Tensor, g: Tensor) -> Tensor:
        """Carry a slope at `features` back to the points."""
        if self.pack > 1:
            g, seen = (t.reshape(len(t), t.shape[1] * self.pack, -1) for t in (g, seen))
        if self.fourier:
            _, cos, sin = self._split(seen)
            at_x, at_cos, at_sin = self._split(g)
            g = at_x + torch.bmm(at_sin * cos - at_cos * sin, self.waves.mT)
        return g * self.zoom if self.zoom != 1 else g

    def penalise(self, acts: list[Tensor], layers: list[Tensor], push: Tensor) -> None:
        """Add the gradient of a penalty on the slope at the points; `push`: its own slope there.

        LeakyReLU has no curvature, so that slope is linear in every matrix: the gradient is the
        backward pass read forwards, see `gan.network`.
        """
        push = push * self.zoom if self.zoom != 1 else push
        if self.fourier:
            seen = acts[0].reshape(len(push), push.shape[1], -1)
            _, cos, sin = self._split(seen)
            along = torch.bmm(push, self.waves)
            push = torch.cat([push, -sin * along, cos * along], dim=2)
        push = push.reshape(acts[0].shape)
        for k, matrix in enumerate(self.used):
            grad_of(self.matrices[k]).baddbmm_(layers[k + 1].mT, push)
            if k + 1 < len(self.used):
                push = _mask(torch.bmm(push, matrix.mT), acts[k + 1], SLOPE, True)

    def _split(self, features: Tensor) -> tuple[Tensor, ...]:
        dim, waves = self.waves.shape[1:]
        return features.split([dim, waves, waves], dim=2)

    def normalise(self) -> None:
        """One step of power iteration, then divide every matrix by its largest singular value.

        Miyato et al. (2018), Spectral Normalization, https://arxiv.org/abs/1802.05957
        """
        for k, matrix in enumerate(self.matrices):
            self.right[k] = nn.functional.normalize(matrix.mT @ self.left[k], dim=1)
            reached = matrix @ self.right[k]
            self.sizes[k] = reached.norm(dim=1, keepdim=True) + 1e-12
            self.left[k] = reached / self.sizes[k]
            self.used[k] = matrix / self.sizes[k]

    def through_norm(self) -> None:
        """Turn the gradient by the divided matrices into the gradient by the matrices.

        With W' = W / s and s = u^T W v:  dL/dW = (dL/dW' - <dL/dW', W'> u v^T) / s.
        """
        for k, matrix in enumerate(self.matrices):
            grad = grad_of(matrix)
            along = (grad * self.used[k]).sum((1, 2), keepdim=True)
            grad.sub_(along * (self.left[k] @ self.right[k].mT)).div_(self.sizes[k])


def grad_of(parameter: Tensor) -> Tensor:
    """The gradient of a parameter, made if nobody optimises it yet."""
    if parameter.grad is None:
        parameter.grad = torch.zeros_like(parameter)
    return parameter.grad


def _stacked(parts: Sequence[Tensor]) -> nn.Parameter:
    return nn.Parameter(torch.stack([part.detach() for part in parts]), requires_grad=False)
