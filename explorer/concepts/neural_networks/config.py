"""What a visitor can change: data, features, layers, activation, loss, optimiser, regularisers."""

from dataclasses import dataclass, fields
from typing import Any

from explorer import config as c
from explorer.concepts.neural_networks.edits import parse
from explorer.concepts.shared.labelled_plane import check

DATA = ("circles", "moons", "gaussians", "spiral", "pinwheel", "checkerboard")
FEATURES: dict[str, str] = {
    "x1": "x₁",
    "x2": "x₂",
    "x1_squared": "x₁²",
    "x2_squared": "x₂²",
    "product": "x₁x₂",
    "sin_x1": "sin x₁",
    "sin_x2": "sin x₂",
}
ACTIVATIONS: dict[str, str] = {
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "sigmoid": "sigmoid",
    "linear": "linear (none)",
}
INITIALISATIONS: dict[str, str] = {
    "glorot": "Glorot",
    "he": "He",
    "uniform": "uniform, ±0.5",
    "large": "five times Glorot",
    "equal": "all equal to 0.5",
    "zeros": "zeros",
}
LOSSES: dict[str, str] = {"cross_entropy": "cross-entropy", "squared": "squared error"}
OPTIMISERS: dict[str, str] = {
    "sgd": "SGD",
    "momentum": "momentum",
    "nesterov": "Nesterov",
    "rmsprop": "RMSProp",
    "adam": "Adam",
}
NORMALISATIONS: dict[str, str] = {"none": "none", "batch": "batch norm", "layer": "layer norm"}
LEARNING_RATES = {
    "sgd": 0.3,
    "momentum": 0.03,
    "nesterov": 0.03,
    "rmsprop": 0.02,
    "adam": 0.02,
}
NEVER = 20_000  # the step of a change that no run reaches


@dataclass(frozen=True)
class Config:
    """One training run: the same config, the same run."""

    dataset: str = c.data("circles", DATA, check)
    overlap: float = c.number(0.2, 0.0, 1.0, 0.05)  # standard deviation of noise on the data
    points: int = c.integer(250, 10, 1000, 10)  # of the training set
    features: tuple[str, ...] = c.several(("x1", "x2"), FEATURES)
    layers: int = c.integer(2, 0, 6)  # hidden ones
    units_1: int = c.integer(4, 1, 8)
    units_2: int = c.integer(4, 1, 8)
    units_3: int = c.integer(4, 1, 8)
    units_4: int = c.integer(4, 1, 8)
    units_5: int = c.integer(4, 1, 8)
    units_6: int = c.integer(4, 1, 8)
    activation: str = c.choice("tanh", ACTIVATIONS)
    initialisation: str = c.choice("glorot", INITIALISATIONS)
    loss: str = c.choice("cross_entropy", LOSSES)
    optimiser: str = c.choice("adam", OPTIMISERS)
    learning_rate: float = c.number(0.02, 1e-4, 100.0, log=True)
    change_step: int = c.integer(NEVER, 1, NEVER, log=True)
    learning_rate_2: float = c.number(0.02, 1e-4, 100.0, log=True)  # from `change_step` on
    batch: int = c.integer(10, 1, 1000, log=True)
    l1: float = c.number(0.0, 0.0, 0.1, 0.001)
    l2: float = c.number(0.0, 0.0, 0.1, 0.001)
    dropout: float = c.number(0.0, 0.0, 0.8, 0.05)
    normalisation: str = c.choice("none", NORMALISATIONS)
    residual: bool = c.flag(False)
    edit_step: int = c.integer(2000, 0, NEVER)
    edits: str = c.text("", parse)  # changes by hand before this update
    steps: int = c.steps(4000, NEVER)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        if not self.features:
            raise ValueError("features must name one input at least. Got () instead.")

    @classmethod
    def usual(cls, **chosen: Any) -> "Config":
        """The learning rate suits the optimiser; the second one is the first."""
        first = chosen.get("learning_rate", LEARNING_RATES.get(chosen.get("optimiser", "adam")))
        own = {} if first is None else {"learning_rate": first, "learning_rate_2": first}
        return cls(**{**own, **chosen})

    @property
    def units(self) -> tuple[int, ...]:
        """Units of each hidden layer."""
        named = [getattr(self, each.name) for each in fields(self) if "units_" in each.name]
        return tuple(named[: self.layers])

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, units of each hidden layer, one output."""
        return (len(self.features), *self.units, 1)
