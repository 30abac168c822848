"""GANs of several seeds with the remedies of this page: the training step of
`shared.adversarial.model`, and what each remedy changes in it (`remedies`, `network`).
"""

from collections import deque
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.gan_failures import remedies
from explorer.concepts.gan_failures.config import Setup
from explorer.concepts.gan_failures.minibatch import Deviation, Discrimination, Statistic
from explorer.concepts.gan_failures.network import BatchDiscriminator
from explorer.concepts.gan_failures.rotation import STEPS, correlation
from explorer.concepts.shared.adversarial.measure import output_scale
from explorer.concepts.shared.adversarial.model import GAN
from explorer.concepts.shared.adversarial.network import Discriminator, Random
from explorer.nets import generator
from explorer.optim import Adam


class RemediedGAN(GAN):
    """The GANs of several seeds, each with the numbers that it would have alone."""

    def __init__(self, setup: Setup, seeds: Sequence[int]) -> None:
        self.setup = setup
        self.training_points: Tensor | None = None  # all that there are (s, training_points, d)
        super().__init__(setup.gan, seeds)
        if setup.training_points:
            few = [self.draw(setup.training_points, generator(seed + 5_000_011)) for seed in seeds]
            self.training_points = torch.stack(few)
        self.averages = {
            adam: remedies.HistoricalAverage(adam)
            for adam in (self.generator_adam, self.discriminator_adam)
        }
        self.gradients: deque[Tensor] = deque(maxlen=STEPS)  # mean over samples, by step
        real = self.draw(setup.gan.batch, generator(2024))
        self.some_real = real.expand(len(seeds), -1, -1)  # to measure; training never sees them

    def make_discriminator(self, dim: int, rng: Random) -> Discriminator:
        plain, setup = super().make_discriminator(dim, rng), self.setup
        if setup.packing == 1 and setup.minibatch == "none" and not setup.spectral:
            return plain
        # From random numbers of its own: all else stays as it is without the remedy.
        rngs = [generator(seed + 7_000_003) for seed in self.seeds]
        statistic: Statistic | None = None
        if setup.minibatch != "none":
            hidden = setup.gan.d_hidden
            std = setup.minibatch == "std"
            statistic = Deviation() if std else Discrimination(hidden, rngs)
        return BatchDiscriminator(plain, rngs, setup.packing, statistic, setup.spectral)

    def draw_real(self, k: int) -> Callable[[int], Tensor]:
        """How a seed draws real samples: fresh ones, or again and again the same few."""
        fresh, rng = super().draw_real(k), self.rngs[k]

        def draw(n: int) -> Tensor:
            if self.training_points is None:
                return fresh(n)
            few = self.training_points[k]
            return few[torch.randint(len(few), (n,), generator=rng)]

        return draw

    def descend(self, optimizer: Adam) -> None:
        if self.setup.historical_averaging:
            self.averages[optimizer].penalise(self.setup.historical_averaging)
        optimizer.step()

    def generator_update(self, acts: list[Tensor], real: Tensor) -> Tensor:
        gradient = super().generator_update(acts, real)
        self.gradients.append(gradient.mean(1))
        return gradient

    def sample_gradient(self, fake: Tensor, real: Tensor) -> Tensor:
        setup = self.setup
        if setup.feature_matching:
            return remedies.feature_matching(self.discriminator, fake, real)
        if setup.unrolled_steps:
            return remedies.unrolled(
                self.discriminator, self.loss, fake, real, setup.unrolled_steps, setup.unrolled_rate
            )
        return super().sample_gradient(fake, real)

    def autocorrelation(self) -> np.ndarray:
        """Of the mean gradient of the last steps, lag by lag, for every seed: (lags, s)."""
        if not self.gradients:
            return np.ones((1, len(self.seeds)))
        return correlation(torch.stack(list(self.gradients)).numpy())

    @torch.no_grad()
    def map(self, x: Tensor, fake: Tensor) -> Tensor:
        """D(x), 0 fake and 1 real, of every seed at single points x (n, 2): (s, n).

        In packs of a point and its copies; in a minibatch like the generated one.
        """
        own, each = self.discriminator, x.expand(len(self.seeds), -1, -1)
        if isinstance(own, BatchDiscriminator):
            output = own.beside(each.repeat_interleave(own.packing, 1), fake)
        else:
            output = self.outputs(each)
        centre, spread = output_scale(self.loss, self.outputs(self.some_real), self.outputs(fake))
        return self.loss.probability((output - centre) / spread)

    def outputs(self, x: Tensor) -> Tensor:
        """D of every seed at the samples x (s, n, d), or at packs of them: (s, n / packing)."""
        return self.discriminator.activations(x)[-1][:, :, 0]
