"""Training: a generator of snapshots that returns the trained model."""

from collections.abc import Callable, Generator
from math import isfinite

import torch
from torch import Tensor

from explorer.concepts.latent_space import linear
from explorer.concepts.latent_space.config import Config
from explorer.concepts.latent_space.model import LinearVAE
from explorer.concepts.latent_space.reference import dataset
from explorer.concepts.latent_space.snapshot import Observer, Snapshot
from explorer.concepts.latent_space.trained import Trained
from explorer.concepts.shared.vae import VAE
from explorer.config import frame_steps
from explorer.nets import generator
from explorer.optim import Adam, Optimizer, cosine

FRAMES = 130
DECAY = 1e-2  # of the weights (AdamW)
STEEPEST = 200.0  # norm of a gradient; twice what is usual, so that only spikes are cut
LINEAR_PACE = 10  # a linear network stands, and needs, larger steps


def train(config: Config) -> Generator[Snapshot, None, Trained]:
    """Raise the ELBO; the first snapshot shows the untrained model, the last the finished one.

    Raises FloatingPointError when the numbers overflow.
    """
    rng = generator(config.seed)
    draw, vae = batches(config, rng), network(config, rng)
    optimizer = Adam(vae.parameters(), config.rate, decay=DECAY)
    observer = Observer(config, vae)
    rate = config.rate * (LINEAR_PACE if config.linear else 1)
    shown = set(frame_steps(config.steps, FRAMES))
    yield observer.snapshot(0, None)
    paid, count = torch.zeros(2), 0  # log likelihood and KL of the batches since then

    for step in range(1, config.steps + 1):
        optimizer.rate = cosine(step - 1, config.steps, rate)
        log_likelihood, kl = vae.terms(draw(), noise(config, rng))
        halves = torch.stack([log_likelihood.mean(), kl.sum(1).mean()])
        descend(optimizer, weight(config, step) * halves[1] - halves[0])
        paid += halves.detach()
        count += 1
        if step in shown:
            yield observer.snapshot(step, finite(paid / count))
            paid, count = torch.zeros(2), 0
    return Trained(config, vae, observer.plane)


def weight(config: Config, step: int) -> float:
    """Of the KL at a step (from 1): rises to `beta` during the warm-up."""
    rising = config.warmup * config.steps
    return config.beta * min(1.0, step / rising) if rising else config.beta


def descend(optimizer: Optimizer, loss: Tensor) -> None:
    """One update; a gradient steeper than `STEEPEST` is shortened.

    Sharp posteriors make rare but huge gradients, which would throw the encoder far off.
    Pascanu et al. (2013), https://arxiv.org/abs/1211.5063
    """
    optimizer.zero_grad()
    loss.backward()
    gradient = optimizer.flat.grad
    norm = gradient.norm().item()
    if norm > STEEPEST:
        gradient.mul_(STEEPEST / norm)
    optimizer.step()


def network(config: Config, rng: torch.Generator) -> VAE:
    """The untrained autoencoder."""
    dim = dataset(config.dataset).train.shape[1]
    if config.linear:
        return LinearVAE(dim, config.latent, linear.NOISE, rng)
    return VAE(dim, config.latent, config.hidden, rng)


def batches(config: Config, rng: torch.Generator) -> Callable[[], Tensor]:
    """A function that draws a batch (batch, d); of the linear images always fresh ones."""
    x = dataset(config.dataset).train

    def draw() -> Tensor:
        if config.linear:
            return linear.sample(config.batch, rng)[0]
        return x[torch.randint(len(x), (config.batch,), generator=rng)]

    return draw


def noise(config: Config, rng: torch.Generator) -> Tensor:
    """Standard normal (batch, latent)."""
    return torch.randn(config.batch, config.latent, generator=rng)


def finite(paid: Tensor) -> tuple[float, float]:
    """The two halves as numbers."""
    log_likelihood, kl = paid.tolist()
    if not (isfinite(log_likelihood) and isfinite(kl)):
        raise FloatingPointError(
            "The numbers overflowed: the steps were so large that the weights ran away. "
            "Lower the learning rate, or let the KL hold the codes together (a larger beta)."
        )
    return log_likelihood, kl
