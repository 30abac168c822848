"""Flows: gap to the exact log-density in so many CPU seconds, against zuko; inverses and masses.

A gap is the mean of exact minus learnt log-density over 50,000 fresh points. The seconds are those
of a whole run, frames and the final evaluation included. zuko's flow has the same layers, bins and
hidden units and runs in the same loop: its steps are cut so that it takes as long as ours did.
"""

import time
from collections.abc import Sequence
from functools import cache
from typing import Any

import torch

from benchmarks.row import Row
from explorer.concepts import flows
from explorer.concepts.flows.univariate import BOUND
from explorer.data import plane
from explorer.data.levels import levels
from explorer.nets import generator
from explorer.runs import finish
from explorer.truth.plane import integral

SEEDS = (0, 1, 2)
SECONDS, POINTS, TRIES = 6.0, 50_000, 100_000
BARS = {"moons": 0.03, "checkerboard": 0.10}
PROBE = 60  # steps that tell how long a step takes


def rows() -> Sequence[Row]:
    """Every bar of the page."""
    return [*splines(), *affine(), *inverses(), *masses(), *continuous(), *digits()]


def timed(config: flows.Config) -> tuple[float, Any]:
    """CPU seconds of a run, and its model."""
    began = time.thread_time()
    _, model = finish(flows.train(config))
    return time.thread_time() - began, model


def gap(model: Any, name: str, n: int = POINTS) -> float:
    """How far the log-density stays below the exact one, in nats."""
    dist = plane.get(name)
    x = dist.sample(n, generator(999))
    return (dist.log_density(x).double() - model.log_density(x).double()).mean().item()


@cache
def run(name: str, coupling: str, seed: int, steps: int | None = None) -> tuple[float, Any]:
    """A run with the page's settings, or with so many steps."""
    changes = {} if steps is None else {"steps": steps}
    return timed(flows.Config.usual(name, coupling, seed=seed, **changes))


def splines() -> list[Row]:
    """Ours in the page's run, and zuko's in as many seconds."""
    found = []
    for name, bar in BARS.items():
        ours, theirs, ahead, seconds, spent = [], [], [], [], []
        for seed in SEEDS:
            took, model = run(name, "spline", seed)
            short, _ = run(name, "zuko", seed, PROBE)
            longer, _ = run(name, "zuko", seed, 4 * PROBE)
            each = (longer - short) / (3 * PROBE)  # what a step takes, frames apart
            steps = round((took - short) / each) + PROBE
            other, rival = run(name, "zuko", seed, steps)
            ours.append(gap(model, name))
            theirs.append(gap(rival, name))
            ahead.append(ours[-1] / theirs[-1])
            seconds.append(took)
            spent.append(other / took)
        note = f"zuko's took {min(spent):.2f} to {max(spent):.2f} times as long"
        found += [
            Row(f"flows {name}, splines: CPU seconds", seconds, SECONDS * 1.05, note="default run"),
            Row(f"flows {name}, splines: gap", ours, bar, "low", "0"),
            Row(f"flows {name}: gap, ours over zuko's NSF", ahead, 1.0, "low", "-", note),
            Row(f"flows {name}, zuko's NSF: gap", theirs, 1.0, "low", "0", "no bar of ours"),
        ]
    return found


def affine() -> list[Row]:
    """RealNVP with eight layers."""
    runs = [run("moons", "affine", seed) for seed in SEEDS]
    gaps = [gap(model, "moons") for _, model in runs]
    return [
        Row("flows moons, RealNVP-8: CPU seconds", [took for took, _ in runs], SECONDS),
        Row("flows moons, RealNVP-8: gap", gaps, 0.07, "low", "0"),
    ]


def inverses() -> list[Row]:
    """The largest error of every trained coupling's inverse; a third of the points at the bound."""
    found = []
    for coupling in ("spline", "affine", "zuko"):
        errors = []
        for seed in SEEDS:
            name = "checkerboard" if coupling == "spline" else "moons"
            steps = PROBE if coupling == "zuko" else None
            flow = run(name, coupling, seed, steps)[1].flow
            errors.append(max(undone(layer, x) for layer, x in passed(flow, near(seed))))
        label = {"spline": "splines", "affine": "RealNVP", "zuko": "zuko"}[coupling]
        found.append(Row(f"flows {label}: error of the inverse", errors, 1e-4, "low", "0"))
    return found


def near(seed: int) -> torch.Tensor:
    """TRIES points: noise, the whole box, and close to its bound from either side."""
    rng, third = generator(seed), TRIES // 3
    box = (2 * torch.rand(third, 2, generator=rng) - 1) * 1.2 * BOUND
    bound = BOUND * (1 + 1e-3 * torch.randn(TRIES - 2 * third, 2, generator=rng))
    bound *= torch.sign(torch.rand(bound.shape, generator=rng) - 0.5)
    return torch.cat([torch.randn(third, 2, generator=rng), box, bound])


def passed(flow: Any, x: torch.Tensor) -> list[tuple[torch.nn.Module, torch.Tensor]]:
    """Each layer with points to try it on: the same ones for all."""
    return [(layer, x) for layer in flow.layers]


@torch.no_grad()
def undone(layer: torch.nn.Module, x: torch.Tensor) -> float:
    """The largest error of there and back."""
    return (layer(layer(x).x, inverse=True).x - x).abs().max().item()


def masses() -> list[Row]:
    """Quadrature of trained flows on a fine lattice."""
    off = {}
    for name in BARS:
        models = [run(name, "spline", seed)[1] for seed in SEEDS]
        off[name] = [abs(mass(model) - 1) for model in models]
    off["moons, RealNVP"] = [abs(mass(run("moons", "affine", seed)[1]) - 1) for seed in SEEDS]
    return [
        Row(f"flows {name}: total mass off by", values, 0.01, "low", "0")
        for name, values in off.items()
    ]


def mass(model: Any) -> float:
    """The integral of a density over the plane."""
    return integral(lambda x: model.log_density(x).exp(), n=480).value


def continuous() -> list[Row]:
    """Flow matching: its exact density on moons, and the one of the exact velocity."""
    gaps, off, seconds = [], [], []
    for seed in SEEDS:
        began = time.thread_time()
        _, model = finish(flows.match(flows.FlowMatchingConfig("moons", seed=seed)))
        seconds.append(time.thread_time() - began)
        gaps.append(gap(model, "moons", 4000))
        total = integral(lambda x, m=model: m.log_density(x, 30).exp(), (-3.5, 3.5), 80)  # type: ignore[misc]
        off.append(abs(total.value - 1))
    return [
        Row("flows moons, flow matching: CPU seconds", seconds, SECONDS),
        Row("flows moons, flow matching: gap", gaps, 0.07, "low", "0", "40 steps of Heun"),
        Row("flows moons, flow matching: total mass off by", off, 0.01, "low", "0"),
    ]


def digits() -> list[Row]:
    """Bits per pixel of held-out images."""
    runs = [run("digits", "spline", seed) for seed in SEEDS]
    bits = []
    for _, model in runs:
        grey = levels("digits")
        logs = model.log_density(grey.dequantised(model.images.test, generator(5)))
        bits.append(grey.bits(logs.double().mean().item(), dequantised=True))
    pixel = f"independent pixels: {flows.independent_bits('digits'):.3f}"
    return [
        Row("flows digits: CPU seconds", [took for took, _ in runs], 12, note="default run"),
        Row("flows digits: bits per pixel", bits, 2.05, "low", "not known", pixel),
    ]
