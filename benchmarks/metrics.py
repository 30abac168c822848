"""Are the noise floors right, do the metrics notice a lost mode, and do libraries agree?"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.row import Row
from explorer.concepts.arena import measure as arena
from explorer.concepts.decision_boundaries import measure as boundaries
from explorer.concepts.diffusion.train import FINAL_SAMPLES
from explorer.concepts.metrics.measure_images import ImageEvaluation
from explorer.concepts.metrics.measure_text import TextEvaluation
from explorer.concepts.shared.adversarial.measure import plane_reference
from explorer.data import plane
from explorer.nets import generator
from explorer.truth import features, words
from explorer.truth.distances import (
    energy_distance,
    frechet_distance,
    mode_coverage,
    sliced_wasserstein,
)
from explorer.truth.floors import Floor, noise_floor, reference

TIMES, SAMPLES, FEWER, DIRECTIONS = 100, 10_000, 2000, 64
DISTANCES: dict[str, tuple[Callable[[Tensor, Tensor], float], int]] = {
    "sliced_wasserstein": (lambda x, y: sliced_wasserstein(x, y, DIRECTIONS), SAMPLES),
    "frechet_distance": (frechet_distance, SAMPLES),
    "energy_distance": (energy_distance, FEWER),
}
SEEDS = range(3)
# Points and directions of the references by which pages judge a finished model.
JUDGED = {
    "diffusion": (FINAL_SAMPLES, 64),
    "boundaries": (boundaries.COMPARED, boundaries.DIRECTIONS),
}


def rows() -> list[Row]:
    return [*perfect(), *as_shown(), *lost_mode(), *oracles(), *sensitivity()]


def floor_of(metric: str, name: str, n: int) -> Floor:
    return noise_floor(metric, name, n, directions=DIRECTIONS)


def inside(values: Iterable[float], interval: tuple[float, float]) -> int:
    low, high = interval
    return sum(low <= value <= high for value in values)


def perfect() -> list[Row]:
    """Of 100 perfect generators, how many lie in the floor? One value for each data set."""
    found = []
    for metric, (distance, n) in DISTANCES.items():
        counts = []
        for name, dist in plane.DATASETS.items():
            rng = generator(4711)
            values = [distance(dist.sample(n, rng), dist.sample(n, rng)) for _ in range(TIMES)]
            counts.append(inside(values, floor_of(metric, name, n).interval))
        note = ", ".join(f"{name} {count}" for name, count in zip(plane.DATASETS, counts))
        found.append(Row(f"inside the floor of {TIMES}: {metric}, n = {n:,}", counts, 95, "high",
                         "99", note))  # fmt: skip
    for part in ("high_quality", "modes"):
        counts = []
        for name, dist in plane.DATASETS.items():
            if dist.modes is None:
                continue
            rng = generator(4711)
            values = [
                getattr(mode_coverage(dist.sample(SAMPLES, rng), dist), part) for _ in range(TIMES)
            ]
            counts.append(inside(values, floor_of(part, name, SAMPLES).interval))
        found.append(Row(f"inside the floor of {TIMES}: {part}", counts, 95, "high", "99"))
    return found


def as_shown() -> list[Row]:
    """The same with the very references of the pages, whose reference is fixed."""
    found = []
    for page, (n, directions) in {**JUDGED, "diffusion, while training": (200, 32)}.items():
        counts = []
        for dist in plane.DATASETS.values():
            rule, rng = reference(dist, n, directions), generator(4711)
            values = [rule.distance(dist.sample(n, rng)) for _ in range(TIMES)]
            counts.append(inside(values, rule.floor.interval))
        found.append(Row(f"{page} page: distance inside its floor", counts, 95, "high", "99"))
    distances, shares = [], []
    for name, dist in plane.DATASETS.items():
        own, rng = plane_reference(name), generator(4711)
        scores = [own.scores(dist.sample(len(own.real), rng)) for _ in range(TIMES)]
        distances.append(inside([each.distance for each in scores], own.floor))
        shares.append(inside([each.quality for each in scores], own.share))
    return [
        *found,
        Row("GAN page: distance inside its floor", distances, 95, "high", "95"),
        Row("GAN page: high-quality samples inside their floor", shares, 95, "high", "95"),
    ]


def lost_mode() -> list[Row]:
    """The ring without one mode: each distance in units of its floor's mean."""
    ring, found = plane.get("ring"), []
    for metric, (distance, n) in DISTANCES.items():
        floor = floor_of(metric, "ring", n).mean
        values = [
            distance(seven(n, seed), ring.sample(n, generator(50 + seed))) / floor for seed in SEEDS
        ]
        note = "no page shows it" if metric == "energy_distance" else ""
        found.append(Row(f"lost mode / floor: {metric}, n = {n:,}", values, 10, "high", "1", note))
        if metric == "energy_distance":
            rng = generator(1)
            square = np.mean([
                energy_distance(ring.sample(n, rng), ring.sample(n, rng)) ** 2 for _ in range(24)
            ])  # fmt: skip
            squares = [float((value * floor) ** 2 / square) for value in values]
            found.append(
                Row("lost mode / floor: squared energy distance", squares, 10, "high", "1")
            )
    for page, (n, directions) in {**JUDGED, "any": (SAMPLES, DIRECTIONS)}.items():
        rule = reference("ring", n, directions)
        ruled = [rule.distance(seven(n, seed)) / rule.floor.mean for seed in SEEDS]
        name = f"lost mode / floor: as shown, {page}, n = {n:,}"
        found.append(Row(name, ruled, 10, "high", "1"))
    evaluation = arena.evaluation_of("ring")
    far = [
        evaluation.distance(seven(arena.POINTS, seed)) / evaluation.perfect_distance
        for seed in SEEDS
    ]
    name = f"lost mode / floor: as shown, arena, n = {arena.POINTS:,}"
    found.append(Row(name, far, 10, "high", "1"))
    own = plane_reference("ring")
    scores = [own.scores(seven(len(own.real), seed)) for seed in SEEDS]
    shown = [each.distance / own.typical for each in scores]
    return [
        *found,
        Row("lost mode / floor: as shown, GAN, n = 5,000", shown, 10, "high", "1"),
        Row("lost mode: modes covered", [each.covered for each in scores], 7, "high", "8"),
    ]


