r"""The same with a network: the LSTM is fine-tuned by the rules, with a KL penalty to what it was.

Its melodies have durations, so they can be heard as music. Nobody knows the best policy here:
reward and KL are estimated from samples, with their standard errors. Hence the table beside it.
"""

from collections.abc import Generator
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer import nets
from explorer.concepts.music.model import LSTM, Model, sampled
from explorer.concepts.music.reward import RewardConfig
from explorer.concepts.music.roll import Part, heard, roll
from explorer.concepts.music.rules import RULES, counts, pitches, reward_table
from explorer.concepts.shared.percent import percent
from explorer.config import frame_steps
from explorer.nets import freeze, generator
from explorer.optim import Adam
from explorer.scene import Bars, Curve, Panel, Reading, Scene, frozen

FRAMES, BATCH, LEARNING_RATE, LAST = 12, 64, 2e-3, 0.1
MANY = 128  # melodies by which a policy is evaluated
BEATS = 32.0


@dataclass(frozen=True)
class LSTMRewardConfig:
    """The rules and the penalty, and how long the LSTM is fine-tuned."""

    base: RewardConfig = field(default_factory=RewardConfig)
    steps: int = c.steps(80, 1000)

    def __post_init__(self) -> None:
        c.check(self)


@dataclass(frozen=True, eq=False)
class Estimate:
    """What a policy is worth, from MANY melodies."""

    rewards: np.ndarray  # (MANY,)
    surprise: np.ndarray  # (MANY,) log pi / p of each melody: its mean is the KL
    counts: np.ndarray  # (rules,) what each rule counts in a melody, on average
    different: float  # share of different melodies


@dataclass(frozen=True, eq=False)
class LSTMRewardSnapshot:
    """The LSTM after `step` updates by reward."""

    step: int
    config: LSTMRewardConfig
    before: Estimate
    now: Estimate
    melodies: tuple[np.ndarray, np.ndarray]  # notes (n, 3) of the reference and of the policy


