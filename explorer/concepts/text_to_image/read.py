"""What the reading network reads in a drawing of the visitor's own, beside the exact parser."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer import config as c
from explorer.concepts.shared.drawing import check_drawing, decode_drawing, encode_drawing
from explorer.concepts.text_to_image.reader import Reader
from explorer.data.shapes import COLOURS, World, cover, world
from explorer.nets import freeze
from explorer.scene import Bars, Images, Panel, Reading, Scene, frozen


@dataclass(frozen=True)
class ReadConfig:
    """A drawing in one colour, on white."""

    drawing: str = ""  # of `shared.drawing`; "": an example
    colour: str = c.choice("purple", tuple(COLOURS))

    def __post_init__(self) -> None:
        c.check(self)
        check_drawing(self.drawing)


@dataclass(frozen=True, eq=False)
class ReadSnapshot:
    """A drawing, and what is read in it."""

    step: int
    dataset: str
    picture: np.ndarray  # (1, h, w, 3) uint8
    probabilities: tuple[np.ndarray, ...]  # of each attribute's values
    read: str
    parsed: str  # the nearest picture's caption
    nearest: np.ndarray  # (1, h, w, 3) uint8
    error: float  # per pixel, to the nearest picture

    @property
    def world(self) -> World:
        """Of all captions and pictures."""
        return world(self.dataset)


def example(side: int) -> np.ndarray:
    """A star (side, side) uint8, to begin with: 0 paper, 255 ink."""
    return np.rint(255 * cover("star", 0.37 * side, side / 2, side / 2, side)).astype(np.uint8)


def coloured(ink: np.ndarray, colour: str, here: World) -> Tensor:
    """A drawing (h, w) uint8 in a colour, as a picture (1, d) in 0..1."""
    covered = torch.from_numpy(ink.astype(np.float32) / 255).view(1, -1, 1)
    return (1 - covered * here.ink[list(COLOURS).index(colour)]).flatten(1)


@torch.no_grad()
def read_drawing(config: ReadConfig, reader: Reader) -> Generator[ReadSnapshot, None, None]:
    """One snapshot: the drawing is read at once."""
    here = reader.drawing.world
    drawing = config.drawing or encode_drawing(example(here.side))
    ink = decode_drawing(drawing)[0]
    if ink.shape != here.shape[:2]:
        raise ValueError(f"drawing must be of {here.side} pixels. Got {len(ink)} instead.")
    x = coloured(ink, config.colour, here)
    parsed = here.read(x)
    yield ReadSnapshot(
        step=0,
        dataset=here.name,
        picture=frozen(here.pixels(x)),
        probabilities=tuple(freeze(each[0]) for each in reader.probabilities(x)),
        read=here.caption(reader.read(x)[0]),
        parsed=here.caption(parsed.values[0]),
        nearest=frozen(here.pixels(here.pictures(parsed.values, parsed.shift))),
        error=parsed.error.item(),
    )


def read_scene(s: ReadSnapshot) -> Scene:
    """The drawing, the distribution of each attribute, and the nearest real picture."""
    bars = [
        Panel(name.capitalize(), [Bars("probability", "model", values, words)], "chart",
              xlim=(-0.5, len(words) - 0.5), ylim=(0.0, 1.0), ylabel="probability",
              span=0.4 + 0.12 * len(words),
              caption=f"The network reads: {words[int(values.argmax())]}.")
        for (name, words), values in zip(s.world.attributes.items(), s.probabilities)
    ]  # fmt: skip
    return Scene(
        [
            Panel("Picture", [Images("drawn", "real", s.picture, 1)], "images",
                  caption="As the network gets it."),
            *bars,
            Panel("Nearest real picture", [Images("nearest", "truth", s.nearest, 1)], "images",
                  caption=f"The exact parser reads: {s.parsed}."),
        ],
        step=s.step,
        readings=[
            Reading("distance to it", s.error, (0.0, 0.0), "a real picture",
                    help="Root mean squared difference per pixel, of 0 to 1. The network has seen "
                    "nothing but real pictures, and often sounds certain about any drawing."),
        ],
        sentence=_sentence(s),
    )  # fmt: skip


def _sentence(s: ReadSnapshot) -> str:
    if s.read == s.parsed:
        return f"The network reads “{s.read}”, and so does the exact parser."
    return f"The network reads “{s.read}”, but the nearest real picture is a “{s.parsed}”."
