"""An anti-aliased canvas on a pillow image: shapes are masks drawn twice too large.

Everything of one stroke or one cloud lies in one mask, so that what overlaps does not add up, as on
the canvas of a browser. Coordinates are CSS pixels of one panel.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from explorer.draw import lettering

FINE = 3  # how many times larger a mask is drawn
Box = tuple[float, float, float, float]  # x, y, w, h


class Canvas:
    """A rectangle of an image, `scale` pixels of the file to a CSS pixel."""

    def __init__(self, image: Image.Image, box: Box, scale: float) -> None:
        self.image, self.scale = image, scale
        self.left, self.top = round(box[0] * scale), round(box[1] * scale)
        self.size = (round(box[2] * scale), round(box[3] * scale))
        self.pen = ImageDraw.Draw(image)

    def cut(self, box: Box) -> "Canvas":
        """A copy of a rectangle; what is drawn on it does not leave it. Put it back with `put`."""
        x, y, w, h = (round(value * self.scale) for value in box)
        x, y = self.left + x, self.top + y
        piece = self.image.crop((x, y, x + w, y + h))
        return Canvas(piece, (0, 0, box[2], box[3]), self.scale)

    def put(self, piece: "Canvas", box: Box) -> None:
        """Put back what was cut out at `box`."""
        x, y = round(box[0] * self.scale), round(box[1] * self.scale)
        self.image.paste(piece.image, (self.left + x, self.top + y))

    def at(self, x: float, y: float, w: float = 0, h: float = 0) -> "Canvas":
        """The same image with the origin elsewhere; what is masked stays within w x h."""
        moved = Canvas(self.image, (0, 0, w, h), self.scale)
        moved.left = self.left + round(x * self.scale)
        moved.top = self.top + round(y * self.scale)
        return moved

    def stroke(self) -> "Stroke":
        """Start a mask."""
        return Stroke(self)

    def polyline(
        self, xy: np.ndarray, colour: str, width: float, dash: Sequence[float] = ()
    ) -> None:
        """One line, whole or dashed."""
        stroke = self.stroke()
        stroke.line(xy, width, dash)
        stroke.ink(colour)

    def rectangle(self, box: Box, colour: str, width: float, dash: Sequence[float] = ()) -> None:
        """An outline."""
        x, y, w, h = box
        corners = [[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]
        self.polyline(np.array(corners), colour, width, dash)

    def arrow(
        self, path: Sequence[tuple[float, float]], colour: str, width: float, opacity: float
    ) -> None:
        """A polyline of horizontal and vertical pieces with a head at its end."""
        xy = np.array(path, dtype=float)
        head = 8.0
        (x, y), way = xy[-1], np.sign(xy[-1] - xy[-2])
        across = np.array([-way[1], way[0]])
        tip, foot = np.array([x, y]), np.array([x, y]) - way * head
        xy[-1] = foot
        low = np.vstack([xy, tip]).min(0) - head
        w, h = np.vstack([xy, tip]).max(0) + head - low
        stroke = self.at(low[0], low[1], w, h).stroke()
        stroke.line(xy - low, width)
        stroke.polygon(np.stack([tip, foot + across * 4.5, foot - across * 4.5]) - low)
        stroke.ink(colour, opacity)

    def fill(self, box: Box, colour: str) -> None:
        """A filled rectangle with hard edges."""
        x, y, w, h = (value * self.scale for value in box)
        x, y = round(self.left + x), round(self.top + y)
        self.pen.rectangle((x, y, x + round(w) - 1, y + round(h) - 1), fill=colour)

    def paste(self, pixels: np.ndarray, box: Box, smooth: bool) -> None:
        """Pixels (h, w, 3) over a rectangle, with hard pixels or smooth."""
        x, y, w, h = (value * self.scale for value in box)
        how = Image.Resampling.BILINEAR if smooth else Image.Resampling.NEAREST
        picture = Image.fromarray(pixels).resize((max(1, round(w)), max(1, round(h))), how)
        self.image.paste(picture, (round(self.left + x), round(self.top + y)))

    def write(
        self,
        text: str,
        at: tuple[float, float],
        colour: str,
        size: float = 12,
        align: str = "left",
        weight: int = lettering.REGULAR,
        halo: str = "",
        turned: bool = False,
    ) -> None:
        """Words whose baseline starts, is centred or ends at a point; `turned` reads upwards."""
        mask, start = lettering.mask(lettering.written(text), size * self.scale, weight)
        length = lettering.measure(text, size * self.scale, weight)
        back = {"left": 0.0, "center": length / 2, "right": length}[align]
        x, y = self.left + at[0] * self.scale, self.top + at[1] * self.scale
        if turned:
            mask = mask.transpose(Image.Transpose.ROTATE_90)
            corner = (round(x - start[1]), round(y + back + start[0]) - mask.height)
        else:
            corner = (round(x - back - start[0]), round(y - start[1]))
        if halo:
            wide = mask.filter(ImageFilter.MaxFilter(2 * round(1.5 * self.scale) + 1))
            self.image.paste(halo, corner, wide)
        self.image.paste(colour, corner, mask)


class Stroke:
    """A mask in the making; what it covers gets one colour."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.fine = canvas.scale * FINE
        w, h = canvas.size
        self.mask = Image.new("L", (max(1, w) * FINE, max(1, h) * FINE))
        self.pen = ImageDraw.Draw(self.mask)

    def line(self, xy: np.ndarray, width: float, dash: Sequence[float] = ()) -> None:
        """A polyline (n, 2); NaN breaks it."""
        wide = max(1, round(width * self.fine))
        for run in runs(xy):
            for piece in dashes(run, dash) if dash else [run]:
                joint = "curve" if wide > 2 and len(piece) < 300 else None
                self.pen.line((piece * self.fine).ravel().tolist(), 255, wide, joint)

    def polygon(self, xy: np.ndarray) -> None:
        """A filled polygon (n, 2)."""
        self.pen.polygon((xy * self.fine).ravel().tolist(), 255)

    def dots(self, xy: np.ndarray, radius: float) -> None:
        """Filled circles at (n, 2)."""
        for box in self._boxes(xy, radius):
            self.pen.ellipse(box, 255)

    def rings(self, xy: np.ndarray, radius: float, width: float) -> None:
        """Circles at (n, 2); the line lies half inside and half outside."""
        for box in self._boxes(xy, radius + width / 2):
            self.pen.ellipse(box, None, 255, max(1, round(width * self.fine)))

    def squares(self, xy: np.ndarray, radius: float) -> None:
        """Filled squares at (n, 2)."""
        for box in self._boxes(xy, radius):
            self.pen.rectangle(box, 255)

    def ink(self, colour: str, opacity: float = 1.0) -> None:
        """Colour what the mask covers."""
        found = self.mask.getbbox()
        if found is None:
            return
        # Only what was drawn on, in whole pixels: most strokes are small.
        x0, y0 = found[0] // FINE, found[1] // FINE
        x1, y1 = -(-found[2] // FINE), -(-found[3] // FINE)
        mask = self.mask.reduce(FINE, (x0 * FINE, y0 * FINE, x1 * FINE, y1 * FINE))
        if opacity < 1:
            mask = mask.point(_faded(opacity))
        self.canvas.image.paste(colour, (self.canvas.left + x0, self.canvas.top + y0), mask)

    def _boxes(self, xy: np.ndarray, radius: float) -> Iterable[list[float]]:
        centre, reach = xy * self.fine, radius * self.fine
        w, h = self.mask.size
        shown = np.isfinite(centre).all(axis=1)
        centre = centre[shown]
        shown = ((centre > -reach) & (centre < np.array([w, h]) + reach)).all(axis=1)
        centre = centre[shown]
        boxes: list[list[float]] = np.concatenate([centre - reach, centre + reach - 1], 1).tolist()
        return boxes


@lru_cache(maxsize=32)
def _faded(opacity: float) -> list[int]:
    """Levels of a mask times an opacity."""
    return [round(level * opacity) for level in range(256)]


def runs(xy: np.ndarray) -> list[np.ndarray]:
    """The parts of a polyline (n, 2) between rows that are not finite, of two points at least."""
    good = np.isfinite(xy).all(axis=1)
    if good.all():
        return [xy] if len(xy) > 1 else []
    parts = np.split(xy, np.flatnonzero(~good))
    parts = [part[np.isfinite(part).all(axis=1)] for part in parts]
    return [part for part in parts if len(part) > 1]


def dashes(xy: np.ndarray, dash: Sequence[float]) -> list[np.ndarray]:
    """The drawn pieces of a polyline (n, 2) with so much line and so much gap in turn."""
    on, off = dash
    length = np.concatenate([[0.0], np.hypot(*np.diff(xy, axis=0).T).cumsum()])
    pieces = []
    for start in np.arange(0, length[-1], on + off):
        end = min(start + on, length[-1])
        inner = (length > start) & (length < end)
        at = np.concatenate([[start], length[inner], [end]])
        pieces.append(np.stack([np.interp(at, length, xy[:, i]) for i in (0, 1)], axis=1))
    return pieces
