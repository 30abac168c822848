"""The league table: makers from best to worst, as one metric after the other sees them."""

import numpy as np

from explorer.concepts.metrics.league import JUDGES, SHOWN, LeagueSnapshot
from explorer.concepts.metrics.scenes import colour
from explorer.scene import Field, Images, Mark, Panel, Reading, Scene, Text, frozen

NAMES, CELL, FINE = 3.2, 1.6, 8  # widths in rows; cells of the field in a row's height
SHORT = {
    "frechet": "Fréchet", "kernel": "kernel", "inception": "inception", "precision": "precision",
    "recall": "recall", "density": "density", "coverage": "coverage", "novelty": "novelty",
}  # fmt: skip


def league_scene(s: LeagueSnapshot) -> Scene:
    """The table sorted by the metric of this step, beside pictures of each maker."""
    order = s.order()
    judge = JUDGES[s.step]
    pictures = Images(
        "made", "model", frozen(s.pixels[order].reshape(-1, *s.pixels.shape[2:])), columns=SHOWN
    )
    frechet, novelty = (_reading(s, key) for key in ("frechet", "novelty"))
    return Scene(
        [
            Panel("Best to worst", [pictures], "images", caption=f"Sorted by {judge.label}."),
            _table(s, order),
        ],
        step=s.step + 1,
        unit="judge",
        readings=[frechet, novelty],
        sentence=_sentence(s, order),
        title="A league table",
    )


def _table(s: LeagueSnapshot, order: np.ndarray) -> Panel:
    rows, judges = len(order) + 1, len(JUDGES)
    width = NAMES + CELL * judges
    alarms = s.scale.alarm(_padded(s))[:, :judges]
    heights = colour(alarms)[order]
    cells = np.zeros((rows * FINE, round(width * FINE)), np.float32)
    marks: list[Mark] = []
    for row, maker in enumerate(order):
        top = rows - 1 - row
        marks.append(Text(s.makers[maker], "neutral", (0.0, top - 0.58), s.makers[maker]))
        for at in range(judges):
            left = round((NAMES + CELL * at) * FINE)
            right = round((NAMES + CELL * (at + 1)) * FINE)
            cells[(top - 1) * FINE : top * FINE - 1, left : right - 1] = heights[row, at]
            x = NAMES + CELL * (at + 0.5)
            words = f"{s.values[maker, at]:.3g}"
            marks.append(Text(f"{s.makers[maker]}, {at}", "neutral", (x, top - 0.58), words))
    for at, judge in enumerate(JUDGES):
        x, here = NAMES + CELL * (at + 0.5), at == s.step
        words = f"> {SHORT[judge.key]} <" if here else SHORT[judge.key]
        marks.append(Text(judge.key, "rival" if here else "neutral", (x, rows - 0.5), words))
    meaning = "too good | notices"
    field = Field("alarm", frozen(cells), -1.0, 1.0, ("real", "rival"), meaning=meaning)
    return Panel(
        "The table",
        [field, *marks],
        xlim=(0, width),
        ylim=(0, float(rows)),
        caption="Pale: not to be told from perfect. Blue: better than perfect. Violet: worse.",
    )


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
