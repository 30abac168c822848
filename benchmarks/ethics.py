"""Ethics: watermarks, bias, collapse, privacy and detectors, beside their exact laws.

Where a law is exact, the figure is how many standard errors what was measured lies from it.
"""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

import explorer  # noqa: F401  limits the threads before the libraries load
from benchmarks.row import Row
from explorer.concepts import ethics
from explorer.concepts.ethics.false_positives import LEVELS
from explorer.concepts.ethics.generations import Frequencies, Gaussians
from explorer.runs import finish

SEEDS = range(3)
ERRORS = 3.5  # standard errors, for three seeds of several figures


def rows() -> list[Row]:
    return [*_watermark(), *_collapse(), *_bias(), *_privacy(), *_detectors()]


def run(key: str, config: Any, *model: Any) -> tuple[list[Any], Any, float]:
    """Snapshots, model and CPU seconds of an experiment."""
    begun = time.process_time()
    snapshots, made = finish(ethics.EXPERIMENTS[key].process(config, *model))
    return list(snapshots), made, time.process_time() - begun


def errors(values: np.ndarray, exact: float) -> float:
    """How many standard errors the mean of values lies from the exact one."""
    return float(abs(values.mean() - exact) / (values.std() / len(values) ** 0.5))


def _watermark() -> list[Row]:
    seconds, z, detected, off, letters, words, false = [], [], [], [], [], [], []
    for seed in SEEDS:
        snapshots, _, spent = run("train", ethics.Config(seed=seed))
        half, last = snapshots[len(snapshots) // 2], snapshots[-1]
        seconds.append(spent)
        z.append(float(half.marked.z.mean()))
        detected.append(half.marked.detected)
        off.append(errors(last.marked.z, last.expected))
        *_, ten = run("train", ethics.Config(scheme="gumbel", steps=10, seed=seed))[0]
        words.append(float(ten.marked.z.mean()))
        changes: dict[str, Any] = {"dataset": "letters", "scheme": "gumbel", "context": 4}
        *_, long = run("train", ethics.Config(steps=200, seed=seed, **changes))[0]
        letters.append(float(long.marked.z.mean()))
        model = ethics.Model(ethics.Config(scheme="gumbel", seed=seed))
        *_, real = run("false_positives", ethics.FalsePositivesConfig(10_000), model)[0]
        at = int(np.abs(LEVELS - 0.01).argmin())
        level = float(real.exact[at])
        share = float(real.once[at])
        false.append(abs(share - level) / (level * (1 - level) / real.step) ** 0.5)
    return [
        Row("Ethics, default view: CPU seconds", seconds, 15.0, "low", "-", "watermark"),
        Row("Watermark, green list, 50 words: z", z, 4.8, "high", "0", "γ .5, δ 2"),
        Row("Watermark, green list, 50 words: detected", detected, 0.97, "high", "1",
            "p ≤ .001, exact"),
        Row("Watermark, 100 words: mean z off its exact mean, standard errors", off, ERRORS),
        Row("Watermark, Gumbel, 10 words: z", words, 12.0, "high", "0"),
        Row("Watermark, Gumbel, 200 letters, context 4: z", letters, 7.2, "high", "0"),
        Row("Watermark: false positives at .01 off the exact share, standard errors", false,
            ERRORS, "low", "0", "10,000 real texts"),
    ]  # fmt: skip


def _collapse() -> list[Row]:
    found: dict[str, list[float]] = {}
    for seed in SEEDS:
        for strategy, share in (("replace", 0.0), ("mix", 0.25), ("accumulate", 0.0)):
            chain = Gaussians(20, share, np.random.default_rng(seed))
            words = Frequencies(1000, share, np.random.default_rng(seed))
            for _ in range(10):
                chain.refit(strategy)
                words.refit(strategy)
            exact = chain.exact(strategy, 10)[10], words.exact(strategy, 10)[10]
            same = 1 - (words.p**2).sum(1)
            found.setdefault("variance", []).append(errors(chain.variance, exact[0]))
            found.setdefault("words", []).append(errors(same, exact[1]))
    return [
        Row("Collapse, 10 generations: mean variance off its closed form, standard errors",
            found["variance"], ERRORS, "low", "0", "replace, mix, accumulate"),
        Row("Collapse, 10 generations: 1 - Σp² off its closed form, standard errors",
            found["words"], ERRORS, "low", "0", "the same, words"),
    ]  # fmt: skip


def _bias() -> list[Row]:
    seconds, one, three = [], [], []
    for seed in SEEDS:
        _, model, spent = run("faces", ethics.FacesConfig(seed=seed))
        shown, _, more = run("amplification", ethics.AmplificationConfig(), model)
        outcome = [s.share for s in shown]
        seconds.append(spent + more)
        one.append(abs(outcome[2] - 0.7))
        three.append(outcome[5])
    return [
        Row("Bias, faces: CPU seconds, training and guidance", seconds, 18.0),
        Row("Bias, faces, guidance 1: off the training share of .7", one, 0.1, "low", "0",
            "1,000 faces with a hat"),
        Row("Bias, faces, guidance 3: share with glasses", three, 0.77, "high",
            "tilted law .927", "amplified"),
    ]  # fmt: skip


def _privacy() -> list[Row]:
    seconds, four, sixteen, given, cost, copied, alike, new = [], [], [], [], [], [], [], []
    for seed in SEEDS:
        plain, _, spent = run("canary", ethics.CanaryConfig(seed=seed))
        unique, _, _ = run("canary", ethics.CanaryConfig("deduplication", seed=seed))
        seconds.append(spent)
        four.append(float(plain[-1].exposure[3, 1]))
        sixteen.append(float(plain[-1].exposure[5, 1]))
        given.append(_given(unique[-1]))
        cost.append(float(unique[-1].bits[1] - plain[-1].bits[1]))
        few, _, spent = run("memorisation", ethics.MemorisationConfig(16, seed=seed))
        many, _, _ = run("memorisation", ethics.MemorisationConfig(700, seed=seed))
        copied.append(few[-1].copies)
        alike.append(many[-1].similarity)
        new.append(many[-1].copies)
    return [
        Row("Canary: CPU seconds", seconds, 15.0, "low", "-", "LSTM, 64 hidden units"),
        Row("Canary inserted 4 times: exposure, bits", four, 11.1, "high", "18.8 at most"),
        Row("Canary inserted 16 times: exposure, bits", sixteen, 18.0, "high", "18.8 at most"),
        Row("Canary, duplicates removed: secrets given away, of 7", given, 3.0, "low", "0"),
        Row("Canary, duplicates removed: loss, bits more", cost, 0.03, "low", "0"),
        Row("Memorisation, 16 images: copies", copied, 0.5, "high", "0 (new images)"),
        Row("Memorisation, 700 images: similarity of two models", alike, 0.85, "high", "1"),
        Row("Memorisation, 700 images: copies", new, 0.02, "low", "0"),
    ]  # fmt: skip


def _given(s: Any) -> float:
    return float(sum(a == b for a, b in zip(s.secrets[1:], s.likeliest[1:])))


def _detectors() -> list[Row]:
    seconds, found, off, gap = [], [], [], []
    for seed in SEEDS:
        shown, _, spent = run("detectors", ethics.DetectorsConfig(seed=seed))
        seconds.append(spent)
        found.append(shown[-1].accuracy[0])
        for blur in (0.066, 0.15):
            *_, last = run("bayes_bound", ethics.BayesBoundConfig(blur=blur, seed=seed))[0]
            error = (last.bound * (1 - last.bound) / 8000) ** 0.5
            off.append(abs(last.ideal - last.bound) / error)
            gap.append(last.bound - last.learnt)
    home, unseen, blurred, again = (_column(found, k) for k in range(4))
    return [
        Row("Detectors: CPU seconds", seconds, 15.0, "low", "-", "VAE, GAN and four detectors"),
        Row("Detectors, spectral: accuracy at home", home, 0.93, "high", "1"),
        Row("Detectors, spectral: on the unseen generator", unseen, 0.65, "low", ".5 (chance)",
            "meant to fail"),
        Row("Detectors, spectral: after a blur", blurred, 0.55, "low", ".5 (chance)",
            "meant to fail"),
        Row("Detectors, spectral: after a blur, retrained", again, 0.9, "high", "1"),
        Row("Plane: best detector off its exact bound, standard errors", off, ERRORS, "low", "0"),
        Row("Plane: trained detector below the bound", gap, 0.02, "low", "0", "ring"),
    ]  # fmt: skip


def _column(found: Sequence[np.ndarray], at: int) -> list[float]:
    return [float(each[at]) for each in found]
