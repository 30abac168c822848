"""A text with and one without the watermark, and what the detector makes of many of each."""

from math import ceil

import numpy as np

from explorer.concepts.ethics.config import Config
from explorer.concepts.ethics.measure import LEVEL, tail_of_z
from explorer.concepts.ethics.train import TEXTS, Side, Snapshot, mark_of
from explorer.concepts.shared.charts import point
from explorer.concepts.shared.percent import in_percent, percent
from explorer.concepts.shared.text_panel import ROOMY
from explorer.scene import Curve, Mark, Panel, Reading, Role, Scene, Text, frozen
from explorer.truth.floors import central

VIEWS: dict[str, str] = {"overview": "Texts and tests", "tests": "Tests of all texts"}
# Columns, rows, and width of a cell in units of its height.
GRIDS = {"words": (5, 9, 4.2), "letters": (26, 9, 1.0)}
Z = (-4.0, 16.0)  # limits of the charts; Gumbel goes much higher
HIGH = {"green": "on the green list", "gumbel": "with a high pseudo-random number"}


def scene(s: Snapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    charts = [_growth(s), _tails(s)]
    panels = [*_texts(s), *charts] if view == "overview" else charts
    return Scene(
        panels,
        step=s.step,
        rows=(2, 2) if view == "overview" else (),
        readings=_readings(s),
        sentence=_sentence(s),
        unit="token",
        title="Watermarked text",
    )


def _texts(s: Snapshot) -> list[Panel]:
    underlined = f"Underlined: tokens {HIGH[s.config.scheme]}."
    return [
        token_grid("Without watermark", s.plain.words, s.plain.high, s.config.dataset, "real",
                   f"{underlined} About as many as chance gives."),
        token_grid("With watermark", s.marked.words, s.marked.high, s.config.dataset, "model",
                   f"{underlined} More than chance gives."),
    ]  # fmt: skip


def token_grid(
    title: str, tokens: tuple[str, ...], high: np.ndarray, kind: str, role: Role, caption: str
) -> Panel:
    """The last tokens of a text in rows, those with a high score in colour and underlined."""
    columns, rows, width = GRIDS[kind]
    first = max(0, ceil((len(tokens) - columns * rows) / columns)) * columns
    drawn: list[Mark] = []
    lines: list[list[float]] = []
    for at, (token, is_high) in enumerate(zip(tokens[first:], high[first:])):
        row, column = divmod(at, columns)
        x, y = width * (column + 0.5), -float(row)
        shown: Role = role if is_high else "neutral"
        drawn.append(Text(f"token {at + 1}", shown, (x, y), "·" if token == " " else token))
        if is_high:
            half = min(0.45 * width, 0.16 * (len(token) + 1))
            lines += [[x - half, y - 0.42], [x + half, y - 0.42], [np.nan, np.nan]]
    if lines:
        under = frozen(np.array(lines, np.float32))
        drawn.append(Curve("underline", role, under, width=1.5, label=""))
    limits = (0.0, width * columns), (0.2 - rows, 0.8)
    return Panel(title, drawn, "plane", *limits, span=ROOMY, caption=caption)


def _growth(s: Snapshot) -> Panel:
    """z over the tokens: mean and the middle 90 % of the texts."""
    high = upper(s.config)
    marks: list[Mark] = []
    if s.step:
        kinds: list[tuple[str, Role, Side]] = [
            ("without", "real", s.plain), ("with watermark", "model", s.marked),
        ]  # fmt: skip
        for name, role, side in kinds:
            low, top = np.quantile(side.z, [0.05, 0.95])
            marks.append(
                Curve(name, role, point(s.step, float(side.z.mean())), grows=True,
                      band=np.array([[low, top]], np.float32))
            )  # fmt: skip
        marks.append(Curve("exact mean", "truth", point(s.step, s.expected), grows=True, label=""))
        marks.append(
            Curve("detected above", "neutral", point(s.step, s.critical), dashed=True, grows=True)
        )
    return Panel(
        "Test statistic z",
        marks,
        "chart",
        (0, s.config.steps),
        (Z[0], high),
        "tokens",
        "standard deviations",
        span=ROOMY,
        caption=f"Mean of {TEXTS} texts each; bands hold 90 %. Dashed: its exact mean, and the z "
        f"that {percent(LEVEL)} of unmarked texts reach.",
    )


def _tails(s: Snapshot) -> Panel:
    """The share of the texts above each z, beside the exact one without a watermark."""
    high = upper(s.config)
    grid = np.linspace(Z[0], high, 121)
    marks: list[Mark] = []
    if s.step:
        exact = tail_of_z(grid, s.counted, mark_of(s.config))
        marks = [
            Curve("without", "real", _above(s.plain, grid)),
            Curve("exact, without", "truth", _curve(grid, exact), label=""),
            Curve("with watermark", "model", _above(s.marked, grid)),
        ]
    return Panel(
        "Share of the texts above z",
        marks,
        "chart",
        (Z[0], high),
        (0.0, 105.0),
        "z",
        "%",
        span=ROOMY,
        caption="The further apart both curves lie, the surer the test. Dashed: the exact null "
        "distribution.",
    )


def _above(side: Side, grid: np.ndarray) -> np.ndarray:
    return _curve(grid, (side.z[None] >= grid[:, None]).mean(1))


def _curve(x: np.ndarray, share: np.ndarray) -> np.ndarray:
    return frozen(np.stack([x, 100 * share], 1).astype(np.float32))


def upper(config: Config) -> float:
    """The highest z of a chart: of Gumbel's watermark it grows faster."""
    tall = 2.5 if config.scheme == "gumbel" else 1.0
    return round(max(10.0, tall * 0.9 * Z[1] * (config.steps / 100) ** 0.5))


def _readings(s: Snapshot) -> list[Reading]:
    false = in_percent(central(np.random.default_rng(0).binomial(TEXTS, LEVEL, 4000) / TEXTS))
    return [
        Reading("marked texts detected", 100 * s.marked.detected, false, "chance", "%", "high",
                f"Share with p ≤ {LEVEL:g}, of {TEXTS} texts."),
        Reading("false positives", 100 * s.plain.detected, false, "chance", "%", "low",
                "The same share of texts without the watermark."),
        Reading("KL divergence", s.cost, (0.0, 0.0), "no watermark", "bits a token", "low",
                "How far a key moves the distribution of the next token, on average. "
                "Gumbel: 0 on average over keys."),
    ]  # fmt: skip


def _sentence(s: Snapshot) -> str:
    unit = "letters" if s.config.dataset == "letters" else "words"
    if not s.step:
        return (
            f"{TEXTS} texts with the watermark and {TEXTS} without begin. The detector has the "
            "key and no model."
        )
    found, false = percent(s.marked.detected), percent(s.plain.detected)
    if np.isnan(s.critical):
        return (
            f"After {s.step} {unit} no text can be detected: even if all tokens were green, "
            f"chance would do that more than once in {round(1 / LEVEL):,}."
        )
    return (
        f"After {s.step} {unit} {found} of the marked texts and {false} of the others are "
        f"detected. Mean z: {s.marked.z.mean():.1f} with the watermark, {s.plain.z.mean():.1f} "
        "without."
    )
