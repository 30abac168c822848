r"""Writing a melody note by note: the next-note distribution, and what a temperature does to it.

A note is drawn from $p^{1/\tau}$, scaled to add up to one: below $\tau = 1$ probable notes become
more probable, above it all become more alike. What it costs is measured under $p$ itself.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch

from explorer import config as c
from explorer.concepts.music.measure import per_note
from explorer.concepts.music.model import MODELS, Model
from explorer.concepts.music.roll import Part, heard, roll
from explorer.concepts.music.train import REAL, by_pitch
from explorer.nets import generator
from explorer.scene import Bars, Panel, Reading, Scene, frozen

BEATS = 40.0
SHOWN = 12  # notes in the bar chart


@dataclass(frozen=True)
class NextNoteConfig:
    """Which model writes, how, and the notes of a real melody given to it; a step is a note."""

    model: str = c.choice("lstm", MODELS)
    temperature: float = c.number(1.0, 0.05, 2.0, 0.05)
    opening: int = c.integer(4, 0, 16)
    steps: int = c.steps(32, 60)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Next:
    """The notes so far, and what may come next."""

    step: int
    config: NextNoteConfig
    notes: np.ndarray  # (n, 3) start and duration in sixteenths, pitch
    given: int  # how many of them are the opening
    expected: np.ndarray  # (n + 1, 128) probability of each pitch before each note, and next
    labels: tuple[str, ...]  # of the most probable tokens, the most probable first
    before: np.ndarray  # (labels,) their probabilities
    after: np.ndarray  # (labels,) and at this temperature
    bits: float  # that the notes written so far cost, each on average; NaN before the first
    usual: float  # bits a note of held-out melodies under this model


@dataclass(frozen=True, eq=False)
class Written:
    """A melody as notes (n, 3): start and duration in sixteenths, pitch."""

    notes: np.ndarray


def tempered(logs: torch.Tensor, temperature: float) -> torch.Tensor:
    """Probabilities (size,) at a temperature, of log probabilities (size,)."""
    return (logs.double() / temperature).softmax(0)


@torch.no_grad()
def steps_of(config: NextNoteConfig, model: Model) -> list[Next]:
    """All snapshots of a melody: one before each note, and the last."""
    melodies, lm = model.melodies, model.named(config.model)
    rng, state = generator(config.seed), lm.initial_state(1)
    usual = per_note(model.cost[config.model], model.config.dataset)
    opening = melodies.held_out[REAL][: config.opening]
    token, written, expected, found, nats = 0, list[int](), list[np.ndarray](), list[Next](), 0.0
    for step in range(len(opening) + config.steps + 1):
        rows, state = lm.step(torch.tensor([token]), state)
        logs = rows[0]
        expected.append(logs.double().exp().numpy())
        after = tempered(logs, config.temperature)
        if step >= len(opening):
            top = logs.argsort(descending=True, stable=True)[:SHOWN].tolist()
            count = len(written) - len(opening)
            found.append(
                Next(
                    count,
                    config,
                    frozen(melodies.notes(tuple(written))),
                    len(opening),
                    frozen(by_pitch(np.stack(expected), melodies)),
                    tuple(melodies.label(each) for each in top),
                    frozen(logs[top].double().exp().numpy()),
                    frozen(after[top].numpy()),
                    nats / np.log(2) / count if count else float("nan"),
                    usual,
                )
            )
            token = int(torch.multinomial(after, 1, generator=rng))
            nats -= float(logs[token])
        else:
            token = opening[step]
        if token == 0:
            break
        written.append(token)
    return found


def write(config: NextNoteConfig, model: Model) -> Generator[Next, None, Written]:
    """A melody, note by note, until its end or for so many steps."""
    found = steps_of(config, model)
    yield from found
    return Written(found[-1].notes)


def write_scene(s: Next) -> Scene:
    """The melody so far on what was expected, and the distribution of the next note."""
    name = MODELS[s.config.model]
    given, own = s.notes[: s.given], s.notes[s.given :]
    melody = roll(
        "Melody so far", [Part("written", "model", own), Part("opening", "real", given)], BEATS,
        expected=s.expected, over=s.notes, span=1.8,
        caption="Shaded: the probability of each pitch before the note came; at the right, next.",
    )  # fmt: skip
    bars = Panel(
        "Next note",
        [Bars("probability", "neutral", s.before.astype(np.float32), s.labels),
         Bars("at this temperature", "model", s.after.astype(np.float32), s.labels)],
        "chart", (-0.5, SHOWN - 0.5), (0.0, 1.0), "note and beats", "probability", span=2.0,
        caption="The twelve most probable notes. One is drawn from the coloured bars.",
    )  # fmt: skip
    return Scene(
        [melody, bars], step=s.step, rows=(1, 1), unit="note", sentence=sentence(s, name),
        readings=[
            Reading("cost of the notes written", s.bits, (s.usual, s.usual),
                    "held-out melodies, same model", "bits a note", "neither",
                    "Minus log2 p of each note under the model itself, without temperature."),
        ],
        sounds=[heard("melody so far", "model", s.notes, panel=0)],
    )  # fmt: skip


def sentence(s: Next, name: str) -> str:
    """What may come next, and how probable the melody is."""
    text = f"Next, the {name} expects {s.labels[0]} with probability {s.before[0]:.2f}"
    if s.config.temperature != 1:
        text += f"; at temperature {s.config.temperature:g} it is drawn with {s.after[0]:.2f}"
    if not np.isfinite(s.bits):
        return f"{text}."
    how = "fewer" if s.bits < s.usual else "more"
    return f"{text}. So far its notes cost {s.bits:.2f} bits each, {how} than real melodies."
