"""Detectors of generated images: at home, on a generator that they never saw, and after a blur.

A VAE and a GAN learn digits. At every frame a spectral detector is fitted to real images and those
of one of them; at the end a small network as well. All are tested on fresh images.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.ethics.forensics import SIDE, Convolutional, Spectral, blurred
from explorer.concepts.ethics.generators import Adversarial, Autoencoder, digits
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.image_grid import image_grid
from explorer.concepts.shared.percent import in_percent, percent
from explorer.config import frame_steps
from explorer.nets import generator, weights
from explorer.scene import Bars, Curve, Panel, Reading, Role, Scene, frozen
from explorer.truth.floors import central

GENERATORS: dict[str, str] = {"vae": "VAE", "gan": "GAN"}
TESTS = ("at home", "unseen generator", "after a blur", "blur, retrained")
TRAINED, TESTED, SHOWN, FRAMES = 2000, 1000, 16, 10


@dataclass(frozen=True)
class DetectorsConfig:
    """Whose images the detectors are trained on, and how long the generators learn."""

    source: str = c.choice("vae", GENERATORS)
    steps: int = c.steps(1200, 6000)
    network_steps: int = 600  # training steps of the convolutional detector
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        c.whole(self, "network_steps", 1, 5000)


@dataclass(frozen=True, eq=False)
class DetectorsSnapshot:
    """After `step` training steps of both generators. Pixels are (SHOWN, 14, 14) uint8."""

    step: int
    config: DetectorsConfig
    real: np.ndarray
    home: np.ndarray
    unseen: np.ndarray
    blurred: np.ndarray
    accuracy: np.ndarray  # (detectors, TESTS) spectral, network (NaN until the end)


class Generators:
    """Both generators, trained."""

    def __init__(self, vae: Autoencoder, gan: Adversarial) -> None:
        self.vae, self.gan = vae, gan

    def of(self, name: str, n: int, seed: int) -> Tensor:
        """n images (n, SIDE^2) of one of them."""
        return (self.vae if name == "vae" else self.gan).sample(n, seed)

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n images (n, SIDE^2) of the VAE."""
        return frozen(self.of("vae", n, seed).numpy())

    def weights(self) -> dict[str, np.ndarray]:
        """The weights of both."""
        parts = {"vae": self.vae.vae, "gan": self.gan.averaged}
        return {f"{key}.{name}": value for key, part in parts.items()
                for name, value in weights(part).items()}  # fmt: skip


def detect_images(config: DetectorsConfig) -> Generator[DetectorsSnapshot, None, Generators]:
    """Train both generators, and detectors against one of them."""
    data, known, test = digits(config.seed)
    both = Generators(Autoencoder(data, config.steps, config.seed),
                      Adversarial(data, config.seed))  # fmt: skip
    shown = set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        if step in shown:
            yield snapshot(step, config, both, known, test[:TESTED])
        if step < config.steps:
            both.vae.update(step)
            both.gan.update(step)
    return both


def snapshot(
    step: int, config: DetectorsConfig, both: Generators, known: Tensor, test: Tensor
) -> DetectorsSnapshot:
    """Fit the detectors, and test them."""
    other = "gan" if config.source == "vae" else "vae"
    home = both.of(config.source, TRAINED + TESTED, config.seed + 1)
    unseen = both.of(other, TESTED, config.seed + 2)
    x = torch.cat([known[:TRAINED], home[:TRAINED]])
    y = torch.cat([torch.zeros(TRAINED), torch.ones(TRAINED)])
    blur = blurred(test), blurred(home[TRAINED:])
    pairs = (test, home[TRAINED:]), (test, unseen), blur
    found = np.full((2, len(TESTS)), np.nan)
    spectral = Spectral(x, y)
    found[0, :3] = [accuracy(spectral, *pair) for pair in pairs]
    found[0, 3] = accuracy(Spectral(blurred(x), y), *blur)
    if step == config.steps:
        rng = generator(config.seed)
        network = Convolutional(rng).fit(x, y, config.seed, config.network_steps)
        again = Convolutional(rng).fit(blurred(x), y, config.seed, config.network_steps)
        found[1, :3] = [accuracy(network, *pair) for pair in pairs]
        found[1, 3] = accuracy(again, *blur)
    return DetectorsSnapshot(
        step, config, _pixels(test), _pixels(home[TRAINED:]), _pixels(unseen), _pixels(blur[1]),
        frozen(found),
    )  # fmt: skip


