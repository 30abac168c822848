"""A typed caption becomes pictures: tokens, embeddings, condition, then step by step."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from math import isclose

import numpy as np
import torch

from explorer import config as c
from explorer.concepts.shared.matrix import matrix
from explorer.concepts.shared.text_panel import Line, text_panel
from explorer.concepts.text_to_image.captions import Caption, listed, normal, read_caption
from explorer.concepts.text_to_image.model import TextToImage
from explorer.data.shapes import World, world
from explorer.nets import freeze, generator
from explorer.scene import Flow, Images, Panel, Reading, Scene, frozen

EXAMPLE = "a large purple star"
PICTURES, COLUMNS = 6, 3  # drawn for one caption, each from noise of its own
STATIONS = 3  # steps before the first step of the sampler: tokens, embeddings, condition
SIDE = 8  # the condition is shown as a square
LINES = 7  # of tokens, at least
FLOWS = ("look up", "project", "condition", "denoise")


@dataclass(frozen=True)
class DrawConfig:
    """A caption, and how it is drawn."""

    caption: str = EXAMPLE
    guidance: float = c.number(1.0, 0.0, 8.0, 0.25)
    steps: int = c.integer(12, 1, 50)
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        c.words(self, "caption")
        normal(self.caption)


@dataclass(frozen=True, eq=False)
class DrawSnapshot:
    """One station or one step of the sampler; pixels are uint8 (n, h, w, 3)."""

    step: int
    config: DrawConfig
    caption: Caption
    dataset: str
    t: float
    embeddings: np.ndarray  # (a, width) of the words, or of the whole caption (1, width)
    condition: np.ndarray  # (SIDE, SIDE)
    noisy: np.ndarray
    denoised: np.ndarray
    read: tuple[str, ...]  # the parser's captions of the denoised estimates
    right: float  # share of them that agree with what the caption says
    shown: bool  # whether training showed this caption
    error: float  # per pixel, of the denoised estimates to the nearest real picture

    @property
    def world(self) -> World:
        """Of all captions and pictures."""
        return world(self.dataset)


@torch.no_grad()
def draw(config: DrawConfig, model: TextToImage) -> Generator[DrawSnapshot, None, None]:
    """From the caption to PICTURES pictures."""
    here, rng = model.world, generator(config.seed)
    caption = read_caption(config.caption, here)
    one = torch.tensor([caption.values])
    asked = one.expand(PICTURES, -1)
    embeddings = freeze(model.network.encoder.words(one)[0])
    condition = freeze(model.condition(one)[0].view(SIDE, SIDE))
    agree = (model.split.seen == one) | (one < 0)
    noise = model.noise(PICTURES, rng)
    states = list(model.trajectory(asked, noise, config.guidance, config.steps))
    for step in range(STATIONS + len(states)):
        state = states[max(0, step - STATIONS)]
        pictures = model.space.decode(state.denoised)
        read = here.read(pictures)
        yield DrawSnapshot(
            step=step,
            config=config,
            caption=caption,
            dataset=here.name,
            t=state.t,
            embeddings=embeddings,
            condition=condition,
            noisy=frozen(here.pixels(model.space.decode(state.point))),
            denoised=frozen(here.pixels(pictures)),
            read=tuple(map(here.caption, read.values)),
            right=((read.values == asked) | (asked < 0)).all(1).double().mean().item(),
            shown=bool(agree.all(1).any()),
            error=read.error.mean().item(),
        )


def draw_scene(s: DrawSnapshot) -> Scene:
    """Panels in the order in which data flow; the one that works is lit."""
    at = min(s.step, STATIONS + 1)
    started = s.step >= STATIONS
    rows = list(s.world.names) if len(s.embeddings) > 1 else ["caption"]
    marks, xlim, ylim = matrix(
        "embedding", s.embeddings, rows, (), -3, 3, ("rival", "model"), "−3 | 3", margin=7,
        tall=2.0 if len(rows) > 1 else 6.0,
    )  # fmt: skip
    square, xlim_c, ylim_c = matrix(
        "condition", s.condition, (), (), -2, 2, ("rival", "model"), "−2 | 2", margin=0
    )
    noisy = Images("z", "neutral", s.noisy, COLUMNS)
    denoised = Images("denoised estimate", "model", s.denoised, COLUMNS, s.read if started else ())
    panels = [
        text_panel("Tokens", _lines(s.caption), "Known words, and what they give a value.", LINES),
        Panel("Word embeddings", marks, xlim=xlim, ylim=ylim,
              caption="What the caption leaves open has an embedding, too."),
        Panel("Condition c", square, xlim=xlim_c, ylim=ylim_c,
              caption="64 numbers: all that the network hears of the caption."),
        Panel("Noisy pictures z", [noisy], "images",
              caption="Each from noise of its own, along dz/dt = v(z, t, c)."),
        Panel("Denoised estimate", [denoised], "images",
              caption="z − t v, the picture expected now; below it, what the parser reads."),
    ]  # fmt: skip
    lit = {0: {0}, 1: {1}, 2: {2}}.get(at, {3, 4})
    panels = [replace(panel, active=number in lit) for number, panel in enumerate(panels)]
    flows = [
        Flow(i, i + 1, label, "model" if i else "real", active=i + 1 in lit)
        for i, label in enumerate(FLOWS)
    ]
    return Scene(
        panels, step=s.step, flows=flows, readings=_readings(s), sentence=_sentence(s), unit="step"
    )


def _lines(caption: Caption) -> list[Line]:
    """A line for each token, in the colour of what becomes of it."""
    lines: list[Line] = []
    for token in caption.tokens:
        match token.kind:
            case "used":
                lines.append((f"{token.word} → {token.attribute}", "model"))
            case "replaced":
                lines.append((f"{token.word}: a later word counts", "rival"))
            case "unknown":
                lines.append((f"{token.word}: unknown", "rival"))
            case _:
                lines.append((f"{token.word}: says nothing", "neutral"))
    return lines


def _readings(s: DrawSnapshot) -> list[Reading]:
    return [
        Reading("as the caption says", 100 * s.right, (100.0, 100.0), "real pictures", "%", "high",
                help="Share of these pictures in which the exact parser reads what the caption "
                "says. Words that are unknown ask for nothing."),
        Reading("noise left (t)", s.t, (0.0, 0.0), "a picture",
                help="The share of noise in z: 1 at the start, 0 at the end."),
    ]  # fmt: skip


def _sentence(s: DrawSnapshot) -> str:
    caption = s.caption
    known = s.world.caption(caption.values)
    missing = [name for name, value in zip(s.world.names, caption.values) if value < 0]
    if s.step == 0:
        unknown = listed(caption.unknown)
        if not known:
            return f"No word of this caption is known{f': {unknown}' if unknown else ''}."
        read = f"The text encoder reads “{known}”"
        return f"{read}; it does not know {unknown}." if unknown else f"{read}."
    if s.step == 1:
        left = f" Left open: {', '.join(missing)}." if missing else ""
        return f"Each known word is looked up in a table of learnt embeddings.{left}"
    if s.step == 2:
        return "The embeddings become one vector, the condition. It scales and shifts every layer."
    if not isclose(s.t, 0.0):
        return (
            f"Time t = {s.t:.2f}: at every step the velocity under the condition moves all "
            "pictures from noise towards what the caption says."
        )
    unknown = f" Not in the vocabulary: {listed(caption.unknown)}." if caption.unknown else ""
    if not known:
        return f"Nothing that is known was asked for: the pictures are of every kind.{unknown}"
    how = f"{s.right:.0%} of the pictures are read as “{known}”"
    if missing:
        left_open = f"{' and '.join(missing)} {'vary' if len(missing) > 1 else 'varies'}"
        return f"{how}; {left_open}, since the caption leaves that open.{unknown}"
    seen = "Training showed this caption" if s.shown else "Training never showed this caption"
    return f"{how}. {seen}.{unknown}"
