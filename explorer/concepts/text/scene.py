"""What a run looks like: the language models compared, n-grams by order, and copies."""

from collections.abc import Sequence
from math import isfinite
from operator import itemgetter

import numpy as np

from explorer.concepts.shared.charts import level
from explorer.concepts.shared.ngram import SMOOTHINGS
from explorer.concepts.shared.percent import in_percent
from explorer.concepts.shared.text_panel import Line, one_line, text_panel, wrapped
from explorer.concepts.text.config import MODELS, NETWORKS, PACE, UNTRAINED
from explorer.concepts.text.measure import COPY
from explorer.concepts.text.train import Snapshot
from explorer.scene import Bars, Curve, Limits, Mark, Panel, Reading, Role, Scene

VIEWS: dict[str, str] = {
    "comparison": "Models compared",
    "orders": "n-grams by order",
    "copies": "Memorisation",
}
SHORT = MODELS | {"rules": "rules", "window": "window", "transformer": "transf."}  # under bars
ROOM, LINES = 60, (1, 2)  # characters in a line of samples; lines of a simple and another model
BROAD, EVEN = 1.75, 1.3  # widths of charts, such that the numbers are in sight, too
NARROW = 1.15  # width of the samples beside their height: the longest lines just fit
STYLE: dict[str, tuple[float, bool]] = {  # width and dashes of a network's curve
    "window": (2.0, True),
    "lstm": (3.0, False),
    "transformer": (1.3, False),
}


def scene(s: Snapshot, view: str = "comparison") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    if view == "orders":
        panels = [orders_panel(s), comparison_panel(s, EVEN)]
    elif view == "copies":
        shares = np.array([*s.baselines.copied, *s.copied], np.float32)
        models = (*UNTRAINED, *s.config.networks)
        panels = [copies_panel(shares, models, s.baselines.lines, BROAD), samples_panel(s)]
    else:
        panels = [comparison_panel(s), samples_panel(s)]
    return Scene(panels, step=s.step, readings=readings(s), sentence=sentence(s), unit="step")


def comparison_panel(s: Snapshot, span: float = BROAD) -> Panel:
    """Bits per character on held-out text, over nominal CPU seconds."""
    end, fixed = s.config.seconds, s.baselines
    marks: list[Mark] = [
        Curve("uniform", "neutral", level((0, end), fixed.uniform), width=1),
        Curve("hand-written rules", "neutral", level((0, end), fixed.rules), width=1),
        Curve(f"{fixed.order}-gram", "rival", level((0, end), fixed.best), dashed=True),
    ]
    if isfinite(fixed.entropy):
        marks.append(Curve("entropy rate", "truth", level((0, end), fixed.entropy)))
    for kind, bits in sorted(zip(s.config.networks, s.bits.tolist()), key=itemgetter(1)):
        width, dashed = STYLE[kind]
        point = np.array([[s.step / PACE, bits]], np.float32)
        marks.append(Curve(NETWORKS[kind], "model", point, dashed, width, grows=True))
    return Panel(
        "Loss on held-out text",
        marks,
        "chart",
        (0, end),
        limits(s),
        "CPU seconds of each network",
        "bits per character",
        span=span,
        caption="Lower is better: how many bits a character costs, on average.",
    )


def orders_panel(s: Snapshot) -> Panel:
    """Bits per character of n-grams by the length of their context."""
    roles: list[Role] = ["rival", "real", "neutral"]
    marks: list[Mark] = [
        Curve(label, role, np.stack([np.arange(1, len(bits) + 1), bits], 1).astype(np.float32))
        for label, role, bits in zip(SMOOTHINGS.values(), roles, s.baselines.orders)
    ]
    if len(s.bits):
        best = level((1, 7), float(s.bits.min()))
        marks.append(Curve("best network", "model", best, dashed=True))
    if isfinite(s.baselines.entropy):
        marks.append(Curve("entropy rate", "truth", level((1, 7), s.baselines.entropy)))
    return Panel(
        "n-grams by order, held-out text",
        marks,
        "chart",
        (1, 7),
        limits(s),
        "order n: the predicted token and n − 1 before it",
        "bits per character",
        span=EVEN,
        caption="A longer context says more, but was seen less often.",
    )


