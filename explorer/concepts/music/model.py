r"""A melody as a sequence of tokens, and what comes next: an LSTM and a Kneser-Ney n-gram.

$$p(x_1, \dots, x_T) = \prod_t p(x_t \mid x_1, \dots, x_{t-1})$$

The LSTM knows that a token is a pitch and a duration: it reads the sum of a row for each, and its
logits are the sum of a pitch's, a duration's and the token's own. What it learns of a pitch then
holds for all durations, which counts for much where there are only 16,000 notes.

Mozer (1994), Neural Network Music Composition by Prediction
Eck and Schmidhuber (2002), Finding Temporal Structure in Music: Blues Improvisation with LSTM
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Generator, Tensor, nn

from explorer import nets
from explorer.concepts.music.config import Config
from explorer.concepts.shared.generation import LanguageModel, generate
from explorer.concepts.shared.lstm import Recurrent
from explorer.concepts.shared.ngram import NGram, fit, rows_of
from explorer.data import chorales
from explorer.data.chorales import Melodies
from explorer.nets import freeze, generator, linear

ORDERS = range(1, 7)
LONGEST = 64  # notes of a sample; training reads so many of a melody, too
MODELS: dict[str, str] = {"lstm": "LSTM", "ngram": "Kneser-Ney n-gram"}


class LSTM(Recurrent):
    """Pitches and durations in, logits of their combinations out; otherwise as `shared.lstm`."""

    pitch: Tensor
    duration: Tensor

    def __init__(self, melodies: Melodies, hidden: int, rng: Generator) -> None:
        super().__init__()
        self.hidden, bound = hidden, hidden**-0.5
        self.register_buffer("pitch", _numbered(melodies.pitch), persistent=False)
        self.register_buffer("duration", _numbered(melodies.duration), persistent=False)
        pitches, durations = (int(each.max()) + 1 for each in (self.pitch, self.duration))
        self.pitch_weight = nn.Parameter(torch.randn(pitches, 4 * hidden, generator=rng) * 0.5)
        self.duration_weight = nn.Parameter(torch.randn(durations, 4 * hidden, generator=rng) * 0.5)
        with torch.no_grad():
            self.pitch_weight[:, hidden : 2 * hidden] += 1.0  # at first, do not forget
        self.recurrent_weight = nn.Parameter(torch.empty(4 * hidden, hidden))
        nn.init.uniform_(self.recurrent_weight, -bound, bound, generator=rng)
        self.pitch_output = linear(hidden, pitches, rng)
        self.duration_output = linear(hidden, durations, rng)
        self.output = linear(hidden, melodies.size, rng, scale=0.1)

    def inputs(self, tokens: Tensor) -> Tensor:
        return (self.pitch_weight[self.pitch] + self.duration_weight[self.duration])[tokens]

    def logits(self, h: Tensor) -> Tensor:
        parts = self.pitch_output(h)[..., self.pitch] + self.duration_output(h)[..., self.duration]
        return parts + self.output(h)


def _numbered(values: np.ndarray) -> Tensor:
    """Different values as 0, 1, 2, ..., in their order."""
    return torch.from_numpy(np.unique(values, return_inverse=True)[1])


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
