"""What a visitor can change: which set is spoilt, how, how far, and how much of it is looked at."""

from dataclasses import dataclass

from explorer import config as check
from explorer.concepts.metrics.reader import SETS

TEXT = "moby"
DATA = (*SETS, TEXT)
PICTURE_DAMAGE = ("blur", "noise", "shift", "drop", "alike", "memorise")
WORD_DAMAGE = ("shuffle", "synonyms", "drop_words", "loop", "alike", "memorise")
MOST = {"mnist": 1000, "digits": 250, "fashion": 800, TEXT: 600}  # samples that there are for all


@dataclass(frozen=True)
class Config:
    """A perfect set of samples, spoilt more and more while every metric looks on."""

    dataset: str = "mnist"  # one of DATA
    damage: str = "blur"  # of pictures, or of words
    strength: float = 1.0  # at the last step, 0..1
    samples: int = 400
    steps: int = 20
    seed: int = 0

    def __post_init__(self) -> None:
        check.one_of(self, "dataset", DATA)
        check.one_of(self, "damage", WORD_DAMAGE if self.of_words else PICTURE_DAMAGE)
        check.between(self, "strength", 0, 1)
        check.whole(self, "samples", 50, 1000)
        check.whole(self, "steps", 1, 200)
        check.whole(self, "seed", 0, 2**31 - 1)

    @property
    def of_words(self) -> bool:
        return self.dataset == TEXT

    @property
    def count(self) -> int:
        """How many samples are looked at: no more than the set can part with."""
        return min(self.samples, MOST[self.dataset])
