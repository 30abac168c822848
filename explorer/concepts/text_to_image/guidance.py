"""Guidance against variety: one caption, drawn under a growing guidance weight.

If guidance sampled the tilted law p(z) p(c | z)^w, it would change nothing in this world: every
picture either fits a caption or does not, so p(c | z) is 1 or 0, and all that fit stay equally
likely. What is lost at a large weight is an artefact of following an exaggerated velocity.

Ho and Salimans (2022), Classifier-free guidance, https://arxiv.org/abs/2207.12598
Bradley and Nakkiran (2024), Classifier-free guidance is a predictor-corrector (it does not sample
the tilted law), https://arxiv.org/abs/2408.09000
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache
from math import nan

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.shared.charts import point
from explorer.concepts.shared.image_grid import image_grid
from explorer.concepts.text_to_image.captions import listed, normal, read_caption
from explorer.concepts.text_to_image.model import TextToImage
from explorer.data.shapes import SHIFTS
from explorer.nets import generator
from explorer.scene import Curve, Panel, Reading, Role, Scene, frozen
from explorer.truth.floors import central

WEIGHTS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
PICTURES, SHOWN, COLUMNS = 144, 15, 5
SETS = 400  # of pictures drawn exactly, for the noise floor


@dataclass(frozen=True)
class GuidanceConfig:
    """A caption; what it leaves open may vary."""

    caption: str = "a circle"
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        c.words(self, "caption")
        normal(self.caption)


@dataclass(frozen=True, eq=False)
class GuidanceSnapshot:
    """Pictures under one guidance weight."""

    step: int
    config: GuidanceConfig
    known: str  # what is known of the caption
    unknown: tuple[str, ...]
    weight: float
    pictures: np.ndarray  # (SHOWN, h, w, 3) uint8
    right: float  # share that fits the caption
    variety: float  # effective number of different pictures among those that fit
    exact: float  # of as many drawn exactly
    floor: tuple[float, float]
    kinds: int  # different pictures that fit the caption
    limit: float  # the variety of exact draws if all fit
    error: float  # per pixel to the nearest real picture
    best_error: float


def fitting(model: TextToImage, values: Tensor) -> Tensor:
    """Captions (n, a) that fit what a caption (a,) says: those seen in training, else all."""
    for rows in (model.split.seen, model.world.captions):
        fit = rows[((rows == values) | (values < 0)).all(1)]
        if len(fit):
            break
    return fit


def effective_number(counts: np.ndarray) -> float:
    """exp of the entropy of counts (k,): k if all are equally frequent, 1 if all are the same.

    >>> round(effective_number(np.array([5, 5, 0, 0])), 6)
    2.0
    """
    share = counts[counts > 0] / max(1, counts.sum())
    return float(np.exp(-(share * np.log(share)).sum())) if len(share) else nan


@lru_cache(maxsize=64)
def exact_variety(kinds: int, n: int) -> tuple[float, tuple[float, float]]:
    """Mean and noise floor of the effective number of n pictures, all `kinds` equally likely."""
    rng = np.random.default_rng(0)
    draws = rng.integers(kinds, size=(SETS, n))
    values = [effective_number(np.bincount(row)) for row in draws]
    return float(np.mean(values)), central(values)


@torch.no_grad()
def vary_guidance(
    config: GuidanceConfig, model: TextToImage
) -> Generator[GuidanceSnapshot, None, None]:
    """Draw the caption under each weight, from the same noise."""
    here = model.world
    caption = read_caption(config.caption, here)
    values = torch.tensor(caption.values)
    asked, noise = values.expand(PICTURES, -1), model.noise(PICTURES, generator(config.seed))
    kinds = len(fitting(model, values)) * len(SHIFTS)
    real = here.all_pictures(fitting(model, values)).flatten(0, 1)
    rest = model.space.decode(model.space.encode(real)) - real
    for step, weight in enumerate(WEIGHTS):
        pictures = model.draw(asked, noise, weight)
        read = here.read(pictures)
        fits = ((read.values == asked) | (asked < 0)).all(1)
        exact, floor = exact_variety(kinds, int(fits.sum()))
        names = (here.number(read.values) * len(SHIFTS) + read.shift)[fits]
        yield GuidanceSnapshot(
            step=step,
            config=config,
            known=here.caption(values),
            unknown=caption.unknown,
            weight=weight,
            pictures=frozen(here.pixels(pictures[:SHOWN])),
            right=fits.double().mean().item(),
            variety=effective_number(np.bincount(names.numpy())),
            exact=exact,
            floor=floor,
            kinds=kinds,
            limit=exact_variety(kinds, PICTURES)[0],
            error=read.error.mean().item(),
            best_error=rest.square().mean(1).sqrt().mean().item(),
        )


def guidance_scene(s: GuidanceSnapshot) -> Scene:
    """Some pictures, and what guidance gains and costs."""
    xlim = (WEIGHTS[0], WEIGHTS[-1])

    def chart(title: str, ylabel: str, top: float, value: float, exact: float, caption: str,
              name: str) -> Panel:  # fmt: skip
        role: Role = "model"
        return Panel(
            title,
            [
                Curve("pictures", role, point(s.weight, min(value, top)), grows=True),
                Curve(name, "truth", point(s.weight, exact), grows=True),
            ],
            "chart",
            xlim=xlim,
            ylim=(0.0, top),
            xlabel="guidance weight w",
            ylabel=ylabel,
            caption=caption,
        )

    return Scene(
        [
            image_grid("Pictures", "pictures", "model", s.pictures, COLUMNS,
                       f"Drawn for “{s.known}” at w = {s.weight:g}, always from the same noise."),
            chart("Fit", "share that fits", 1.05, s.right, 1.0,
                  "Share in which the parser reads what the caption says.", "real"),
            chart("Variety", "different pictures", 1.15 * s.limit, s.variety, s.exact,
                  f"Effective number among those that fit; there are {s.kinds}.",
                  "exact"),
            chart("Distance to real pictures", "error per pixel", 0.3, s.error, s.best_error,
                  "Too large a weight leaves the pictures that exist.", "compressed"),
        ],
        step=s.step,
        unit="weight",
        readings=[
            Reading("fits the caption", 100 * s.right, (100.0, 100.0), "real pictures", "%",
                    "high"),
            Reading("variety", s.variety, s.floor, "as many exact draws", better="high",
                    usual=s.exact,
                    help="Exponential of the entropy over all pictures that fit (attributes left "
                    "open, and nine places). Exact draws, too, fall short of the number there is."),
        ],
        sentence=_sentence(s),
    )  # fmt: skip


def _sentence(s: GuidanceSnapshot) -> str:
    left_out = f" Unknown and left out: {listed(s.unknown)}." if s.unknown else ""
    if s.weight == 0:
        return f"At w = 0 the caption is not heard: {s.right:.0%} fit by chance.{left_out}"
    share = s.variety / s.exact
    state = f"At w = {s.weight:g}, {s.right:.0%} fit “{s.known}”"
    if s.floor[0] <= s.variety:
        return f"{state}, and they vary as much as exact draws would.{left_out}"
    return (
        f"{state}, with {share:.0%} of the variety of exact draws: the exaggerated velocity "
        f"prefers some pictures to others.{left_out}"
    )
