r"""One code drawn in slow motion: how a gradient gets through a draw of the dice.

    z = mu + sigma * eps,   eps ~ N(0, I)

The dice are thrown outside: eps depends on nothing, so z is a smooth function of mu and sigma, and
with the loss L = -log p(x | z) + beta KL the chain rule gives

    dL/dmu = dL/dz + beta mu,     dL/dsigma = eps * dL/dz + beta (sigma - 1 / sigma)

The older way needs no derivative of the decoder, only the loss at each draw (the score function,
Williams 1992, https://doi.org/10.1007/BF00992696), and is right on average too, but scatters far
more:

    d/dmu E[-log p(x | z)] = E[-(log p(x | z) - mean) * eps / sigma]
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.latent_space.reference import CHOICES, dataset, jury
from explorer.concepts.latent_space.trained import Trained
from explorer.concepts.shared.vae import VAE, Posterior, kl_to_prior, reparameterise
from explorer.nets import freeze, generator
from explorer.scene import frozen

STAGES = ("image", "posterior", "noise", "code", "decode", "back", "reach")
DRAWS = 3  # shown one by one
MANY = 200  # compared at the end


@dataclass(frozen=True)
class Slow:
    """Which image (a number of those to choose from), and the seed of the dice."""

    image: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.image < CHOICES:
            raise ValueError(
                f"image must be a number from 0 to {CHOICES - 1}. Got {self.image!r} instead."
            )


@dataclass(frozen=True, eq=False)
class Scatter:
    """Everything that is the same in all frames: the image, its code, many estimates."""

    units: tuple[int, int]  # that are drawn: the two that say most (or one, twice)
    beta: float
    input: np.ndarray  # (1, h, w[, 3]) uint8
    mean: np.ndarray  # (2,)
    deviation: np.ndarray  # (2,)
    pathwise: np.ndarray  # (MANY, 2) estimates of dL/dmu through z
    scored: np.ndarray  # (MANY, 2) by the score function
    exact: np.ndarray  # (2,) mean of very many pathwise ones


@dataclass(frozen=True, eq=False)
class Moment:
    """One stage of one draw."""

    step: int
    draw: int  # from 1; 0 at the end, when all estimates are compared
    stage: str
    scatter: Scatter
    noise: np.ndarray  # (2,) eps
    code: np.ndarray  # (2,) z
    decoded: np.ndarray  # (1, h, w[, 3]) uint8
    loss: float  # -log p(x | z), nats
    pull: np.ndarray  # (2,) dL/dz of the rebuilding
    for_mean: np.ndarray  # (2,) dL/dmu
    for_deviation: np.ndarray  # (2,) dL/dsigma


def slow(config: Slow, model: Trained) -> Generator[Moment, None, Scatter]:
    """Three draws of a code, stage by stage; then many at once."""
    data = dataset(model.config.dataset)
    x = jury(data.name).images[config.image : config.image + 1]
    rng, vae, latent = generator(config.seed), model.vae, model.config.latent
    with torch.no_grad():
        posterior = vae.encode(x)
        units = kl_to_prior(posterior)[0].argsort(descending=True)[:2]
    mean, deviation = posterior.mean[0], (0.5 * posterior.log_variance[0]).exp()
    scatter = compare(vae, x, posterior, units, model.config.beta, data.pixels(x), rng)
    step = 0
    for draw in range(1, DRAWS + 1):
        noise = torch.randn(1, latent, generator=rng)
        z, pull, loss = gradient(vae, x, posterior, noise)
        decoded = frozen(data.pixels(vae.decode(z)))
        beta = model.config.beta
        for_mean = pull[0] + beta * mean
        for_deviation = pull[0] * noise[0] + beta * (deviation - 1 / deviation)
        for stage in STAGES if draw == 1 else STAGES[2:]:
            yield Moment(
                step, draw, stage, scatter, _two(noise[0], units), _two(z[0], units), decoded,
                loss[0].item(), _two(pull[0], units), _two(for_mean, units),
                _two(for_deviation, units),
            )  # fmt: skip
            step += 1
    yield Moment(
        step, 0, "many", scatter, _two(noise[0], units), _two(z[0], units), decoded,
        loss[0].item(), _two(pull[0], units), _two(for_mean, units), _two(for_deviation, units),
    )  # fmt: skip
    return scatter


def gradient(
    vae: VAE, x: Tensor, posterior: Posterior, noise: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Codes (n, z), the gradient of -log p(x | z) at them (n, z), and that loss (n,)."""
    with torch.enable_grad():
        z = reparameterise(posterior, noise).detach().requires_grad_()
        loss = -vae.log_likelihood(x.expand(len(noise), -1), z)
        (pull,) = torch.autograd.grad(loss.sum(), z)
    return z.detach(), pull, loss.detach()


def compare(
    vae: VAE,
    x: Tensor,
    posterior: Posterior,
    units: Tensor,
    beta: float,
    pixels: np.ndarray,
    rng: torch.Generator,
) -> Scatter:
    """Many estimates of dL/dmu from one draw each, in both ways."""
    mean, deviation = posterior.mean[0], (0.5 * posterior.log_variance[0]).exp()
    noise = torch.randn(5 * MANY, len(mean), generator=rng)
    _, pull, loss = gradient(vae, x, posterior, noise)
    pathwise = pull + beta * mean
    scored = (loss - loss.mean())[:, None] * noise / deviation + beta * mean
    return Scatter(
        units=(int(units[0]), int(units[-1])),
        beta=beta,
        input=frozen(pixels),
        mean=_two(mean, units),
        deviation=_two(deviation, units),
        pathwise=np.stack([_two(row, units) for row in pathwise[:MANY]]),
        scored=np.stack([_two(row, units) for row in scored[:MANY]]),
        exact=_two(pathwise.mean(0), units),
    )


def _two(values: Tensor, units: Tensor) -> np.ndarray:
    """The values (z,) of the two drawn units; of a single unit, and zero."""
    own = values.detach()[units]
    return freeze(own if len(own) == 2 else torch.cat([own, torch.zeros(1)]))
