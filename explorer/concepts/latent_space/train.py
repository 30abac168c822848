"""Training: a generator of snapshots that returns the trained model."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from math import isfinite

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.latent_space import linear
from explorer.concepts.latent_space.config import Config
from explorer.concepts.latent_space.measure import (
    ACTIVE,
    MAPPED,
    SHOWN,
    EvaluationSubset,
    Reference,
    dataset,
    evaluation_subset,
    reference,
)
from explorer.concepts.latent_space.model import TrainedVAE
from explorer.concepts.latent_space.projection import Projection, axes, principal
from explorer.concepts.shared.vae import VAE, Posterior, kl_to_prior, reparameterise
from explorer.config import frame_steps
from explorer.nets import freeze, generator
from explorer.optim import Adam, Optimizer, cosine
from explorer.scene import frozen

FRAMES = 130
WEIGHT_DECAY = 1e-2  # AdamW
MAX_NORM = 200.0  # of the gradient; twice the usual one, so that only spikes are clipped
LINEAR_FACTOR = 10  # of the learning rate: a linear network is stable with larger steps
SAMPLES = 9  # images decoded from the prior
GRID = 6  # GRID x GRID images are decoded ...
REACH = 2.1  # ... from codes between -REACH and REACH in both directions of the map


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The autoencoder after `step` updates."""

    step: int
    config: Config
    subset: EvaluationSubset
    reference: Reference
    means: np.ndarray  # (up to MAPPED, 2) posterior means of the evaluation subset, on the map
    spreads: np.ndarray  # (SHOWN, 2, 2) posterior covariances of the drawn images, on the map
    exact_means: np.ndarray | None  # (SHOWN, 2) of the optimal posterior, on the map
    exact_spreads: np.ndarray | None  # (SHOWN, 2, 2)
    reconstructions: np.ndarray  # (SHOWN, h, w[, 3]) uint8, decoded from the means
    samples: np.ndarray  # (SAMPLES, h, w[, 3]) uint8, from the prior
    decoded_grid: np.ndarray  # (GRID * GRID, h, w[, 3]) uint8, row by row from the top
    kl: np.ndarray  # (k,) nats of each latent dimension, on average
    variance: np.ndarray  # (k,) of its posterior mean over the images
    log_likelihood: float  # E_q[log p(x | z)] on `evaluated` test images, nats
    error: float  # mean squared error per pixel of the reconstructions
    evaluated: int  # test images; all of them in the last frame
    test: tuple[float, float]  # log likelihood and KL on the evaluation subset, in every frame
    training: tuple[float, float]  # the same of the batches since the last snapshot
    test_error: float  # on the evaluation subset, in every frame

    @property
    def elbo(self) -> float:
        """Of the test images, nats."""
        return self.log_likelihood - float(self.kl.sum())

    @property
    def active(self) -> int:
        """Active units: latent dimensions that carry information.

        Burda, Grosse and Salakhutdinov (2016), https://arxiv.org/abs/1509.00519
        """
        return int((self.variance > ACTIVE).sum())

    @property
    def progress(self) -> float:
        """The share of the gap in ELBO between no latent (data mean only) and the best known."""
        low = self.subset.data_mean_elbo
        return min(1.0, (self.elbo - low) / (self.reference.elbo - low))


def train(config: Config) -> Generator[Snapshot, None, TrainedVAE]:
    """Maximise the ELBO; the first snapshot shows the untrained model, the last the trained one.

    Raises FloatingPointError when the numbers overflow.
    """
    rng = generator(config.seed)
    draw, vae = batches(config, rng), network(config, rng)
    optimizer = Adam(vae.parameters(), config.learning_rate, decay=WEIGHT_DECAY)
    observer = Observer(config, vae)
    learning_rate = config.learning_rate * (LINEAR_FACTOR if config.linear else 1)
    frames = set(frame_steps(config.steps, FRAMES))
    yield observer.snapshot(0, None)
    total, count = torch.zeros(2), 0  # log likelihood and KL of the batches since then

    for step in range(1, config.steps + 1):
        optimizer.rate = cosine(step - 1, config.steps, learning_rate)
        x = draw()
        noise = torch.randn(config.batch, config.latent_dim, generator=rng)
        log_likelihood, kl = vae.terms(x, noise)
        terms = torch.stack([log_likelihood.mean(), kl.sum(1).mean()])
        descend(optimizer, kl_weight(config, step) * terms[1] - terms[0])
        total += terms.detach()
        count += 1
        if step in frames:
            yield observer.snapshot(step, finite(total / count))
            total, count = torch.zeros(2), 0
    return TrainedVAE(config, vae, observer.projection)


def kl_weight(config: Config, step: int) -> float:
    """Weight of the KL at a step (from 1): rises to `beta` during the warm-up."""
    rising = config.warmup * config.steps
    return config.beta * min(1.0, step / rising) if rising else config.beta


def descend(optimizer: Optimizer, loss: Tensor) -> None:
    """One update with gradient clipping.

    Sharp posteriors cause rare but huge gradients, which would throw the encoder far off.
    Pascanu et al. (2013), https://arxiv.org/abs/1211.5063
    """
    optimizer.zero_grad()
    loss.backward()
    gradient = optimizer.flat.grad
    norm = gradient.norm().item()
    if norm > MAX_NORM:
        gradient.mul_(MAX_NORM / norm)
    optimizer.step()


