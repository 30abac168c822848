"""The run: n-grams at once, then the LSTM, update by update; evaluated now and then."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from explorer.concepts.music import measure
from explorer.concepts.music.config import BATCH, LEARNING_RATE, Config
from explorer.concepts.music.measure import IGNORED, Baseline, melody
from explorer.concepts.music.model import LONGEST, LSTM, Model, fitted, sampled
from explorer.concepts.shared.generation import LanguageModel, predict
from explorer.concepts.shared.transformer import Dropout
from explorer.config import frame_steps
from explorer.data.chorales import Melodies
from explorer.nets import generator
from explorer.optim import Adam, Average, cosine
from explorer.scene import frozen

FRAMES = 24
SAMPLES = 16  # melodies that are searched for copies
EMA_DECAY = 0.998
REAL = 3  # which of the melodies held out is shown
WARMUP = 0.03  # share of the run in which the learning rate rises


@dataclass(frozen=True, eq=False)
class Sample:
    """A melody, and what was expected at each of its notes."""

    notes: np.ndarray  # (n, 3) start and duration in sixteenths, pitch
    expected: np.ndarray  # (n + 1, 128) probability of each pitch before each note and at the end


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The LSTM after `step` updates."""

    step: int
    config: Config
    baseline: Baseline
    cost: np.ndarray  # (held-out melodies,) bits of each
    loss: float  # bits a note on the last batch, dropout included; NaN before the first
    own: Sample  # of the LSTM
    ngram: Sample  # the same in every snapshot
    real: Sample  # a melody held out, and what the LSTM expects in it
    runs: float  # median of the longest copied runs of samples


class Learner:
    """An LSTM, its optimiser, and its batches: whole melodies, each once in every epoch."""

    def __init__(self, config: Config) -> None:
        self.config, self.melodies = config, config.melodies
        self.rng = generator(config.seed)
        self.net = LSTM(self.melodies, config.hidden, self.rng)
        self.learning_rate = LEARNING_RATE / config.hidden
        self.adam = Adam(self.net.parameters(), self.learning_rate, (0.9, 0.99))
        self.average = Average(self.adam, EMA_DECAY)
        self.averaged = LSTM(self.melodies, config.hidden, generator(0))
        self.dropout = Dropout(config.dropout, self.rng) if config.dropout else None
        self.inputs, self.targets = measure.padded(self.melodies.train, LONGEST)
        self.order: list[int] = []
        self.updates = 0

    def update(self) -> float:
        """One update; the loss in bits a note. FloatingPointError when it is no number."""
        if len(self.order) < BATCH:
            self.order = torch.randperm(len(self.inputs), generator=self.rng).tolist()
        rows, self.order = self.order[:BATCH], self.order[BATCH:]
        targets = self.targets[rows]
        logits = self.net(self.inputs[rows], self.dropout)
        loss = functional.cross_entropy(
            logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED
        )
        bits = loss.item() / np.log(2)
        if not bits < 1e3:  # NaN, too
            raise FloatingPointError(
                f"The training diverged after {self.updates} updates. "
                "Choose fewer hidden units or another seed."
            )
        steps = self.config.steps
        learning_rate = cosine(self.updates, steps, self.learning_rate, round(WARMUP * steps))
        self.adam.descend(loss, learning_rate)
        self.average.update()
        self.updates += 1
        return bits

    def snapshot(self) -> LSTM:
        """The LSTM with averaged weights, which is what is evaluated and generates."""
        self.average.copy_to(self.averaged)
        return self.averaged


def train(config: Config) -> Generator[Snapshot, None, Model]:
    """Fit the n-grams, then train; the first snapshot shows the LSTM before any update."""
    learner, known = Learner(config), measure.baseline(config.dataset)
    gram = fitted(config.dataset, known.order)
    written = melody(sampled(gram, 1, generator(config.seed + 1))[0])
    ngram = described(gram, written, config.melodies)
    shown, loss = set(frame_steps(config.steps, FRAMES)), float("nan")
    for step in range(config.steps + 1):
        if step in shown:
            yield record(learner, known, ngram, step, loss)
        if step < config.steps:
            loss = learner.update()
    net = learner.snapshot()
    cost = {"lstm": frozen(measure.cost(net, config.dataset)), "ngram": known.cost}
    return Model(config, net, gram, cost)


def record(learner: Learner, known: Baseline, ngram: Sample, step: int, loss: float) -> Snapshot:
    """Evaluate the LSTM on the melodies held out, and let it generate."""
    config, net = learner.config, learner.snapshot()
    rows = [melody(row) for row in sampled(net, SAMPLES, generator(config.seed + 1))]
    runs = [measure.copied_run(row, config.dataset) for row in rows]
    return Snapshot(
        step,
        config,
        known,
        frozen(measure.cost(net, config.dataset)),
        loss,
        described(net, rows[0], config.melodies),
        ngram,
        described(net, config.melodies.held_out[REAL], config.melodies),
        float(np.median(runs)),
    )


def described(lm: LanguageModel, tokens: tuple[int, ...], melodies: Melodies) -> Sample:
    """A melody of at most LONGEST notes with what a model expects at each of them."""
    tokens = tokens[:LONGEST]
    logs, _ = predict(lm, tokens)
    return Sample(frozen(melodies.notes(tokens)), frozen(by_pitch(logs.exp().numpy(), melodies)))


def by_pitch(p: np.ndarray, melodies: Melodies) -> np.ndarray:
    """Probabilities of tokens (n, size), summed over durations: of pitches (n, 128) float32.

    Pitch 0 stands for the end of the melody.
    """
    out = np.zeros((128, len(p)), np.float32)
    np.add.at(out, melodies.pitch, p.T.astype(np.float32))
    return out.T
