"""Words in pictures: the typeface of the app from a file of its own; no system font is needed."""

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FILE = Path(__file__).parents[2] / "assets" / "fonts" / "source_sans_3.woff2"
FINE = 4  # how many times larger letters are drawn: small hinted ones run into each other
PAD = 4  # pixels around words, for a halo
REGULAR, BOLD = 400, 620  # weights
_MISSING = str.maketrans(
    {"∇": "grad ", "∈": "in", "ℝ": "R", "ₜ": "t", "\n": " "}
)  # not in the font


@lru_cache(maxsize=64)
def font(size: float, weight: int = REGULAR) -> ImageFont.FreeTypeFont:
    """The typeface in a size in pixels."""
    found = ImageFont.truetype(str(FILE), size)
    found.set_variation_by_axes([weight])
    return found


def written(text: str) -> str:
    """Text with the few letters replaced that the typeface does not have."""
    return text.translate(_MISSING)


def lacking(text: str) -> str:
    """The letters of a text that the typeface does not have, each once, in order: boxes are drawn.

    >>> lacking("∇ née 日本日")
    '日本'
    """
    return "".join(letter for letter in dict.fromkeys(written(text)) if not _drawn(letter))


def measure(text: str, size: float = 12, weight: int = REGULAR) -> float:
    """Width of text in pixels."""
    return _length(written(text), weight) * size / 100


@lru_cache(maxsize=2048)
def mask(text: str, size: float, weight: int) -> tuple[Image.Image, tuple[int, int]]:
    """Words as a mask, and where in it their baseline starts (x, y)."""
    face = font(size * FINE, weight)
    up, down = round(size * 1.1) + PAD, round(size * 0.4) + PAD
    wide = round(face.getlength(text) / FINE) + 2 * PAD + 2
    image = Image.new("L", (wide * FINE, (up + down) * FINE))
    ImageDraw.Draw(image).text((PAD * FINE, up * FINE), text, 255, face, anchor="ls")
    return image.reduce(FINE), (PAD, up)


@lru_cache(maxsize=8192)
def _drawn(letter: str) -> bool:
    return _shape(letter) != _shape("\uffff")


def _shape(letter: str) -> tuple[object, bytes]:
    drawn = font(32, REGULAR).getmask(letter)
    return drawn.size, bytes(drawn)


@lru_cache(maxsize=8192)
def _length(text: str, weight: int) -> float:
    return font(100, weight).getlength(text)
