"""What a run looks like: the ladder, its n-grams by order, and what was copied."""

from collections.abc import Sequence
from math import isfinite
from textwrap import wrap

import numpy as np

from explorer.concepts.text.config import RUNGS
from explorer.concepts.text.look import Line, flat, level, text_panel
from explorer.concepts.text.ngram import ORDERS, SMOOTHINGS
from explorer.concepts.text.novelty import COPY
from explorer.concepts.text.train import NAMES, WITHOUT, Snapshot
from explorer.scene import Bars, Curve, Limits, Mark, Panel, Reading, Role, Scene

VIEWS: dict[str, str] = {
    "ladder": "The ladder",
    "orders": "How far back to count",
    "copies": "Copies",
}
SHORT = NAMES | {"hand": "rules", "window": "window", "transformer": "transf."}  # under bars
ROOM, LINES = 60, (1, 2)  # characters in a line of samples; lines of a low and a high rung
BROAD, EVEN = 1.75, 1.3  # widths of charts, such that the numbers are in sight, too
NARROW = 1.15  # width of the samples beside their height: the longest lines just fit
STYLE: dict[str, tuple[float, bool]] = {  # width and dashes of a network's curve
    "window": (2.0, True),
    "lstm": (3.0, False),
    "transformer": (1.3, False),
}


def scene(s: Snapshot, view: str = "ladder") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    if view == "orders":
        panels = [orders_panel(s), ladder_panel(s, EVEN)]
    elif view == "copies":
        shares = np.array([*s.fixed.copied, *s.copied[-1]], np.float32)
        rungs = (*WITHOUT, *s.config.rungs)
        panels = [copies_panel(shares, rungs, s.fixed.lines, BROAD), samples_panel(s)]
    else:
        panels = [ladder_panel(s), samples_panel(s)]
    return Scene(panels, step=s.step, readings=readings(s), sentence=sentence(s), unit="step")


def ladder_panel(s: Snapshot, span: float = BROAD) -> Panel:
    """Bits per character on unseen text, over nominal CPU seconds."""
    end, fixed = s.config.seconds, s.fixed
    lines: list[Mark] = [
        Curve("uniform", "neutral", level(fixed.uniform, end), width=1),
        Curve("rules by hand", "neutral", level(fixed.hand, end), width=1),
        Curve(f"{fixed.order}-gram", "rival", level(fixed.best, end), dashed=True),
    ]
    if isfinite(fixed.entropy):
        lines.append(Curve("entropy rate", "truth", level(fixed.entropy, end)))
    for number, rung in enumerate(s.config.rungs, start=1):
        width, dashed = STYLE[rung]
        lines.append(Curve(RUNGS[rung], "model", s.curve[:, [0, number]], dashed, width))
    return Panel(
        "Bits per character, unseen text",
        lines,
        "chart",
        (0, end),
        limits(s),
        "CPU seconds of each network",
        span=span,
        caption="Lower is better: yes-or-no questions that a letter still costs.",
    )


def orders_panel(s: Snapshot) -> Panel:
    """Bits per character of n-grams by how far they look back."""
    roles: list[Role] = ["rival", "real", "neutral"]
    lines: list[Mark] = [
        Curve(label, role, np.stack([ORDERS, bits], 1).astype(np.float32))
        for label, role, bits in zip(SMOOTHINGS.values(), roles, s.fixed.orders)
    ]
    best = float(s.curve[-1, 1:].min()) if s.config.rungs else float("nan")
    if isfinite(best):
        lines.append(Curve("best network", "model", level(best, 7, 1), dashed=True))
    if isfinite(s.fixed.entropy):
        lines.append(Curve("entropy rate", "truth", level(s.fixed.entropy, 7, 1)))
    return Panel(
        "n-grams by order",
        lines,
        "chart",
        (1, 7),
        limits(s),
        "order: symbols looked at, the guessed one included",
        span=EVEN,
        caption="Longer contexts tell more, and were seen less often.",
    )


