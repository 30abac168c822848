"""A generative adversarial network: both networks, their optimisers, and one training step.

The same code trains one network and those of several seeds at once, none of them knowing of the
others: with `seeds`, every array has a first dimension for them. A training step is one
discriminator phase (one update or more) and one update of the generator.
"""

import ctypes
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.concepts.shared.adversarial.config import Settings
from explorer.concepts.shared.adversarial.losses import LOSSES
from explorer.concepts.shared.adversarial.network import Discriminator, Generator, Random
from explorer.data import images, plane
from explorer.nets import generator
from explorer.optim import Adam, Average, cosine

CHUNK = 64  # batches that are drawn at once: drawing has a price per call
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # the names that malloc.h gives them
Draw = Callable[[int, torch.Generator], Tensor]


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


class Batches:
    """Batches (..., size, d), drawn many at a time; each seed's by a function of its own."""

    def __init__(self, draws: Sequence[Callable[[int], Tensor]], size: int, stacked: bool) -> None:
        self.draws, self.size, self.stacked = draws, size, stacked
        self.waiting: list[Tensor] = []

    def next(self) -> Tensor:
        if not self.waiting:
            drawn = [draw(CHUNK * self.size).view(CHUNK, self.size, -1) for draw in self.draws]
            both = torch.stack(drawn, dim=1) if self.stacked else drawn[0]
            self.waiting = list(both.unbind())
        return self.waiting.pop()


