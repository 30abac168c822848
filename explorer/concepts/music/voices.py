"""Learning to harmonise: three networks, side by side, evaluated on chorales held out.

Every now and then a soprano that was held out is harmonised, and in all of them parallel fifths and
octaves are counted, beside Bach's own.
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch.nn import functional

from explorer import config as c
from explorer import nets
from explorer.concepts.music import harmony
from explorer.concepts.music.harmony import COLUMNS, ORDER, VoiceNet, harmonised
from explorer.concepts.music.roll import Part, heard, roll
from explorer.concepts.shared.charts import level
from explorer.concepts.shared.transformer import Dropout
from explorer.config import frame_steps
from explorer.data.chorales import VOICES
from explorer.nets import generator
from explorer.optim import Adam, Average, cosine
from explorer.scene import Curve, Mark, Panel, Reading, Role, Scene, frozen

FRAMES = 16
LEARNING_RATE, BATCH, WARMUP, EMA_DECAY = 4e-3, 128, 0.03, 0.998
CHORALE = 5  # of those held out: the one that is heard
PITCHES = (38, 82)  # of a roll of four voices
BEATS = 32.0
SHOWN = {"bass": (3.0, False), "tenor": (2.0, True), "alto": (1.3, False)}  # width, dashes


@dataclass(frozen=True)
class VoicesConfig:
    """A training run of the three networks: a step is an update of each."""

    hidden: int = c.integer(128, 16, 256, 16)
    dropout: float = c.number(0.3, 0.0, 0.8, 0.05)
    steps: int = c.steps(1500, 5000)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)

    @property
    def reads(self) -> tuple[str, ...]:
        """The files under assets/ that a run needs."""
        return ("data/bach_chorales.npz",)


@dataclass(frozen=True, eq=False)
class VoicesSnapshot:
    """The networks after `step` updates."""

    step: int
    config: VoicesConfig
    bits: np.ndarray  # (3,) a note of bass, tenor, alto, held out
    chords: np.ndarray  # (4, beats) a held-out soprano, harmonised
    parallels: float  # in 100 beats of all held-out sopranos, harmonised


@dataclass(frozen=True, eq=False)
class Choir:
    """Three networks that harmonise a soprano."""

    networks: dict[str, VoiceNet]

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n harmonies (n, 4, beats) of a held-out soprano."""
        soprano = harmony.beats(True)[CHORALE][0]
        return np.stack(harmonised(self.networks, [soprano] * n, generator(seed)))

    def weights(self) -> dict[str, np.ndarray]:
        """Every parameter by voice and name."""
        return {
            f"{voice}.{name}": value
            for voice, net in self.networks.items()
            for name, value in nets.weights(net).items()
        }


class VoiceLearner:
    """The network of one voice and its optimiser."""

    def __init__(self, voice: str, config: VoicesConfig) -> None:
        self.config, self.rng, (columns, own) = config, generator(config.seed), COLUMNS[voice]
        self.net = VoiceNet(len(columns), config.hidden, self.rng)
        self.averaged = VoiceNet(len(columns), config.hidden, generator(0))
        self.adam = Adam(self.net.parameters(), LEARNING_RATE, (0.9, 0.99))
        self.average = Average(self.adam, EMA_DECAY)
        self.dropout = Dropout(config.dropout, self.rng) if config.dropout else None
        learnt, held = (torch.from_numpy(harmony.rows(side)) for side in (False, True))
        self.seen, self.own = learnt[:, list(columns)], learnt[:, own]
        self.held = held[:, list(columns)], held[:, own]
        self.updates = 0

    def update(self) -> None:
        """One update on a random batch of beats. FloatingPointError when it diverges."""
        rows = torch.randint(len(self.seen), (BATCH,), generator=self.rng)
        loss = functional.cross_entropy(self.net(self.seen[rows], self.dropout), self.own[rows])
        if not loss.item() < 1e4:  # NaN, too
            raise FloatingPointError(
                f"The training diverged after {self.updates} updates. Choose another seed."
            )
        steps = self.config.steps
        self.adam.descend(loss, cosine(self.updates, steps, LEARNING_RATE, round(WARMUP * steps)))
        self.average.update()
        self.updates += 1

    def snapshot(self) -> VoiceNet:
        """The network with averaged weights."""
        self.average.copy_to(self.averaged)
        return self.averaged

    @torch.no_grad()
    def bits(self) -> float:
        """Bits a note on the chorales held out."""
        seen, own = self.held
        return functional.cross_entropy(self.snapshot()(seen), own).item() / float(np.log(2))