def seven(n: int, seed: int) -> Tensor:
    """Samples (n, 2) of the ring without its first mode."""
    ring = plane.get("ring")
    x = ring.sample(2 * n, generator(seed))
    return x[ring.nearest_mode(x)[0] != 0][:n]


def oracles() -> list[Row]:
    """The largest relative difference from other people's libraries on random inputs."""
    from prdc import compute_prdc
    from sacrebleu.metrics import BLEU
    from torchmetrics.functional.text import rouge_score
    from torchmetrics.image.fid import _compute_fid
    from torchmetrics.image.kid import poly_mmd

    gaps: dict[str, list[float]] = {}
    for seed in SEEDS:
        x = torch.randn(300, 16, generator=generator(seed)).double()
        y = 1.2 * torch.randn(300, 16, generator=generator(seed + 9)).double() + 0.2
        moments = [z for s in (x, y) for z in (s.mean(0), torch.cov(s.T))]
        found = {"Fréchet (torchmetrics)": (frechet_distance(x, y), _compute_fid(*moments).item())}
        found["kernel (torchmetrics)"] = (features.kernel_distance(x, y), poly_mmd(x, y).item())
        ours, theirs = features.shares(x, y), compute_prdc(x.numpy(), y.numpy(), 5)
        found |= {f"{k} (prdc)": (getattr(ours, k), v) for k, v in theirs.items()}
        rng = np.random.default_rng(seed)
        made, real = ([rng.choice(list("abcdefgh"), 15).tolist() for _ in range(20)] for _ in "ab")
        joined = [[" ".join(line) for line in lines] for lines in (made, real)]
        bleu = BLEU(tokenize="none", force=True).corpus_score(joined[0], [joined[1]]).score
        found["BLEU (sacrebleu)"] = (words.bleu(made, [[line] for line in real]), bleu)
        rouge = rouge_score(joined[0], joined[1], rouge_keys="rougeL")["rougeL_fmeasure"]
        found["ROUGE-L (torchmetrics)"] = (words.rouge_l(made, real), rouge.item())
        for name, (a, b) in found.items():
            gaps.setdefault(name, []).append(abs(a - b) / abs(b))
    return [Row(f"metrics against oracles: {name}", gap, 1e-4) for name, gap in gaps.items()]


def sensitivity() -> list[Row]:
    """What the page claims of its presets: z-scores in units of the noise floor."""
    images = {
        "memorise": (1.0, ("frechet", "novelty")),
        "missing_classes": (0.4, ("precision", "density", "recall", "coverage", "frechet")),
        "blur": (1.0, ("frechet", "kernel", "inception", "precision", "recall", "coverage")),
        "shift": (0.25, ("mse",)),
    }
    text = {
        "shuffle": (1.0, ("rouge1", "embedding", "bleu", "bits")),
        "loop": (1.0, ("perplexity", "distinct2")),
        "memorise": (1.0, ("copied", "perplexity")),
    }
    found: dict[str, list[float]] = {}
    for seed in SEEDS:
        evaluations: list[tuple[str, Any, dict[str, tuple[float, tuple[str, ...]]]]] = [
            ("", ImageEvaluation("mnist", 400, seed), images),
            ("text, ", TextEvaluation(400, seed), text),
        ]
        for prefix, evaluation, claims in evaluations:
            for corruption, (severity, keys) in claims.items():
                values = evaluation.measure(evaluation.corrupted(corruption, severity))
                z = evaluation.floors.z_scores(values)
                for key in keys:
                    name = f"{prefix}{corruption}: {key}"
                    found.setdefault(name, []).append(float(z[evaluation.floors.at(key)]))
    inside = {
        "missing_classes: precision", "missing_classes: density", "text, shuffle: rouge1",
        "text, shuffle: embedding", "text, loop: perplexity", "memorise: frechet",
        "text, memorise: perplexity",
    }  # fmt: skip
    return [
        Row(f"z-score, {name}", values, 1, "low" if name in inside else "high", "within 1")
        for name, values in found.items()
    ]
