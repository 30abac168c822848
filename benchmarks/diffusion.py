"""Diffusion: what the page's defaults reach, and in how many CPU seconds of this thread.

The seconds are those of a whole run: snapshots, their scores and the final evaluation included.
"""

import time
from collections.abc import Sequence
from importlib import import_module
from statistics import mean
from typing import Any

import torch

from benchmarks.row import Row
from explorer.concepts import diffusion
from explorer.concepts.diffusion import train_images as images
from explorer.concepts.diffusion.measure import DIRECTIONS, noised_points
from explorer.concepts.diffusion.measure_images import classifier, metrics
from explorer.concepts.diffusion.model import classes_in_turn
from explorer.data import plane as data
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.distances import mode_coverage, sliced_wasserstein
from explorer.truth.floors import noise_floor

plane = import_module(
    "explorer.concepts.diffusion.train"
)  # the package has a function of this name
SEEDS = (0, 1, 2)
SAMPLES, IMAGES = 10_000, 1000
OTHERS = {"ring": 0.0173, "spiral": 0.0194, "checkerboard": 0.0244}  # SWD to beat, after 5 s


def rows() -> Sequence[Row]:
    """Every bar of the page, and the figures of the recipes."""
    return [*grid(), *other_data(), *ddpm(), *of_images("digits"), *of_images("mnist")]


def timed(config: diffusion.Config) -> tuple[float, Any]:
    """CPU seconds of a run, and its model."""
    began = time.thread_time()
    _, model = finish(diffusion.train(config))
    return time.thread_time() - began, model


def share_of_frames(module: Any, config: diffusion.Config) -> float:
    """The share of a run's time that its snapshots take: the same run with two, beside it."""
    frames, (all_of_it, _) = module.FRAMES, timed(config)
    module.FRAMES = 1
    alone, _ = timed(config)
    module.FRAMES = frames
    return 1 - alone / all_of_it


def grid() -> list[Row]:
    """The default run."""
    dist, scores, seconds = data.get("grid"), [], []
    noise_floor("sliced_wasserstein", "grid", plane.SAMPLES, plane.FINAL_SAMPLES, DIRECTIONS)
    for seed in SEEDS:
        spent, model = timed(diffusion.Config.usual("grid", seed=seed))
        samples = torch.tensor(model.sample(SAMPLES, 100 + seed))
        covered = mode_coverage(samples, dist)
        error, _ = noised_points(dist, 2000, generator(200 + seed)).errors(model.denoise)
        scores.append((covered.modes, covered.high_quality, distance(samples, "grid"), error))
        seconds.append(spent)
    modes, good, distances, errors = (list(column) for column in zip(*scores))
    floor = noise_floor("sliced_wasserstein", "grid", SAMPLES).mean
    real = noise_floor("high_quality", "grid", SAMPLES).mean
    share = share_of_frames(plane, diffusion.Config.usual("grid"))
    return [
        Row("diffusion grid: CPU seconds", seconds, 5, note="default run, snapshots included"),
        Row("diffusion grid: modes", modes, 25, "high", "25"),
        Row("diffusion grid: HQ", good, 0.95, "high", f"{real:.3f}"),
        Row("diffusion grid: SWD", distances, 0.025, "low", f"{floor:.4f}"),
        Row("diffusion grid: relative score error", errors, 0.010, "low", "0"),
        Row("diffusion grid: share of time for snapshots", [share], 0.15, "low", "0"),
    ]


def distance(samples: torch.Tensor, name: str) -> float:
    """Sliced Wasserstein of SAMPLES generated points from as many real ones."""
    return sliced_wasserstein(samples, data.get(name).sample(SAMPLES, generator(999)))


def other_data() -> list[Row]:
    """The same settings on other data, against the figures of the recipes."""
    found = []
    for name, bar in OTHERS.items():
        values = []
        for seed in SEEDS:
            _, model = timed(diffusion.Config.usual(name, seed=seed))
            sets = [torch.tensor(model.sample(SAMPLES, 100 * n + seed)) for n in range(4)]
            values.append(mean(distance(samples, name) for samples in sets))
        floor = noise_floor("sliced_wasserstein", name, SAMPLES).mean
        note = "against the recipes; mean of 4 sets of samples"
        found.append(Row(f"diffusion {name}: SWD", values, bar, "low", f"{floor:.4f}", note))
    return found


def ddpm() -> list[Row]:
    """Noise prediction with the linear schedule, sampled by DDIM in 50 steps."""
    values, linear = [], diffusion.SCHEDULES["linear"]
    for seed in SEEDS:
        config = diffusion.Config.usual("grid", prediction="epsilon", schedule="linear", seed=seed)
        _, model = timed(config)
        x = diffusion.pure_noise((SAMPLES, 2), linear, generator(seed))
        states = diffusion.reverse_process(model.denoise, x, linear, 50, "ddim")
        values.append(distance(diffusion.final(states), "grid"))
    floor = noise_floor("sliced_wasserstein", "grid", SAMPLES).mean
    name = "diffusion grid, noise prediction, DDIM-50: SWD"
    return [Row(name, values, 0.041, "low", f"{floor:.4f}", "recipes")]


def of_images(name: str) -> list[Row]:
    """Class-conditional images, at the guidance at which the page samples."""
    guidance, bars = diffusion.ReverseConfig().guidance, {"digits": (5, 0.99), "mnist": (15, 0.95)}
    right: list[float] = []
    plain: list[float] = []
    seconds, label = [], classes_in_turn(IMAGES)
    scores = metrics(name).scores  # prepared once per process, outside the clock
    for seed in SEEDS:
        spent, model = timed(diffusion.Config.usual(name, seed=seed))
        for w, found in ((guidance, right), (1.0, plain)):
            samples = torch.tensor(model.sample(IMAGES, 100 + seed, w))
            found.append(scores(samples, label).accuracy)
        seconds.append(spent)
    limit, bar = bars[name]
    alone = f"at guidance {guidance:g}; at 1: worst {min(plain):.3f}"
    real = f"{classifier(name).accuracy:.3f} (real images)"
    share = share_of_frames(images, diffusion.Config.usual(name))
    return [
        Row(f"diffusion {name}: CPU seconds", seconds, limit, note="default run"),
        Row(f"diffusion {name}: class accuracy", right, bar, "high", real, alone),
        Row(f"diffusion {name}: share of time for snapshots", [share], 0.15, "low", "0"),
    ]
