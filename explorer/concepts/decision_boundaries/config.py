"""What a visitor can change: the data, one model of each kind, and how many labels there are."""

from dataclasses import dataclass

from explorer.concepts.decision_boundaries import problem
from explorer.config import between, one_of, whole

DISCRIMINATIVE: dict[str, str] = {
    "net": "neural net",
    "logistic": "logistic regression",
    "curved": "logistic, with squares",
    "svm": "support vectors",
    "neighbours": "nearest neighbours",
}
GENERATIVE: dict[str, str] = {
    "mixture": "mixture of Gaussians",
    "qda": "one Gaussian each (QDA)",
    "lda": "equal Gaussians (LDA)",
    "naive": "naive Bayes",
    "kernel": "kernel density",
}


@dataclass(frozen=True)
class Config:
    """One run: a discriminative and a generative model see the same labels arrive."""

    dataset: str = "moons"
    overlap: float = 0.3  # noise added to the data set: how far the classes run into each other
    classes: int = 4  # at most; a set of more groups deals them out to so many classes
    discriminative: str = "net"
    generative: str = "mixture"
    labels: int = 256  # labelled points at the end of the run
    unlabelled: int = 400  # points without a label, there from the start
    hidden: int = 32  # neurons in each of the net's two hidden layers
    rate: float = 0.01  # learning rate of the net
    decay: float = 1.0  # how strongly the net's weights are pulled to zero
    neighbours: int = 9
    penalty: float = 1.0  # C of the support vector machine: what a point inside the margin costs
    reach: float = 1.0  # of a support vector, as a multiple of the spread of the data
    components: int = 3  # Gaussians per class of the mixture
    width: float = 0.0  # of the kernels; 0: the one that foretells left-out points best
    prior: float = 1.0  # imagined points that keep a covariance from collapsing
    steps: int = 6500
    seed: int = 0

    def __post_init__(self) -> None:
        one_of(self, "discriminative", DISCRIMINATIVE)
        one_of(self, "generative", GENERATIVE)
        between(self, "overlap", 0, 2)
        whole(self, "classes", 2, 4)
        problem.check(self.dataset)
        whole(self, "labels", 8, 2048)
        whole(self, "unlabelled", 0, 4000)
        whole(self, "hidden", 1, 256)
        between(self, "rate", 1e-6, 10)
        between(self, "decay", 0, 10)
        whole(self, "neighbours", 1, 99)
        between(self, "penalty", 1e-3, 1e4)
        between(self, "reach", 0.01, 100)
        whole(self, "components", 1, 12)
        between(self, "width", 0, 3)
        between(self, "prior", 0.01, 100)
        whole(self, "steps", 1, 50_000)
        whole(self, "seed", 0, 2**31 - 1)
