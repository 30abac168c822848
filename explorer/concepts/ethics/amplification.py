r"""How a sampler changes a share: guidance, temperature and truncation, beside exact laws.

Guidance w       is meant to sample p(x) p(hat | x)^w / Z. Of the faces with a hat then
                 s^w / (s^w + (1-s)^w) wear glasses, if s did in the training data
Temperature T    p^(1/T) / Z: s^(1/T) / (s^(1/T) + (1-s)^(1/T)). The score is divided by T
Truncation       the noise that sampling starts from is clipped: nothing that it was meant to
                 change

What the model does instead is measured. Guidance does not sample the tilted law, and dividing the
score by T is not the law at temperature T.

Ho and Salimans (2022), Classifier-free guidance, https://arxiv.org/abs/2207.12598
Bradley and Nakkiran (2024), Classifier-free guidance is a predictor-corrector,
https://arxiv.org/abs/2408.09000
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer import config as c
from explorer.concepts.ethics.faces import FaceModel, classifiers, noise_of, pixels_of
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.image_grid import image_grid
from explorer.concepts.shared.percent import percent
from explorer.scene import Curve, Mark, Panel, Points, Reading, Scene, frozen

METHODS: dict[str, str] = {
    "guidance": "guidance",
    "temperature": "temperature",
    "truncation": "truncation",
}
VALUES: dict[str, tuple[float, ...]] = {
    "guidance": (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0),
    "temperature": (1.0, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5),
    "truncation": (3.0, 2.0, 1.5, 1.2, 1.0, 0.8, 0.6, 0.4),
}
LABELS = {"guidance": "guidance weight w", "temperature": "temperature T",
          "truncation": "noise clipped at ± standard deviations"}  # fmt: skip
SHOWN = 16


@dataclass(frozen=True)
class AmplificationConfig:
    """What is changed about the sampler; a step is a value of it."""

    method: str = c.choice("guidance", METHODS)
    faces: int = c.integer(1000, 50, 4000, log=True)

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class AmplificationSnapshot:
    """Value number `step` of VALUES."""

    step: int
    config: AmplificationConfig
    value: float
    trained: float  # share in the training data
    share: float  # of generated faces with a hat that wear glasses
    exact: float  # what it would be under the law
    right: float  # share that has a hat
    pixels: np.ndarray  # (SHOWN, 16, 16, 3) uint8


def amplify(
    config: AmplificationConfig, model: FaceModel
) -> Generator[AmplificationSnapshot, None, None]:
    """Generate faces with a hat, with one value after the other."""
    glasses, hat = classifiers()
    trained = model.config.correlation
    for step, value in enumerate(VALUES[config.method]):
        asked = {"guidance": "guidance", "temperature": "score"}.get(config.method, config.method)
        strong = 1 / value if config.method == "temperature" else value
        x = model.faces(config.faces, 1, model.config.seed, **{asked: strong})  # type: ignore[arg-type]
        yield AmplificationSnapshot(
            step, config, value, trained, float(glasses(x).double().mean()),
            law(config.method, value, trained), float(hat(x).double().mean()),
            pixels_of(x[:SHOWN]),
        )  # fmt: skip


def law(method: str, value: float, share: float) -> float:
    """The share of glasses among faces with a hat under the law that is meant.

    >>> round(law("guidance", 2.0, 0.7), 3), round(law("temperature", 0.5, 0.7), 3)
    (0.845, 0.845)
    """
    power = value if method == "guidance" else 1 / value if method == "temperature" else 1.0
    return share**power / (share**power + (1 - share) ** power)


def amplification_scene(s: AmplificationSnapshot) -> Scene:
    """Faces at this value, and the measured share beside the law over all values."""
    method, values = s.config.method, VALUES[s.config.method]
    low, high = min(values), max(values)
    grid = np.linspace(low, high, 80)
    exact = np.array([100 * law(method, float(x), s.trained) for x in grid])
    name = "tilted law" if method == "guidance" else "law at T" if method == "temperature" else ""
    marks: list[Mark] = [
        Curve("exact", "truth", frozen(np.stack([grid, exact], 1).astype(np.float32)),
              label=name or "training data"),
        Curve("generated", "model", point(s.value, 100 * s.share), grows=True),
        Points("now", "model", point(s.value, 100 * s.share), size=4, opacity=1.0),
    ]  # fmt: skip
    if name:
        trained = level((low, high), 100 * s.trained)
        marks.insert(0, Curve("training data", "neutral", trained, dashed=True))
    chart = Panel(
        "Glasses among faces with a hat", marks, "chart", (low, high), (40.0, 101.0),
        LABELS[method], "%",
        caption="Above the share in the training data (dashed) the bias is amplified.",
    )  # fmt: skip
    faces = image_grid("Generated with a hat", "faces", "model", s.pixels, 4,
                       f"The first {SHOWN} of {s.config.faces:,}.")  # fmt: skip
    readings = [
        Reading("with glasses", 100 * s.share, noise_of(s.exact, s.config.faces),
                "the exact law", "%", "neither", f"Of {s.config.faces} faces with a hat."),
        Reading("against the training data", 100 * (s.share - s.trained), (0.0, 0.0),
                "no amplification", "points", "low", "How much the share has grown."),
        Reading("hat as asked for", 100 * s.right, (100.0, 100.0), "always", "%", "high",
                "What guidance is used for: more faces are what was asked for."),
    ]  # fmt: skip
    sentence = (
        f"With {LABELS[method]} {s.value:g}, {percent(s.share)} of the faces with a hat wear "
        f"glasses. Training data: {percent(s.trained)}; the law: {percent(s.exact)}."
    )
    return Scene([faces, chart], step=s.step, unit="value", readings=readings, sentence=sentence)
