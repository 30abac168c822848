"""Flows of a config, and trained ones as models: our own couplings, or those of the library zuko.

Rozet et al. (2022), zuko, https://github.com/probabilists/zuko
"""

from collections.abc import Sequence
from math import log

import numpy as np
import torch
from torch import Generator, Tensor, nn

from explorer.concepts.flows.config import Config
from explorer.concepts.flows.coupling import Coupling, Flow, Step
from explorer.data import images
from explorer.data.images import ImageSet
from explorer.data.levels import levels
from explorer.nets import freeze, generator, weights

BOX = 3.0  # images fill [-BOX, BOX]: about as wide as noise


def to_box(u: Tensor) -> Tensor:
    """0..1 to [-BOX, BOX]."""
    return (2 * u - 1) * BOX


def from_box(x: Tensor) -> Tensor:
    """[-BOX, BOX] to 0..1; what lies outside stays outside."""
    return (x / BOX + 1) / 2


class PlaneModel:
    """A trained flow of points."""

    def __init__(self, config: Config, flow: Flow) -> None:
        self.config, self.flow = config, flow

    @torch.no_grad()
    def log_density(self, x: Tensor) -> Tensor:
        """log p(x), (n,), for x (n, 2)."""
        return self.flow.log_density(x)

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n generated points (n, 2)."""
        return freeze(self.flow.inverse(torch.randn(n, 2, generator=generator(seed))))

    def weights(self) -> dict[str, np.ndarray]:
        """All weights, a checkpoint."""
        return weights(self.flow)


class ImageModel:
    """A trained flow of images."""

    def __init__(self, config: Config, flow: Flow) -> None:
        self.config, self.flow = config, flow

    @property
    def images(self) -> ImageSet:
        return images.load(self.config.dataset)

    @torch.no_grad()
    def log_density(self, x: Tensor) -> Tensor:
        """log p(u), (n,), of dequantised images u (n, d) in 0..1."""
        return self.flow.log_density(to_box(x)) + x.shape[1] * log(2 * BOX)

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n generated images (n, d) in 0..1, in whole grey levels."""
        z = torch.randn(n, self.flow.dim, generator=generator(seed))
        return freeze(self.decode(z))

    @torch.no_grad()
    def decode(self, z: Tensor) -> Tensor:
        """The images (n, d) in 0..1 of noise (n, d), in whole grey levels."""
        return levels(self.config.dataset).quantised(from_box(self.flow.inverse(z)))

    def weights(self) -> dict[str, np.ndarray]:
        """All weights, a checkpoint."""
        return weights(self.flow)


def untrained(config: Config, dim: int, rng: Generator) -> Flow:
    """The untrained flow of `dim` numbers."""
    if config.coupling == "zuko":
        return Flow(_zuko_layers(config, dim, rng), dim)
    bins = config.bins if config.coupling == "spline" else 0
    return Flow(
        [
            Coupling(*halves(dim, number), bins, config.hidden, config.fourier_features, rng)
            for number in range(config.layers)
        ],
        dim,
    )


def halves(dim: int, number: int) -> tuple[Sequence[int], Sequence[int]]:
    """Which numbers layer `number` leaves fixed and which it transforms, alternating.

    From the third layer on, those of an image are split by other strides, so that all pixels mix.
    """
    stride = 1 if dim == 2 else (1, 8, 2, 16)[number // 2 % 4]
    fixed = [i for i in range(dim) if (i // stride + number) % 2 == 0]
    return fixed, [i for i in range(dim) if i not in set(fixed)]


class ZukoLayer(nn.Module):
    """One layer of zuko's neural spline flow, with the interface of a `Coupling`.

    Both halves are transformed: the first by splines of its own, the second by splines that depend
    on the first.
    """

    def __init__(self, transform: nn.Module) -> None:
        super().__init__()
        self.transform = transform

    def forward(self, x: Tensor, inverse: bool = False) -> Step:
        """From data towards noise, or the inverse, for x (n, d)."""
        transform = self.transform(None)
        return Step(*(transform.inv if inverse else transform).call_and_ladj(x))


def _zuko_layers(config: Config, dim: int, rng: Generator) -> list[nn.Module]:
    """The layers of zuko's NSF, with initial weights from `rng`."""
    # Only here: whoever does not ask for it does not load it.
    import zuko

    library = zuko.flows.NSF(
        dim,
        transforms=config.layers,
        bins=config.bins,
        hidden_features=[config.hidden] * 2,
        passes=2,  # in the plane that is number by number; of images, one half and then the other
    )
    for module in library.modules():
        if isinstance(module, nn.Linear):
            bound = module.in_features**-0.5
            nn.init.uniform_(module.weight, -bound, bound, generator=rng)
            nn.init.uniform_(module.bias, -bound, bound, generator=rng)
    return [ZukoLayer(each) for each in library.transform.transforms]
