"""One moment of training: what the pictures need, and how it is measured."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.latent_space import linear
from explorer.concepts.latent_space.config import Config
from explorer.concepts.latent_space.plane import Plane, widest
from explorer.concepts.latent_space.reference import (
    ACTIVE,
    MAPPED,
    SHOWN,
    Jury,
    Reference,
    dataset,
    jury,
    reference,
)
from explorer.concepts.latent_space.trained import Trained
from explorer.concepts.shared.vae import VAE, Posterior, kl_to_prior, reparameterise
from explorer.nets import freeze, generator
from explorer.scene import frozen

SAMPLES = 9  # images decoded from the prior
SHEET = 6  # the decoded sheet has SHEET x SHEET images ...
REACH = 2.1  # ... of codes from -REACH to REACH along both directions


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The autoencoder after `step` updates."""

    step: int
    config: Config
    jury: Jury
    reference: Reference
    codes: np.ndarray  # (up to MAPPED, 2) means of the jury's codes, on the map
    centres: np.ndarray  # (SHOWN, 2) means of the drawn images' codes, on the map
    spreads: np.ndarray  # (SHOWN, 2, 2) covariances of their codes, on the map
    exact_centres: np.ndarray | None  # (SHOWN, 2) of the best possible posterior, on the map
    exact_spreads: np.ndarray | None  # (SHOWN, 2, 2)
    rebuilt: np.ndarray  # (SHOWN, h, w[, 3]) uint8, from the means
    samples: np.ndarray  # (SAMPLES, h, w[, 3]) uint8, from the prior
    sheet: np.ndarray  # (SHEET * SHEET, h, w[, 3]) uint8, row by row from the top
    kl: np.ndarray  # (latent,) nats a unit costs, on average
    variance: np.ndarray  # (latent,) of its mean over the jury
    log_likelihood: float  # nats, on `judged` test images
    error: float  # mean squared error per pixel of what the means decode to
    judged: int
    curves: np.ndarray  # (frames so far, 7): step, log likelihood and KL in test and in training,
    # active units, error

    @property
    def elbo(self) -> float:
        """Of the test images, nats."""
        return self.log_likelihood - float(self.kl.sum())

    @property
    def active(self) -> int:
        """Units that carry something.

        Burda, Grosse and Salakhutdinov (2016), https://arxiv.org/abs/1509.00519
        """
        return int((self.variance > ACTIVE).sum())


def places(latent: int) -> Tensor:
    """The points (SHEET * SHEET, 2) of the map that are decoded, row by row from the top.

    A square grid; of a single unit a line that goes on from row to row.
    """
    if latent == 1:
        line = torch.linspace(-REACH, REACH, SHEET * SHEET)
        return torch.stack([line, torch.zeros_like(line)], dim=1)
    ticks = torch.linspace(-REACH, REACH, SHEET)
    return torch.cartesian_prod(ticks.flip(0), ticks).flip(1)


class Observer:
    """Takes the snapshots of one run. The randomness is its own and the same in every frame."""

    def __init__(self, config: Config, vae: VAE) -> None:
        self.config, self.vae = config, vae
        self.data, self.jury = dataset(config.dataset), jury(config.dataset)
        self.reference = reference(config.dataset, config.latent)
        rng = generator(1)
        self.noise = torch.randn(len(self.jury.images), config.latent, generator=rng)
        self.prior = torch.randn(SAMPLES, config.latent, generator=rng)
        self.sheet = places(config.latent)
        self.plane = widest(self.noise)
        self.curves: list[tuple[float, ...]] = []

    @torch.no_grad()
    def snapshot(self, step: int, trained: tuple[float, float] | None) -> Snapshot:
        """The state now; `trained`: log likelihood and KL of the batches since the last one."""
        posterior, vae = self.vae.encode(self.jury.images), self.vae
        self.plane = plane = widest(posterior.mean, self.plane)
        kl = kl_to_prior(posterior)
        drawn = reparameterise(posterior, self.noise)
        log_likelihood = vae.log_likelihood(self.jury.images, drawn)
        rebuilt = vae.decode(posterior.mean)
        error = (rebuilt - self.jury.images).square().mean()
        judged, score = len(self.jury.images), (log_likelihood.mean(), kl.mean(0), error)
        halves = score[0].item(), score[1].sum().item()
        variance = posterior.mean.var(0)
        active = int((variance > ACTIVE).sum())
        self.curves.append((step, *halves, *(trained or halves), active, error.item()))
        if step == self.config.steps:
            judged, score = len(self.data.test), self.verdict()
        made = vae.decode(torch.cat([self.prior, plane.codes(self.sheet)]))
        pixels = self.data.pixels(torch.cat([rebuilt[:SHOWN], made]))
        exact = self.exact(posterior)
        return Snapshot(
            step=step,
            config=self.config,
            jury=self.jury,
            reference=self.reference,
            codes=freeze(plane.onto(posterior.mean[:MAPPED])),
            centres=freeze(plane.onto(posterior.mean[:SHOWN])),
            spreads=freeze(plane.spread(posterior.log_variance[:SHOWN].exp())),
            exact_centres=exact and exact[0],
            exact_spreads=exact and exact[1],
            rebuilt=frozen(pixels[:SHOWN]),
            samples=frozen(pixels[SHOWN : SHOWN + SAMPLES]),
            sheet=frozen(pixels[SHOWN + SAMPLES :]),
            kl=freeze(score[1]),
            variance=freeze(variance),
            log_likelihood=score[0].item(),
            error=score[2].item(),
            judged=judged,
            curves=frozen(np.array(self.curves, np.float32)),
        )

    def verdict(self) -> tuple[Tensor, Tensor, Tensor]:
        """Log likelihood, KL by unit and squared error on the whole test set."""
        model = Trained(self.config, self.vae, self.plane)
        test = self.data.test
        log_likelihood, kl = model.terms(test)
        error = (self.vae.decode(self.vae.encode(test).mean) - test).square().mean()
        return log_likelihood.mean(), kl.mean(0), error

    def exact(self, learnt: Posterior) -> tuple[np.ndarray, np.ndarray] | None:
        """Centres and covariances on the map of the best possible codes of the drawn images.

        A rotation or mirroring of all codes changes nothing, so they are turned to the learnt ones.
        """
        if not self.config.linear:
            return None
        best = linear.optimum(self.config.latent, self.config.beta)
        mean, log_variance = best.encode(self.jury.images)
        turned = linear.turn(mean, learnt.mean)
        basis = self.plane.basis @ turned.T  # the map's directions, in the exact code's own units
        own = Plane(basis)
        return (
            freeze(own.onto(mean[:SHOWN])),
            freeze(own.spread(log_variance[:SHOWN].exp())),
        )
