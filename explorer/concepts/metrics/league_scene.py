"""The league table: makers from best to worst, as one metric after the other sees them."""

import numpy as np

from explorer.concepts.metrics.league import JUDGES, LeagueSnapshot
from explorer.concepts.metrics.scenes import colour
from explorer.scene import Field, Images, Mark, Panel, Reading, Scene, Text, frozen

SHOWN, NAMES, CELL, HEAD, FINE = 2, 5.8, 1.6, 1.5, 8  # sizes in rows; cells of a row
SHORT = {
    "frechet": "Fréchet", "kernel": "kernel", "inception": "inception", "precision": "precision",
    "recall": "recall", "density": "density", "coverage": "coverage", "novelty": "novelty",
}  # fmt: skip


def league_scene(s: LeagueSnapshot) -> Scene:
    """The table sorted by the metric of this step, beside pictures of each maker."""
    order = s.order()
    frechet, novelty = (_reading(s, key) for key in ("frechet", "novelty"))
    return Scene(
        [
            _table(s, order),
        ],
        step=s.step + 1,
        unit="judge",
        readings=[frechet, novelty],
        sentence=_sentence(s, order),
        title="A league table",
    )


def _table(s: LeagueSnapshot, order: np.ndarray) -> Panel:
    rows, judges = len(order), len(JUDGES)
    width = NAMES + CELL * judges
    alarms = s.scale.alarm(_padded(s))[:, :judges]
    heights = colour(alarms)[order]
    cells = np.zeros((round((rows + HEAD) * FINE), round(width * FINE)), np.float32)
    marks: list[Mark] = []
    for row, maker in enumerate(order):
        top = rows - row
        name, middle = s.makers[maker], (SHOWN + NAMES) / 2
        marks.append(Text(name, "neutral", (middle, top - 0.58), name))
        for at in range(judges):
            left = round((NAMES + CELL * at) * FINE)
            right = round((NAMES + CELL * (at + 1)) * FINE)
            cells[(top - 1) * FINE : top * FINE - 1, left : right - 1] = heights[row, at]
            x = NAMES + CELL * (at + 0.5)
            words = brief(float(s.values[maker, at]))
            marks.append(Text(f"{s.makers[maker]}, {at}", "neutral", (x, top - 0.58), words))
    for at, judge in enumerate(JUDGES):
        x, here = NAMES + CELL * (at + 0.5), at == s.step
        words = f"> {SHORT[judge.key]} <" if here else SHORT[judge.key]
        marks.append(
            Text(
                judge.key,
                "rival" if here else "neutral",
                (x, rows + (0.9 if at % 2 else 0.25)),
                words,
            )
        )
    meaning = "too good | notices"
    field = Field("alarm", frozen(cells), -1.0, 1.0, ("real", "rival"), meaning=meaning)
    places = [(0.5 + k, rows - row - 0.56) for row in range(rows) for k in range(SHOWN)]
    made = frozen(s.pixels[order, :SHOWN].reshape(-1, *s.pixels.shape[2:]))
    pictures = Images("made", "model", made, at=frozen(np.array(places, np.float32)), height=0.75)
    return Panel(
        "Best to worst",
        [field, pictures, *marks],
        xlim=(0, width),
        ylim=(0, rows + HEAD),
        caption="Pale: not to be told from perfect. Blue: better than perfect. Violet: worse.",
    )


def brief(value: float) -> str:
    """A value in two digits, or three from ten on.

    >>> brief(0.088), brief(121.4), brief(-14.66)
    ('0.088', '121', '-14.7')
    """
    return f"{value:.2g}" if abs(value) < 10 else f"{value:.3g}"


def _padded(s: LeagueSnapshot) -> np.ndarray:
    """The values with NaN for the metrics of pairs, which have no say here."""
    missing = len(s.scale.metrics) - s.values.shape[1]
    return np.pad(s.values, ((0, 0), (0, missing)), constant_values=np.nan)


def _reading(s: LeagueSnapshot, key: str) -> Reading:
    at = [judge.key for judge in JUDGES].index(key)
    maker = s.makers.index("memoriser")
    return Reading(
        f"memoriser: {JUDGES[at].label}",
        float(s.values[maker, at]),
        s.scale.floors[at].interval,
        better=JUDGES[at].better,
        help=JUDGES[at].help,
    )


def _sentence(s: LeagueSnapshot, order: np.ndarray) -> str:
    judge = JUDGES[s.step]
    first = s.makers[order[0]]
    place = int(np.flatnonzero(order == s.makers.index("memoriser"))[0]) + 1
    if judge.key == "novelty":
        return (
            f"Novelty puts the memoriser at place {place} of {len(order)}, with "
            f"{s.values[s.makers.index('memoriser'), s.step]:.2g} where new pictures have 1. It "
            "marks only newness: noise is new, too."
        )
    wins = "wins" if place == 1 else f"comes in at place {place} of {len(order)}"
    return f"To {judge.label} the memoriser {wins}; first is {first}."
