"""Making data: from pure noise down the ladder of noise strengths, rung by rung.

In the plane the exact density of the noised data is known on every rung, and so is how far the
points on their way are from where a perfect sampler would have them.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from statistics import mean

import numpy as np
import torch
from torch import Tensor

from explorer import config as check
from explorer.concepts.diffusion.images import ImageModel, turns
from explorer.concepts.diffusion.plane import EMPTY, VIEW, Marks, PlaneModel, grown, seen
from explorer.concepts.diffusion.quality import ImageMarks, nearest, quality
from explorer.concepts.diffusion.samplers import SAMPLERS, Denoise, Rung, clipped, start, walk
from explorer.concepts.diffusion.schedules import SCHEDULES, Schedule
from explorer.concepts.diffusion.space import SHOWN, Codes
from explorer.data import plane
from explorer.nets import freeze, generator
from explorer.scene import frozen, plane_grid
from explorer.truth.distances import mode_coverage, projections, slices, sorted_distance
from explorer.truth.floors import noise_floor

POINTS, TRAILS, ARROWS, CELLS = 500, 16, 13, 40
BLUR = 0.6 * (VIEW[1] - VIEW[0]) / CELLS  # a shade can't show what is finer than its cells
IMAGES = 200  # images that walk; some of them are shown
BOX = {"plane": 3.0, "digits": 3.0, "mnist": 4.0}  # no data lie outside +- this
DIRECTIONS = 32


@dataclass(frozen=True)
class ReverseConfig:
    """How to walk from noise to data; class, guidance and clipping of the guess."""

    sampler: str = "heun"
    schedule: str = "karras"  # the ladder; flow matching always takes the straight path
    rungs: int = 25
    eta: float = 0.0  # fresh noise in DDIM: 0 none, 1 as much as DDPM
    guidance: float = 1.75  # only for images
    label: int = -1  # the class of the images; -1: all in turn
    clip: bool = False  # keep the guess inside the box of the data
    seed: int = 0

    def __post_init__(self) -> None:
        check.one_of(self, "sampler", SAMPLERS)
        check.one_of(self, "schedule", SCHEDULES)
        check.whole(self, "rungs", 1, 200)
        check.between(self, "eta", 0, 1)
        check.between(self, "guidance", 0, 20)
        check.whole(self, "label", -1, 9)
        check.whole(self, "seed", 0, 2**31 - 1)

    @property
    def ladder(self) -> Schedule:
        return SCHEDULES["straight" if self.sampler == "flow" else self.schedule]


@dataclass(frozen=True, eq=False)
class ReverseSnapshot:
    """A stop on the way. `step` counts the rungs that were climbed down."""

    step: int
    config: ReverseConfig
    strength: float
    ladder: np.ndarray  # (rungs + 1, 2) rung and noise strength
    evaluations: int  # of the network, for each point or image


@dataclass(frozen=True, eq=False)
class PlaneStop(ReverseSnapshot):
    """Points on their way, in the schedule's form (an exploding one scaled to unit size)."""

    x: np.ndarray  # (POINTS, 2)
    guess: np.ndarray  # (POINTS, 2) where each would land if all noise were removed at once
    real: np.ndarray  # (POINTS, 2)
    trails: np.ndarray  # (TRAILS, stops so far, 2)
    places: np.ndarray  # (ARROWS^2, 2)
    pull: np.ndarray  # (ARROWS^2, 2) learnt: a third of the way to the guess
    exact_pull: np.ndarray  # (ARROWS^2, 2)
    density: np.ndarray  # (CELLS, CELLS) exact, of the data under this much noise
    distances: np.ndarray  # (stops so far, 2) rung and distance to the exact noised data
    perfect: np.ndarray  # (stops so far, 2) rung and what as many exact samples score
    has_modes: bool
    marks: Marks | None = None  # at the end


@dataclass(frozen=True, eq=False)
class ImageStop(ReverseSnapshot):
    """Images on their way; pixels are uint8 (n, h, w)."""

    x: np.ndarray  # as they are, scaled to unit size
    guess: np.ndarray  # as the network thinks they will be
    labels: np.ndarray  # (n,)
    dataset: str
    in_codes: bool
    read: np.ndarray  # (stops so far, 2) rung and share of guesses read as the class asked for
    accuracy: float  # of the reader on real images
    nearest: np.ndarray = field(default_factory=lambda: np.zeros((0, 1, 1), np.uint8))
    marks: ImageMarks | None = None  # at the end


def reverse(
    config: ReverseConfig, model: PlaneModel | ImageModel
) -> Generator[ReverseSnapshot, None, None]:
    """Walk from noise to data with a trained model."""
    if isinstance(model, ImageModel):
        yield from _images(config, model)
    else:
        yield from _points(config, model)


