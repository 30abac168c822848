"""Editing an image: the reverse process starts from a drawing, not only from noise.

Inpainting (RePaint): at every noise level, the known part is replaced by the drawing with as much
noise; the rest is the model's. Adding noise and denoising again (resampling) lets the two agree. In
a latent space no part of a code is a part of the image, so there the denoised estimate is decoded,
the known pixels are put back, and the result is encoded again.

SDEdit: some noise is added to the drawing, and the reverse process starts there. The more noise,
the more freedom; the background stays, the strokes become those of the data.

Lugmayr et al. (2022), RePaint, https://arxiv.org/abs/2201.09865
Meng et al. (2022), SDEdit, https://arxiv.org/abs/2108.01073
"""

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.diffusion.measure_images import metrics
from explorer.concepts.diffusion.model import ImageModel
from explorer.concepts.diffusion.samplers import ddim
from explorer.concepts.diffusion.schedules import SCHEDULES
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.drawing import EMPTY, check_drawing, decode_drawing, encode_drawing
from explorer.concepts.shared.image_grid import COLUMNS, SHOWN, image_grid
from explorer.data import images
from explorer.nets import generator
from explorer.scene import Curve, Panel, Reading, Scene, frozen

TASKS = {"inpaint": "inpainting", "sdedit": "SDEdit"}
LABELS = {-1: "any class"} | {n: str(n) for n in range(10)}
EXAMPLE = 3  # the class of the image at hand before one has drawn


@dataclass(frozen=True)
class EditConfig:
    """A drawing, what to do with it, and how freely."""

    drawing: str = ""  # of `editing`; "": the example, its lower half to be inpainted
    task: str = c.choice("inpaint", TASKS)
    noise_level: float = c.number(1.0, 0.1, 10.0, 0.1)  # added to the drawing by SDEdit
    steps: int = c.integer(20, 1, 100)
    resamplings: int = c.integer(3, 1, 10)  # times that each step of inpainting is taken
    guidance: float = c.number(1.75, 0.0, 12.0, 0.25)
    label: int = c.choice(-1, LABELS)  # the class that it is to become
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        check_drawing(self.drawing)


@dataclass(frozen=True, eq=False)
class EditSnapshot:
    """A state between the drawing and some results; pixels are uint8 (n, h, w)."""

    step: int
    config: EditConfig
    noise_level: float
    dataset: str
    drawing: np.ndarray  # (1, h, w)
    known: np.ndarray  # (1, h, w) without the part that is inpainted
    x: np.ndarray  # (n, h, w) noised results, scaled to unit variance
    denoised: np.ndarray  # (n, h, w)
    change: float  # mean error on the known pixels, of 0..1
    least_change: float  # of the autoencoder's reconstruction: it cannot be avoided
    classes: tuple[str, ...]  # the class that the classifier sees in each result


def editing(image: np.ndarray, mask: np.ndarray | None = None) -> str:
    """Pixels (h, w) uint8 and the part of them to inpaint (h, w) bool, as text.

    Without any marked pixel the lower half is inpainted.
    """
    missing = np.zeros(image.shape, bool) if mask is None else np.asarray(mask, bool)
    if not missing.any():
        missing = np.broadcast_to(np.arange(len(image))[:, None] >= len(image) / 2, image.shape)
    return encode_drawing(image, missing)


class Drawn(Protocol):
    """What was drawn by hand."""

    @property
    def image(self) -> np.ndarray: ...  # (h, w) uint8

    @property
    def mask(self) -> np.ndarray: ...  # (h, w) bool, what is to be inpainted


def drawing_of(drawn: Drawn | None) -> str:
    """What was drawn, as text; EMPTY if there is nothing."""
    return EMPTY if drawn is None else editing(drawn.image, drawn.mask)


def example(dataset: str) -> np.ndarray:
    """A held-out image (h, w) uint8, to begin with."""
    chosen = images.load(dataset)
    row = (chosen.test_labels == EXAMPLE).nonzero()[0]
    return chosen.pixels(chosen.test[row])[0]