def training_data(config: Settings) -> tuple[Draw, int]:
    """How to draw real samples, and their size: points (n, 2), or images with pixels in -1..1."""
    if not config.of_images:
        return plane.get(config.dataset).sample, 2
    train = 2 * images.load(config.dataset).train - 1
    return lambda n, rng: train[torch.randint(len(train), (n,), generator=rng)], train.shape[1]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Everything that training needs to be taken up again, after `step` training steps."""

    step: int
    d_step: int  # updates of the discriminator
    generator: tuple[Tensor, ...]  # weights, and Adam's two averages, each one vector
    discriminator: tuple[Tensor, ...]
    average: Tensor
    spectral: tuple[list[Tensor], ...]  # of the discriminator's power iteration


class GAN:
    """Generator, discriminator, their optimisers, and where their batches come from."""

    def __init__(self, config: Settings, seeds: Sequence[int] | None = None) -> None:
        self.config, self.loss, self.step, self.d_step = config, LOSSES[config.loss], 0, 0
        self.stacked = seeds is not None
        self.seeds = (config.seed,) if seeds is None else tuple(seeds)
        self.rngs = [generator(seed) for seed in self.seeds]
        if self.stacked:
            keep_memory()
        self.draw, dim = training_data(config)
        self.generator_sizes = [config.latent_size, config.hidden, config.hidden, dim]
        rng = self.rngs if self.stacked else self.rngs[0]
        self.generator = Generator(self.generator_sizes, rng, config.of_images)
        self.discriminator = self.make_discriminator(dim, rng)
        betas, rate = (config.beta1, config.beta2), config.learning_rate
        self.generator_adam = Adam(self.generator.parameters(), rate, betas)
        self.discriminator_adam = Adam(
            self.discriminator.parameters(), rate * config.d_lr_ratio, betas
        )
        self.average, self._averaged = (
            Average(self.generator_adam, config.ema_decay),
            self.generator,
        )
        seeds = range(len(self.seeds))
        self.real = Batches([self.draw_real(k) for k in seeds], config.batch, self.stacked)
        self.noise = Batches([self.draw_noise(k) for k in seeds], config.batch, self.stacked)

    def make_discriminator(self, dim: int, rng: Random) -> Discriminator:
        """The discriminator of samples of `dim` numbers."""
        config = self.config
        return Discriminator(
            [dim, config.d_hidden, config.d_hidden, 1],
            rng,
            fourier=config.fourier_features,
            input_scale=config.input_scale,
            spectral=config.regulariser == "spectral",
        )

    def draw_real(self, k: int) -> Callable[[int], Tensor]:
        """How the k-th seed draws real samples."""
        return lambda n: self.draw(n, self.rngs[k])

    def draw_noise(self, k: int) -> Callable[[int], Tensor]:
        """How the k-th seed draws noise."""
        return lambda n: torch.randn(n, self.config.latent_size, generator=self.rngs[k])

    def evaluation_noise(self, n: int) -> Tensor:
        """The noise (..., n, z) that samples are always shown and measured with."""
        drawn = [
            torch.randn(n, self.config.latent_size, generator=generator(seed + 1))
            for seed in self.seeds
        ]
        return torch.stack(drawn) if self.stacked else drawn[0]

    @torch.no_grad()  # the gradients are written out by hand
    def train_step(self) -> None:
        """The discriminator's updates, then one of the generator.

        The generator is updated on the fake samples that the discriminator saw last: it has not
        changed since, so its activations still hold and are computed once for both.
        """
        self.set_learning_rates()
        for _ in range(self.config.d_updates):
            real, acts = self.real.next(), self.generator.activations(self.noise.next())
            self.discriminator_update(real, acts[-1])
        self.generator_update(acts, real)
        if self.config.ema_decay:
            self.average.update()
        self.step += 1

    def set_learning_rates(self) -> None:
        """The learning rates of this training step."""
        config, rate = self.config, self.config.learning_rate
        if config.lr_decay:
            rate = cosine(min(self.step, config.steps), config.steps, rate)
        self.generator_adam.rate, self.discriminator_adam.rate = rate, rate * config.d_lr_ratio

    def descend(self, optimizer: Adam) -> None:
        """One step along the gradient that was written."""
        optimizer.step()

    def discriminator_update(self, real: Tensor, fake: Tensor) -> None:
        """One update of D towards telling `real` (..., n, d) from `fake` (..., n, d)."""
        network = self.discriminator
        acts = network.activations(torch.cat([real, fake], dim=-2), groups=2)
        at_real, at_fake = acts[-1][..., 0].chunk(2, -1)
        both = torch.cat(self.loss.discriminator_gradients(real=at_real, fake=at_fake), -1)
        network.backward(acts, both.div_(at_real.shape[-1])[..., None])
        if self.config.penalty != "none" and self.d_step % self.config.lazy_interval == 0:
            self.penalise(acts, real, fake)
        if network.spectral:
            network.through_norm()
        self.descend(self.discriminator_adam)
        if network.spectral:
            network.normalise()
        self.d_step += 1

    def penalise(self, acts: list[Tensor], real: Tensor, fake: Tensor) -> None:
        """Add the gradient of the penalty on D's input gradient g; paid seldom, it is paid in full.

        R1: gamma/2 mean |g|^2 over the real samples, R2: over the fake ones; WGAN-GP:
        gamma mean (|g| - 1)^2 at random places between the two.
        Mescheder et al. (2018), https://arxiv.org/abs/1801.04406
        Gulrajani et al. (2017), https://arxiv.org/abs/1704.00028
        Lazy regularisation: Karras et al. (2020), StyleGAN2, https://arxiv.org/abs/1912.04958
        """
        kind, n = self.config.penalty, acts[-1].shape[-2] // 2
        gamma = self.config.gamma * self.config.lazy_interval
        if kind in ("r1", "r2"):
            acts = [each.chunk(2, -2)[kind == "r2"] for each in acts]
        elif kind == "gp":
            share = [torch.rand(real.shape[-2], 1, generator=rng) for rng in self.rngs]
            between = torch.lerp(fake, real, torch.stack(share) if self.stacked else share[0])
            acts = self.discriminator.activations(between)
        layers, g = self.discriminator.input_gradient(acts, torch.ones_like(acts[-1]))
        if kind == "gp":
            cotangent = (2 * gamma / n) * g * (1 - 1 / (g.norm(dim=-1, keepdim=True) + 1e-12))
        else:
            cotangent = (gamma / n) * g
        self.discriminator.penalise(acts, layers, cotangent)

    def generator_update(self, acts: list[Tensor], real: Tensor) -> Tensor:
        """One update of G, whose activations are `acts`; the gradient that its samples got.

        `real` concerns losses that compare with real samples only.
        """
        gradient = self.sample_gradient(acts[-1], real)
        self.generator.backward(acts, gradient / gradient.shape[-2])
        self.descend(self.generator_adam)
        return gradient

    def sample_gradient(self, fake: Tensor, real: Tensor) -> Tensor:
        """The gradient of the generator's loss at every fake sample (..., n, d), times n."""
        if self.loss.needs_real:
            acts = self.discriminator.activations(torch.cat([fake, real], dim=-2), groups=2)
            at_fake, at_real = acts[-1][..., 0].chunk(2, -1)
            acts = [each.chunk(2, -2)[0] for each in acts]
        else:
            acts = self.discriminator.activations(fake)
            at_fake = at_real = acts[-1][..., 0]
        cotangent = self.loss.generator_gradient(real=at_real, fake=at_fake)[..., None]
        if self.discriminator.packing > 1:  # a mean over packs, not over samples
            cotangent = self.discriminator.packing * cotangent
        return self.discriminator.input_gradient(acts, cotangent)[1]

    @torch.no_grad()
    def averaged(self) -> Generator:
        """The generator of averaged weights (EMA); the one that is trained, without an average."""
        if self.config.ema_decay:
            if self._averaged is self.generator:
                rng = [generator(0)] * len(self.seeds) if self.stacked else generator(0)
                self._averaged = Generator(self.generator_sizes, rng, self.generator.squash)
            self.average.copy_to(self._averaged)
        return self._averaged

    def checkpoint(self) -> Checkpoint:
        """A copy of where training stands."""
        own = self.discriminator
        return Checkpoint(
            self.step,
            self.d_step,
            _state(self.generator_adam),
            _state(self.discriminator_adam),
            self.average.value.clone(),
            (list(own.left), list(own.right), list(own.norms), list(own.used))
            if own.spectral
            else (),
        )

    @torch.no_grad()
    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from there; batches are drawn anew, from a seed that depends on the step."""
        self.step, self.d_step = checkpoint.step, checkpoint.d_step
        for adam, (value, mean, square), count in (
            (self.generator_adam, checkpoint.generator, checkpoint.step),
            (self.discriminator_adam, checkpoint.discriminator, checkpoint.d_step),
        ):
            adam.flat.value.copy_(value)
            adam.mean.copy_(mean)
            adam.square.copy_(square)
            adam.count = count
        self.average.value.copy_(checkpoint.average)
        self.average.count = checkpoint.step
        if checkpoint.spectral:
            own = self.discriminator
            own.left, own.right, own.norms, own.used = (list(each) for each in checkpoint.spectral)
        for rng, seed in zip(self.rngs, self.seeds):
            rng.manual_seed(seed + 1_000_003 * (checkpoint.step + 1))
        self.real.waiting, self.noise.waiting = [], []


def _state(adam: Adam) -> tuple[Tensor, ...]:
    return adam.flat.value.clone(), adam.mean.clone(), adam.square.clone()
