"""What learning from choices looks and sounds like: a pair, the weights, and where they lead."""

import numpy as np

from explorer.concepts.music.preferences import OWN, PreferencesSnapshot
from explorer.concepts.music.roll import Part, heard, roll
from explorer.concepts.music.rules import RULES
from explorer.concepts.shared.percent import percent
from explorer.scene import Bars, Curve, Mark, Panel, Points, Reading, Scene

BEATS, TUNED_BEATS = 16.0, 32.0
TALL = 3.2  # weights that are shown, in either direction
SURE = 1.96  # standard deviations of a 95 % interval


def learn_scene(s: PreferencesSnapshot) -> Scene:
    """The picture of a snapshot."""
    first, second = s.pair
    return Scene(
        [
            roll("Next pair: A", [Part("melody A", "real", first)], BEATS,
                 caption="Listen to A and B. Which one is better?"),
            roll("Next pair: B", [Part("melody B", "rival", second)], BEATS,
                 caption="Both are written by the reference."),
            roll("Tuned to these choices", [Part("tuned", "model", s.melody)], TUNED_BEATS,
                 caption="Written by the best policy for the reward that was learnt."),
            weights_panel(s),
            path_panel(s),
        ],
        step=s.step,
        rows=(3, 2),
        unit="choice",
        readings=readings(s),
        sentence=sentence(s),
        sounds=[
            heard("A", "real", first, panel=0, tempo=160),
            heard("B", "rival", second, panel=1, tempo=160),
            heard("tuned", "model", s.melody, panel=2, tempo=160),
        ],
    )  # fmt: skip


def weights_panel(s: PreferencesSnapshot) -> Panel:
    """The learnt weight of each rule with its interval, beside the listener's where it is known."""
    labels, taste = list(RULES.values()), s.config.taste
    middle = np.arange(len(labels)) - (0.0 if taste is None else 0.2)
    low, high = (s.learnt.weights + sign * SURE * s.learnt.deviation for sign in (-1, 1))
    gap = np.full_like(middle, np.nan)
    error = np.stack([middle, low, middle, high, gap, gap], axis=1).reshape(-1, 2)
    marks: list[Mark] = [
        Bars("learnt weight", "model", s.learnt.weights.astype(np.float32), labels)
    ]
    if taste is not None:
        marks.append(Bars("listener's weight", "truth", np.array(taste, np.float32), labels))
    marks.append(Curve("95 % interval", "neutral", error.astype(np.float32), width=2.0, label=""))
    return Panel(
        "What each rule is worth", marks, "chart", (-0.5, len(labels) - 0.5), (-TALL, TALL), "",
        "weight", span=2.2, caption="Bars: learnt from the choices. Lines: 95 % intervals.",
    )  # fmt: skip


def path_panel(s: PreferencesSnapshot) -> Panel:
    """The reward that the listener gives, against KL, of the policies for what was learnt."""
    simulated = s.config.taste is not None
    now = np.array([[s.tuned.kl, s.tuned.reward]], np.float32)
    direct = np.array([[s.direct.kl, s.direct.reward]], np.float32)
    marks: list[Mark] = [
        Curve("best for each KL", "truth", s.frontier.astype(np.float32), label=""),
        Curve("optima for the learnt reward", "model", s.path.astype(np.float32), label=""),
        Points("tuned, at this β", "model", now, size=5, opacity=1.0),
        Points("DPO, a table", "rival", direct, size=5, shape="square", opacity=1.0),
        Points("reference", "neutral", s.path[:1].astype(np.float32), size=5, opacity=1.0),
    ]
    return Panel(
        "Reward in the listener's eyes" if simulated else "Reward as it was learnt",
        marks, "chart", *window(s), "KL from the reference, nats", "reward", span=2.0,
        caption="Where the coloured line falls, the errors of the learnt reward are exploited."
        if simulated else "Your true reward is not known: only you can hear it.",
    )  # fmt: skip


def window(s: PreferencesSnapshot) -> tuple[tuple[float, float], tuple[float, float]]:
    """Limits that hold over the run of a listener: up to 8 nats, and what is gained there."""
    right = 8.0
    inside = s.frontier[s.frontier[:, 0] <= right, 1]
    low, high = float(s.frontier[0, 1]), float(inside.max())
    room = max(high - low, 1.0)
    return (0.0, right), (low - 0.6 * room, high + 0.12 * room)


def readings(s: PreferencesSnapshot) -> list[Reading]:
    """How well choices are foreseen, and what the tuned policy is worth."""
    right, count = s.predicted
    spread = 1.96 * (0.25 / max(count, 1)) ** 0.5
    coin = (100 * max(0.0, 0.5 - spread), 100 * min(1.0, 0.5 + spread))
    found = [
        Reading("choices foreseen", 100 * right / max(count, 1), coin, "tossing a coin, 95 %",
                "%", "high", "Each choice is predicted from those before it."),
    ]  # fmt: skip
    if s.config.listener == OWN:
        return found
    ours, best = s.agreement
    return [
        Reading("agreement on fresh pairs", 100 * ours, (100 * best, 100 * best),
                "the listener's own weights", "%", "high",
                "How often the learnt reward prefers what the listener chooses, who is noisy."),
        Reading("true reward of the tuned policy", s.tuned.reward, (s.best, s.best),
                "exact optimum at this KL", "", "high",
                "Expected reward by the listener's own weights, exactly."),
        *found,
    ]  # fmt: skip


def sentence(s: PreferencesSnapshot) -> str:
    """What the choices say, and what became of it."""
    sure = np.abs(s.learnt.weights) > SURE * s.learnt.deviation
    names = [
        f"{name} ({'+' if weight > 0 else '−'})"
        for name, weight, known in zip(RULES.values(), s.learnt.weights, sure)
        if known
    ]
    says = f"sure of {', '.join(names)}" if names else "not sure of any rule yet"
    if s.config.listener == OWN:
        return f"After {s.step} of your choices the reward model is {says}."
    if s.step == 0:
        return "Nobody has chosen yet: all weights are zero, and the policy is the reference."
    start = float(s.path[0, 1])
    if s.tuned.reward < start:
        return (
            f"After {s.step} choices the reward model is {says}. Tuned to it, melodies please the "
            f"listener less than before: {s.tuned.reward:.1f} instead of {start:.1f}."
        )
    share = (s.tuned.reward - start) / max(s.best - start, 1e-9)
    return (
        f"After {s.step} choices the reward model is {says}. The tuned policy has "
        f"{percent(min(1.0, share))} of what could be gained at its KL."
    )
