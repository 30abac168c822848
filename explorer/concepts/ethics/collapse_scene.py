"""What is left after some generations, beside the real data and the closed forms."""

import numpy as np

from explorer.concepts.ethics.collapse import STRATEGIES, CollapseSnapshot
from explorer.concepts.ethics.generations import CHAINS, TEXTS
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.percent import percent
from explorer.concepts.shared.text_panel import Line, text_panel
from explorer.scene import Curve, Mark, Panel, Reading, Scene, frozen

LOWEST = 1e-4  # variance at the lower end of the chart
X = np.linspace(-4, 4, 241)


def collapse_scene(s: CollapseSnapshot) -> Scene:
    """The newest model beside the real data, and two figures over the generations."""
    draw = {"gaussian": _gaussian, "frequencies": _frequencies, "names": _names}
    panels = draw[s.config.family](s)
    return Scene(panels, step=s.step, unit="generation", readings=_readings(s),
                 sentence=_sentence(s), title="Model collapse")  # fmt: skip


def _gaussian(s: CollapseSnapshot) -> list[Panel]:
    density = Panel(
        "Density",
        [
            Curve("real data", "truth", _bell(*s.start), label=""),
            Curve("this generation", "model", _bell(*s.shown), label=""),
        ],
        "chart", (-4.0, 4.0), (0.0, 2.0), "x", "density",
        caption=f"One of {CHAINS:,} chains of models. Dashed: the real data.",
    )  # fmt: skip
    mean, typical = np.maximum(s.values, LOWEST)
    marks: list[Mark] = [
        Curve("mean", "model", point(s.step, mean), grows=True),
        Curve("typical", "rival", point(s.step, typical), grows=True),
        Curve("exact mean", "truth", point(s.step, max(s.exact[0], LOWEST)), grows=True, label=""),
    ]
    if np.isfinite(s.exact[1]):
        exact = point(s.step, max(s.exact[1], LOWEST))
        marks.append(Curve("exact typical", "truth", exact, grows=True, label=""))
    variance = Panel(
        "Variance of the models", marks, "chart", (0, s.config.generations), (LOWEST, 2.0),
        "generation", "variance", log_y=True,
        caption="Real data have variance 1. Typical: the exponential of the mean logarithm. "
        "Dashed: exact.",
    )  # fmt: skip
    return [density, variance]


def _bell(mean: float, deviation: float) -> np.ndarray:
    wide = max(deviation, 0.01)
    y = np.exp(-0.5 * ((X - mean) / wide) ** 2) / (wide * (2 * np.pi) ** 0.5)
    return frozen(np.stack([X, np.minimum(y, 4.0)], 1).astype(np.float32))


def _frequencies(s: CollapseSnapshot) -> list[Panel]:
    ranks = Panel(
        "Word frequencies",
        [
            Curve("real text", "truth", _ranked(s.start), label=""),
            Curve("this generation", "model", _ranked(s.shown), label=""),
        ],
        "chart", (1.0, 4000.0), (5e-5, 0.2), "rank of the word", "frequency",
        log_x=True, log_y=True,
        caption=f"One of {TEXTS} chains. Rare words are lost first, and never come back.",
    )  # fmt: skip
    kinds = _chart(s, "Kinds of words left", 1, (0.0, 1.05), "share", "A kind that is not drawn "
                   "in one generation is missing in all later ones.")  # fmt: skip
    low = 0.9 if s.config.samples >= 500 else 0.0
    same = _chart(s, "Probability that two words differ", 0, (low, 1.0), "probability",
                  f"Mean of {TEXTS} chains. Dashed: its exact mean.")  # fmt: skip
    return [ranks, kinds, same]


def _ranked(p: np.ndarray) -> np.ndarray:
    left = p[p > 0]
    return frozen(np.stack([np.arange(1, len(left) + 1), left], 1).astype(np.float32))


def _names(s: CollapseSnapshot) -> list[Panel]:
    rows: list[Line] = [(line, "model" if s.step else "real") for line in s.lines]
    names = text_panel("Names of this generation", rows, "Generation 0: real names.", wide=0.9)
    bits = _chart(s, "Loss on held-out real names", 0, (3.0, 5.2), "bits per character",
                  "Dashed: the model of the real names.")  # fmt: skip
    distinct = _chart(s, "Distinct names", 1, (0.0, 1.05), "share",
                      "What is left of the variety of a generation.")  # fmt: skip
    return [names, bits, distinct]


def _chart(
    s: CollapseSnapshot, title: str, at: int, ylim: tuple[float, float], axis: str, caption: str
) -> Panel:
    marks: list[Mark] = [Curve("generations", "model", point(s.step, s.values[at]), label="",
                               grows=True)]  # fmt: skip
    if np.isfinite(s.exact[at]):
        exact = point(s.step, float(s.exact[at]))
        marks.append(Curve("exact mean", "truth", exact, label="exact", grows=True))
    elif s.config.family == "names" and at == 0:
        line = level((0, s.config.generations), float(s.first[at]))
        marks.append(Curve("real data", "truth", line))
    return Panel(title, marks, "chart", (0, s.config.generations), ylim, "generation", axis,
                 caption=caption)  # fmt: skip


def _readings(s: CollapseSnapshot) -> list[Reading]:
    exact = tuple(float(each) for each in s.exact)
    value, other = (float(each) for each in s.values)
    if s.config.family == "gaussian":
        bound = (exact[1], exact[1]) if np.isfinite(exact[1]) else (1.0, 1.0)
        return [
            Reading("mean variance", value, (exact[0], exact[0]), "exact", better="neither",
                    help="Over all chains. A few chains with a large variance carry it."),
            Reading("typical variance", other, bound,
                    "exact" if np.isfinite(exact[1]) else "real data", better="neither",
                    help="The exponential of the mean logarithm: what most chains are like."),
        ]  # fmt: skip
    if s.config.family == "frequencies":
        return [
            Reading("kinds left", 100 * other, (100.0, 100.0), "real text", "%", "high",
                    "Kinds of words that can still be drawn."),
            Reading("two words differ", value, (exact[0], exact[0]), "exact mean",
                    better="neither", help="The probability that two drawn words differ."),
        ]  # fmt: skip
    first = float(s.first[0])
    return [
        Reading("loss", value, (first, first), "trained on real names", "bits", "low",
                "Bits per character on real names that nobody was trained on."),
        Reading("distinct names", 100 * other, (100.0, 100.0), "real names", "%", "high",
                "Share of a generation's names that are no repetition."),
    ]  # fmt: skip


def _sentence(s: CollapseSnapshot) -> str:
    how = STRATEGIES[s.config.strategy]
    value, other = (float(each) for each in s.values)
    if not s.step:
        return "Generation 0: the real data. Every further model is trained on samples."
    if s.config.family == "gaussian":
        return (
            f"Generation {s.step} ({how}): the typical model has a variance of {other:.2g}, the "
            f"real data have 1."
        )
    if s.config.family == "frequencies":
        return f"Generation {s.step} ({how}): {percent(other)} of the kinds of words are left."
    more = value - float(s.first[0])
    return (
        f"Generation {s.step} ({how}): {more:+.2f} bits a character on real names, "
        f"{percent(other)} of the names are distinct."
    )
