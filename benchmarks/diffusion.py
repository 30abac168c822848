"""Diffusion: what the page's defaults reach, and in how many CPU seconds of this thread.

The seconds are those of a whole run: snapshots, their marks and the final exam included.
"""

import time
from collections.abc import Sequence
from statistics import mean
from types import ModuleType

import torch

from benchmarks.row import Row
from explorer.concepts import diffusion
from explorer.concepts.diffusion import images, plane
from explorer.concepts.diffusion.quality import quality
from explorer.concepts.diffusion.reader import reader
from explorer.concepts.diffusion.reverse import ReverseConfig
from explorer.concepts.diffusion.samplers import final, start, walk
from explorer.data import plane as data
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.distances import mode_coverage, sliced_wasserstein
from explorer.truth.floors import noise_floor

SEEDS = (0, 1, 2)
SAMPLES, IMAGES = 10_000, 1000
OTHERS = {"ring": 0.0173, "spiral": 0.0194, "checkerboard": 0.0244}  # SWD to beat, after 5 s


def rows() -> Sequence[Row]:
    """Every bar of the page, and the figures of the recipes."""
    return [*grid(), *other_data(), *ddpm(), *of_images("digits"), *of_images("mnist")]


def timed(config: diffusion.Config) -> tuple[float, object]:
    """CPU seconds of a run, and its model."""
    began = time.thread_time()
    _, model = finish(diffusion.train(config))
    return time.thread_time() - began, model


def share_of_frames(module: ModuleType, config: diffusion.Config) -> float:
    """The share of a run's time that its snapshots take: the same run with two, beside it."""
    frames, (all_of_it, _) = module.FRAMES, timed(config)
    module.FRAMES = 1
    alone, _ = timed(config)
    module.FRAMES = frames
    return 1 - alone / all_of_it


def grid() -> list[Row]:
    """The default run."""
    dist, scores, seconds = data.get("grid"), [], []
    noise_floor("sliced_wasserstein", "grid", plane.SAMPLES, plane.EXAM, plane.DIRECTIONS)
    for seed in SEEDS:
        spent, model = timed(diffusion.usual("grid", seed=seed))
        made = torch.tensor(model.sample(SAMPLES, 100 + seed))
        covered = mode_coverage(made, dist)
        error, _ = plane.levels(dist, 2000, generator(200 + seed)).errors(model.denoise)
        scores.append((covered.modes, covered.high_quality, distance(made, "grid"), error))
        seconds.append(spent)
    modes, good, distances, errors = (list(column) for column in zip(*scores))
    floor = noise_floor("sliced_wasserstein", "grid", SAMPLES).mean
    real = noise_floor("high_quality", "grid", SAMPLES).mean
    share = share_of_frames(plane, diffusion.usual("grid"))
    return [
        Row("diffusion grid: CPU seconds", seconds, 5, note="default run, snapshots included"),
        Row("diffusion grid: modes", modes, 25, "high", "25"),
        Row("diffusion grid: HQ", good, 0.95, "high", f"{real:.3f}"),
        Row("diffusion grid: SWD", distances, 0.025, "low", f"{floor:.4f}"),
        Row("diffusion grid: relative score error", errors, 0.010, "low", "0"),
        Row("diffusion grid: share of time for snapshots", [share], 0.15, "low", "0"),
    ]


def distance(made: torch.Tensor, name: str) -> float:
    """Sliced Wasserstein of SAMPLES made-up points from as many real ones."""
    return sliced_wasserstein(made, data.get(name).sample(SAMPLES, generator(999)))


def other_data() -> list[Row]:
    """The same settings on other data, against the figures of the recipes."""
    found = []
    for name, bar in OTHERS.items():
        values = []
        for seed in SEEDS:
            _, model = timed(diffusion.usual(name, seed=seed))
            sets = [torch.tensor(model.sample(SAMPLES, 100 * n + seed)) for n in range(4)]
            values.append(mean(distance(made, name) for made in sets))
        floor = noise_floor("sliced_wasserstein", name, SAMPLES).mean
        note = "against the recipes; mean of 4 sets of samples"
        found.append(Row(f"diffusion {name}: SWD", values, bar, "low", f"{floor:.4f}", note))
    return found


def ddpm() -> list[Row]:
    """Noise prediction with the linear schedule, sampled by DDIM in 50 steps."""
    values, linear = [], diffusion.SCHEDULES["linear"]
    for seed in SEEDS:
        config = diffusion.usual("grid", objective="noise", schedule="linear", seed=seed)
        _, model = timed(config)
        x = start((SAMPLES, 2), linear, generator(seed))
        values.append(distance(final(walk(model.denoise, x, linear, 50, "ddim")), "grid"))
    floor = noise_floor("sliced_wasserstein", "grid", SAMPLES).mean
    name = "diffusion grid, noise prediction, DDIM-50: SWD"
    return [Row(name, values, 0.041, "low", f"{floor:.4f}", "recipes")]


def of_images(name: str) -> list[Row]:
    """Class-conditional images, at the guidance at which the page samples."""
    guidance, bars = ReverseConfig().guidance, {"digits": (5, 0.99), "mnist": (15, 0.95)}
    right, plain, seconds, label = [], [], [], images.turns(IMAGES)
    marks = quality(name).marks  # prepared once per process, outside the clock
    for seed in SEEDS:
        spent, model = timed(diffusion.usual(name, seed=seed))
        for w, found in ((guidance, right), (1.0, plain)):
            found.append(marks(torch.tensor(model.sample(IMAGES, 100 + seed, w)), label).read)
        seconds.append(spent)
    limit, bar = bars[name]
    alone = f"at guidance {guidance:g}; at 1: worst {min(plain):.3f}"
    real = f"{reader(name).accuracy:.3f} (real images)"
    share = share_of_frames(images, diffusion.usual(name))
    return [
        Row(f"diffusion {name}: CPU seconds", seconds, limit, note="default run"),
        Row(f"diffusion {name}: class read as asked for", right, bar, "high", real, alone),
        Row(f"diffusion {name}: share of time for snapshots", [share], 0.15, "low", "0"),
    ]
