"""How much of a text must change until its watermark is gone?"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer import config as c
from explorer.concepts.ethics.measure import LEVEL, p_values
from explorer.concepts.ethics.model import START, Language
from explorer.concepts.ethics.train import Model
from explorer.concepts.ethics.watermark import detect, drawn, keys_of
from explorer.concepts.shared.percent import percent
from explorer.scene import Curve, Panel, Reading, Scene, frozen

TEXTS = 200
LARGEST = 0.6  # share of the tokens that is replaced at the end
METHODS = {"random": "random words", "model": "the model rewrites"}


@dataclass(frozen=True)
class RewritingConfig:
    """A step replaces a larger share of the tokens."""

    steps: int = c.integer(12, 2, 30)

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class RewritingSnapshot:
    """Texts of which a share was replaced."""

    step: int
    config: RewritingConfig
    context: int
    share: float
    z: np.ndarray  # (methods,) mean
    detected: np.ndarray  # (methods,) share of the texts
    expected: float  # z if only whole contexts count that were left alone


def rewrite_texts(
    config: RewritingConfig, model: Model
) -> Generator[RewritingSnapshot, None, None]:
    """Replace more and more tokens of the same texts."""
    spoken, mark = model.language, model.mark
    texts = model.written(TEXTS, model.config.seed, model.config.steps).numbers
    start = 0.0
    for step in range(config.steps + 1):
        share = LARGEST * step / config.steps
        z, found = np.zeros(2), np.zeros(2)
        for at, method in enumerate(METHODS):
            rng = np.random.default_rng([model.config.seed, step])
            changed = replaced(texts, share, method, spoken, rng)
            used = spoken.hashes[changed[:, START - mark.context :]]
            scores, counts = detect(used, mark, keys_of(mark, TEXTS))
            total, counted = (scores * counts).sum(1), counts.sum(1)
            z[at] = mark.z(total, counted).mean()
            found[at] = (p_values(total, counted, mark) <= LEVEL).mean()
        start = start or float(z[0])
        left = start * (1 - share) ** (mark.context + 1)
        yield RewritingSnapshot(step, config, mark.context, share, frozen(z), frozen(found), left)


def replaced(
    texts: np.ndarray, share: float, method: str, spoken: Language, rng: np.random.Generator
) -> np.ndarray:
    """Texts (n, START + m) in which tokens after the start are replaced with probability `share`.

    By random tokens of the book, or by the model, which reads what now stands before them.
    """
    found = texts.copy()
    hit = rng.random(texts.shape) < share
    hit[:, :START] = False
    if method == "random":
        others = spoken.learnt[rng.integers(0, len(spoken.learnt), texts.shape)]
        return np.where(hit, others, found)
    for at in range(START, texts.shape[1]):
        rows = hit[:, at].nonzero()[0]
        if len(rows):
            found[rows, at] = drawn(spoken.probabilities(found[rows, :at]), rng)
    return found


def rewriting_scene(s: RewritingSnapshot) -> Scene:
    """Detected texts and z over the share that was replaced."""
    x, roles = 100 * s.share, ("rival", "model")
    found = [
        Curve(label, role, np.array([[x, 100 * value]], np.float32), grows=True)  # type: ignore[arg-type]
        for label, role, value in zip(METHODS.values(), roles, s.detected)
    ]
    z = [
        Curve(label, role, np.array([[x, value]], np.float32), grows=True)  # type: ignore[arg-type]
        for label, role, value in zip(METHODS.values(), roles, s.z)
    ]
    z.append(Curve("what survives", "truth", np.array([[x, s.expected]], np.float32), grows=True))
    ends, axis = (0.0, 100 * LARGEST), "tokens replaced, %"
    panels = [
        Panel("Texts still detected", list(found), "chart", ends, (0.0, 105.0), axis, "%",
              caption=f"Share of {TEXTS} marked texts with p ≤ {LEVEL:g}."),
        Panel("Test statistic z", list(z), "chart", ends, None, axis, "standard deviations",
              caption=f"Dashed: a token counts if it and its context of {s.context} were left "
              f"alone, a share (1 − ε)^{s.context + 1}."),
    ]  # fmt: skip
    label = METHODS["model"]
    readings = [
        Reading(f"detected, {label}", 100 * float(s.detected[1]), (100 * LEVEL, 100 * LEVEL),
                "no watermark left", "%", "neither", "After rewriting this share by the model.")
    ]  # fmt: skip
    sentence = (
        f"With {percent(s.share)} of the tokens replaced, {percent(float(s.detected[0]))} (random "
        f"words) and {percent(float(s.detected[1]))} (the model rewrites) of the marked texts are "
        "still detected."
    )
    return Scene(panels, step=s.step, unit="share", readings=readings, sentence=sentence)
