"""The networks of a config: our own couplings, or those of the library zuko, as one kind of chain.

Rozet et al. (2022), zuko, https://github.com/probabilists/zuko
"""

from collections.abc import Sequence

from torch import Generator, Tensor, nn

from explorer.concepts.flows.config import Config
from explorer.concepts.flows.coupling import Coupling, Flow, Step


def flow(config: Config, dim: int, rng: Generator) -> Flow:
    """The untrained flow of `dim` numbers."""
    if config.coupling == "zuko":
        return Flow(zukos(config, dim, rng), dim)
    bins = config.bins if config.coupling == "spline" else 0
    return Flow(
        [
            Coupling(*halves(dim, number), bins, config.hidden, config.waves, rng)
            for number in range(config.layers)
        ],
        dim,
    )


def halves(dim: int, number: int) -> tuple[Sequence[int], Sequence[int]]:
    """Which numbers layer `number` keeps, and which it moves: every other one, taking turns.

    From the third layer on, those of an image are split by other strides, so that all pixels meet.
    """
    stride = 1 if dim == 2 else (1, 8, 2, 16)[number // 2 % 4]
    kept = [i for i in range(dim) if (i // stride + number) % 2 == 0]
    return kept, [i for i in range(dim) if i not in set(kept)]


class Zukos(nn.Module):
    """One layer of zuko's neural spline flow, with the interface of a `Coupling`.

    Both halves are moved: the first by splines of its own, the second by splines that depend on
    the first.
    """

    def __init__(self, lazy: nn.Module) -> None:
        super().__init__()
        self.lazy = lazy

    def forward(self, x: Tensor, back: bool = False) -> Step:
        """Towards noise, or `back` towards data, for x (n, d)."""
        transform = self.lazy(None)
        return Step(*(transform.inv if back else transform).call_and_ladj(x))


def zukos(config: Config, dim: int, rng: Generator) -> list[nn.Module]:
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
    return [Zukos(lazy) for lazy in library.transform.transforms]