def network(config: Config, rng: torch.Generator) -> VAE:
    """The untrained autoencoder."""
    dim = dataset(config.dataset).train.shape[1]
    if config.linear:
        return linear.LinearVAE(dim, config.latent_dim, linear.NOISE, rng)
    return VAE(dim, config.latent_dim, config.hidden, rng)


def batches(config: Config, rng: torch.Generator) -> Callable[[], Tensor]:
    """A function that draws a batch (batch, d); of the linear images always new ones."""
    x = dataset(config.dataset).train

    def draw() -> Tensor:
        if config.linear:
            return linear.sample(config.batch, rng)[0]
        return x[torch.randint(len(x), (config.batch,), generator=rng)]

    return draw


def finite(terms: Tensor) -> tuple[float, float]:
    """Both terms of the ELBO as numbers."""
    log_likelihood, kl = terms.tolist()
    if not (isfinite(log_likelihood) and isfinite(kl)):
        raise FloatingPointError(
            "The numbers overflowed: the steps were so large that the weights diverged. Lower the "
            "learning rate, or increase beta, which keeps the latent codes near the prior."
        )
    return log_likelihood, kl


class Observer:
    """Takes the snapshots of one run. Its randomness is its own and the same in every frame."""

    def __init__(self, config: Config, vae: VAE) -> None:
        self.config, self.vae = config, vae
        self.data, self.subset = dataset(config.dataset), evaluation_subset(config.dataset)
        self.reference = reference(config.dataset, config.latent_dim)
        rng = generator(1)
        self.noise = torch.randn(len(self.subset.images), config.latent_dim, generator=rng)
        self.prior = torch.randn(SAMPLES, config.latent_dim, generator=rng)
        self.grid = grid_points(config.latent_dim)
        self.projection = axes(config.latent_dim)

    @torch.no_grad()
    def snapshot(self, step: int, training: tuple[float, float] | None) -> Snapshot:
        """The state now; `training`: both terms of the batches since the last snapshot."""
        vae, x = self.vae, self.subset.images
        posterior = vae.encode(x)
        self.projection = projection = principal(posterior.mean, self.projection)
        log_likelihood = vae.log_likelihood(x, reparameterise(posterior, self.noise)).mean()
        kl = kl_to_prior(posterior).mean(0)
        decoded = vae.decode(posterior.mean)
        error = (decoded - x).square().mean()
        test = log_likelihood.item(), kl.sum().item()
        test_error, evaluated = error.item(), len(x)
        if step == self.config.steps:
            evaluated = len(self.data.test)
            log_likelihood, kl, error = self.evaluate(self.data.test)
        generated = vae.decode(torch.cat([self.prior, projection.lift(self.grid)]))
        pixels = self.data.pixels(torch.cat([decoded[:SHOWN], generated]))
        exact_means, exact_spreads = self.exact(posterior)
        return Snapshot(
            step=step,
            config=self.config,
            subset=self.subset,
            reference=self.reference,
            means=freeze(projection.project(posterior.mean[:MAPPED])),
            spreads=freeze(projection.covariance(posterior.log_variance[:SHOWN].exp())),
            exact_means=exact_means,
            exact_spreads=exact_spreads,
            reconstructions=frozen(pixels[:SHOWN]),
            samples=frozen(pixels[SHOWN : SHOWN + SAMPLES]),
            decoded_grid=frozen(pixels[SHOWN + SAMPLES :]),
            kl=freeze(kl),
            variance=freeze(posterior.mean.var(0)),
            log_likelihood=log_likelihood.item(),
            error=error.item(),
            evaluated=evaluated,
            test=test,
            training=training or test,
            test_error=test_error,
        )

    def evaluate(self, test: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Log likelihood, KL by dimension (k,) and squared error of test images (n, d)."""
        log_likelihood, kl = TrainedVAE(self.config, self.vae, self.projection).terms(test)
        error = (self.vae.decode(self.vae.encode(test).mean) - test).square().mean()
        return log_likelihood.mean(), kl.mean(0), error

    def exact(self, posterior: Posterior) -> tuple[np.ndarray, np.ndarray] | tuple[None, None]:
        """Means and covariances on the map of the optimal posteriors of the drawn images.

        Any rotation of the latent space is as good, so they are aligned with the learnt ones.
        """
        if not self.config.linear:
            return None, None
        optimum = linear.optimum(self.config.latent_dim, self.config.beta)
        mean, log_variance = optimum.encode(self.subset.images)
        rotation = linear.align(mean, posterior.mean)
        own = Projection(self.projection.basis @ rotation.T)  # the map's axes in its coordinates
        return (
            freeze(own.project(mean[:SHOWN])),
            freeze(own.covariance(log_variance[:SHOWN].exp())),
        )


def grid_points(latent_dim: int) -> Tensor:
    """The points (GRID * GRID, 2) of the map that are decoded, row by row from the top.

    A square grid; of a single latent dimension a line that goes on from row to row.
    """
    if latent_dim == 1:
        line = torch.linspace(-REACH, REACH, GRID * GRID)
        return torch.stack([line, torch.zeros_like(line)], dim=1)
    ticks = torch.linspace(-REACH, REACH, GRID)
    return torch.cartesian_prod(ticks.flip(0), ticks).flip(1)
