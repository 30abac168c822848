"""What can be measured of GANs in training, for every seed at once: the base of a diagnosis."""

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.gan_failures.model import RemediedGAN
from explorer.concepts.shared.adversarial.measure import COUNTED, coverage, plane_reference
from explorer.concepts.shared.adversarial.seeds import finite_samples

FIGURES = (
    "covered",  # modes that hold a fifth of their share
    "visited",  # modes that were covered in some snapshot so far
    "high_quality",  # share of samples on a mode
    "pair_accuracy",  # how often D is higher at the real one of a real and a fake sample
    "gradient",  # median length of the gradient that G gets at its samples
    "moved",  # median way of a sample since the last snapshot
    "d_loss",
    "g_loss",
    "nearest",  # distance to the nearest training point, by that of unseen points
)  # fmt: skip


class Evaluation:
    """Measures GANs, always with the same noise and the same real points.

    Coverage is that of the averaged weights, if there is an average.
    """

    def __init__(self, gan: RemediedGAN) -> None:
        self.gan, seeds = gan, len(gan.seeds)
        self.reference = plane_reference(gan.config.dataset)
        self.noise = gan.evaluation_noise(COUNTED)
        self.real = self.reference.real[:COUNTED].expand(seeds, -1, -1)
        self.before: Tensor | None = None
        self.share = torch.zeros(0)  # of every mode among the samples; 1: as in the data
        self.alive = torch.ones(seeds, dtype=torch.bool)
        self.visited = torch.zeros(seeds, max(1, self.reference.groups), dtype=torch.bool)

    @torch.no_grad()
    def take(self) -> tuple[Tensor, Tensor, Tensor, np.ndarray]:
        """Samples of the trained and of the averaged weights (s, n, 2), minus the gradients at
        the first, and the figures (s, figures)."""
        gan, loss = self.gan, self.gan.loss
        fake, shown, self.alive = finite_samples(gan, self.noise)
        at_real, at_fake = gan.outputs(self.real), gan.outputs(fake)
        accuracy = (at_real > at_fake).float().mean(1) + (at_real == at_fake).float().mean(1) / 2
        arrows = -gan.sample_gradient(fake, self.real)
        moved = torch.zeros(len(fake))
        if self.before is not None:
            moved = (fake - self.before).norm(dim=2).median(1).values
        self.before = fake
        covered, self.share, high_quality = coverage(shown, self.reference)
        self.visited |= covered
        figures = (
            covered.sum(1), self.visited.sum(1), high_quality, accuracy,
            arrows.norm(dim=2).median(1).values, moved,
            loss.discriminator(real=at_real, fake=at_fake).mean(1),
            loss.generator(real=at_real, fake=at_fake).mean(1), self.nearest(shown),
        )  # fmt: skip
        return fake, shown, arrows, torch.stack([f.float() for f in figures], dim=1).numpy()

    def nearest(self, shown: Tensor) -> Tensor:
        """Median distance to the nearest training point, over that of unseen points (s,)."""
        few = self.gan.training_points
        if few is None:
            return torch.ones(len(shown))
        near = [torch.cdist(x, few).amin(2).median(1).values for x in (shown, self.real)]
        return near[0] / near[1]
