"""What a rung expects at each place of a visitor's own text, before and after the filters."""

from dataclasses import dataclass

from explorer.concepts.text.look import sign
from explorer.concepts.text.sampling import Filters, filtered
from explorer.concepts.text.train import Model
from explorer.concepts.text.writing import follow

MOST = 60  # characters of a prompt
BARS = 16  # symbols that are shown at each place


@dataclass(frozen=True)
class Bar:
    """A symbol that may come next."""

    label: str  # as it is drawn
    before: float  # its chance
    after: float  # and after the filters
    then: str  # the text that goes on with it


@dataclass(frozen=True)
class Place:
    """A place of the text: what was expected there, and what came."""

    label: str  # the symbol that came; "" at the end, where it is still open
    chance: float  # that it had
    bars: tuple[Bar, ...]


def places(model: Model, prompt: str, rung: str, filters: Filters) -> list[Place]:
    """What `rung` expects at each place of a prompt and after it."""
    corpus = model.corpus
    numbers = corpus.encode(prompt)
    found = []
    for at, logs in enumerate(follow(model.writers[rung], numbers)):
        before, after = logs.double().exp(), filtered(logs, numbers[:at], filters)
        start = corpus.decode(numbers[:at])
        bars = tuple(
            Bar(sign(corpus.symbols[n]), float(before[n]), float(after[n]),
                start + corpus.symbols[n])
            for n in before.argsort(descending=True, stable=True)[:BARS].tolist()
        )  # fmt: skip
        came = numbers[at] if at < len(numbers) else None
        label = "" if came is None else sign(corpus.symbols[came])
        found.append(Place(label, 1.0 if came is None else float(before[came]), bars))
    return found


def known(prompt: str) -> str:
    """A prompt as it is read: in lower case, in one line. ValueError when it is too long."""
    if len(prompt) > MOST:
        raise ValueError(f"prompt must have at most {MOST} characters. Got {len(prompt)} instead.")
    return " ".join(prompt.lower().split("\n"))
