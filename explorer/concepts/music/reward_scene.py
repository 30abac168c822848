"""What fine-tuning looks and sounds like: reward against KL, the rules, and three melodies."""

import numpy as np

from explorer.concepts.music.reward import RewardSnapshot
from explorer.concepts.music.roll import Part, heard, roll
from explorer.concepts.music.rules import RULES
from explorer.concepts.shared.charts import level
from explorer.concepts.shared.percent import percent
from explorer.scene import Bars, Curve, Mark, Panel, Points, Reading, Scene

BEATS = 32.0
SMALL = 0.12  # share of what there was to gain, below which the policy counts as the optimum
FEW = 0.5  # share of different melodies below which the policy has collapsed


def fine_tune_scene(s: RewardSnapshot) -> Scene:
    """The picture of a snapshot."""
    return Scene(
        [
            frontier_panel(s),
            objective_panel(s),
            rules_panel(s),
            roll("Reference", [Part("reference", "rival", s.exact.melodies[0])], BEATS,
                 caption="A melody of the n-gram, before any reward."),
            roll("Fine-tuned policy", [Part("policy", "model", s.melody)], BEATS,
                 caption="The same random numbers, at this training step."),
            roll("Exact optimum", [Part("optimum", "neutral", s.exact.melodies[1])], BEATS,
                 caption="The best policy that there is for this reward and β."),
        ],
        step=s.step,
        rows=(3, 3),
        readings=readings(s),
        sentence=sentence(s),
        sounds=[
            heard("reference", "rival", s.exact.melodies[0], panel=3, tempo=120),
            heard("fine-tuned", "model", s.melody, panel=4, tempo=120),
            heard("exact optimum", "neutral", s.exact.melodies[1], panel=5, tempo=120),
        ],
    )  # fmt: skip


def frontier_panel(s: RewardSnapshot) -> Panel:
    """Reward against KL: the frontier, and the path of the policy below it."""
    known = s.exact
    now = np.array([[s.value.kl, s.value.reward]], np.float32)
    marks: list[Mark] = [
        Curve("best for each KL", "truth", known.frontier.astype(np.float32), label=""),
        Curve("policy", "model", now, width=1.5, label="", grows=True),
        Points("policy now", "model", now, size=5, opacity=1.0),
        Points("reference", "rival", known.frontier[:1].astype(np.float32), size=5, opacity=1.0),
        Points("optimum for this β", "truth",
               np.array([[known.optimum.kl, known.optimum.reward]], np.float32), size=6,
               shape="ring", opacity=1.0),
    ]  # fmt: skip
    return Panel(
        "Reward against KL", marks, "chart", *window(s), "KL from the reference, nats", "reward",
        span=1.7, caption="No policy lies above the dashed frontier.",
    )  # fmt: skip


def window(s: RewardSnapshot) -> tuple[tuple[float, float], tuple[float, float]]:
    """What the chart shows: the frontier up to a little beyond the optimum, or all of it."""
    known, end = s.exact, s.exact.frontier[-1]
    wide = max(1.6 * known.optimum.kl, 1.0)
    right = min(wide, float(1.1 * end[0]) + 0.2) if s.config.beta else wide
    low = float(known.frontier[0, 1])
    inside = known.frontier[known.frontier[:, 0] <= right, 1]
    high = max(float(inside.max()), known.optimum.reward)
    room = 0.08 * max(high - low, 1.0)
    return (0.0, right), (low - room, high + room)


def objective_panel(s: RewardSnapshot) -> Panel:
    """What is maximised, over the run, under the best that is possible."""
    beta, end, known = s.config.beta, s.config.steps, s.exact
    now = np.array([[s.step, s.value.objective(beta)]], np.float32)
    start = known.reference.objective(beta)
    room = 0.1 * max(known.best - start, 1e-3)
    return Panel(
        "Objective: reward − β · KL",
        [Curve("optimum J*", "truth", level((0, end), known.best)),
         Curve("policy", "model", now, width=2.5, grows=True)],
        "chart", (0, end), (start - room, known.best + room), "training step", "J", span=1.5,
        caption="Dashed: the exact optimum J*.",
    )  # fmt: skip


def rules_panel(s: RewardSnapshot) -> Panel:
    """What each rule counts in a melody, on average; without the number of notes."""
    known, labels = s.exact, list(RULES.values())[:-1]
    counted = [known.reference.counts, s.value.counts, known.optimum.counts]
    top = max(float(each[:-1].max()) for each in (counted[0], counted[2])) * 1.3 + 0.2
    return Panel(
        "What the rules count in a melody",
        [
            Bars("reference", "rival", counted[0][:-1].astype(np.float32), labels),
            Bars("policy", "model", counted[1][:-1].astype(np.float32), labels),
            Bars("optimum", "truth", counted[2][:-1].astype(np.float32), labels),
        ],
        "chart", (-0.5, len(labels) - 0.5), (0.0, top), "", "a melody, on average", span=1.9,
        caption=f"Its notes: reference {counted[0][-1]:.0f}, policy {counted[1][-1]:.0f}, "
                f"optimum {counted[2][-1]:.0f}.",
    )  # fmt: skip


def readings(s: RewardSnapshot) -> list[Reading]:
    """What was gained, what it costs, and whether the melodies still differ."""
    known, beta = s.exact, s.config.beta
    share = 100 * known.different[1]
    return [
        Reading("objective J", s.value.objective(beta), (known.best, known.best),
                "exact optimum J*", "", "high", "Expected reward minus β times KL, exactly."),
        Reading("KL from the reference", s.value.kl, (known.optimum.kl, known.optimum.kl),
                "exact optimum", "nats", "neither",
                "How far the distribution over melodies has moved, exactly."),
        Reading("different melodies", 100 * s.different, (share, share), "exact optimum", "%",
                "neither", "Share of different ones among 200 samples: low after a collapse."),
    ]  # fmt: skip


def sentence(s: RewardSnapshot) -> str:
    """How much of what there was to gain the policy has, and at which price."""
    known, beta = s.exact, s.config.beta
    start, now = known.reference.objective(beta), s.value.objective(beta)
    if s.step == 0:
        return (
            f"Before fine-tuning a melody is worth {known.reference.reward:.2f}; "
            f"no policy reaches more than J = {known.best:.2f}."
        )
    share = (now - start) / max(known.best - start, 1e-9)
    if beta == 0 and s.different < FEW:
        return (
            f"Nothing holds the policy back: reward {s.value.reward:.2f}, but only "
            f"{percent(s.different)} of 200 melodies differ. That is reward hacking."
        )
    if beta == 0:
        return (
            f"Nothing holds the policy back: reward {s.value.reward:.2f} of {known.best:.2f} at "
            f"KL {s.value.kl:.1f} nats. Listen to whether that is music."
        )
    if share > 1 - SMALL:
        return (
            f"REINFORCE has {percent(share)} of what there was to gain: "
            f"reward {s.value.reward:.2f} at KL {s.value.kl:.2f} nats."
        )
    return f"REINFORCE has {percent(max(share, 0.0))} of what there is to gain so far."
