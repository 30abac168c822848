"""Training a denoiser of small images, conditioned on the class.

One label in ten is left out during training, so that one network learns both the estimate for a
class and the estimate for any image, as classifier-free guidance needs.
Ho and Salimans (2022), Classifier-free guidance, https://arxiv.org/abs/2207.12598
"""

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.diffusion.config import Config
from explorer.concepts.diffusion.measure_images import ImageScores, metrics
from explorer.concepts.diffusion.model import ImageModel, classes_in_turn
from explorer.concepts.diffusion.network import Denoiser, ImageNet
from explorer.concepts.diffusion.parameterisations import PARAMETERISATIONS
from explorer.concepts.diffusion.samplers import few_step_sample, final, reverse_process
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.concepts.diffusion.spaces import (
    VAE_STEPS,
    AutoencoderTraining,
    Latents,
    Pixels,
    Space,
)
from explorer.concepts.shared.finite import finite
from explorer.concepts.shared.image_grid import examples, nearest, novelty
from explorer.concepts.shared.vae import VAE
from explorer.config import frame_steps
from explorer.data import images
from explorer.data.images import ImageSet
from explorer.nets import freeze, generator
from explorer.optim import Adam, Average, cosine
from explorer.scene import frozen

LABEL_DROPOUT = 0.1
EMA_DECAY = 0.998  # of the weights: runs are shorter than in the plane
SIGMA = 0.7  # the noise level at which the pictures show denoised estimates
LOG_NORMAL = (-0.4, 1.2)  # mean and deviation of ln sigma: images are decided at higher levels
FRAMES, FEW_STEPS = 69, (10.0, 0.05, 6)  # see `train.FEW_STEPS`
SAMPLES = 40  # images generated and scored in a frame; some of them are shown
FINAL_SAMPLES = 300  # of the trained model
HELD_OUT, MAPPED = 100, 500  # held-out images: for the loss, on the map
NO_POINTS = frozen(np.zeros((0, 2), np.float32))


@dataclass(frozen=True, eq=False)
class ImageSnapshot:
    """What the network has learnt after `step` training steps. Pixels are uint8 (n, h, w)."""

    step: int
    config: Config
    phase: str  # "autoencoder" or "denoiser": what is trained now
    real: np.ndarray  # held-out images, class by class in turn
    noised: np.ndarray  # the same at noise level SIGMA; none while the autoencoder is trained
    denoised: np.ndarray  # the network's estimates; of the autoencoder, its reconstructions
    samples: np.ndarray  # class by class in turn; none while the autoencoder is trained
    nearest: np.ndarray  # at the end, the training image nearest to each sample
    loss: float | None  # of the denoiser on held-out images
    reconstruction_error: float | None  # of the autoencoder, as a share of the variance
    memorised_loss: float | None  # of the exact minimiser of the training loss, on held-out images
    scores: ImageScores | None
    map: np.ndarray  # (MAPPED, 2) latent codes of held-out images along two principal axes
    map_classes: np.ndarray  # (MAPPED,)
    map_samples: np.ndarray  # (samples, 2)
    axes: np.ndarray  # (2, dim)

    @property
    def in_latent_space(self) -> bool:
        """Whether latent codes are noised, not pixels."""
        return self.config.dataset == "mnist"


class Evaluation:
    """The held-out images of a run, and what a denoiser makes of them."""

    def __init__(self, config: Config, space: Space, before: ImageSnapshot | None) -> None:
        self.config, self.space = config, space
        self.chosen, self.metrics = images.load(config.dataset), metrics(config.dataset)
        rng = generator(config.seed + 1)
        self.noise = torch.randn(FINAL_SAMPLES, space.dim, generator=rng)
        with torch.no_grad():
            x0 = space.encode(examples(self.chosen))
            self.test = test = space.encode(self.chosen.test)
            self.data = space.encode(self.chosen.train)
        self.noised = x0 + SIGMA * torch.randn(x0.shape, generator=rng)
        self.real = self.pixels(x0) if before is None else before.real
        self.noised_pixels = self.pixels(self.noised)
        sigma = SCHEDULES[config.schedule].draw(HELD_OUT, rng, LOG_NORMAL)
        eps = torch.randn(len(sigma), space.dim, generator=rng)
        self.held_out = test[: len(sigma)], sigma, eps, self.chosen.test_labels[: len(sigma)]
        self.memorised_loss = self._memorised_loss(self.data)
        self.axes = principal_axes(test, before.axes if before else None)
        self.map = freeze(test[:MAPPED] @ self.axes.T)
        self.map_classes = freeze(self.chosen.test_labels[:MAPPED])

    def pixels(self, x: Tensor) -> np.ndarray:
        """Points (n, dim) as pixels (n, h, w)."""
        with torch.no_grad():
            return frozen(self.chosen.pixels(self.space.decode(x)))

    def _memorised_loss(self, data: Tensor) -> float:
        """The loss, on held-out images, of the denoiser that minimises the training loss exactly.

        That one averages training images of the class and nothing else: it has memorised them.
        """
        x0, sigma, eps, label = self.held_out
        x, target = x0 + sigma * eps, PARAMETERISATIONS[self.config.prediction].target
        far = torch.cdist(x, data).square() / (2 * sigma**2)
        far[label[:, None] != self.chosen.train_labels] = torch.inf
        denoised = (-far).softmax(1) @ data
        error = target(denoised, x, sigma) - target(x0, x, sigma)
        return error.square().mean().item()

    @torch.no_grad()
    def snapshot(self, step: int, denoiser: Denoiser) -> ImageSnapshot:
        """What a denoiser has learnt by now."""
        loss = finite(denoiser.loss(*self.held_out).item(), step)
        model, last = ImageModel(self.config, denoiser, self.space), step == self.config.steps
        label = classes_in_turn(FINAL_SAMPLES if last else SAMPLES)
        z, denoise, schedule = self.noise[: len(label)], model.guided(label), SCHEDULES["karras"]
        if last:
            x = schedule.noise_levels(1)[0] * z
            points = final(reverse_process(denoise, x, schedule, 18))
        else:
            points = few_step_sample(denoise, z, *FEW_STEPS)
        samples = self.space.decode(points)
        scores = self.metrics.scores(samples, label)
        if last:
            new, floor = novelty(points, self.test, self.data)
            scores = replace(scores, novelty=new, novelty_floor=floor)
        shown = samples[: len(self.noised)]
        near = nearest(shown, self.chosen.train) if last else shown[:0]
        labels = classes_in_turn(len(shown))
        return ImageSnapshot(
            step=step,
            config=self.config,
            phase="denoiser",
            real=self.real,
            noised=self.noised_pixels,
            denoised=self.pixels(denoiser(self.noised, SIGMA, labels)),
            samples=frozen(self.chosen.pixels(shown)),
            nearest=frozen(self.chosen.pixels(near)),
            loss=loss,
            reconstruction_error=None,
            memorised_loss=self.memorised_loss,
            scores=scores,
            map=self.map,
            map_classes=self.map_classes,
            map_samples=freeze(points[: len(shown)] @ self.axes.T),
            axes=freeze(self.axes),
        )