def accuracy(detector: Spectral | Convolutional, real: Tensor, generated: Tensor) -> float:
    """The mean of the shares of real and of generated images that are called what they are."""
    passed = (~detector.generated(real)).double().mean()
    return float(passed + detector.generated(generated).double().mean()) / 2


def _pixels(x: Tensor) -> np.ndarray:
    return frozen((255 * x[:SHOWN]).round().to(torch.uint8).view(-1, SIDE, SIDE).numpy())


def detectors_scene(s: DetectorsSnapshot) -> Scene:
    """The images, and the accuracy of the detectors."""
    home = GENERATORS[s.config.source]
    unseen = GENERATORS["gan" if s.config.source == "vae" else "vae"]
    images = [
        image_grid("Real", "real", "real", s.real, 4, "Handwritten digits at half their size."),
        image_grid(f"Generated ({home})", "home", "model", s.home, 4, "What detectors learn from."),
        image_grid(f"Unseen ({unseen})", "unseen", "rival", s.unseen, 4, "What none has seen."),
        image_grid(f"{home}, blurred", "blurred", "model", s.blurred, 4, "One pixel of blur."),
    ]  # fmt: skip
    end, (spectral, network) = s.config.steps, 100 * s.accuracy
    roles: tuple[Role, ...] = ("model", "rival", "neutral")
    curves = [
        Curve(name, role, point(s.step, float(value)), grows=True)
        for name, role, value in zip(TESTS[:3], roles, spectral)
    ]
    chart = Panel(
        "Accuracy of the spectral detector",
        [*curves, Curve("chance", "truth", level((0, end), 50.0))],
        "chart", (0, end), (40.0, 102.0), "training step of the generators", "%", span=1.4,
        caption="Refitted at every frame: the detector is as new as the generator.",
    )  # fmt: skip
    there = np.nan_to_num(network).astype(np.float32)
    bars = Panel(
        "At the end",
        [
            Bars("spectral", "model", spectral.astype(np.float32), TESTS),
            Bars("network", "rival", there, TESTS),
        ],
        "chart", (0.0, 1.0), (0.0, 102.0), ylabel="%", span=1.4,
        caption="Chance is 50 %. The network is trained when the generators are done.",
    )  # fmt: skip
    drawn = np.random.default_rng(0).binomial(2 * TESTED, 0.5, 4000) / (2 * TESTED)
    chance = in_percent(central(drawn))
    readings = [
        Reading(name, float(value), chance, "chance", "%", "high",
                f"Accuracy of the spectral detector, {TESTED} real and {TESTED} generated images.")
        for name, value in zip(TESTS[:3], spectral)
    ]  # fmt: skip
    return Scene([*images, chart, bars], step=s.step, rows=(4, 2), readings=readings,
                 sentence=_sentence(s))  # fmt: skip


def _sentence(s: DetectorsSnapshot) -> str:
    home, unseen, blur, again = (percent(float(each)) for each in s.accuracy[0])
    text = (
        f"The spectral detector is right about {home} at home, {unseen} on the unseen generator "
        f"and {blur} after a blur (retrained on blurred images: {again})."
    )
    if np.isfinite(s.accuracy[1, 0]):
        text += f" The network: {', '.join(percent(float(v)) for v in s.accuracy[1, :3])}."
    return text