@dataclass(frozen=True, eq=False)
class TunedLSTM:
    """The fine-tuned network."""

    lstm: LSTM

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n melodies (n, notes), zeros after their end."""
        return freeze(sampled(self.lstm, n, generator(seed)))

    def weights(self) -> dict[str, np.ndarray]:
        """Every parameter by name."""
        return nets.weights(self.lstm)


class NetworkReinforce:
    """REINFORCE on the weights of the LSTM; the reference stays as it is."""

    def __init__(self, config: LSTMRewardConfig, model: Model) -> None:
        self.config, self.reference, melodies = config, model.lstm, model.melodies
        self.rng = generator(config.base.seed)
        self.net = LSTM(melodies, model.config.hidden, generator(0))
        self.net.load_state_dict(model.lstm.state_dict())
        self.adam = Adam(self.net.parameters(), LEARNING_RATE, (0.9, 0.99))
        # The rules count pitches: the number of each token's pitch among these, 0 for the end.
        self.plain = np.searchsorted(pitches(), melodies.pitch)
        self.table = torch.from_numpy(reward_table(config.base.weights)).float()
        self.updates = 0

    def update(self) -> None:
        """Write a batch, score it, and follow the gradient."""
        tokens = sampled(self.net, BATCH, self.rng)
        tokens = tokens[:, : int((tokens > 0).sum(1).max()) + 1]
        logs, before = self.logs(self.net, tokens), torch.roll(tokens, 1, 1)
        before[:, 0] = 0
        alive = torch.cat([torch.ones(BATCH, 1), (tokens[:, :-1] > 0).float()], dim=1)
        with torch.no_grad():
            surprise = logs - self.logs(self.reference, tokens)
            b, now = (torch.from_numpy(self.plain[each.numpy()]) for each in (before, tokens))
            gained = (self.table[b, now] - self.config.base.beta * surprise) * alive
            to_go = gained.flip(1).cumsum(1).flip(1)
            baseline = (to_go * alive).sum(0) / alive.sum(0).clamp(min=1)
            advantage = (to_go - baseline) * alive
        left = max(LAST, 1 - self.updates / self.config.steps)
        self.adam.descend(-(advantage * logs).sum() / BATCH, left * LEARNING_RATE)
        self.updates += 1

    def logs(self, net: LSTM, tokens: Tensor) -> Tensor:
        """Log probabilities (n, length) of what was written, by a network."""
        inputs = torch.cat([torch.zeros(len(tokens), 1, dtype=torch.int64), tokens[:, :-1]], dim=1)
        return net(inputs).log_softmax(-1).gather(2, tokens[..., None])[..., 0]

    @torch.no_grad()
    def estimate(self, net: LSTM) -> tuple[Estimate, np.ndarray]:
        """What a network is worth, and one of its melodies; always by the same random numbers."""
        tokens = sampled(net, MANY, generator(self.config.base.seed + 1))
        alive = torch.cat([torch.ones(MANY, 1), (tokens[:, :-1] > 0).float()], dim=1)
        surprise = ((self.logs(net, tokens) - self.logs(self.reference, tokens)) * alive).sum(1)
        counted = counts(self.plain[tokens.numpy()])
        found = Estimate(
            frozen(counted @ np.array(self.config.base.weights)),
            freeze(surprise),
            frozen(counted.mean(axis=0)),
            len(torch.unique(tokens, dim=0)) / MANY,
        )
        return found, tokens[0].numpy()


def tune(config: LSTMRewardConfig, model: Model) -> Generator[LSTMRewardSnapshot, None, TunedLSTM]:
    """Fine-tune the LSTM of a finished run by reward."""
    learner = NetworkReinforce(config, model)
    shown = set(frame_steps(config.steps, FRAMES))
    before, melody = learner.estimate(model.lstm)
    first = frozen(model.melodies.notes(melody))
    for step in range(config.steps + 1):
        if step in shown:
            now, melody = learner.estimate(learner.net)
            written = frozen(model.melodies.notes(melody))
            yield LSTMRewardSnapshot(step, config, before, now, (first, written))
        if step < config.steps:
            learner.update()
    return TunedLSTM(learner.net)


def error(values: np.ndarray) -> float:
    """The standard error of a mean."""
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def tune_scene(s: LSTMRewardSnapshot) -> Scene:
    """Reward and KL over the run, the rules, and a melody before and after."""
    end, labels = s.config.steps, list(RULES.values())[:-1]
    reward, kl = float(s.now.rewards.mean()), float(s.now.surprise.mean())
    band = reward + 1.96 * error(s.now.rewards) * np.array([[-1.0, 1.0]])
    best = sum(max(0.0, weight) for weight in s.config.base.weights[:5])
    best += 64 * max(0.0, s.config.base.length)
    start = float(s.before.rewards.mean())
    top = max(float(s.before.counts[:-1].max()), 1.0) * 1.4
    parts = [Part("reference", "real", s.melodies[0]), Part("policy", "model", s.melodies[1])]
    return Scene(
        [
            Panel("Reward",
                  [Curve("reward", "model", np.array([[s.step, reward]], np.float32),
                         band=band.astype(np.float32), grows=True)],
                  "chart", (0, end), (start - 4, max(best, start + 1) + 1), "training step",
                  "reward", span=1.5, caption=f"Mean of {MANY} melodies, with its 95 % interval."),
            Panel("KL from the LSTM before",
                  [Curve("KL", "model", np.array([[s.step, kl]], np.float32), grows=True)],
                  "chart", (0, end), None, "training step", "nats", span=1.4,
                  caption="The penalty keeps it low; without, it grows and grows."),
            Panel("What the rules count in a melody",
                  [Bars("before", "real", s.before.counts[:-1].astype(np.float32), labels),
                   Bars("policy", "model", s.now.counts[:-1].astype(np.float32), labels)],
                  "chart", (-0.5, len(labels) - 0.5), (0.0, top), "", "a melody, on average",
                  span=1.9, caption=f"Its notes: before {s.before.counts[-1]:.0f}, "
                                    f"policy {s.now.counts[-1]:.0f}."),
            roll("The LSTM before", parts[:1], BEATS, span=2.0,
                 caption="A melody before any reward."),
            roll("Fine-tuned LSTM", parts[1:], BEATS, span=2.0,
                 caption="The same random numbers, at this training step."),
        ],
        step=s.step, rows=(3, 2),
        readings=[
            Reading("reward", reward, (start, start), "the LSTM before", "", "high",
                    f"Mean of {MANY} melodies; standard error {error(s.now.rewards):.2f}."),
            Reading("KL", kl, (0.0, 0.0), "the LSTM before", "nats", "neither",
                    f"Estimated; standard error {error(s.now.surprise):.2f}."),
            Reading("different melodies", 100 * s.now.different, (100 * s.before.different,) * 2,
                    "the LSTM before", "%", "neither", f"Of {MANY} samples."),
        ],
        sentence=(
            f"Reward {reward:.1f} ± {1.96 * error(s.now.rewards):.1f} (before {start:.1f}) at a KL "
            f"of {kl:.1f} nats; {percent(s.now.different)} of {MANY} melodies differ."
        ),
        sounds=[heard("before", "real", s.melodies[0], panel=3, tempo=112),
                heard("fine-tuned", "model", s.melodies[1], panel=4, tempo=112)],
    )  # fmt: skip
