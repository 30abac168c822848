"""Held-out sentences are corrupted step by step, and every metric of text measures each step."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal

from explorer import config as c
from explorer.concepts.metrics.config import AVAILABLE, SAMPLES_STEP, TEXT
from explorer.concepts.metrics.measure import CorruptedSet, Scores, scored
from explorer.concepts.metrics.measure_text import TextEvaluation
from explorer.concepts.metrics.scene import TITLE, curve, reading, sensitivity, sentence
from explorer.scene import Mark, Panel, Scene, Text

CORRUPTIONS: dict[str, str] = {
    "shuffle": "shuffled words",
    "synonyms": "synonyms",
    "missing_words": "missing words",
    "loop": "repetition loop",
    "collapse": "mode collapse",
    "memorise": "memorisation",
}
VIEWS: dict[str, str] = {
    "overview": "Sensitivity of the metrics",
    "curves": "Curves of the metrics",
    "sentences": "Sentences",
}
CURVES = (
    "perplexity", "distinct1", "distinct2", "self_bleu", "copied", "bleu", "rouge1", "embedding",
)  # fmt: skip
READINGS = ("perplexity", "distinct2", "copied")
SHORTEST, LONGEST, LINES = 7, 12, 7  # words of a sentence that is shown; how many are
NARROW = 1.7  # times as much room as an image needs, a line of words does


@dataclass(frozen=True)
class TextConfig:
    """Which corruption of sentences of Moby-Dick, how severe, and how many sentences."""

    corruption: str = c.choice("shuffle", CORRUPTIONS)
    severity: float = c.number(1.0, 0.0, 1.0, 0.05)  # at the last step
    samples: int = c.integer(400, 50, 1000, SAMPLES_STEP)
    steps: int = c.steps(20, 200)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)

    @property
    def count(self) -> int:
        """How many sentences are measured: no more than the held-out set has."""
        return min(self.samples, AVAILABLE[TEXT])


@dataclass(frozen=True, eq=False)
class TextSnapshot:
    """The sentences at one severity, and their scores."""

    step: int
    scores: Scores
    original: tuple[str, ...]
    lines: tuple[str, ...]


def corrupt_text(config: TextConfig) -> Generator[TextSnapshot, None, CorruptedSet]:
    """Corrupt a set of sentences in even steps."""
    evaluation = TextEvaluation(config.count, config.seed)
    short = [
        i for i, words in enumerate(evaluation.perfect) if SHORTEST <= len(words) <= LONGEST
    ]  # fmt: skip
    shown = short[:LINES]
    original = tuple(" ".join(evaluation.perfect[i]) for i in shown)
    for step, samples, scores in scored(evaluation, config):
        lines = tuple(" ".join(samples.lines[i]) for i in shown)
        yield TextSnapshot(step, scores, original, lines)
    return CorruptedSet(config, lambda seed: TextEvaluation(config.count, seed))


def text_scene(s: TextSnapshot, view: str = "overview") -> Scene:
    """The picture of a snapshot in one of VIEWS."""
    both = [
        _page("Original sentences", "neutral", s.original, "Held out from all training."),
        _page("Corrupted sentences", "model", s.lines, "The same, corrupted more at every step."),
    ]
    panels = {
        "curves": [curve(s.scores, key) for key in CURVES],
        "sentences": [*both, curve(s.scores, "bits"), curve(s.scores, "rouge2")],
    }.get(view, [*both, sensitivity(s.scores)])
    return Scene(
        panels,
        step=s.step,
        rows=(4, 4) if view == "curves" else (),
        readings=[reading(s.scores, key) for key in READINGS],
        sentence=sentence(s.scores),
        title=TITLE,
    )


def _page(
    title: str, role: Literal["neutral", "model"], lines: tuple[str, ...], caption: str
) -> Panel:
    """Sentences, two lines each, to the left."""
    drawn: list[Mark] = []
    for row, line in enumerate(lines):
        for part, words in enumerate(folded(line)):
            y = 2.0 * len(lines) - 2 * row - 0.6 - 0.85 * part
            drawn.append(Text(f"{row + 1}, {part + 1}", role, (0.0, y), words))
    height = 2.0 * len(lines)
    limits = (0.0, 0.95 * height), (0.0, height)
    return Panel(title, drawn, "plane", *limits, span=NARROW, caption=caption)


def folded(line: str, most: int = 40) -> tuple[str, str]:
    """A line in two pieces of at most so many letters; what is too long ends in dots."""
    if len(line) <= most:
        return line, " "
    cut = line.rfind(" ", 0, most)
    rest = line[cut + 1 :]
    return line[:cut], rest if len(rest) <= most else rest[: most - 2] + " …"
