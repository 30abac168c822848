"""What a model expects at each position of a visitor's own text, before and after the filters."""

from dataclasses import dataclass

import torch

from explorer.concepts.shared.generation import predict
from explorer.concepts.shared.text_panel import sign
from explorer.concepts.text.decoding import DecodingConfig
from explorer.concepts.text.sampling import filtered
from explorer.concepts.text.train import Model
from explorer.data.text import Corpus
from explorer.data.writing import Read

MOST = 60  # characters of a prompt that are read
FARTHEST = 500  # characters before its end that are looked at
PROMPTS: dict[str, str] = {"names": "mar", "moby": "the white wh", "markov": "bolami"}
BARS = 16  # tokens that are shown at each position


@dataclass(frozen=True)
class Bar:
    """A token that may come next."""

    label: str  # as it is drawn
    before: float  # its probability
    after: float  # and after the filters
    then: str  # the text that goes on with it


@dataclass(frozen=True)
class Position:
    """A position of the text: what was expected there, and what came."""

    label: str  # the token that came; "" at the end, where it is still open
    probability: float  # of that token
    bars: tuple[Bar, ...]


def next_tokens(model: Model, config: DecodingConfig) -> list[Position]:
    """What a model expects at each position of a prompt and after it."""
    corpus = model.corpus
    numbers = corpus.encode(config.prompt)
    logs_at, _ = predict(model.models[config.model], numbers)
    return [
        _position(corpus.vocabulary, numbers, at, logs_at[at], config)
        for at in range(len(numbers) + 1)
    ]


def _position(
    vocabulary: tuple[str, ...],
    numbers: list[int],
    at: int,
    logs: torch.Tensor,
    config: DecodingConfig,
) -> Position:
    before, after = logs.double().exp(), filtered(logs, numbers[:at], config.filters)
    start = "".join(vocabulary[number] for number in numbers[:at])
    bars = tuple(
        Bar(sign(vocabulary[n]), float(before[n]), float(after[n]), start + vocabulary[n])
        for n in before.argsort(descending=True, stable=True)[:BARS].tolist()
    )
    if at == len(numbers):
        return Position("", 1.0, bars)
    return Position(sign(vocabulary[numbers[at]]), float(before[numbers[at]]), bars)


def prompt(text: str, corpus: Corpus) -> Read:
    """A prompt in one line, in the characters of a corpus; of a long one, its end."""
    last = text[-FARTHEST:]
    found = corpus.read(last)
    line = found.text.replace("\n", " ")
    cut = f"Only the last {MOST} characters are read." if len(line) > MOST or last != text else ""
    return Read(line[-MOST:], " ".join(filter(None, (cut, found.remark))))
