"""What a visitor can change: the data, one model of each kind, and how many labels there are."""

from dataclasses import dataclass

from explorer.concepts.decision_boundaries import measure
from explorer.config import between, one_of, whole

DISCRIMINATIVE: dict[str, str] = {
    "network": "neural network",
    "logistic": "logistic regression",
    "quadratic": "logistic regression, quadratic",
    "svm": "support vector machine",
    "knn": "k nearest neighbours",
}
GENERATIVE: dict[str, str] = {
    "mixture": "mixture of Gaussians",
    "qda": "QDA, one Gaussian per class",
    "lda": "LDA, shared covariance",
    "naive_bayes": "Gaussian naive Bayes",
    "kde": "kernel density estimate",
}


@dataclass(frozen=True)
class Config:
    """One run: a discriminative and a generative model, trained on the same labels as they arrive.

    Smoothing of the data: `overlap` is the standard deviation of the noise added to the data set.
    """

    dataset: str = "moons"
    overlap: float = 0.3  # standard deviation of the noise added to the data set
    classes: int = 4  # at most; more groups are dealt out to so many classes
    discriminative: str = "network"
    generative: str = "mixture"
    labels: int = 256  # labelled points at the end of the run
    unlabelled: int = 400  # points without a label, there from the start
    hidden_units: int = 32  # in each of the network's two hidden layers
    learning_rate: float = 0.01  # of the network
    weight_decay: float = 1.0  # of the network
    neighbours: int = 9  # k
    svm_c: float = 1.0  # C of the support vector machine
    kernel_width: float = 1.0  # of its RBF kernel, as a multiple of the spread of the data
    components: int = 3  # Gaussians per class of the mixture
    bandwidth: float = 0.0  # of the kernel density estimate; 0: selected by leave-one-out
    pseudo_observations: float = 1.0  # weight of the prior of the covariances
    steps: int = 6500
    seed: int = 0

    def __post_init__(self) -> None:
        one_of(self, "discriminative", DISCRIMINATIVE)
        one_of(self, "generative", GENERATIVE)
        between(self, "overlap", 0, 2)
        whole(self, "classes", 2, 4)
        measure.check(self.dataset)
        whole(self, "labels", 8, 2048)
        whole(self, "unlabelled", 0, 4000)
        whole(self, "hidden_units", 1, 256)
        between(self, "learning_rate", 1e-6, 10)
        between(self, "weight_decay", 0, 10)
        whole(self, "neighbours", 1, 99)
        between(self, "svm_c", 1e-3, 1e4)
        between(self, "kernel_width", 0.01, 100)
        whole(self, "components", 1, 12)
        between(self, "bandwidth", 0, 3)
        between(self, "pseudo_observations", 0.01, 100)
        whole(self, "steps", 1, 50_000)
        whole(self, "seed", 0, 2**31 - 1)
