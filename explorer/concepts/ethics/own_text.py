"""A visitor's own text under the detector, token by token. It needs the key, no model."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer import config as c
from explorer.concepts.ethics.measure import LEVEL, critical_z, p_values
from explorer.concepts.ethics.model import hashes_of, split
from explorer.concepts.ethics.scene import HIGH, token_grid
from explorer.concepts.ethics.train import Model
from explorer.concepts.ethics.watermark import detect
from explorer.concepts.shared.charts import level, point
from explorer.concepts.shared.percent import percent
from explorer.concepts.shared.text_panel import ROOMY
from explorer.data.writing import Read, read
from explorer.scene import Curve, Panel, Reading, Scene, frozen

LONGEST = 3000  # characters


@dataclass(frozen=True)
class OwnTextConfig:
    """Any text; "" stands for one that the model of the run wrote with its watermark."""

    text: str = ""

    def __post_init__(self) -> None:
        c.words(self, "text")
        if len(self.text) > LONGEST:
            raise ValueError(
                f"text must have at most {LONGEST} characters. Got {len(self.text)} instead."
            )


@dataclass(frozen=True, eq=False)
class OwnTextSnapshot:
    """After `step` tokens of the text."""

    step: int
    kind: str  # words or letters
    scheme: str
    total: int  # tokens of the whole text
    tokens: tuple[str, ...]
    high: np.ndarray  # (tokens,) bool; the first ones have no context and never count
    z: float
    p: float
    counted: int
    critical: float  # z; infinite where no so short text can be detected


def checked(text: str) -> Read:
    """A text of at most LONGEST characters; ValueError says what is wrong with any other."""
    return read(OwnTextConfig(text).text)


def read_text(config: OwnTextConfig, model: Model) -> Generator[OwnTextSnapshot, None, None]:
    """Read the text and test it after every token (of a long text, after every few)."""
    kind, mark = model.config.dataset, model.mark
    tokens = split(config.text or model.text(), kind)
    n, start = len(tokens), mark.context
    scores, counts = np.zeros(n), np.zeros(n, bool)
    if n > start:
        found = detect(hashes_of(tokens)[None], mark)
        scores[start:], counts[start:] = found[0][0], found[1][0]
    limit = -np.log(mark.gamma) if mark.scheme == "gumbel" else 0.5
    for step in sorted({*range(0, n, 1 + n // 60), n}):
        total, counted = (scores * counts)[:step].sum(), int(counts[:step].sum())
        p = p_values(np.array([total]), np.array([counted]), mark)[0]
        high = frozen(scores[:step] >= limit)
        yield OwnTextSnapshot(step, kind, mark.scheme, n, tuple(tokens[:step]), high,
                              float(mark.z(total, counted)), float(p), counted,
                              critical_z(counted, mark))  # fmt: skip


def own_text_scene(s: OwnTextSnapshot) -> Scene:
    """The text, and z and p as it is read."""
    caption = f"Underlined: tokens {HIGH[s.scheme]}. The key decides which they are."
    grid = token_grid("Text under test", s.tokens, s.high, s.kind, "model", caption)
    top = max(1, s.total)
    curve = [Curve("this text", "model", point(s.step, s.z), grows=True)] if s.step else []
    if np.isfinite(s.critical):
        curve.append(Curve("detected above", "truth", point(s.step, s.critical), grows=True))
    chart = Panel("Test statistic z", [Curve("mean without watermark", "neutral",
                  level((0, top), 0.0), dashed=True, label=""), *curve], "chart", (0, top),
                  (-4.0, 12.0 if s.scheme == "green" else 30.0), "tokens", "standard deviations",
                  span=ROOMY,
                  caption=f"Dashed: z that {percent(LEVEL)} of unmarked texts reach.")  # fmt: skip
    readings = [
        Reading("z", s.z, (-2.58, 2.58), "99 % of unmarked texts", better="neither",
                help="How many standard deviations the statistic lies above its mean."),
        Reading("p-value", s.p, (LEVEL, 1.0), "not detected", better="neither",
                help="Exact probability that an unmarked text reaches this z or more."),
    ]  # fmt: skip
    return Scene([grid, chart], step=s.step, unit="token", readings=readings, sentence=_sentence(s))


def _sentence(s: OwnTextSnapshot) -> str:
    if not s.total:
        return "The text has no letters: there is nothing to test."
    if s.p <= LEVEL:
        return f"Watermark found: p = {s.p:.1g} after {s.step} tokens, of which {s.counted} count."
    if not np.isfinite(s.critical):
        return f"{s.counted} tokens that count are too few: no text of this length can be detected."
    return (
        f"No watermark of this key found: p = {s.p:.2g}. That does not prove that a person wrote "
        "the text."
    )
