"""Starting from a drawing instead of from noise: make up what is missing, or clean what is there.

Make up (RePaint): on every rung, the part that is known is replaced by the drawing under as much
noise as the rung has; the rest is the model's. A jump back up and down again lets the two grow
together. In the codes of an autoencoder no part of a code is a part of the image, so there the
guess is decoded, the known pixels are put back, and the result is encoded again.

Clean (SDEdit): the drawing is buried in some noise, and the walk begins there. More noise, more
freedom; the colour of the paper stays, the strokes become those of the data.

Lugmayr et al. (2022), RePaint, https://arxiv.org/abs/2201.09865
Meng et al. (2022), SDEdit, https://arxiv.org/abs/2108.01073
"""

import base64
import zlib
from collections.abc import Generator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from explorer import config as check
from explorer.concepts.diffusion.images import ImageModel
from explorer.concepts.diffusion.plane import EMPTY, grown
from explorer.concepts.diffusion.quality import quality
from explorer.concepts.diffusion.samplers import step as climb
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.concepts.diffusion.space import SHOWN, Codes
from explorer.data import images
from explorer.nets import generator
from explorer.scene import frozen

TASKS = {"inpaint": "make up what is missing", "denoise": "clean it up"}
EXAMPLE = 3  # the class of the drawing at hand before one has drawn


@dataclass(frozen=True)
class PaintConfig:
    """A drawing, what to do with it, and how freely."""

    drawing: str  # of `drawing`
    task: str = "inpaint"
    strength: float = 1.0  # of the noise that the drawing is buried in, to clean it
    rungs: int = 20
    repeats: int = 3  # times that each rung is climbed, to make up what is missing
    guidance: float = 1.75
    label: int = -1  # the class that it is to become; -1: whatever fits
    seed: int = 0

    def __post_init__(self) -> None:
        check.one_of(self, "task", TASKS)
        check.between(self, "strength", 0.05, 20)
        check.whole(self, "rungs", 1, 100)
        check.whole(self, "repeats", 1, 10)
        check.between(self, "guidance", 0, 20)
        check.whole(self, "label", -1, 9)
        check.whole(self, "seed", 0, 2**31 - 1)
        image_and_mask(self.drawing)


@dataclass(frozen=True, eq=False)
class PaintSnapshot:
    """A stop on the way from the drawing to some answers; pixels are uint8 (n, h, w)."""

    step: int
    config: PaintConfig
    strength: float
    drawing: np.ndarray  # (1, h, w)
    known: np.ndarray  # (1, h, w) with what is missing left out
    x: np.ndarray  # (n, h, w) answers on their way, scaled to unit size
    guess: np.ndarray  # (n, h, w)
    ladder: np.ndarray  # (rungs + 1, 2)
    off: np.ndarray  # (stops so far, 2) rung and mean error on the known pixels, of 0..1
    least_off: float  # error that cannot be avoided: what the autoencoder loses of them
    read: tuple[str, ...]  # the class that the reader sees in each answer


def drawing(image: np.ndarray, mask: np.ndarray | None = None) -> str:
    """A code for pixels (h, w) uint8 and the part of them to make up (h, w) bool.

    Without any marked pixel the lower half is to be made up.
    """
    missing = np.zeros(image.shape, bool) if mask is None else np.asarray(mask, bool)
    if not missing.any():
        missing = np.broadcast_to(np.arange(len(image))[:, None] >= len(image) / 2, image.shape)
    packed = zlib.compress(np.uint8(image).tobytes() + np.packbits(missing).tobytes(), 9)
    return f"{len(image)}:{base64.urlsafe_b64encode(packed).decode('ascii')}"


class Painted(Protocol):
    """What comes from the hand."""

    image: np.ndarray  # (h, w) uint8
    mask: np.ndarray  # (h, w) bool, what is to be made up


def painting(painted: Painted | None, **settings: Any) -> PaintConfig:
    """The config for what was painted; ValueError if there is nothing."""
    if painted is None:
        raise ValueError("drawing must hold some ink. Got an empty one instead: paint something.")
    return PaintConfig(drawing(painted.image, painted.mask), **settings)