@torch.no_grad()
def autoencoder_snapshot(
    step: int, config: Config, vae: VAE, before: ImageSnapshot | None
) -> ImageSnapshot:
    """What the autoencoder has learnt by now, before there is a denoiser."""
    chosen = images.load(config.dataset)
    z = vae.encode(chosen.test[:MAPPED]).mean
    error = (vae.decode(z) - chosen.test[:MAPPED]).square().mean()
    error = error / chosen.train[:2000].var(0).mean()
    z = (z - z.mean(0)) / z.std(0).clamp(min=1e-6)
    axes = principal_axes(z, before.axes if before else None)
    some = examples(chosen)
    none = frozen(chosen.pixels(some[:0]))
    return ImageSnapshot(
        step=step,
        config=config,
        phase="autoencoder",
        real=before.real if before else frozen(chosen.pixels(some)),
        noised=none,
        denoised=frozen(chosen.pixels(vae.decode(vae.encode(some).mean))),
        samples=none,
        nearest=none,
        loss=None,
        reconstruction_error=finite(error.item(), step),
        memorised_loss=None,
        scores=None,
        map=freeze(z @ axes.T),
        map_classes=before.map_classes if before else freeze(chosen.test_labels[:MAPPED]),
        map_samples=NO_POINTS,
        axes=freeze(axes),
    )


def principal_axes(z: Tensor, before: np.ndarray | None) -> Tensor:
    """The two axes (2, dim) along which points spread most, turned to agree with those before."""
    own = torch.linalg.svd(z, full_matrices=False).Vh[:2]
    if before is None:
        return own
    left, _, right = torch.linalg.svd(torch.tensor(before) @ own.T)
    return left @ right @ own


def train(config: Config) -> Generator[ImageSnapshot, None, ImageModel]:
    """Train a denoiser of images, for MNIST an autoencoder first; weights are averaged (EMA)."""
    chosen, frames = images.load(config.dataset), set(frame_steps(config.steps, FRAMES))
    snapshot: ImageSnapshot | None = None
    space: Space = Pixels(chosen)
    first = 0
    if config.dataset == "mnist":
        first = round(VAE_STEPS * config.steps)
        training = AutoencoderTraining(chosen, first, config.seed)
        for step in range(first):
            if step in frames:
                snapshot = autoencoder_snapshot(step, config, training.vae, snapshot)
                yield snapshot
            training.update(step)
        space = Latents(training.vae, chosen)
    rng, schedule = generator(config.seed), SCHEDULES[config.schedule]
    denoiser, averaged = (_untrained(config, space, chosen) for _ in range(2))
    optimizer = Adam(denoiser.parameters(), config.learning_rate)
    average = Average(optimizer, EMA_DECAY)
    evaluation = Evaluation(config, space, snapshot)
    for step in range(first, config.steps + 1):
        if step in frames:
            average.copy_to(averaged)
            yield evaluation.snapshot(step, averaged)
        if step < config.steps:
            optimizer.rate = cosine(step - first, config.steps - first, config.learning_rate)
            rows = torch.randint(len(evaluation.data), (config.batch,), generator=rng)
            known = torch.rand(config.batch, generator=rng) > LABEL_DROPOUT
            label = chosen.train_labels[rows].where(known, len(chosen.classes))
            sigma = schedule.draw(config.batch, rng, LOG_NORMAL)
            eps = torch.randn(config.batch, space.dim, generator=rng)
            optimizer.descend(denoiser.loss(evaluation.data[rows], sigma, eps, label))
            average.update()
    return ImageModel(config, averaged, space)


def _untrained(config: Config, space: Space, chosen: ImageSet) -> Denoiser:
    rng = generator(config.seed)
    network = ImageNet(space.dim, config.hidden, len(chosen.classes), rng)
    return Denoiser(network, config.prediction)
