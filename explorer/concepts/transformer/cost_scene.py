"""What writing looks like: the text, the next symbol, and what each part costs."""

from textwrap import wrap

import numpy as np

from explorer.concepts.transformer.cost import PARTS, Written
from explorer.concepts.transformer.learn import symbols
from explorer.concepts.transformer.panels import sign, signs
from explorer.scene import Bars, Curve, Mark, Panel, Reading, Role, Scene, Text

LINE, LINES, BEST = 36, 7, 10


def cost_scene(s: Written) -> Scene:
    """The text so far and what it took."""
    quick, slow = ((s.step - 1) / each if each else 0.0 for each in s.seconds)
    done = s.work[1:, 1:].sum(0)  # multiplications so far; both ways read the start once
    counted = float(done[1] / done[0]) if s.step > 1 else float("nan")
    readings = [
        Reading("with the cache", quick, (slow, slow), "without it", "/s", "high",
                "Symbols a CPU second on this machine, measured while you watch; without it, the "
                "whole text is read again for each."),
        Reading("times faster", quick / slow if slow else float("nan"),
                (1.0, counted) if s.step > 1 else None,
                "by counted work", better="neither",
                help="At most what the multiplications promise. Small products cost more in being "
                "called than in being computed."),
        Reading("largest difference of logits", s.apart, (0.0, 0.0), "the same calculation",
                help="Both ways compute the same; only rounding differs."),
    ]  # fmt: skip
    return Scene(
        [_text(s), _next(s), _size(s), _work(s)],
        step=s.step,
        readings=readings,
        sentence=_sentence(s, quick, slow),
        unit="symbol",
    )


def _text(s: Written) -> Panel:
    given, new = (signs(part).replace("·", " ") for part in (s.text[: s.given], s.text[s.given :]))
    rows: list[tuple[str, Role]] = [(f"given, {s.given} symbols:", "neutral")]
    rows += [(line, "real") for line in wrap(given, LINE, drop_whitespace=False)[-2:]]
    rows.append(("it wrote:", "neutral"))
    lines = wrap(new, LINE, drop_whitespace=False)
    rows += [(line, "model") for line in lines[: LINES - len(rows)]]
    if s.truth:
        rows += [("a perfect solution:", "neutral"), (signs(s.truth), "truth")]
    marks: list[Mark] = [
        Text(f"line {number + 1}", role, (-5.0, -float(number)), line)
        for number, (line, role) in enumerate(rows)
    ]
    return Panel("Written so far", marks, "plane", (-5, 5), (0.7 - LINES, 0.7))


def _next(s: Written) -> Panel:
    known = symbols(s.config.dataset)
    order = np.argsort(-s.chances, kind="stable")[:BEST]
    labels = [sign(known[number]) for number in order]
    bars = Bars("probability", "model", s.chances[order].astype(np.float32), labels)
    return Panel("Chances of the last symbol", [bars], "chart", None, (0, 1),
                 caption="The likeliest ones when the last symbol was chosen.")  # fmt: skip


def _size(s: Written) -> Panel:
    words, unit = _unit(float(s.parameters.max()))
    return Panel(
        f"{words} of numbers, by part",
        [
            Bars("learnt", "model", (s.parameters / unit).astype(np.float32), PARTS),
            Bars("multiplied, cache", "rival", (s.cached / unit).astype(np.float32), PARTS),
        ],
        "chart",
        None,
        (0, 1.15 * float(s.parameters.max()) / unit),
        span=1.6,
        caption=f"{s.parameters.sum():,.0f} numbers are learnt; nearly as many are multiplied for "
        "a symbol.",
    )


def _work(s: Written) -> Panel:
    words, unit = _unit(s.highest)
    cached, plain = s.work[:, [0, 1]].copy(), s.work[:, [0, 2]].copy()
    for line in (cached, plain):
        line[:, 1] /= unit
    return Panel(
        "Work for each symbol",
        [Curve("with cache", "model", cached[1:]), Curve("without", "rival", plain[1:])],
        "chart",
        (0, max(1, s.most)),
        (0, 1.05 * s.highest / unit),
        xlabel="symbol",
        caption=f"{words} of multiplications. Without the cache the whole text is read again.",
    )


def _unit(most: float) -> tuple[str, float]:
    """In what to count numbers up to `most`."""
    return ("Millions", 1e6) if most >= 1e6 else ("Thousands", 1e3)


def _sentence(s: Written, quick: float, slow: float) -> str:
    if s.step == 1:
        return "The text is read once, and its keys and values are kept."
    text = f"With the cache {quick:.0f} symbols a second, without {slow:.0f}."
    if not s.truth:
        return text
    new = s.text[s.given :]
    good = sum(a == b for a, b in zip(new, s.truth))
    return f"{good} of {len(new)} new symbols are right. {text}"
