"""Music: bits a note, how near REINFORCE comes to the exact optimum, what choices teach, and sound.

CPU seconds are those of one thread, by `time.thread_time`.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

import explorer  # noqa: F401  limits the threads before the libraries load
from benchmarks.row import Row
from explorer.concepts.music import (
    Config,
    harmony,
    lstm_reward,
    measure,
    optimum,
    preferences,
    train,
    voices,
)
from explorer.concepts.music.bradley_terry import fit
from explorer.concepts.music.model import ORDERS, fitted
from explorer.concepts.music.reward import Reinforce, RewardConfig
from explorer.concepts.music.train import Learner
from explorer.data import chorales
from explorer.draw.sound import rendered
from explorer.nets import generator
from explorer.runs import finish
from explorer.scene import Sound

SEEDS = range(3)
RULES = RewardConfig(length=0.0, beta=0.3)  # six rules, cap 60 notes: those of the recipe


def rows() -> list[Row]:
    return [
        *melody_rows(), *reward_rows(), *network_rows(), *preference_rows(), *harmony_rows(),
        *sound_rows(),
    ]  # fmt: skip


def melody_rows() -> list[Row]:
    """The LSTM with its default settings, beside the best n-gram."""
    bits, seconds, ahead = [], [], []
    best = measure.baseline("notes")
    for seed in SEEDS:
        learner = Learner(Config(seed=seed))
        seconds.append(timed(trained, learner, Config().steps))
        cost = measure.cost(learner.snapshot(), "notes")
        bits.append(measure.per_note(cost, "notes"))
        gained, error = measure.gain(cost, best.cost, "notes")
        ahead.append(gained / error)
    grams = [timed(all_orders) for _ in SEEDS]
    return [
        Row("Music: LSTM, bits a note on held-out melodies", bits, 3.22, "low",
            f"best n-gram {best.best:.3f}", "default run"),
        Row("Music: LSTM ahead of the n-gram, in standard errors", ahead, 2.0, "high",
            note="over 44 melodies"),
        Row("Music: LSTM, default run, CPU seconds", seconds, 10.0, note="evaluation not counted"),
        Row("Music: n-grams of orders 1 to 6, CPU seconds", grams, 1.0),
    ]  # fmt: skip


def reward_rows() -> list[Row]:
    """REINFORCE below the exact optimum, for the rules of the recipe and for those of the page."""
    found, exact = [], []
    for config in (RULES, RewardConfig()):
        _, best = optimum.optimum(config.weights, config.beta)
        gaps, seconds = [], []
        for seed in SEEDS:
            learner = Reinforce(replace(config, seed=seed))
            seconds.append(timed(trained, learner, config.steps))
            value = optimum.evaluate(learner.policy, config.weights)
            gaps.append(best - value.objective(config.beta))
        name = f"length {config.length:g}, beta {config.beta:g}"
        found.append(
            Row(f"Music: REINFORCE below J*, {name}", gaps, 0.1 if config is RULES else 0.3, "low",
                "0", f"J* {best:.3f}; {np.median(seconds):.1f} CPU s")
        )  # fmt: skip
        exact += [timed(optimum.optimum, config.weights, config.beta) for _ in SEEDS]
    return [*found, Row("Music: exact optimum, CPU seconds", exact, 0.2)]


def network_rows() -> list[Row]:
    """The LSTM by reward, with the settings of the page."""
    gains, kls = [], []
    for seed in SEEDS:
        *_, model = finish(train(Config(seed=seed)))
        config = lstm_reward.LSTMRewardConfig(RewardConfig(seed=seed))
        snapshots, _ = finish(lstm_reward.tune(config, model))
        last = snapshots[-1]
        gains.append(float(last.now.rewards.mean() - last.before.rewards.mean()))
        kls.append(float(last.now.surprise.mean()))
    return [
        Row("Music: LSTM by reward, 80 updates, reward gained", gains, 3.0, "high",
            note=f"KL {np.median(kls):.2f} nats, estimated"),
    ]  # fmt: skip


def preference_rows() -> list[Row]:
    """A simulated listener's choices: reward lost against the best at the same KL."""
    lost: dict[int, list[float]] = {8: [], 40: []}
    taste = preferences.TASTES["strict"]
    best = optimum.frontier(taste)
    for steps, found in lost.items():
        for seed in range(10):
            config = preferences.PreferencesConfig(steps=steps, seed=seed)
            difference = preferences.differences(preferences.pairs(seed, 61))[:steps]
            choices = preferences.chosen(config, difference)
            weights = fit(difference, choices, config.prior).weights
            policy, _ = optimum.optimum(tuple(weights.tolist()), config.beta)
            value = optimum.evaluate(policy, taste)
            found.append(float(np.interp(value.kl, *best.T)) - value.reward)
    return [
        Row("Music: reward lost after 40 choices, median of 10 seeds", [np.median(lost[40])], 0.5,
            "low", "0", f"worst {max(lost[40]):.2f}; after 8 choices {np.median(lost[8]):.2f}"),
    ]  # fmt: skip


def harmony_rows() -> list[Row]:
    """Three networks below held-out sopranos, and the parallels that they write."""
    gaps: list[float] = []
    free: list[float] = []
    strict: list[float] = []
    seconds: list[float] = []
    every = [chords[0] for chords in harmony.beats(True)]
    grams = np.array(list(harmony.gram_bits().values()))
    for seed in SEEDS:
        config = voices.VoicesConfig(seed=seed)
        learners = {voice: voices.VoiceLearner(voice, config) for voice in harmony.ORDER}
        seconds.append(sum(timed(trained, each, config.steps) for each in learners.values()))
        bits = np.array([each.bits() for each in learners.values()])
        gaps.append(float((bits - grams).max()))
        networks = {voice: each.snapshot() for voice, each in learners.items()}
        for found, avoid in ((free, False), (strict, True)):
            drawn = harmony.harmonised(networks, every, generator(seed), 0.7, avoid)
            found.append(voices.per_100(drawn))
    bach, _ = voices.of_bach()
    return [
        Row("Music: worst of three voices, bits a note above its n-gram", gaps, 0.0, "low",
            "-", "default run, dropout .3"),
        Row("Music: three voices, default run, CPU seconds", seconds, 10.0),
        Row("Music: parallels in 100 beats, chords with parallels rejected", strict, bach, "low",
            f"Bach {bach:.2f}", f"not rejected: {np.median(free):.1f}"),
    ]  # fmt: skip


def sound_rows() -> list[Row]:
    """Ten seconds of four voices."""
    seconds = []
    for number in (0, 4, 9):
        voices = np.concatenate([chorales.chorales()[number].notes(v) for v in range(4)])
        beats = voices[voices[:, 0] < 60] / np.array([4, 4, 1])  # 15 beats at 90 a minute
        sound = Sound("chorale", "real", beats)
        rendered(sound)
        seconds.append(timed(rendered, sound))
    return [Row("Music: 10 s of four voices rendered, CPU seconds", seconds, 0.05)]


def trained(learner: Learner | Reinforce | voices.VoiceLearner, steps: int) -> None:
    """So many updates."""
    for _ in range(steps):
        learner.update()


def all_orders() -> None:
    """Fit the n-grams of all orders, none from memory."""
    fitted.cache_clear()
    for order in ORDERS:
        fitted("notes", order)


def timed(work: Callable[..., Any], *given: Any) -> float:
    """CPU seconds of this thread."""
    begun = time.thread_time()
    work(*given)
    return time.thread_time() - begun
