"""Memorisation: samples with their nearest training example and the longest run they copy."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer import config as c
from explorer.concepts.shared.generation import generate
from explorer.concepts.shared.text_panel import Line, fitted, one_line, text_panel
from explorer.concepts.text.config import MODELS
from explorer.concepts.text.measure import COPY, Origin, origin, share_copied
from explorer.concepts.text.scene import copies_panel
from explorer.concepts.text.train import LENGTH, LINE, Model
from explorer.nets import generator
from explorer.scene import Reading, Scene, frozen

SAMPLES, MANY = 10, 200
ROOM = 74  # characters of a line


@dataclass(frozen=True)
class MemorisationConfig:
    """Which model generates; a step is a sample."""

    model: str = c.choice("ngram", MODELS)
    steps: int = SAMPLES
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        c.whole(self, "steps", 1, SAMPLES)


@dataclass(frozen=True, eq=False)
class MemorisationSnapshot:
    """The samples so far."""

    step: int
    config: MemorisationConfig
    lines: bool
    origins: tuple[Origin, ...]
    shares: np.ndarray  # (models,) of many samples of each model that are copies
    models: tuple[str, ...]
    held_out: float  # the same share of held-out text


def search_copies(
    config: MemorisationConfig, model: Model
) -> Generator[MemorisationSnapshot, None, None]:
    """Search the training text for one sample after the other."""
    corpus = model.corpus
    length, many = (LINE, MANY) if corpus.lines else (LENGTH, MANY // 10)
    written = {
        name: corpus.texts(generate(lm, many, length, generator(config.seed), corpus.lines))
        for name, lm in model.models.items()
    }
    shares = frozen(np.array([share_copied(samples, corpus) for samples in written.values()]))
    held_out = share_copied(unseen(model, length), corpus)
    samples = written.get(config.model, written["ngram"])[: config.steps]
    found = [origin(sample, corpus) for sample in samples]
    for step in range(config.steps + 1):
        yield MemorisationSnapshot(
            step, config, corpus.lines, tuple(found[:step]), shares, tuple(written), held_out
        )


def unseen(model: Model, length: int) -> list[str]:
    """Pieces of the held-out text, as long as samples."""
    text = model.corpus.decode(model.corpus.held_out.tolist())
    if model.corpus.lines:
        return text.split("\n")[:-1]
    return [text[at : at + length] for at in range(0, len(text) - length, length)]


def memorisation_scene(s: MemorisationSnapshot) -> Scene:
    """The samples with their nearest training text, and the share of copies of every model."""
    rows: list[Line] = []
    for each in s.origins:
        sample = fitted(one_line(each.sample), ROOM) if each.sample else "–"
        rows.append((sample, "rival" if each.copied else "model"))
        rows.append((f"      {_nearest(each, s.lines)}", "neutral"))
    table = text_panel("Samples and their nearest training text", rows,
                       "Violet: a copy. Under each sample the training text nearest to it.",
                       2 * SAMPLES)  # fmt: skip
    name = s.config.model if s.config.model in s.models else "ngram"
    what = "names" if s.lines else f"pieces with {COPY} characters in a row"
    copies = Reading(
        "copies", 100 * float(s.shares[s.models.index(name)]), (100 * s.held_out,) * 2,
        "held-out text", "%", "neither",
        f"Share of sampled {what} that occur in the training text word for word.",
    )  # fmt: skip
    copied = sum(each.copied for each in s.origins)
    sentence = f"{copied} of {len(s.origins)} samples occur in the training text word for word."
    return Scene(
        [table, copies_panel(s.shares, s.models, s.lines)],
        step=s.step, unit="sample", readings=[copies], sentence=sentence,
    )  # fmt: skip


def _nearest(each: Origin, lines: bool) -> str:
    if not lines:
        return f"{len(each.run)} characters copied: {fitted(each.run, 50)}"
    if not each.edits:
        return "a copy"
    edits = "1 edit" if each.edits == 1 else f"{each.edits} edits"
    return f"{edits} from {each.nearest}; longest copied run: {each.run}"
