"""Learning to remove noise from small images, and to make those of a class that is asked for.

One label in ten is hidden during training, so that one network learns both the guess for a class
and the guess for any image, and guidance can go from the one through the other.
Ho and Salimans (2022), Classifier-free guidance, https://arxiv.org/abs/2207.12598
"""

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.diffusion.config import Config
from explorer.concepts.diffusion.network import Denoiser, ImageNet
from explorer.concepts.diffusion.plane import EMPTY, finite, grown
from explorer.concepts.diffusion.quality import ImageMarks, nearest, novelty, quality
from explorer.concepts.diffusion.samplers import Denoise, final, glance, guided, start, walk
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.concepts.diffusion.space import AUTOENCODER, SHOWN, Autoencoding, Codes, Pixels, Space
from explorer.concepts.diffusion.targets import TARGETS
from explorer.concepts.shared.vae import VAE
from explorer.config import frame_steps
from explorer.data import images
from explorer.data.images import ImageSet
from explorer.nets import freeze, generator, weights
from explorer.optim import Adam, Average, cosine
from explorer.scene import frozen

HIDDEN_LABELS = 0.1
KEEP = 0.998  # of the average of the weights: runs are shorter than in the plane
STRENGTH = 0.7  # the noise strength at which the pictures show what the network guesses
PRACTISE = (-0.4, 1.2)  # mean and deviation of ln s: images are decided under stronger noise
FRAMES, LOOK = 69, (10.0, 0.05, 6)  # see plane.LOOK
MADE = 40  # images made, and judged, in a frame; some of them are shown
EXAM = 300  # images of the finished model
KEPT, MAPPED = 100, 500  # images kept aside: for the loss, on the map


class ImageModel:
    """A trained denoiser of images, or of their codes."""

    def __init__(self, config: Config, denoiser: Denoiser, space: Space) -> None:
        self.config, self.denoiser, self.space = config, denoiser, space

    @property
    def images(self) -> ImageSet:
        return images.load(self.config.dataset)

    @torch.no_grad()
    def denoise(self, x: Tensor, s: Tensor | float, label: Tensor | None = None) -> Tensor:
        """The guess E[x0 | x, label] for x = x0 + s eps in the space of the model, (n, dim)."""
        return self.denoiser(x, s, label)

    def guided(self, label: Tensor | None, strength: float = 1.0) -> Denoise:
        """The denoiser for classes (n,), or for any image."""
        if label is None:
            return self.denoise
        return guided(lambda x, s: self.denoise(x, s, label), self.denoise, strength)

    @torch.no_grad()
    def encode(self, x: Tensor) -> Tensor:
        """Images (n, d) in 0..1 as points (n, dim) of the space that is noised."""
        return self.space.encode(x)

    @torch.no_grad()
    def decode(self, x: Tensor) -> Tensor:
        """Points (n, dim) as images (n, d) in 0..1."""
        return self.space.decode(x)

    def sample(
        self, n: int, seed: int = 0, guidance: float = 1.0, label: Tensor | None = None
    ) -> np.ndarray:
        """n new images (n, d) in 0..1; without labels, the classes take turns."""
        rng, schedule = generator(seed), SCHEDULES["karras"]
        label = turns(n) if label is None else label
        x = start((n, self.space.dim), schedule, rng)
        return freeze(self.decode(final(walk(self.guided(label, guidance), x, schedule, 18))))

    def weights(self) -> dict[str, np.ndarray]:
        """The averaged weights, and those of the autoencoder if there is one."""
        own = weights(self.denoiser)
        if isinstance(self.space, Codes):
            own |= {f"vae.{name}": value for name, value in weights(self.space.vae).items()}
        return own


def turns(n: int) -> Tensor:
    """0 to 9 in turn, (n,)."""
    return torch.arange(n) % 10