def image_and_mask(code: str) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (h, h) uint8 and mask (h, h) bool of a code; ValueError if it is none."""
    side, _, packed = code.partition(":")
    try:
        height = min(int(side), 64)
        content = zlib.decompressobj().decompress(base64.urlsafe_b64decode(packed), 2 * 64**2)
        image = np.frombuffer(content[: height**2], np.uint8).reshape(height, height)
        bits = np.frombuffer(content[height**2 :], np.uint8)
        mask = np.unpackbits(bits)[: height**2].reshape(height, height).astype(bool)
    except (ValueError, zlib.error) as error:
        raise ValueError(f"drawing must be a picture's code. Got {code[:40]!r} instead.") from error
    return image, mask


def example(dataset: str) -> np.ndarray:
    """A real image (h, w) uint8 that the model has not seen, to begin with."""
    chosen = images.load(dataset)
    row = (chosen.test_labels == EXAMPLE).nonzero()[0]
    return chosen.pixels(chosen.test[row])[0]


@torch.no_grad()
def paint(config: PaintConfig, model: ImageModel) -> Generator[PaintSnapshot, None, None]:
    """From the drawing to some answers, rung by rung."""
    chosen, rng = model.images, generator(config.seed)
    pixels, mask = image_and_mask(config.drawing)
    if pixels.shape != chosen.shape:
        raise ValueError(f"drawing must be of {chosen.shape} pixels. Got {pixels.shape} instead.")
    original = torch.from_numpy(pixels.reshape(1, -1) / 255).float()
    missing = torch.from_numpy(mask.reshape(1, -1).copy())
    n = SHOWN[model.config.dataset]
    x0 = model.encode(original).expand(n, -1)
    label = None if config.label < 0 else torch.full((n,), config.label)
    free = model.guided(label, config.guidance)
    inpaint, in_codes = config.task == "inpaint", isinstance(model.space, Codes)

    def denoise(x: Tensor, s: float) -> Tensor:
        guess = free(x, s)
        if inpaint and in_codes:
            guess = model.encode(torch.where(missing, model.decode(guess), original))
        return guess

    strengths = _ladder(config)
    ladder = frozen(np.stack([np.arange(len(strengths)), strengths], 1).astype(np.float32))
    x = (0 if inpaint else x0) + strengths[0] * torch.randn(n, x0.shape[1], generator=rng)
    off, known = EMPTY, ~missing if inpaint else torch.ones_like(missing)
    least = (model.decode(x0[:1]) - original).abs()[known].mean().item()
    holes = chosen.pixels(torch.where(missing & inpaint, 0.0, original))
    for rung, (s, to) in enumerate(pairwise([*strengths, 0.0])):
        guess = denoise(x, s) if s else x
        shown = model.decode(guess)
        off = grown(off, rung, (shown - original).abs()[:, known[0]].mean().item())
        read = quality(model.config.dataset).reader.read(shown).tolist()
        scale = SCHEDULES["karras"].shown(s)
        yield PaintSnapshot(
            step=rung,
            config=config,
            strength=s,
            drawing=frozen(pixels[None]),
            known=frozen(holes),
            x=frozen(chosen.pixels(model.decode(scale * x))),
            guess=frozen(chosen.pixels(shown)),
            ladder=ladder,
            off=off,
            least_off=least,
            read=tuple(chosen.classes[c] for c in read),
        )
        for again in range(config.repeats if inpaint and s else 1):
            if again:  # jump back up, so that what was made up and what is known can agree
                x = x + (s**2 - to**2) ** 0.5 * torch.randn(x.shape, generator=rng)
                guess = denoise(x, s)
            x = climb(x, guess, s, to, 1.0, rng) if s else x
            if inpaint and not in_codes:
                there = x0 + to * torch.randn(x.shape, generator=rng)
                x = torch.where(missing, x, there)


def _ladder(config: PaintConfig) -> list[float]:
    """Down from all noise, or from the strength in which the drawing is buried."""
    full = SCHEDULES["karras"].ladder(config.rungs if config.task == "inpaint" else 60)
    if config.task == "inpaint":
        return full
    low = full[-2]
    inner = np.geomspace(config.strength, min(low, config.strength / 2), config.rungs)
    return [*inner.tolist(), 0.0]
