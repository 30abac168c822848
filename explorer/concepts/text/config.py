"""What a visitor can change about the comparison of language models."""

from dataclasses import dataclass

from explorer import config as c
from explorer.concepts.shared.ngram import SMOOTHINGS
from explorer.data import text

PACE = 100  # training steps in a nominal CPU second
NETWORKS: dict[str, str] = {
    "window": "fixed window",
    "lstm": "LSTM",
    "transformer": "transformer",
}
UNTRAINED = {"uniform": "uniform", "rules": "hand-written rules", "ngram": "n-gram"}
MODELS: dict[str, str] = UNTRAINED | NETWORKS


def known(name: str) -> None:
    """Raise ValueError unless a text has this name, or is a visitor's own that can be learnt."""
    if not name.startswith(text.OWN):
        raise ValueError(
            f"dataset must be one of {', '.join(text.CORPORA)}. Got {name[:40]!r} instead."
        )
    text.checked(name.removeprefix(text.OWN))


@dataclass(frozen=True)
class Config:
    """One corpus, the networks that learn it side by side, and for how long.

    A training step is a hundredth of a nominal CPU second of each network.
    """

    dataset: str = c.data("names", text.CORPORA, known)  # or "own:" and the text
    networks: tuple[str, ...] = c.several(tuple(NETWORKS), NETWORKS)
    merges: int = c.choice(0, {0: "characters", 100: "100 merges", 300: "300 merges"})
    smoothing: str = c.choice("kneser", SMOOTHINGS)  # of the n-grams
    add_k: float = c.number(0.1, 1e-3, 10.0, log=True)  # what add-k smoothing adds to a count
    hidden: int = c.integer(96, 16, 256, 16)
    dropout: float = c.number(0.15, 0.0, 0.8, 0.05)
    data_noise: float = c.number(0.0, 0.0, 0.5, 0.05)  # share of tokens replaced in training
    steps: int = c.steps(600, 12_000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)

    @property
    def seconds(self) -> float:
        """Nominal CPU seconds for which each network is trained."""
        return self.steps / PACE

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that a run with this config needs."""
        return text.reads(self.dataset)

    @property
    def corpus(self) -> text.Corpus:
        return text.load(self.dataset, self.merges)