def copies_panel(shares: np.ndarray, rungs: Sequence[str], lines: bool, span: float = 1.0) -> Panel:
    """The share of samples (rungs,) that are copies."""
    what = "names" if lines else f"pieces with {COPY} characters in a row"
    labels = [SHORT[rung] for rung in rungs]
    return Panel(
        "Copies by rung",
        [Bars("copies", "model", (100 * shares).astype(np.float32), labels)],
        "chart",
        (0, 1),
        (0, 100),
        span=span,
        caption=f"Per cent of {what} that stand in the training text.",
    )


def samples_panel(s: Snapshot) -> Panel:
    """What each rung writes, from the lowest up."""
    rows: list[Line] = []
    blocks = [*zip(WITHOUT, s.fixed.samples), *zip(s.config.rungs, s.samples)]
    for rung, samples in blocks:
        role: Role = "neutral" if rung in ("uniform", "hand") else "model"
        rows.append((NAMES[rung].upper(), "rival" if rung == "ngram" else role))
        joined = (
            ", ".join(each or "–" for each in samples)
            if s.fixed.lines
            else flat(samples[0] + samples[1])
        )
        room = LINES[rung not in ("uniform", "hand")]
        found = wrap(joined, ROOM)[:room]
        rows += [(line, "neutral") for line in found + [" "] * (room - len(found))]
    said = "From nothing, drawn symbol by symbol."
    return text_panel("What each rung writes", rows, said, wide=NARROW)


def limits(s: Snapshot) -> Limits:
    """From under the best possible to over knowing nothing."""
    known = [s.fixed.best, s.fixed.entropy if isfinite(s.fixed.entropy) else s.fixed.best]
    return (max(0.0, float(np.floor(5 * (min(known) - 0.2)) / 5)), s.fixed.uniform + 0.4)


def readings(s: Snapshot) -> list[Reading]:
    """The best network beside the best n-gram and what nobody can beat."""
    known = isfinite(s.fixed.entropy)
    bound = s.fixed.entropy if known else s.fixed.uniform
    found = [Reading(f"best n-gram (order {s.fixed.order})", s.fixed.best, (bound, bound),
                     "exact entropy rate" if known else "guessing blindly", "bits", "low",
                     "Bits per character of the best n-gram of orders 1 to 7: what the networks "
                     "have to beat.")]  # fmt: skip
    if not s.config.rungs:
        return found
    best = int(s.curve[-1, 1:].argmin())
    counted = 100 * s.fixed.copied[2]
    floor = (s.fixed.entropy, s.fixed.entropy) if known else (s.fixed.best, s.fixed.best)
    return [
        Reading(f"best network ({RUNGS[s.config.rungs[best]]})", float(s.curve[-1, best + 1]),
                floor, "exact entropy rate" if known else "best n-gram", "bits", "low",
                "Bits per character on text that it never saw."),
        *found,
        Reading("copies", 100 * float(s.copied[-1, best]), (counted, counted), "best n-gram", "%",
                "neither",
                "Share of its samples that stand in the training text."),
    ]  # fmt: skip


def sentence(s: Snapshot) -> str:
    """What is seen, in words."""
    fixed = s.fixed
    if not s.config.rungs:
        return f"Counting alone: the best n-gram has order {fixed.order}, {fixed.best:.2f} bits."
    best = int(s.curve[-1, 1:].argmin())
    name, bits = RUNGS[s.config.rungs[best]], float(s.curve[-1, best + 1])
    ahead = fixed.best - bits
    if bits > fixed.hand:
        return f"The {name} still knows less than five rules written by hand."
    if isfinite(fixed.entropy) and bits < 1.05 * fixed.entropy:
        return f"The {name} is within {100 * (bits / fixed.entropy - 1):.0f} % of the exact floor."
    if ahead < -0.02:
        return (
            f"The {name} needs {-ahead:.2f} bits a character more than counting with order "
            f"{fixed.order}, which took a tenth of a second."
        )
    if ahead < 0.02:
        return f"The {name} and the best n-gram are level: {bits:.2f} bits a character."
    return f"The {name} has overtaken the best n-gram, by {ahead:.2f} bits a character."