def sing(config: VoicesConfig) -> Generator[VoicesSnapshot, None, Choir]:
    """Train the three networks side by side."""
    learners = {voice: VoiceLearner(voice, config) for voice in ORDER}
    shown = set(frame_steps(config.steps, FRAMES))
    sopranos = [chords[0] for chords in harmony.beats(True)]
    for step in range(config.steps + 1):
        if step in shown:
            bits = np.array([each.bits() for each in learners.values()])
            networks = {voice: each.snapshot() for voice, each in learners.items()}
            found = harmonised(networks, sopranos, generator(config.seed + 1))
            chords = frozen(found[CHORALE])
            yield VoicesSnapshot(step, config, frozen(bits), chords, per_100(found))
        if step < config.steps:
            for each in learners.values():
                each.update()
    return Choir({voice: each.snapshot() for voice, each in learners.items()})


def per_100(chorales: list[np.ndarray] | tuple[np.ndarray, ...]) -> float:
    """Parallel fifths and octaves in 100 beats of chorales, each (4, beats)."""
    count = sum(int(harmony.parallels(each[None]).sum()) for each in chorales)
    return 100 * count / sum(each.shape[1] for each in chorales)


@lru_cache(maxsize=1)
def of_bach() -> tuple[float, tuple[float, float]]:
    """Parallels in 100 beats of the chorales held out, and of single ones: the middle 90 %."""
    each = [per_100([chords]) for chords in harmony.beats(True)]
    low, high = np.quantile(each, [0.05, 0.95])
    return per_100(harmony.beats(True)), (float(low), float(high))


def parts(chords: np.ndarray, drawn: bool) -> list[Part]:
    """Four voices of chords (4, beats); where the lower three were `drawn`, they say so."""
    role: Role = "model" if drawn else "real"
    return [
        Part(name, role if row else "real", each, width=5)
        for row, (name, each) in enumerate(zip(VOICES, harmony.notes(chords)))
    ]


def sing_scene(s: VoicesSnapshot) -> Scene:
    """The loss of each voice, the parallels, and a chorale beside Bach's own."""
    bach = harmony.beats(True)[CHORALE]
    known, _ = of_bach()
    end = s.config.steps
    marks: list[Mark] = []
    for voice, bits in zip(ORDER, s.bits.tolist()):
        width, dashed = SHOWN[voice]
        marks.append(Curve(f"{voice}: n-gram", "rival", level((0, end), harmony.gram_bits()[voice]),
                           dashed, 1.2, label=""))  # fmt: skip
        point = np.array([[s.step, bits]], np.float32)
        marks.append(Curve(voice, "model", point, dashed, width, grows=True))
    loss = Panel(
        "Loss on held-out chorales", marks, "chart", (0, end), (0.6, 4.0), "training step",
        "bits a note", span=1.5, caption="Each voice beside its own n-gram, in violet.",
    )  # fmt: skip
    forbidden = Panel(
        "Parallel fifths and octaves",
        [Curve("Bach", "real", level((0, end), known), dashed=True),
         Curve("networks", "model", np.array([[s.step, s.parallels]], np.float32), grows=True)],
        "chart", (0, end), (0.0, 40.0), "training step", "in 100 beats", span=1.5,
        caption="Counted in all 44 chorales held out. Nobody told the networks.",
    )  # fmt: skip
    own, real = parts(s.chords, True), parts(bach, False)
    return Scene(
        [
            loss,
            forbidden,
            roll("Harmonised by the networks", own, BEATS, pitches=PITCHES, span=1.5,
                 caption="The soprano is given; the three voices below are drawn."),
            roll("Harmonised by Bach", real, BEATS, pitches=PITCHES, span=1.5,
                 caption="The same soprano, from a chorale that was held out."),
        ],
        step=s.step, rows=(2, 2), sentence=_sentence(s, known),
        readings=[
            Reading(f"bits a note, {voice}", float(bits), (gram, gram), "n-gram", "bits", "low",
                    "On chorales that were held out.")
            for voice, bits, gram in zip(ORDER, s.bits, harmony.gram_bits().values())
        ],
        sounds=[heard("networks", "model", *(each.notes for each in own), panel=2),
                heard("Bach", "real", *(each.notes for each in real), panel=3)],
    )  # fmt: skip


def _sentence(s: VoicesSnapshot, known: float) -> str:
    """How the voices are predicted, and what they do that Bach avoids."""
    better = [
        voice
        for voice, bits, gram in zip(ORDER, s.bits, harmony.gram_bits().values())
        if bits < gram
    ]
    if not better:
        return "So far no voice is predicted better than by counting."
    return (
        f"Better predicted than by n-grams: {', '.join(better)}. The networks write "
        f"{s.parallels:.1f} parallel fifths and octaves in 100 beats, Bach {known:.1f}."
    )
