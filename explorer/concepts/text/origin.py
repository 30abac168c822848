"""Is it new? Samples one by one, each with its nearest training example and longest copied run."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from explorer import config as check
from explorer.concepts.text.look import Line, fitted, flat, text_panel
from explorer.concepts.text.novelty import COPY, Trace, share_copied, trace
from explorer.concepts.text.scenes import copies_panel
from explorer.concepts.text.train import LENGTH, LINE, NAMES, Model
from explorer.concepts.text.writing import texts, write
from explorer.nets import generator
from explorer.scene import Reading, Scene, frozen

SAMPLES, MANY = 10, 200
ROOM = 74  # characters of a line


@dataclass(frozen=True)
class Origin:
    """Which rung writes; a step is a sample."""

    rung: str = "ngram"
    steps: int = SAMPLES
    seed: int = 0

    def __post_init__(self) -> None:
        check.one_of(self, "rung", NAMES)
        check.whole(self, "steps", 1, SAMPLES)
        check.whole(self, "seed", 0, 2**31 - 1)


@dataclass(frozen=True, eq=False)
class OriginSnapshot:
    """The samples looked at so far."""

    step: int
    config: Origin
    lines: bool
    traces: tuple[Trace, ...]
    shares: np.ndarray  # (rungs,) of many samples of each rung that are copies
    rungs: tuple[str, ...]
    twins: float  # the same share of held-out text


def origin(config: Origin, model: Model) -> Generator[OriginSnapshot, None, None]:
    """Look at one sample after the other."""
    corpus = model.corpus
    length, many = (LINE, MANY) if corpus.lines else (LENGTH, MANY // 10)
    shares, own = [], []
    for name, writer in model.writers.items():
        rows = write(writer, many, length, generator(config.seed), corpus.lines)
        written = texts(corpus, rows)
        shares.append(share_copied(written, corpus))
        if name == config.rung:
            own = written
    if not own:
        own = texts(corpus, write(model.writers["ngram"], many, length, generator(config.seed),
                                  corpus.lines))  # fmt: skip
    twins = share_copied(unseen(model, length), corpus)
    found = [trace(sample, corpus) for sample in own[: config.steps]]
    for step in range(config.steps + 1):
        yield OriginSnapshot(
            step, config, corpus.lines, tuple(found[:step]), frozen(np.array(shares)),
            tuple(model.writers), twins,
        )  # fmt: skip


def unseen(model: Model, length: int) -> list[str]:
    """Pieces of the held-out text, as long as samples."""
    text = model.corpus.decode(model.corpus.held_out.tolist())
    if model.corpus.lines:
        return text.split("\n")[:-1]
    return [text[at : at + length] for at in range(0, len(text) - length, length)]


def origin_scene(s: OriginSnapshot) -> Scene:
    """The samples with where they come from, and the share of copies of every rung."""
    rows: list[Line] = []
    for each in s.traces:
        rows.append(
            (
                fitted(flat(each.sample), ROOM) if each.sample else "–",
                "rival" if each.copied else "model",
            )
        )
        if s.lines:
            letters = "letter" if each.edits == 1 else "letters"
            near = f"{each.edits} {letters} from {each.nearest}; longest copied run: {each.run}"
            rows.append((f"      {near if each.edits else 'a copy'}", "neutral"))
        else:
            rows.append((f"      {len(each.run)} characters copied: {fitted(each.run, 50)}",
                         "neutral"))  # fmt: skip
    table = text_panel("Samples and what they resemble", rows,
                       "Violet: a copy. Under each sample the most similar training text.",
                       2 * SAMPLES)  # fmt: skip
    bars = copies_panel(s.shares, s.rungs, s.lines)
    at = s.rungs.index(s.config.rung) if s.config.rung in s.rungs else s.rungs.index("ngram")
    share = 100 * float(s.shares[at])
    what = "names" if s.lines else f"pieces with {COPY} characters in a row"
    readings = [
        Reading("copies", share, (100 * s.twins, 100 * s.twins), "unseen real text", "%", "neither",
                f"Share of {what} that stand in the training text word for word."),
    ]  # fmt: skip
    copied = sum(each.copied for each in s.traces)
    said = f"{copied} of {len(s.traces)} samples stand in the training text word for word."
    return Scene([table, bars], step=s.step, unit="sample", readings=readings, sentence=said)
