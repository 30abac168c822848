"""What a visitor can change about the ladder."""

from dataclasses import dataclass

from explorer import config as check
from explorer.concepts.text.networks import NETWORKS
from explorer.concepts.text.ngram import SMOOTHINGS
from explorer.data import text

PACE = 100  # steps in a nominal CPU second
RUNGS: dict[str, str] = {
    "window": "fixed window",
    "lstm": "LSTM",
    "transformer": "transformer",
}
assert list(RUNGS) == list(NETWORKS)


@dataclass(frozen=True)
class Config:
    """One corpus, the networks that learn it side by side, and for how long.

    A step is a hundredth of a nominal CPU second of each network.
    """

    dataset: str = "names"  # one of CORPORA, or "own:" and the text
    rungs: tuple[str, ...] = ("window", "lstm", "transformer")
    pairs: int = 0  # merged pairs of characters; 0: characters
    smoothing: str = "kneser"  # of the n-grams
    k: float = 0.1  # what add-k adds
    hidden: int = 64
    dropout: float = 0.15
    noise: float = 0.0  # share of symbols that are swapped for random ones while learning
    steps: int = 600
    seed: int = 0

    def __post_init__(self) -> None:
        check.whole(self, "pairs", 0, 400)
        if not isinstance(self.dataset, str):
            raise ValueError(f"dataset must be the name of a text. Got {self.dataset!r} instead.")
        if not self.dataset.startswith(text.OWN):
            check.one_of(self, "dataset", text.CORPORA)
        else:
            text.checked(self.dataset.removeprefix(text.OWN))
        if not isinstance(self.rungs, tuple) or set(self.rungs) - set(RUNGS):
            known = ", ".join(RUNGS)
            raise ValueError(f"rungs must be some of {known}. Got {self.rungs!r} instead.")
        check.one_of(self, "smoothing", SMOOTHINGS)
        check.between(self, "k", 1e-4, 10)
        check.whole(self, "hidden", 16, 256)
        check.between(self, "dropout", 0, 0.8)
        check.between(self, "noise", 0, 0.5)
        check.whole(self, "steps", 1, 12_000)
        check.whole(self, "seed", 0, 2**31 - 1)

    @property
    def seconds(self) -> float:
        """Nominal CPU seconds that each network learns."""
        return self.steps / PACE

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that a run with this config needs."""
        return text.reads(self.dataset)

    @property
    def corpus(self) -> text.Corpus:
        return text.load(self.dataset, self.pairs)