@dataclass(frozen=True, eq=False)
class ImageSnapshot:
    """What the network makes of images after `step` updates. Pixels are uint8 (n, h, w)."""

    step: int
    config: Config
    learning: str  # "autoencoder" or "denoiser"
    real: np.ndarray  # some that are kept aside, the classes in turn
    noised: np.ndarray  # the same at STRENGTH; none while the autoencoder learns
    guess: np.ndarray  # the network's; while the autoencoder learns, its rebuilt images
    samples: np.ndarray  # the classes in turn; none while the autoencoder learns
    nearest: np.ndarray  # at the end, the training image nearest to each sample
    reads: np.ndarray  # (frames so far, 2) step and share of samples read as asked for
    losses: np.ndarray  # (frames so far, 2) step and loss of the denoiser on images kept aside
    lost: np.ndarray  # (frames so far, 2) step and share of the variance lost by the autoencoder
    heart_loss: float | None  # of the exact minimiser of the training loss, on images kept aside
    marks: ImageMarks | None
    map: np.ndarray  # (MAPPED, 2) codes of images kept aside along two axes
    map_classes: np.ndarray  # (MAPPED,)
    map_samples: np.ndarray  # (samples, 2)
    axes: np.ndarray  # (2, dim)

    @property
    def in_codes(self) -> bool:
        return self.config.dataset == "mnist"


class Gallery:
    """What a run on images shows, and how it is judged."""

    def __init__(self, config: Config, space: Space, before: ImageSnapshot | None) -> None:
        self.config, self.space = config, space
        self.chosen, self.quality = images.load(config.dataset), quality(config.dataset)
        rng = generator(config.seed + 1)
        self.labels = turns(MADE)
        self.noise = torch.randn(EXAM, space.dim, generator=rng)
        with torch.no_grad():
            x0 = space.encode(in_turn(self.chosen))
            self.test = test = space.encode(self.chosen.test)
            self.data = space.encode(self.chosen.train)
        self.noised = x0 + STRENGTH * torch.randn(x0.shape, generator=rng)
        self.real = self.pixels(x0) if before is None else before.real
        self.noised_pixels = self.pixels(self.noised)
        s = SCHEDULES[config.schedule].drawn(KEPT, rng, PRACTISE)
        eps = torch.randn(len(s), space.dim, generator=rng)
        self.kept = (test[: len(s)], s, eps, self.chosen.test_labels[: len(s)])
        self.heart_loss = self._by_heart(self.data)
        self.axes = axes(test, before.axes if before else None)
        self.map = freeze(test[:MAPPED] @ self.axes.T)
        self.map_classes = freeze(self.chosen.test_labels[:MAPPED])

    def pixels(self, x: Tensor) -> np.ndarray:
        """Points (n, dim) as pixels (n, h, w)."""
        with torch.no_grad():
            return frozen(self.chosen.pixels(self.space.decode(x)))

    def _by_heart(self, data: Tensor) -> float:
        """The loss, on images kept aside, of the denoiser that minimises the training loss.

        That one averages training images of the class and nothing else, so it can make nothing new.
        """
        x0, s, eps, label = self.kept
        x, target = x0 + s * eps, TARGETS[self.config.objective]
        far = torch.cdist(x, data).square() / (2 * s**2)
        far[label[:, None] != self.chosen.train_labels] = torch.inf
        guess = (-far).softmax(1) @ data
        gap = target.right_answer(guess, x, s) - target.right_answer(x0, x, s)
        return gap.square().mean().item()

    @torch.no_grad()
    def look(self, step: int, denoiser: Denoiser, before: ImageSnapshot | None) -> ImageSnapshot:
        """What the network makes of images now."""
        x0, s, eps, label = self.kept
        loss = finite(denoiser.loss(x0, s, eps, label).item(), step)
        model, exam = ImageModel(self.config, denoiser, self.space), step == self.config.steps
        asked = turns(EXAM) if exam else self.labels
        z, denoise, karras = self.noise[: len(asked)], model.guided(asked), SCHEDULES["karras"]
        if exam:
            points = final(walk(denoise, karras.ladder(1)[0] * z, karras, 18))
        else:
            points = glance(denoise, z, *LOOK)
        made = self.space.decode(points)
        marks = self.quality.marks(made, asked)
        if exam:
            new, new_floor = novelty(points, self.test, self.data)
            marks = replace(marks, novelty=new, novelty_floor=new_floor)
        shown = made[: len(self.noised)]
        near = nearest(shown, self.chosen.train) if exam else shown[:0]
        return ImageSnapshot(
            step=step,
            config=self.config,
            learning="denoiser",
            real=self.real,
            noised=self.noised_pixels,
            guess=self.pixels(denoiser(self.noised, STRENGTH, turns(len(shown)))),
            samples=frozen(self.chosen.pixels(shown)),
            nearest=frozen(self.chosen.pixels(near)),
            reads=grown(before.reads if before else EMPTY, step, marks.read),
            losses=grown(before.losses if before else EMPTY, step, loss),
            lost=before.lost if before else EMPTY,
            heart_loss=self.heart_loss,
            marks=marks,
            map=self.map,
            map_classes=self.map_classes,
            map_samples=freeze(points[: len(shown)] @ self.axes.T),
            axes=freeze(self.axes),
        )


