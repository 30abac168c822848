"""What generation looks like: the text, the next token, and what each part costs."""

from textwrap import wrap

import numpy as np

from explorer.concepts.shared.text_panel import Line, sign, written
from explorer.concepts.transformer.generation import PARTS, GenerationSnapshot
from explorer.concepts.transformer.model import vocabulary
from explorer.scene import Bars, Curve, Panel, Reading, Scene

LINE, LINES, BEST = 36, 7, 10


def generation_scene(s: GenerationSnapshot) -> Scene:
    """The text so far and what it took."""
    cached, plain = ((s.step - 1) / each if each else 0.0 for each in s.seconds)
    ratio = s.total[1] / s.total[0] if s.step > 1 else float("nan")
    readings = [
        Reading("with cache", cached, (plain, plain), "without cache", "tokens/s", "high",
                "Tokens a CPU second on this machine, measured while you watch."),
        Reading("times faster", cached / plain if plain else float("nan"),
                (1.0, ratio) if s.step > 1 else None,
                "1 to the ratio of multiplications", better="neither",
                help="With texts as short as these the cache can even be slower: small matrix "
                "products cost more in being called than in being computed."),
        Reading("largest difference of logits", s.difference, (0.0, 0.0), "equal up to rounding",
                help="Both compute the same; only rounding differs."),
    ]  # fmt: skip
    return Scene(
        [_text(s), _next(s), _size(s), _work(s)],
        step=s.step,
        readings=readings,
        sentence=_sentence(s, cached, plain),
        unit="token",
    )


def _text(s: GenerationSnapshot) -> Panel:
    given, new = (sign(part).replace("·", " ") for part in (s.text[: s.given], s.text[s.given :]))
    rows: list[Line] = [(f"prompt, {s.given} tokens:", "neutral")]
    rows += [(line, "real") for line in wrap(given, LINE, drop_whitespace=False)[-2:]]
    rows.append(("generated:", "neutral"))
    lines = wrap(new, LINE, drop_whitespace=False)
    rows += [(line, "model") for line in lines[: LINES - len(rows)]]
    if s.truth:
        rows += [("perfect solution:", "neutral"), (sign(s.truth), "truth")]
    return Panel("Text so far", written(rows, -5.0), "plane", (-5, 5), (0.7 - LINES, 0.7))


def _next(s: GenerationSnapshot) -> Panel:
    known = vocabulary(s.config.dataset)
    order = np.argsort(-s.probabilities, kind="stable")[:BEST]
    labels = [sign(known[number]) for number in order]
    bars = Bars("probability", "model", s.probabilities[order].astype(np.float32), labels)
    return Panel("Probabilities of the last token", [bars], "chart", None, (0, 1),
                 caption="The ten most probable tokens when the last one was chosen.")  # fmt: skip


def _size(s: GenerationSnapshot) -> Panel:
    words, unit = _unit(float(s.parameters.max()))
    return Panel(
        f"{words} of parameters and multiplications",
        [
            Bars("parameters", "model", (s.parameters / unit).astype(np.float32), PARTS),
            Bars("multiplications", "rival", (s.cached / unit).astype(np.float32), PARTS),
        ],
        "chart",
        None,
        (0, 1.15 * float(s.parameters.max()) / unit),
        span=1.6,
        caption=f"{s.parameters.sum():,.0f} parameters; with the cache nearly as many "
        "multiplications for a token.",
    )


def _work(s: GenerationSnapshot) -> Panel:
    words, unit = _unit(s.highest)
    points = [
        np.array([[s.step, each.sum() / unit]][: s.step > 1], np.float32).reshape(-1, 2)
        for each in (s.cached, s.plain)
    ]
    return Panel(
        "Computation for each token",
        [
            Curve("with cache", "model", points[0], grows=True),
            Curve("without", "rival", points[1], grows=True),
        ],
        "chart",
        (0, max(1, s.most)),
        (0, 1.05 * s.highest / unit),
        "token",
        f"{words.lower()} of multiplications",
        caption="Without the cache the whole text is read again for every token.",
    )


def _unit(most: float) -> tuple[str, float]:
    """In what to count numbers up to `most`."""
    return ("Millions", 1e6) if most >= 1e6 else ("Thousands", 1e3)


def _sentence(s: GenerationSnapshot, cached: float, plain: float) -> str:
    if s.step == 1:
        return "The prompt is read once, and its keys and values are cached."
    text = f"With the cache {cached:.0f} tokens a CPU second, without it {plain:.0f}."
    if not s.truth:
        return text
    new = s.text[s.given :]
    right = sum(a == b for a, b in zip(new, s.truth))
    return f"{right} of {len(new)} new tokens are right. {text}"
