"""What each canary's exposure is, and what the model completes."""

import numpy as np

from explorer.concepts.ethics.canary import (
    INSERTIONS,
    LENGTH,
    MOST,
    ORDER,
    REMEDIES,
    CanarySnapshot,
    privacy,
)
from explorer.concepts.shared.charts import level, point
from explorer.scene import Curve, Mark, Panel, Points, Reading, Role, Scene, Text, frozen

NULL = -np.log2(0.01)  # bits that a canary without insertions exceeds once in a hundred
SHOWN = (2, 3, 4, 6)  # canaries whose curves are drawn
ZERO = 0.5  # where no insertion stands on a logarithmic axis


def canary_scene(s: CanarySnapshot) -> Scene:
    """Completions, exposure over insertions, and over training."""
    return Scene([_completions(s), _insertions(s), _training(s)], step=s.step,
                 readings=_readings(s), sentence=_sentence(s))  # fmt: skip


def _completions(s: CanarySnapshot) -> Panel:
    rows: list[tuple[str, str, str]] = [("inserted", "secret", "completed")]
    roles: list[Role] = ["neutral"]
    for count, secret, best in zip(INSERTIONS, s.secrets, s.likeliest):
        parted, given = (f"{each[:-LENGTH]} {each[-LENGTH:]}" for each in (secret, best))
        rows.append((f"{count} ×", parted, given))
        roles.append("rival" if best == secret else "neutral")
    marks: list[Mark] = [
        Text(f"row {row}, {column}", role, (4.0 * column + 2, -float(row)), word)
        for row, (words, role) in enumerate(zip(rows, roles))
        for column, word in enumerate(words)
    ]
    return Panel(
        "What the LSTM completes", marks, "plane", (0.0, 12.0), (0.4 - len(rows), 0.6),
        caption=f"Violet: the secret is the most probable of {26**LENGTH:,} endings.",
    )  # fmt: skip


def _insertions(s: CanarySnapshot) -> Panel:
    x = np.maximum(INSERTIONS, ZERO).astype(np.float32)[: len(s.secrets)]
    ends = (0.4, 80.0)
    return Panel(
        "Exposure of the secrets",
        [
            Curve("n-gram", "neutral", frozen(np.stack([x, s.exposure[:, 0]], 1).astype("f4")),
                  dashed=True),
            Curve("LSTM", "model", frozen(np.stack([x, s.exposure[:, 1]], 1).astype("f4"))),
            Points("canaries", "model", frozen(np.stack([x, s.exposure[:, 1]], 1).astype("f4")),
                   size=3.5, opacity=1.0),
            Curve("first of all endings", "truth", level(ends, MOST), label=""),
            Curve("chance, 1 in 100", "truth", level(ends, float(NULL))),
        ],
        "chart", ends, (0.0, 20.0), "times inserted (left: never)", "bits", log_x=True,
        caption=f"Dashed above: the most probable of all endings, {MOST:.1f} bits.",
    )  # fmt: skip


def _training(s: CanarySnapshot) -> Panel:
    roles = ("neutral", "real", "model", "rival")
    curves = [
        Curve(f"{INSERTIONS[at]} ×", role, point(s.step, float(s.exposure[at, 1])), grows=True)  # type: ignore[arg-type]
        for at, role in zip(SHOWN, roles)
        if at < len(s.secrets)
    ]
    end = s.config.steps
    top = Curve("most", "truth", level((0, end), MOST), label="")
    return Panel(
        "Exposure over training", [*curves, top], "chart", (0, end), (0.0, 20.0), "training step",
        "bits", caption="What is repeated more is given away sooner.",
    )  # fmt: skip


def _readings(s: CanarySnapshot) -> list[Reading]:
    once = float(s.exposure[:2, 1][-1])
    given = sum(a == b for a, b in zip(s.secrets, s.likeliest))
    return [
        Reading("exposure, inserted once", once, (0.0, float(NULL)), "never inserted", "bits",
                "low", "99 % of secrets that were never inserted lie below."),
        Reading("secrets given away", float(given), (0.0, 0.0), "never inserted", "",
                "low", f"Of {len(s.secrets)}: the secret is the most probable ending."),
        Reading("loss of the LSTM", float(s.bits[1]), (float(s.bits[0]),) * 2,
                f"n-gram of order {ORDER}", "bits", "low",
                "Bits per character on held-out names: what the remedy costs."),
    ]  # fmt: skip


def _sentence(s: CanarySnapshot) -> str:
    given = [count for count, a, b in zip(INSERTIONS, s.secrets, s.likeliest) if a == b]
    remedy = REMEDIES[s.config.remedy]
    end = "."
    if s.config.remedy == "noise":
        end = f"; the noise gives each letter ε = {privacy(s.config.flip):.1f}."
    if not given:
        return f"No secret is the most probable ending of its prefix (remedy: {remedy}){end}"
    return (
        f"Secrets inserted {', '.join(map(str, given))} times are the most probable ending of "
        f"their prefix (remedy: {remedy}){end}"
    )
