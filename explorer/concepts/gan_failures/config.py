"""The failures, each a GAN that goes wrong, and the remedies, each one change of its settings."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from explorer import config as c
from explorer.concepts.shared.adversarial.config import Settings
from explorer.concepts.shared.adversarial.losses import LOSSES
from explorer.data import plane

DATA: tuple[str, ...] = tuple(name for name in plane.DATASETS if plane.get(name).modes is not None)
NONE = "none"
STATISTICS = (NONE, "std", "discrimination")


@dataclass(frozen=True)
class Setup:
    """A GAN, and what the remedies of this page add to it."""

    gan: Settings = field(default_factory=Settings)
    feature_matching: bool = c.flag(False)  # G matches the mean of D's features instead
    # weight of the distance from the mean of all weights so far
    historical_averaging: float = c.number(0.0, 0.0, 100.0)
    spectral: bool = c.flag(False)  # divide D's weights by their largest singular value
    minibatch: str = c.choice(NONE, STATISTICS)  # what D sees of the whole batch
    packing: int = c.integer(1, 1, 8)  # samples that D sees together
    unrolled_steps: int = c.integer(0, 0, 20)  # updates of D that G's gradient looks ahead
    unrolled_rate: float = c.number(0.5, 0.0, 100.0)  # and their learning rate
    training_points: int = c.integer(0, 0, 100_000)  # different ones; 0: unlimited

    def __post_init__(self) -> None:
        c.check(self)
        if self.gan.batch % self.packing:
            raise ValueError(
                f"packing must divide the batch of {self.gan.batch}. Got {self.packing} instead."
            )
        pairs = self.gan.penalty != NONE or LOSSES[self.gan.loss].needs_real
        if pairs and self.minibatch != NONE:
            raise ValueError(
                "minibatch must be none with a penalty or the relativistic loss. "
                f"Got {self.minibatch!r} instead."
            )


def _gan(**others: Any) -> Settings:
    """Small networks without regulariser, learning-rate decay or weight averaging."""
    usual: dict[str, Any] = {
        "regulariser": "none", "hidden": 32, "d_hidden": 32, "batch": 128, "learning_rate": 1e-3,
        "d_lr_ratio": 1.0, "lr_decay": False, "ema_decay": 0.0, "steps": 2000,
    }  # fmt: skip
    return Settings(**usual | others)


# What works on the page about GANs, with the loss that worked best.
_BEST: dict[str, Any] = {
    "regulariser": "r1r2", "gamma": 0.2, "loss": "relativistic", "learning_rate": 6e-3,
    "d_lr_ratio": 1.5, "lr_decay": True, "ema_decay": 0.999,
}  # fmt: skip

FAILURES: dict[str, Setup] = {
    "collapse": Setup(_gan(fourier_features=24, input_scale=3.0)),
    "vanishing": Setup(
        _gan(loss="minimax", d_updates=5, d_lr_ratio=5.0, input_scale=3.0, hidden=8, steps=1500)
    ),
    "oscillation": Setup(_gan(learning_rate=0.01, beta1=0.9)),
    "overpowered": Setup(_gan(d_updates=4, d_lr_ratio=5.0, input_scale=5.0)),
    "hopping": Setup(_gan(d_lr_ratio=0.1, beta1=0.9)),
    "memorisation": Setup(_gan(fourier_features=8, **_BEST), training_points=16),
}
FAILURE_NAMES: dict[str, str] = {
    "collapse": "mode collapse",
    "vanishing": "vanishing gradient",
    "oscillation": "oscillation",
    "overpowered": "discriminator overpowers",
    "hopping": "mode hopping",
    "memorisation": "memorisation",
}
Change = Callable[[Setup], Setup]


def _changed(**others: Any) -> Change:
    """A remedy that changes the settings of the GAN itself."""
    return lambda setup: replace(setup, gan=replace(setup.gan, **others))


def _ttur(setup: Setup) -> Setup:
    """Two time scales: G a quarter as fast as the faster of the two, D as fast."""
    fast = setup.gan.learning_rate * max(1.0, setup.gan.d_lr_ratio)
    return replace(setup, gan=replace(setup.gan, learning_rate=fast / 4, d_lr_ratio=4.0))


REMEDIES: dict[str, Change] = {
    NONE: lambda setup: setup,
    "nonsaturating": _changed(loss="nonsaturating"),
    "r1": _changed(regulariser="r1", gamma=1.0),
    "r2": _changed(regulariser="r2", gamma=1.0),
    "relativistic": _changed(loss="relativistic"),
    "r3gan": _changed(loss="relativistic", regulariser="r1r2", gamma=1.0),
    "combined": _changed(**_BEST | {"d_updates": 1, "hidden": 32, "beta1": 0.5}),
    "wgan_gp": _changed(loss="wasserstein", regulariser="r1", gamma=1.0),
    "spectral": lambda setup: replace(setup, spectral=True),
    "ttur": _ttur,
    "small_rates": _changed(learning_rate=1e-3, d_lr_ratio=1.0, beta1=0.5, d_updates=1),
    "ema": _changed(ema_decay=0.999),
    "feature_matching": lambda setup: replace(setup, feature_matching=True),
    "historical_averaging": lambda setup: replace(setup, historical_averaging=0.1),
    "minibatch_std": lambda setup: replace(setup, minibatch="std"),
    "minibatch_discrimination": lambda setup: replace(setup, minibatch="discrimination"),
    "packing": lambda setup: replace(setup, packing=4),
    "unrolled": lambda setup: replace(setup, unrolled_steps=5),
    "more_data": lambda setup: replace(setup, training_points=0),
}


REMEDY_NAMES: dict[str, str] = {
    NONE: "no remedy",
    "nonsaturating": "non-saturating loss",
    "r1": "R1",
    "r2": "R2",
    "relativistic": "relativistic loss",
    "r3gan": "relativistic, R1 and R2",
    "combined": "combined recipe",
    "wgan_gp": "WGAN-GP",
    "spectral": "spectral norm",
    "ttur": "TTUR",
    "small_rates": "equal small learning rates",
    "ema": "weight averaging (EMA)",
    "feature_matching": "feature matching",
    "historical_averaging": "historical averaging",
    "minibatch_std": "minibatch standard deviation",
    "minibatch_discrimination": "minibatch discrimination",
    "packing": "packing (PacGAN)",
    "unrolled": "unrolled discriminator",
    "more_data": "unlimited data",
}


def possible(failure: str, remedy: str) -> bool:
    """Whether a remedy changes anything there, and can be combined with what is there already."""
    return remedied(failure, remedy) is not None


def remedied(failure: str, remedy: str) -> Setup | None:
    """The failing setup with the remedy; None where it cannot be applied or is in force already."""
    before = FAILURES[failure]
    if failure == "memorisation" and remedy in ("relativistic", "r1", "r2", "r3gan", "combined"):
        return None  # it is the last of these already, with the weight that suits it
    if remedy in ("minibatch_std", "minibatch_discrimination") and before.gan.penalty != NONE:
        return None
    after = REMEDIES[remedy](before)
    return after if after != before or remedy == NONE else None


@dataclass(frozen=True)
class Config:
    """One failure and one remedy, from one seed on."""

    dataset: str = c.data("ring", DATA)
    failure: str = c.choice("collapse", FAILURE_NAMES)
    remedy: str = c.choice(NONE, REMEDY_NAMES)
    steps: int = c.steps(2000, 20_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)

    @classmethod
    def usual(cls, **chosen: Any) -> "Config":
        """As many training steps as the failure takes, unless they were chosen."""
        steps = FAILURES[cls(**chosen).failure].gan.steps
        return cls(**{"steps": steps, **chosen})

    def setup(self, remedy: str | None = None) -> Setup:
        """The setup with this remedy (None: its own), or the failing one where none applies."""
        chosen = self.remedy if remedy is None else remedy
        found = remedied(self.failure, chosen) or FAILURES[self.failure]
        return replace(found, gan=replace(found.gan, dataset=self.dataset, steps=self.steps))
