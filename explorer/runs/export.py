"""What a visitor can take away of a run: pictures, animations, numbers. Everything in memory.

`scenes` are always those of all snapshots in their order: of these, growing curves are gathered.
`settings` are everything that the run depends on, by name, and travel inside of each file.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Literal

import numpy as np
from PIL import Image, ImageColor
from PIL.PngImagePlugin import PngInfo

from explorer.draw import axes, lettering, palette
from explorer.draw.palette import Theme
from explorer.draw.pillow_scene import height_of, picture
from explorer.scene import Curve, Scene, gathered

MOST = 80  # frames of an animation
PAUSE = 80  # milliseconds of a frame
LAST = 2500  # and of the last one, which is the result
Kind = Literal["webp", "gif"]
Progress = Callable[[float], None]
NO_SETTINGS: Mapping[str, str] = {}
DESCRIPTION = 0x010E  # the tag of EXIF that says what a picture shows


def settings(config: Any, before: str = "") -> dict[str, str]:
    """Every field of a config as text, those of a config inside of it by `outer.inner`.

    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Config:
    ...     rate: float = 0.5
    ...     seed: int = 3
    >>> settings(Config())
    {'rate': '0.5', 'seed': '3'}
    """
    found: dict[str, str] = {}
    for field in fields(config) if is_dataclass(config) else ():
        value, name = getattr(config, field.name), f"{before}{field.name}"
        found |= settings(value, f"{name}.") if is_dataclass(value) else {name: str(value)}
    return found


def lacking(scenes: Sequence[Scene]) -> str:
    """The letters in these scenes that pictures show as boxes: their typeface has none."""
    return lettering.lacking("".join(word for scene in scenes for word in _words(scene)))


def _words(part: Any) -> Iterator[str]:
    """Every text in a part of a scene."""
    if isinstance(part, str):
        yield part
    elif is_dataclass(part):
        for field in fields(part):
            yield from _words(getattr(part, field.name))
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _words(each)


def png(
    scenes: Sequence[Scene],
    frame: int = -1,
    theme: Theme = "light",
    width: int = 1280,
    scale: float = 2.0,
    settings: Mapping[str, str] = NO_SETTINGS,
) -> bytes:
    """One of the frames of a run, fine enough for print."""
    file, written = io.BytesIO(), PngInfo()
    for name, value in settings.items():
        written.add_itxt(name, value)
    fitted, frame = axes.fit(scenes), frame % len(scenes)
    drawn = picture(gathered(scenes[: frame + 1]), theme, width, scale, fitted, frame)
    drawn.save(file, "PNG", pnginfo=written)
    return file.getvalue()


def chosen(count: int, most: int = MOST) -> list[int]:
    """At most so many of `count` frames, evenly, the first and the last among them.

    >>> chosen(3), chosen(9, 4)
    ([0, 1, 2], [0, 3, 5, 8])
    """
    if count <= most:
        return list(range(count))
    return [int(i) for i in np.rint(np.linspace(0, count - 1, most))]


def animation(
    scenes: Sequence[Scene],
    kind: Kind = "webp",
    theme: Theme = "light",
    width: int = 960,
    most: int = MOST,
    progress: Progress | None = None,
    settings: Mapping[str, str] = NO_SETTINGS,
) -> bytes:
    """At most `most` of the scenes as an animated picture that repeats, all with the same limits.

    `progress` is called with the share of the frames that are drawn.
    """
    frames = _Animation(scenes, theme, width, progress or (lambda share: None), most)
    durations = [PAUSE] * (frames.n_frames - 1) + [LAST]
    file = io.BytesIO()
    written = ", ".join(f"{name}={value}" for name, value in settings.items())
    if kind == "webp":
        first: Image.Image = frames
        exif = Image.Exif()
        exif[DESCRIPTION] = written
        options: dict[str, Any] = {"quality": 85, "method": 2, "exif": exif}
    else:
        first, options = _paletted(frames)
        options["comment"] = written.encode()
    first.save(file, kind.upper(), save_all=True, duration=durations, loop=0, **options)
    return file.getvalue()


class _Animation(Image.Image):
    """An image with many frames that are drawn when they are looked at.

    Pillow collects the frames of an animation in a list: drawn before, 80 of them take 200 MB.
    """

    def __init__(
        self,
        scenes: Sequence[Scene],
        theme: Theme,
        width: int,
        progress: Progress,
        most: int = MOST,
    ):
        super().__init__()
        self.scenes, self.theme, self.progress = scenes, theme, progress
        self.chosen = chosen(len(scenes), most)
        self.n_frames, self.at, self.done = len(self.chosen), -1, 0.0
        self.wide = width
        self.fitted = axes.fit(scenes)
        self.high = round(max(height_of(scenes[i], width, self.fitted) for i in self.chosen))
        self._mode, self._size = "RGB", (self.wide, self.high)
        self.seek(0)

    def draw(self, index: int) -> Image.Image:
        place = self.chosen[index]
        scene = gathered(self.scenes[: place + 1])
        drawn = picture(
            scene, self.theme, self.wide, fitted=self.fitted, frame=place, height=self.high
        )
        return drawn.crop((0, 0, self.wide, self.high))

    def seek(self, frame: int) -> None:
        if not 0 <= frame < self.n_frames:
            raise EOFError("no more frames")
        if frame != self.at:
            self.at, self.im = frame, self.draw(frame).im
            self.done = max(self.done, (frame + 1) / self.n_frames)  # Pillow ends by rewinding
            self.progress(self.done)

    def tell(self) -> int:
        return self.at


def _paletted(frames: _Animation) -> tuple[Image.Image, dict[str, Any]]:
    """All frames in one palette, found on five of them, so that no colour flickers."""
    sampled = [frames.draw(i) for i in chosen(frames.n_frames, 5)]
    strip = Image.new("RGB", (frames.wide, frames.high * len(sampled)))
    for i, frame in enumerate(sampled):
        strip.paste(frame, (0, i * frames.high))
    fixed = {*palette.ROLE[frames.theme].values(), *palette.SURFACE[frames.theme].values()}
    found = strip.quantize(256 - len(fixed), Image.Quantize.MAXCOVERAGE).getpalette() or []
    exact = [value for colour in fixed for value in ImageColor.getrgb(colour)]
    colours = Image.new("P", (1, 1))
    colours.putpalette([*exact, *found][: 3 * 256])

    def reduced(index: int) -> Image.Image:
        frames.seek(index)
        return frames.quantize(palette=colours, dither=Image.Dither.NONE)

    rest = (reduced(i) for i in range(1, frames.n_frames))
    return reduced(0), {"append_images": rest, "optimize": False}


def curves(scenes: Sequence[Scene], settings: Mapping[str, str] = NO_SETTINGS) -> bytes:
    """Every number over the run as CSV: the readings of all frames, the curves up to the last.

    In UTF-8 with its mark, without which Excel reads another encoding. The columns low and high are
    the floor of a reading and the band of a curve. Before them stand the settings, each with its
    value in the column x.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["panel", "name", "x", "y", "low", "high"])
    table.writerows(["settings", name, value, "", "", ""] for name, value in settings.items())
    for scene in scenes:
        for reading in scene.readings:
            low, high = reading.floor or ("", "")
            table.writerow(["readings", reading.label, scene.step, reading.value, low, high])
    for panel in gathered(scenes).panels:
        for mark in panel.marks:
            if isinstance(mark, Curve) and panel.kind == "chart":
                band = mark.band if mark.band is not None else [("", "")] * len(mark.xy)
                for (x, y), (low, high) in zip(mark.xy, band):
                    table.writerow([panel.title, mark.name, *map(_short, (x, y, low, high))])
    return text.getvalue().encode("utf-8-sig")


def _short(value: Any) -> Any:
    return f"{value:.7g}" if isinstance(value, float | np.floating) else value


def weights(model: Any) -> bytes | None:
    """The weights of a model as a compressed .npz; None when it has none."""
    if not hasattr(model, "weights"):
        return None
    file = io.BytesIO()
    np.savez_compressed(file, **model.weights())
    return file.getvalue()