def _walk(config: ReverseConfig, denoise: Denoise, shape: tuple[int, int]) -> Generator[Rung]:
    rng, ladder = generator(config.seed), config.ladder
    x = start(shape, ladder, rng)
    for rung in walk(denoise, x, ladder, config.rungs, config.sampler, config.eta, rng):
        if not rung.x.isfinite().all():
            raise FloatingPointError(
                f"The walk blew up at noise strength {rung.strength:.3g}: its numbers have no end. "
                "Keep the guess inside the box of the data, or take more steps."
            )
        yield rung


def _ladder(config: ReverseConfig) -> np.ndarray:
    strengths = config.ladder.ladder(config.rungs)
    return frozen(np.stack([np.arange(len(strengths)), strengths], 1).astype(np.float32))


def _points(config: ReverseConfig, model: PlaneModel) -> Generator[PlaneStop, None, None]:
    dist, schedule = plane.get(model.config.dataset), config.ladder
    denoise = clipped(model.denoise, BOX["plane"]) if config.clip else model.denoise
    rng, u, ladder = generator(config.seed + 1), slices(2, DIRECTIONS), _ladder(config)
    places = torch.from_numpy(plane_grid(VIEW, VIEW, ARROWS))
    cells = torch.from_numpy(plane_grid(VIEW, VIEW, CELLS))
    shown_places, real = freeze(places), freeze(dist.sample(POINTS, rng))
    trails = np.zeros((TRAILS, 0, 2), np.float32)
    distances, perfect = EMPTY, EMPTY
    for step, rung in enumerate(_walk(config, denoise, (POINTS, 2))):
        s = rung.strength
        scale = schedule.shown(s)
        there = dist.noised(scale, scale * s) if s else dist
        shade = dist.noised(scale, max(scale * s, BLUR))
        sets = [projections(there.sample(POINTS, rng), u) for _ in range(4)]
        x = seen(scale * rung.x)
        pull, exact = torch.zeros_like(places), torch.zeros_like(places)
        if s:
            pull = (scale * denoise(places / scale, s) - places) / 3
            exact = (scale * s) ** 2 * there.score(places) / 3
        trails = np.concatenate([trails, x[:TRAILS, None].numpy()], axis=1)
        own = projections(x, u)
        distances = grown(distances, step, mean([sorted_distance(own, o) for o in sets]))
        between = [sorted_distance(a, b) for a in sets for b in sets if a is not b]
        perfect = grown(perfect, step, mean(between))
        yield PlaneStop(
            step=step,
            config=config,
            strength=s,
            ladder=ladder,
            evaluations=rung.evaluations,
            x=freeze(x),
            guess=freeze(seen(rung.guess)),
            real=real,
            trails=frozen(trails),
            places=shown_places,
            pull=freeze(pull),
            exact_pull=freeze(exact),
            density=freeze(shade.log_density(cells).exp().reshape(CELLS, CELLS)),
            distances=distances,
            perfect=perfect,
            has_modes=dist.modes is not None,
            marks=None if s else _marks(model, float(distances[-1, 1]), x),
        )


def _marks(model: PlaneModel, distance: float, x: Tensor) -> Marks:
    """How good the points are in the end."""
    name, dist = model.config.dataset, plane.get(model.config.dataset)
    floor = noise_floor("sliced_wasserstein", name, POINTS, None, DIRECTIONS)
    if dist.modes is None:
        return Marks(distance, floor)
    covered = mode_coverage(x, dist)
    good = noise_floor("high_quality", name, POINTS)
    return Marks(distance, floor, covered.high_quality, good, covered.modes, covered.of)


def _images(config: ReverseConfig, model: ImageModel) -> Generator[ImageStop, None, None]:
    name, judge, chosen = model.config.dataset, quality(model.config.dataset), model.images
    count = SHOWN[name]
    label = turns(IMAGES) if config.label < 0 else torch.full((IMAGES,), config.label)
    denoise = model.guided(label, config.guidance)
    if config.clip:
        denoise = clipped(denoise, BOX[name])
    read, ladder = EMPTY, _ladder(config)
    for step, rung in enumerate(_walk(config, denoise, (IMAGES, model.space.dim))):
        guess = model.decode(rung.guess)
        share = (judge.reader.read(guess) == label).double().mean().item()
        read = grown(read, step, share)
        ended = rung.strength == 0
        near = nearest(guess[:count], chosen.train) if ended else guess[:0]
        scale = SCHEDULES["karras"].shown(rung.strength)
        yield ImageStop(
            step=step,
            config=config,
            strength=rung.strength,
            ladder=ladder,
            evaluations=rung.evaluations,
            x=frozen(chosen.pixels(model.decode(scale * rung.x[:count]))),
            guess=frozen(chosen.pixels(guess[:count])),
            labels=freeze(label[:count]),
            dataset=name,
            in_codes=isinstance(model.space, Codes),
            read=read,
            accuracy=judge.reader.accuracy,
            nearest=frozen(chosen.pixels(near)),
            marks=judge.marks(guess, label) if ended else None,
        )