@torch.no_grad()
def edit(config: EditConfig, model: ImageModel) -> Generator[EditSnapshot, None, None]:
    """From the drawing to some results, noise level by noise level."""
    name, chosen, rng = model.config.dataset, model.images, generator(config.seed)
    pixels, mask = decode_drawing(config.drawing or editing(example(name)))
    if pixels.shape != chosen.shape:
        raise ValueError(f"drawing must be of {chosen.shape} pixels. Got {pixels.shape} instead.")
    original = torch.from_numpy(pixels.reshape(1, -1) / 255).float()
    missing = torch.from_numpy(mask.reshape(1, -1).copy())
    n = SHOWN[name]
    x0 = model.encode(original).expand(n, -1)
    label = None if config.label < 0 else torch.full((n,), config.label)
    guided, inpaint = model.guided(label, config.guidance), config.task == "inpaint"

    def denoise(x: Tensor, sigma: float) -> Tensor:
        denoised = guided(x, sigma)
        if inpaint and model.in_latent_space:
            denoised = model.encode(torch.where(missing, model.decode(denoised), original))
        return denoised

    levels = _noise_levels(config)
    x = (0 if inpaint else x0) + levels[0] * torch.randn(n, x0.shape[1], generator=rng)
    known = ~missing if inpaint else torch.ones_like(missing)
    least = (model.decode(x0[:1]) - original).abs()[known].mean().item()
    holes = chosen.pixels(torch.where(missing & inpaint, 0.0, original))
    for step, (sigma, to) in enumerate(pairwise([*levels, 0.0])):
        denoised = denoise(x, sigma) if sigma else x
        shown = model.decode(denoised)
        classes = metrics(name).classifier.predict(shown).tolist()
        alpha = SCHEDULES["karras"].alpha(sigma)
        yield EditSnapshot(
            step=step,
            config=config,
            noise_level=sigma,
            dataset=name,
            drawing=frozen(pixels[None]),
            known=frozen(holes),
            x=frozen(chosen.pixels(model.decode(alpha * x))),
            denoised=frozen(chosen.pixels(shown)),
            change=(shown - original).abs()[:, known[0]].mean().item(),
            least_change=least,
            classes=tuple(chosen.classes[k] for k in classes),
        )
        for again in range(config.resamplings if inpaint and sigma else 1):
            if again:  # add the noise of one step again, so that both parts can agree
                x = x + (sigma**2 - to**2) ** 0.5 * torch.randn(x.shape, generator=rng)
                denoised = denoise(x, sigma)
            x = ddim(x, denoised, sigma, to, 1.0, rng) if sigma else x
            if inpaint and not model.in_latent_space:
                there = x0 + to * torch.randn(x.shape, generator=rng)
                x = torch.where(missing, x, there)


def _noise_levels(config: EditConfig) -> list[float]:
    """Down from pure noise, or from the noise level that is added to the drawing."""
    full = SCHEDULES["karras"].noise_levels(config.steps if config.task == "inpaint" else 60)
    if config.task == "inpaint":
        return full
    low = min(full[-2], config.noise_level / 2)
    return [*np.geomspace(config.noise_level, low, config.steps).tolist(), 0.0]


def edit_scene(s: EditSnapshot) -> Scene:
    """A drawing being inpainted, or noised and denoised."""
    inpaint, columns = s.config.task == "inpaint", COLUMNS[s.dataset]
    first = (
        image_grid("Drawing", "known part", "real", s.known, 1, "The part that is kept.")
        if inpaint
        else image_grid("Drawing", "drawing", "real", s.drawing, 1, "To this, noise is added.")
    )
    return Scene(
        [
            first,
            image_grid("Noised results", "noised", "neutral", s.x, columns,
                       "Each with other noise."),
            image_grid("Results", "results", "model", s.denoised, columns,
                       "The denoised estimate: if all noise were removed now."),
            _change(s),
        ],
        step=s.step,
        readings=[
            Reading(
                "change of the drawing", s.change, (s.least_change, s.least_change),
                _bound(s), better="low" if inpaint else "neither",
                help="Mean error on the pixels that are kept, from 0 to 1.",
            )
        ],
        sentence=_sentence(s),
        unit="step",
    )  # fmt: skip


def _bound(s: EditSnapshot) -> str:
    return "the autoencoder's reconstruction" if s.least_change > 1e-4 else "every pixel kept"


def _change(s: EditSnapshot) -> Panel:
    steps = (0.0, float(s.config.steps))
    return Panel(
        "Change of the drawing",
        [
            Curve("results", "model", point(s.step, s.change), grows=True),
            Curve(_bound(s), "truth", level(steps, s.least_change), label=""),
        ],
        "chart",
        xlim=steps,
        ylim=(0, 0.6),
        xlabel="sampling step",
        ylabel="mean error",
        caption="On the pixels that are kept. Dashed: the autoencoder's reconstruction."
        if s.least_change > 1e-4
        else "On the pixels that were drawn; at 0 every pixel is kept.",
    )


def _sentence(s: EditSnapshot) -> str:
    seen = ", ".join(f"{name} ({n})" for name, n in Counter(s.classes).most_common())
    if s.noise_level:
        return f"Noise level {s.noise_level:.3g}. Classified as: {seen}."
    if s.config.task == "inpaint":
        how = "nearly as well as the autoencoder can" if s.least_change > 1e-4 else "exactly"
        return f"Inpainted: all results keep the known part {how}. Classified as: {seen}."
    return f"Noise of level {s.config.noise_level:g} added and removed. Classified as: {seen}."
