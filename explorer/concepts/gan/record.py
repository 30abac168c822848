"""Snapshots of a GAN in training: everything that its pictures need, frozen."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.gan import measure
from explorer.concepts.gan.config import Config
from explorer.concepts.gan.measure_images import IMAGES, ImageReference, image_reference
from explorer.concepts.shared.adversarial.measure import (
    FAR,
    POINTS,
    PlaneReference,
    Scores,
    output_scale,
    plane_reference,
)
from explorer.concepts.shared.adversarial.model import GAN
from explorer.concepts.shared.adversarial.network import MLP
from explorer.concepts.shared.adversarial.panels import CELLS, cells
from explorer.data import images
from explorer.nets import freeze, generator
from explorer.scene import frozen, plane_grid

SHOWN, ARROWS, MESH, BINS = 512, 48, 21, 20
JUDGED = 640  # generated and real samples that the discriminator's figures are taken from
TILES = 36  # images shown
Reference = PlaneReference | ImageReference


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The GAN after `step` training steps, of points in the plane and of images alike."""

    step: int
    config: Config
    scores: Scores  # of the averaged generator, or of the last weights if there is no average
    d_loss: float
    g_loss: float
    optimal_loss: float  # of the optimal discriminator; NaN where it is not known
    accuracy: float  # of the discriminator
    histogram_real: np.ndarray  # (BINS,) share of the training samples by D(x), 0 to 1
    histogram_fake: np.ndarray  # (BINS,)
    gradient: float  # length of the gradient at the typical sample
    moved: float  # how far the typical sample went since the last snapshot


@dataclass(frozen=True, eq=False)
class PlaneSnapshot(Snapshot):
    real: np.ndarray  # (SHOWN, 2), the same in every snapshot
    noise: np.ndarray  # (SHOWN, 2), the first two coordinates; the same in every snapshot
    lattice: np.ndarray  # (MESH, MESH, 2), a square grid in the noise; the same everywhere
    mesh: np.ndarray  # (MESH, MESH, 2), where the generator takes it
    fake: np.ndarray  # (SHOWN, 2), by the weights in training
    averaged: np.ndarray  # (SHOWN, 2), by the averaged weights
    arrows_at: np.ndarray  # (ARROWS, 2)
    arrows: np.ndarray  # (ARROWS, 2) minus the gradient of the generator's loss
    output: np.ndarray  # (CELLS, CELLS) D(x), 0 fake, 1 real
    optimal: np.ndarray  # (CELLS, CELLS) of the optimal D; Wasserstein: norm of D's gradient
    mass: np.ndarray  # (CELLS, CELLS) (p + q) / 2, blurred


@dataclass(frozen=True, eq=False)
class ImageSnapshot(Snapshot):
    noise: np.ndarray  # (TILES, s, s) uint8, the same in every snapshot
    fake: np.ndarray  # (TILES, h, w) uint8, by the weights in training
    averaged: np.ndarray  # (TILES, h, w) uint8
    nearest: np.ndarray  # (TILES, h, w) uint8: the nearest training image of each averaged one
    arrows: np.ndarray  # (TILES, h, w) uint8: minus the gradient by pixel; mid-grey is nothing


def reference(dataset: str) -> Reference:
    """What to measure generators of `dataset` by."""
    return image_reference(dataset) if dataset in images.SETS else plane_reference(dataset)


