r"""A melody as a sequence of tokens, and what comes next: an LSTM and a Kneser-Ney n-gram.

$$p(x_1, \dots, x_T) = \prod_t p(x_t \mid x_1, \dots, x_{t-1})$$

Both are asked one note after the other, and one is drawn. With a temperature $\tau$ it is drawn
from $p^{1/\tau}$, scaled to add up to one.

Mozer (1994), Neural Network Music Composition by Prediction
Eck and Schmidhuber (2002), Finding Temporal Structure in Music: Blues Improvisation with LSTM
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from torch import Generator, Tensor

from explorer import nets
from explorer.concepts.music.config import Config
from explorer.concepts.shared.generation import LanguageModel, generate
from explorer.concepts.shared.lstm import LSTM
from explorer.concepts.shared.ngram import NGram, fit, rows_of
from explorer.data import chorales
from explorer.data.chorales import Melodies
from explorer.nets import freeze, generator

ORDERS = range(1, 7)
LONGEST = 64  # notes of a sample; training reads so many of a melody, too
MODELS: dict[str, str] = {"lstm": "LSTM", "ngram": "Kneser-Ney n-gram"}


@dataclass(frozen=True, eq=False)
class Model:
    """Both models of melodies after a run."""

    config: Config
    lstm: LSTM
    ngram: NGram
    cost: dict[str, np.ndarray]  # by model: bits (melodies,) of each held-out melody

    @property
    def melodies(self) -> Melodies:
        return self.config.melodies

    def named(self, model: str) -> LanguageModel:
        """One of MODELS."""
        return self.lstm if model == "lstm" else self.ngram

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n melodies (n, LONGEST) of the LSTM; after its end a melody is zeros."""
        return freeze(sampled(self.lstm, n, generator(seed)))

    def weights(self) -> dict[str, np.ndarray]:
        """Every parameter of the LSTM by name."""
        return nets.weights(self.lstm)


def sampled(lm: LanguageModel, n: int, rng: Generator) -> Tensor:
    """n melodies (n, LONGEST), zeros after the end of each."""
    return generate(lm, n, LONGEST, rng, lines=True)


@lru_cache(maxsize=32)
def fitted(kind: str, order: int) -> NGram:
    """The Kneser-Ney n-gram of the melodies of a kind; shared by everybody."""
    melodies = chorales.melodies(kind)
    rows = rows_of(chorales.stream(melodies.train), order, True)
    return fit(rows, order, melodies.size, lines=True)