@torch.no_grad()
def look_at_codes(
    step: int, config: Config, vae: VAE, before: ImageSnapshot | None
) -> ImageSnapshot:
    """What the autoencoder makes of images now, before there is a denoiser."""
    chosen = images.load(config.dataset)
    codes = vae.encode(chosen.test[:MAPPED]).mean
    rebuilt = vae.decode(codes)
    lost = (rebuilt - chosen.test[:MAPPED]).square().mean() / chosen.train[:2000].var(0).mean()
    codes = (codes - codes.mean(0)) / codes.std(0).clamp(min=1e-6)
    plane = axes(codes, before.axes if before else None)
    none, some = frozen(chosen.pixels(rebuilt[:0])), in_turn(chosen)
    return ImageSnapshot(
        step=step,
        config=config,
        learning="autoencoder",
        real=before.real if before else frozen(chosen.pixels(some)),
        noised=none,
        guess=frozen(chosen.pixels(vae.decode(vae.encode(some).mean))),
        samples=none,
        nearest=none,
        reads=EMPTY,
        losses=EMPTY,
        lost=grown(before.lost if before else EMPTY, step, finite(lost.item(), step)),
        heart_loss=None,
        marks=None,
        map=freeze(codes @ plane.T),
        map_classes=before.map_classes if before else freeze(chosen.test_labels[:MAPPED]),
        map_samples=EMPTY,
        axes=freeze(plane),
    )


def in_turn(chosen: ImageSet) -> Tensor:
    """As many images kept aside as a picture shows, the classes in turn, (n, d)."""
    classes = [chosen.test[chosen.test_labels == c] for c in range(10)]
    return torch.stack([classes[i % 10][i // 10] for i in range(SHOWN[chosen.name])])


def axes(codes: Tensor, before: np.ndarray | None) -> Tensor:
    """The two axes (2, dim) along which codes spread most, turned to agree with those before."""
    own = torch.linalg.svd(codes, full_matrices=False).Vh[:2]
    if before is None:
        return own
    left, _, right = torch.linalg.svd(torch.tensor(before) @ own.T)
    return left @ right @ own


def train(config: Config) -> Generator[ImageSnapshot, None, ImageModel]:
    """Train a denoiser of images (for MNIST an autoencoder first); the average is returned."""
    chosen, frames = images.load(config.dataset), set(frame_steps(config.steps, FRAMES))
    snapshot: ImageSnapshot | None = None
    space: Space = Pixels(chosen)
    first = 0
    if config.dataset == "mnist":
        first = round(AUTOENCODER * config.steps)
        codes = Autoencoding(chosen, first, config.seed)
        for step in range(first):
            if step in frames:
                snapshot = look_at_codes(step, config, codes.vae, snapshot)
                yield snapshot
            codes.update(step)
        space = Codes(codes.vae, chosen)
    rng = generator(config.seed)
    schedule = SCHEDULES[config.schedule]
    denoiser, shown = (
        Denoiser(ImageNet(space.dim, config.hidden, 10, generator(config.seed)), config.objective)
        for _ in range(2)
    )
    optimizer = Adam(denoiser.parameters(), config.learning_rate)
    average = Average(optimizer, KEEP)
    gallery = Gallery(config, space, snapshot)
    for step in range(first, config.steps + 1):
        if step in frames:
            average.copy_to(shown)
            snapshot = gallery.look(step, shown, snapshot)
            yield snapshot
        if step < config.steps:
            optimizer.rate = cosine(step - first, config.steps - first, config.learning_rate)
            rows = torch.randint(len(gallery.data), (config.batch,), generator=rng)
            known = torch.rand(config.batch, generator=rng) > HIDDEN_LABELS
            label = chosen.train_labels[rows].where(known, 10)
            s = schedule.drawn(config.batch, rng, PRACTISE)
            eps = torch.randn(config.batch, space.dim, generator=rng)
            optimizer.descend(denoiser.loss(gallery.data[rows], s, eps, label))
            average.update()
    return ImageModel(config, shown, space)
