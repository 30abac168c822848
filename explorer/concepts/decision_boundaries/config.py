"""What a visitor can change: the data, one model of each kind, and how many labels there are."""

from dataclasses import dataclass

from explorer import config as c
from explorer.concepts.shared.labelled_plane import check

DISCRIMINATIVE: dict[str, str] = {
    "network": "neural network",
    "logistic": "logistic regression",
    "quadratic": "quadratic logistic regression",
    "svm": "support vector machine",
    "knn": "k nearest neighbours",
}
GENERATIVE: dict[str, str] = {
    "mixture": "mixture of Gaussians",
    "qda": "QDA",
    "lda": "LDA",
    "naive_bayes": "Gaussian naive Bayes",
    "kde": "kernel density estimate",
}


DATA = ("moons", "gaussians", "circles", "pinwheel", "spiral", "checkerboard")  # shown


@dataclass(frozen=True)
class Config:
    """One run: a discriminative and a generative model, trained on the same arriving labels."""

    dataset: str = c.data("moons", DATA, check)
    overlap: float = c.number(0.3, 0.0, 1.0, 0.05)  # standard deviation of noise added to the data
    classes: int = c.integer(4, 2, 4)  # at most; more groups are dealt out to so many classes
    discriminative: str = c.choice("network", DISCRIMINATIVE)
    generative: str = c.choice("mixture", GENERATIVE)
    labels: int = c.integer(256, 8, 2048, log=True)  # labelled points at the end of the run
    unlabelled: int = c.integer(400, 0, 2000, 50)  # there from the start
    hidden_units: int = c.integer(32, 1, 256)  # in each of the network's two hidden layers
    learning_rate: float = c.number(0.01, 1e-4, 10.0, log=True)  # of the network
    weight_decay: float = c.number(1.0, 0.0, 10.0, 0.1)  # of the network
    neighbours: int = c.integer(9, 1, 49, 2)  # k
    svm_c: float = c.number(1.0, 1e-2, 1e3, log=True)
    kernel_width: float = c.number(1.0, 0.05, 4.0, 0.05)  # in multiples of the spread of the data
    components: int = c.integer(3, 1, 12)  # Gaussians per class of the mixture
    bandwidth: float = c.number(0.0, 0.0, 1.0, 0.01)  # 0: selected by leave-one-out
    pseudo_observations: float = 1.0  # weight of the prior of the covariances
    steps: int = c.steps(6500, 20_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        c.between(self, "pseudo_observations", 0.01, 100)
