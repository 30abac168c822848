"""Both directions chained: a caption is drawn, the picture read, what was read drawn again.

What both networks have in common survives; what one of them cannot do changes into something that
training showed. The exact parser is in none of the links: it only says what a picture shows.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.shared.charts import point
from explorer.concepts.shared.percent import percent
from explorer.concepts.text_to_image.captions import listed, normal, read_caption
from explorer.concepts.text_to_image.reader import Reader
from explorer.nets import generator
from explorer.scene import Curve, Images, Panel, Reading, Scene, frozen
from explorer.truth.intervals import wilson

LINKS, CHAINS, COUNTED = 6, 2, 96  # captions drawn in turn; of the visitor's; of seen and unseen


@dataclass(frozen=True)
class ChainConfig:
    """The first caption."""

    caption: str = "a large purple star"
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        c.words(self, "caption")
        normal(self.caption)


@dataclass(frozen=True, eq=False)
class ChainSnapshot:
    """The chains after `step` captions were drawn and read."""

    step: int
    config: ChainConfig
    known: str  # the first caption, as far as it is known
    unknown: tuple[str, ...]
    pictures: np.ndarray  # (CHAINS * LINKS, h, w, 3) uint8, chain by chain; white is to come
    captions: tuple[str, ...]  # what was read in each; "" is to come
    seen: float  # share of seen captions that still are what they were
    unseen: float
    count: int  # of unseen ones


def chain(config: ChainConfig, reader: Reader) -> Generator[ChainSnapshot, None, None]:
    """Draw and read in turn."""
    model = reader.drawing
    here, rng = model.world, generator(config.seed)
    caption = read_caption(config.caption, here)
    first = [torch.tensor([caption.values]).expand(CHAINS, -1)]
    for rows in (model.split.seen, model.split.unseen):
        first.append(rows[torch.arange(COUNTED if len(rows) else 0) % max(1, len(rows))])
    sizes, start = [len(each) for each in first], torch.cat(first)
    values, alive = start, torch.ones(len(start), dtype=torch.bool)
    shown = torch.ones(CHAINS, LINKS, here.masks.shape[-1] * 3)
    captions = [[""] * LINKS for _ in range(CHAINS)]
    for step in range(LINKS + 1):
        if step:
            drawn = model.draw(values, model.noise(len(values), rng))
            values = reader.read(drawn)
            alive = same(values, start)
            shown[:, step - 1] = drawn[:CHAINS]
            for row, read in zip(captions, values[:CHAINS]):
                row[step - 1] = here.caption(read)
        _, seen, unseen = alive.double().split(sizes)
        yield ChainSnapshot(
            step=step,
            config=config,
            known=here.caption(caption.values),
            unknown=caption.unknown,
            pictures=frozen(here.pixels(shown.flatten(0, 1))),
            captions=tuple(caption for row in captions for caption in row),
            seen=seen.mean().item(),
            unseen=unseen.mean().item(),
            count=len(unseen),
        )


def same(values: Tensor, asked: Tensor) -> Tensor:
    """Which captions (n, a) still say what was asked for, (n,) bool; -1 asks for nothing."""
    return ((values == asked) | (asked < 0)).all(1)


def chain_scene(s: ChainSnapshot) -> Scene:
    """The visitor's chains, and how many captions survive."""
    wrong = tuple(
        place
        for place, caption in enumerate(s.captions)
        if caption and not set(s.known.split()) <= set(caption.split())
    )
    pictures = Images("drawn", "rival", s.pictures, LINKS, s.captions, marked=wrong)
    survival = Panel(
        "Captions that are still the same",
        [
            Curve("seen", "real", point(s.step, s.seen), grows=True),
            Curve("never seen", "model", point(s.step, s.unseen), grows=True),
        ],
        "chart",
        xlim=(0.0, float(LINKS)),
        ylim=(0.0, 1.05),
        xlabel="times drawn and read",
        ylabel="share",
        caption=f"Of {COUNTED} captions each, seen in training and not.",
    )
    return Scene(
        [
            Panel(
                f"“{s.known or 'no known word'}” in {CHAINS} chains",
                [pictures],
                "images",
                span=2.0,
                caption="Each picture is drawn from the caption under the one before. Framed: "
                "read otherwise.",
            ),
            survival,
        ],
        step=s.step,
        rows=(1, 1),
        unit="link",
        readings=[
            Reading("seen, still the same", 100 * s.seen, (100.0, 100.0), "no error", "%", "high"),
            Reading("never seen, still the same", 100 * s.unseen,
                    (100.0, 100.0) if s.count else None, "no error", "%", "high"),
        ],
        sentence=_sentence(s),
    )  # fmt: skip


def _sentence(s: ChainSnapshot) -> str:
    left_out = f" Unknown and left out: {listed(s.unknown)}." if s.unknown else ""
    if s.step == 0:
        return f"The chain begins with “{s.known}”.{left_out}"
    if not s.count:
        return f"After {s.step} links {percent(s.seen)} of captions are the same.{left_out}"
    low, high = wilson(round(s.unseen * s.count), s.count)
    return (
        f"After {s.step} links {percent(s.seen)} of seen captions are the same, and "
        f"{percent(s.unseen)} of those never seen (95 % interval {100 * low:.0f} to "
        f"{100 * high:.0f} %): once read as a caption that was seen, it stays one.{left_out}"
    )
