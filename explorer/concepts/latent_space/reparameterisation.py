r"""The reparameterisation trick, step by step: how a gradient passes through a random draw.

    z = mu + sigma * eps,   eps ~ N(0, I)

The noise eps depends on no parameter, so z is a differentiable function of mu and sigma, and with
the loss L = -log p(x | z) + beta KL the chain rule gives

    dL/dmu = dL/dz + beta mu,     dL/dsigma = eps * dL/dz + beta (sigma - 1 / sigma)

with dL/dz the gradient of -log p(x | z). The score-function estimator (REINFORCE, Williams 1992,
https://doi.org/10.1007/BF00992696) needs no derivative of the decoder, only the loss of each draw;
it is unbiased, too, but has a larger variance:

    d/dmu E[-log p(x | z)] = E[-(log p(x | z) - mean) * eps / sigma]
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.latent_space.measure import CHOICES, dataset, evaluation_subset
from explorer.concepts.latent_space.model import TrainedVAE
from explorer.concepts.shared.vae import VAE, Posterior, kl_to_prior, reparameterise
from explorer.nets import freeze, generator
from explorer.scene import frozen

STAGES = ("image", "posterior", "noise", "code", "decode", "gradient", "parameters")
DRAWS = 3  # shown one by one
ESTIMATES = 200  # compared at the end


@dataclass(frozen=True)
class ReparameterisationConfig:
    """Which image, and the seed of the noise."""

    image: int = c.choice(9, range(CHOICES))
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Estimates:
    """Everything that is the same in all frames: the image, its posterior, many estimates."""

    dimensions: tuple[int, int]  # that are drawn: the two with the largest KL (or one, twice)
    beta: float
    image: np.ndarray  # (1, h, w[, 3]) uint8
    mean: np.ndarray  # (2,)
    deviation: np.ndarray  # (2,)
    pathwise: np.ndarray  # (ESTIMATES, 2) of dL/dmu through z
    score_function: np.ndarray  # (ESTIMATES, 2)
    average: np.ndarray  # (2,) of many more pathwise ones


@dataclass(frozen=True, eq=False)
class ReparameterisationSnapshot:
    """One stage of one draw."""

    step: int
    draw: int  # from 1; 0 at the end, when all estimates are compared
    stage: str
    estimates: Estimates
    noise: np.ndarray  # (2,) eps
    latent_code: np.ndarray  # (2,) z
    decoded: np.ndarray  # (1, h, w[, 3]) uint8
    loss: float  # -log p(x | z), nats
    grad_z: np.ndarray  # (2,) its gradient
    grad_mean: np.ndarray  # (2,) dL/dmu
    grad_deviation: np.ndarray  # (2,) dL/dsigma


def step_by_step(
    config: ReparameterisationConfig, model: TrainedVAE
) -> Generator[ReparameterisationSnapshot, None, Estimates]:
    """Three draws of a latent code, stage by stage; then many at once."""
    data, vae, beta = dataset(model.config.dataset), model.vae, model.config.beta
    x = evaluation_subset(data.name).images[config.image : config.image + 1]
    rng = generator(config.seed)
    with torch.no_grad():
        posterior = vae.encode(x)
        dimensions = kl_to_prior(posterior)[0].argsort(descending=True)[:2]
    mean, deviation = posterior.mean[0], (0.5 * posterior.log_variance[0]).exp()
    estimates = compare(vae, x, posterior, dimensions, beta, data.pixels(x), rng)

    def snapshot(draw: int, stage: str) -> ReparameterisationSnapshot:
        grad_deviation = grad_z[0] * noise[0] + beta * (deviation - 1 / deviation)
        return ReparameterisationSnapshot(
            step, draw, stage, estimates, _two(noise[0], dimensions), _two(z[0], dimensions),
            decoded, loss[0].item(), _two(grad_z[0], dimensions),
            _two(grad_z[0] + beta * mean, dimensions), _two(grad_deviation, dimensions),
        )  # fmt: skip

    step = 0
    for draw in range(1, DRAWS + 1):
        noise = torch.randn(1, model.config.latent_dim, generator=rng)
        z, grad_z, loss = gradient(vae, x, posterior, noise)
        decoded = frozen(data.pixels(vae.decode(z)))
        for stage in STAGES if draw == 1 else STAGES[2:]:
            yield snapshot(draw, stage)
            step += 1
    yield snapshot(0, "estimates")
    return estimates


def gradient(
    vae: VAE, x: Tensor, posterior: Posterior, noise: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Codes z (n, k), the gradient of -log p(x | z) at them (n, k), and that loss (n,)."""
    with torch.enable_grad():
        z = reparameterise(posterior, noise).detach().requires_grad_()
        loss = -vae.log_likelihood(x.expand(len(noise), -1), z)
        (grad_z,) = torch.autograd.grad(loss.sum(), z)
    return z.detach(), grad_z, loss.detach()


def compare(
    vae: VAE,
    x: Tensor,
    posterior: Posterior,
    dimensions: Tensor,
    beta: float,
    pixels: np.ndarray,
    rng: torch.Generator,
) -> Estimates:
    """Many estimates of dL/dmu from one draw each, by both estimators."""
    mean, deviation = posterior.mean[0], (0.5 * posterior.log_variance[0]).exp()
    noise = torch.randn(5 * ESTIMATES, len(mean), generator=rng)
    _, grad_z, loss = gradient(vae, x, posterior, noise)
    pathwise = grad_z + beta * mean
    score_function = (loss - loss.mean())[:, None] * noise / deviation + beta * mean

    def rows(estimates: Tensor) -> np.ndarray:
        return frozen(np.stack([_two(row, dimensions) for row in estimates[:ESTIMATES]]))

    return Estimates(
        dimensions=(int(dimensions[0]), int(dimensions[-1])),
        beta=beta,
        image=frozen(pixels),
        mean=_two(mean, dimensions),
        deviation=_two(deviation, dimensions),
        pathwise=rows(pathwise),
        score_function=rows(score_function),
        average=_two(pathwise.mean(0), dimensions),
    )


def _two(values: Tensor, dimensions: Tensor) -> np.ndarray:
    """The values (k,) of the two drawn dimensions; of a single one, and zero."""
    own = values.detach()[dimensions]
    return freeze(own if len(own) == 2 else torch.cat([own, torch.zeros(1)]))
