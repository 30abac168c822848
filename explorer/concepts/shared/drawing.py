"""A drawing by hand as text: it travels in a config."""

import base64
import zlib

import numpy as np

EMPTY = "empty"  # a drawing without ink
LARGEST = 64  # pixels a side


def encode_drawing(image: np.ndarray, mask: np.ndarray | None = None) -> str:
    """Pixels (h, h) uint8 and which of them are marked (h, h) bool, as text."""
    marked = np.zeros(image.shape, bool) if mask is None else np.asarray(mask, bool)
    packed = zlib.compress(np.uint8(image).tobytes() + np.packbits(marked).tobytes(), 9)
    return f"{len(image)}:{base64.urlsafe_b64encode(packed).decode('ascii')}"


def decode_drawing(drawing: str) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (h, h) uint8 and mask (h, h) bool of an encoded drawing; ValueError if it is none."""
    side, _, packed = str(drawing).partition(":")
    try:
        height = min(int(side), LARGEST)
        content = zlib.decompressobj().decompress(base64.urlsafe_b64decode(packed), 2 * LARGEST**2)
        image = np.frombuffer(content[: height**2], np.uint8).reshape(height, height)
        bits = np.frombuffer(content[height**2 :], np.uint8)
        mask = np.unpackbits(bits)[: height**2].reshape(height, height).astype(bool)
    except (ValueError, zlib.error) as error:
        got = f"Got {str(drawing)[:40]!r} instead."
        raise ValueError(f"drawing must be an encoded picture. {got}") from error
    return image, mask


def check_drawing(drawing: str) -> None:
    """ValueError unless this is an encoded drawing with some ink, or "" for an example."""
    if drawing == EMPTY:
        raise ValueError("drawing must hold some ink. Got an empty one instead: draw.")
    if drawing != "":
        decode_drawing(drawing)