def copies_panel(
    shares: np.ndarray, models: Sequence[str], lines: bool, span: float = 1.0
) -> Panel:
    """The share of samples (models,) that are copies."""
    what = "names" if lines else f"pieces with {COPY} characters in a row"
    labels = [SHORT[name] for name in models]
    return Panel(
        "Copied samples, %",
        [Bars("copies", "model", (100 * shares).astype(np.float32), labels)],
        "chart",
        (0, 1),
        (0, 100),
        span=span,
        caption=f"Share of sampled {what} that occur in the training text.",
    )


def samples_panel(s: Snapshot) -> Panel:
    """What each model generates, the simplest model first."""
    rows: list[Line] = []
    blocks = [*zip(UNTRAINED, s.baselines.samples), *zip(s.config.networks, s.samples)]
    for name, samples in blocks:
        simple = name in ("uniform", "rules")
        role: Role = "neutral" if simple else "rival" if name == "ngram" else "model"
        rows.append((MODELS[name].upper(), role))
        joined = (
            ", ".join(each or "–" for each in samples)
            if s.baselines.lines
            else one_line(samples[0] + samples[1])
        )
        room = LINES[not simple]
        found = wrapped(joined, ROOM)[:room]
        rows += [(line, "neutral") for line in found + [" "] * (room - len(found))]
    caption = "Sampled token by token, without a prompt."
    return text_panel("Samples of each model", rows, caption, wide=NARROW)


def limits(s: Snapshot) -> Limits:
    """From under the lowest possible loss to over that of the uniform distribution."""
    fixed = s.baselines
    known = [fixed.best, fixed.entropy if isfinite(fixed.entropy) else fixed.best]
    return (max(0.0, float(np.floor(5 * (min(known) - 0.2)) / 5)), fixed.uniform + 0.4)


def readings(s: Snapshot) -> list[Reading]:
    """The best network beside the best n-gram and the lowest loss that is possible."""
    fixed = s.baselines
    known = isfinite(fixed.entropy)
    bound = fixed.entropy if known else fixed.uniform
    ngram = Reading(
        f"best n-gram (order {fixed.order})", fixed.best, (bound, bound),
        "exact entropy rate" if known else "uniform distribution", "bits", "low",
        "Bits per character of the best n-gram of orders 1 to 7, on held-out text.",
    )  # fmt: skip
    if not len(s.bits):
        return [ngram]
    at = int(s.bits.argmin())
    floor = fixed.entropy if known else fixed.best
    copied = in_percent((fixed.copied[2],) * 2)
    return [
        Reading(f"best network ({NETWORKS[s.config.networks[at]]})", float(s.bits[at]),
                (floor, floor), "exact entropy rate" if known else "best n-gram", "bits", "low",
                "Bits per character on held-out text."),
        ngram,
        Reading("copies", 100 * float(s.copied[at]), copied, "best n-gram", "%", "neither",
                "Share of the best network's samples that occur in the training text."),
    ]  # fmt: skip


def sentence(s: Snapshot) -> str:
    """What is seen, in words."""
    fixed = s.baselines
    if not len(s.bits):
        return f"The best n-gram has order {fixed.order} and needs {fixed.best:.2f} bits."
    at = int(s.bits.argmin())
    name, bits = NETWORKS[s.config.networks[at]], float(s.bits[at])
    ahead = fixed.best - bits
    if bits > fixed.rules:
        return f"The {name} is still worse than five hand-written rules."
    if isfinite(fixed.entropy) and bits < 1.05 * fixed.entropy:
        above = 100 * (bits / fixed.entropy - 1)
        return f"The {name} is {above:.0f} % above the entropy rate, the lowest possible loss."
    if ahead < -0.02:
        return (
            f"The {name} needs {-ahead:.2f} bits a character more than the best n-gram, of order "
            f"{fixed.order}, which takes a tenth of a second to fit."
        )
    if ahead < 0.02:
        return f"The {name} and the best n-gram are level: {bits:.2f} bits a character."
    return f"The {name} is {ahead:.2f} bits a character better than the best n-gram."