class Recorder:
    """Takes snapshots, always with the same noise and the same training samples."""

    def __init__(self, gan: GAN) -> None:
        self.gan, self.config = gan, gan.config
        self.reference = reference(gan.config.dataset)
        self.noise = gan.evaluation_noise(IMAGES if self.config.of_images else POINTS)
        self.before: Tensor | None = None

    @torch.no_grad()
    def take(self) -> Snapshot:
        if isinstance(self.reference, PlaneReference):
            return self._points(self.reference)
        return self._images(self.reference)

    def _points(self, rule: PlaneReference) -> PlaneSnapshot:
        gan, config, loss = self.gan, self.config, self.gan.loss
        fake = self._checked(gan.generator(self.noise[:JUDGED]))
        averaged = in_blocks(gan.averaged(), self.noise)

        knots, share = measure.noise_lattice(config.latent_size)
        p = measure.data_density(config.dataset)
        q = measure.generated_density(in_blocks(gan.generator, knots).numpy(), share)
        arrows = -gan.sample_gradient(fake[:ARROWS], rule.real[:ARROWS])
        common, (centre, spread) = self._common(rule.real, fake, rule.scores(averaged), arrows)
        acts = gan.discriminator.activations(cells())
        output = loss.probability((acts[-1] - centre) / spread)
        if loss.optimal is None:
            ones = torch.ones_like(acts[-1])
            optimal = gan.discriminator.input_gradient(acts, ones)[1].norm(dim=1)
        else:
            optimal = loss.probability(loss.optimal(measure.log_ratio(p, q)))
        square = (CELLS, CELLS)
        lattice, noise_mesh = mesh(config.latent_size)
        return PlaneSnapshot(
            **common,
            optimal_loss=measure.optimal_loss(loss, p, q),
            real=shown_real(config.dataset),
            noise=shown_noise(config.seed, config.latent_size),
            lattice=lattice,
            mesh=freeze(gan.generator(noise_mesh).view(MESH, MESH, 2)),
            fake=freeze(fake[:SHOWN]),
            averaged=freeze(averaged[:SHOWN]),
            arrows_at=freeze(fake[:ARROWS]),
            arrows=freeze(arrows),
            output=freeze(output.view(square)),
            optimal=freeze(optimal.float().view(square)),
            mass=frozen(((p + q) / 2).astype(np.float32)),
        )

    def _images(self, rule: ImageReference) -> ImageSnapshot:
        gan, config = self.gan, self.config
        fake = self._checked(gan.generator(self.noise[:JUDGED]))
        averaged = in_blocks(gan.averaged(), self.noise)
        scores = rule.scores(averaged / 2 + 0.5)
        real = 2 * rule.real - 1
        arrows = -gan.sample_gradient(fake[:TILES], real[:TILES])
        common, _ = self._common(real, fake, scores, arrows)
        pixels, tiles = rule.data.pixels, averaged[:TILES] / 2 + 0.5
        strongest = arrows.abs().flatten().quantile(0.99).item() + 1e-12
        return ImageSnapshot(
            **common,
            optimal_loss=float("nan"),
            noise=noise_tiles(config.seed, config.latent_size),
            fake=frozen(pixels(fake[:TILES] / 2 + 0.5)),
            averaged=frozen(pixels(tiles)),
            nearest=frozen(pixels(rule.data.train[rule.nearest(tiles)[1]])),
            arrows=frozen(pixels(0.5 + arrows / (2 * strongest))),
        )

    def _common(
        self, real: Tensor, fake: Tensor, scores: Scores, arrows: Tensor
    ) -> tuple[dict[str, Any], tuple[Tensor, Tensor]]:
        """What every snapshot has, and the scale on which D's output is read."""
        gan, loss = self.gan, self.gan.loss
        outputs = [gan.discriminator(x)[:, 0] for x in (real[:JUDGED], fake)]
        scale = output_scale(loss, *outputs)
        at_real, at_fake = (loss.probability((d - scale[0]) / scale[1]) for d in outputs)
        moved = 0.0 if self.before is None else (fake - self.before).norm(dim=1).median().item()
        self.before = fake
        pair = {"real": outputs[0], "fake": outputs[1]}
        return {
            "step": gan.step,
            "config": self.config,
            "scores": scores,
            "d_loss": loss.discriminator(**pair).mean().item(),
            "g_loss": loss.generator(**pair).mean().item(),
            "accuracy": accuracy(at_real, at_fake),
            "histogram_real": histogram(at_real),
            "histogram_fake": histogram(at_fake),
            "gradient": arrows.norm(dim=1).median().item(),
            "moved": moved,
        }, scale

    def _checked(self, fake: Tensor) -> Tensor:
        """The samples, or FloatingPointError if the run has diverged."""
        size = self.gan.discriminator_adam.flat.value.abs().amax().item()
        if fake.abs().amax().item() <= FAR and size <= FAR:  # false for NaN
            return fake
        config = self.config
        if config.loss == "wasserstein" and config.penalty == "none":
            why = "Nothing bounds the critic of the Wasserstein loss without its penalty."
            what = "Choose R1 as regulariser, which brings the gradient penalty."
        else:
            why = f"A learning rate of {config.learning_rate:g} makes every update overshoot."
            what = f"Try {Config.learning_rate:g} or less."
        raise FloatingPointError(
            f"The run diverged at step {self.gan.step}: samples or weights left all bounds. "
            f"{why} {what}"
        )


def accuracy(at_real: Tensor, at_fake: Tensor) -> float:
    """Share of samples that D classifies right, from D(x) of as many real and fake ones (n,)."""
    return ((at_real > 0.5).float().mean() + (at_fake < 0.5).float().mean()).item() / 2


def in_blocks(network: MLP, x: Tensor, rows: int = 2048) -> Tensor:
    """The network's output for many rows; a larger block costs twice as much per row, in memory
    that is fetched from the system and given back every time."""
    return torch.cat([network(block) for block in x.split(rows)])


def histogram(output: Tensor) -> np.ndarray:
    """Share of D(x) (n,) in each of BINS equal parts of 0..1."""
    counts = torch.histc(output, BINS, 0.0, 1.0)
    return freeze(counts / len(output))


@lru_cache(maxsize=8)
def mesh(size: int) -> tuple[np.ndarray, Tensor]:
    """A square grid in the first two of `size` dimensions of the noise: as a picture, and for G."""
    lattice = plane_grid((-2.5, 2.5), (-2.5, 2.5), MESH)
    noise = torch.zeros(len(lattice), size)
    noise[:, : min(2, size)] = torch.from_numpy(lattice)[:, : min(2, size)]
    return frozen(lattice.reshape(MESH, MESH, 2)), noise


@lru_cache(maxsize=32)
def shown_real(dataset: str) -> np.ndarray:
    return freeze(plane_reference(dataset).real[:SHOWN])


@lru_cache(maxsize=32)
def shown_noise(seed: int, size: int) -> np.ndarray:
    """The noise behind the samples that are shown: the same that `Recorder` uses."""
    z = torch.randn(POINTS, size, generator=generator(seed + 1))[:SHOWN]
    return freeze(torch.cat([z, torch.zeros(SHOWN, 1)], dim=1)[:, :2])


@lru_cache(maxsize=32)
def noise_tiles(seed: int, size: int) -> np.ndarray:
    """The noise behind the images that are shown, as grey squares."""
    z = torch.randn(IMAGES, size, generator=generator(seed + 1))[:TILES]
    side = int(np.ceil(size**0.5))
    tiles = torch.zeros(TILES, side * side)
    tiles[:, :size] = torch.special.ndtr(z)
    return frozen((tiles * 255).to(torch.uint8).view(TILES, side, side).numpy())
