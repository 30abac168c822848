"""Real data: chosen by picture, or drawn by hand."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw

from explorer.ui.controls import link
from explorer.ui.controls.picker import picker
from explorer.ui.pads.pad import draw_strokes

LABELS = {
    "gaussians": "Gaussians",
    "ring": "ring",
    "grid": "grid",
    "moons": "moons",
    "spiral": "spiral",
    "pinwheel": "pinwheel",
    "circles": "circles",
    "checkerboard": "checkerboard",
    "digits": "digits 8×8",
    "mnist": "MNIST",
    "fashion": "Fashion-MNIST",
    "letters": "letters",
    "faces": "faces",
}
WHY = (
    "What the model has to learn. The dots are samples; the shape behind them is known exactly, "
    "so that everything learnt can be compared with it."
)
WHY_IMAGES = (
    "What the model has to learn. Part of each set is held out for evaluation; the model never "
    "sees it."
)
DRAW = "draw"
SIZE = 80  # pixels of a thumbnail; shown at 40
SQUIGGLE = ((-2.2, -1.4), (-1.2, 1.5), (-0.2, -1.2), (0.8, 1.5), (2.2, -0.6))


def dataset(
    key: str = "dataset",
    options: Sequence[str] | None = None,
    default: str = "ring",
    drawing: bool = True,
    label: str = "Training data",
    help: str | None = None,
) -> str:
    """The name of a set: a distribution of `data.plane` (all of them by default) or `data.images`.

    With `drawing`, the visitor may draw a distribution in the plane: its strokes then are the
    name, and stand in the link. Without a distribution among the options there is none to draw.
    """
    from explorer.data import plane  # imports torch, which the home page does without

    names = list(options or plane.DATASETS)
    drawing = drawing and any(name in plane.DATASETS for name in names)
    first = default if default in names else names[0]

    def known(written: str) -> str:
        if written not in names and not (drawing and written.startswith(plane.DRAWN)):
            raise ValueError(f"The link asks for {key}={link.short(written)}, unknown here.")
        if written not in names:
            plane.check(written)
        return written

    chosen = link.text(key, first, known, label)
    own = chosen.startswith(plane.DRAWN)
    labels = {name: LABELS.get(name, name) for name in names}
    pictures = {name: thumbnail(name) for name in names}
    if drawing:
        labels[DRAW] = "yours" if own else "draw"
        pictures[DRAW] = thumbnail(chosen) if own else pencil()

    def picked(name: str) -> None:
        if name == DRAW:
            st.session_state[f"{key}-drawing"] = True
        else:
            link.write(key, name)

    why = help or (WHY if any(name in plane.DATASETS for name in names) else WHY_IMAGES)
    picker(label, labels, pictures, DRAW if own else chosen, key, why, picked)
    link.show_notice(key)
    if st.session_state.get(f"{key}-drawing"):
        _draw(key)
    return chosen


def _draw(key: str) -> None:
    """Open the pad in a dialog; it stays open while a run under it goes on."""

    def close() -> None:
        st.session_state[f"{key}-drawing"] = False

    title = "Draw your own data"
    st.dialog(title, icon=":material/draw:", on_dismiss=close)(_pad)(key)


def _pad(key: str) -> None:
    from explorer.data import plane

    st.markdown("Each stroke becomes a class. Points will be drawn along your strokes.")
    strokes = draw_strokes(f"{key}-own", linked=False)

    def use() -> None:
        link.write(key, plane.encode_strokes(strokes))
        st.session_state[f"{key}-drawing"] = False

    if st.button("Use this drawing", icon=":material/check:", disabled=not strokes, on_click=use):
        st.rerun()
    if not strokes:
        st.caption("The pad is still empty: draw at least one stroke.")


@lru_cache(maxsize=64)
def thumbnail(name: str) -> Image.Image:
    """400 real samples of a distribution in the plane, as ink, or four real images of a set."""
    import torch

    from explorer.data import images, plane

    if name in images.SETS:
        chosen = images.MAKERS[name]()  # not `load`, which would keep every set in memory
        four = chosen.pixels(chosen.train[[0, 1, 2, 4]])
        if four.ndim == 3:
            four = np.pad(four, ((0, 0), (0, 1), (0, 1)))  # a gap, in pixels of the set
        rows = [np.concatenate(list(four[at : at + 2]), axis=1) for at in (0, 2)]
        sheet = Image.fromarray(np.concatenate(rows))
        times = -(-2 * SIZE // sheet.width)  # hard pixels first, then reduced
        large = sheet.resize((times * sheet.width, times * sheet.height), Image.Resampling.NEAREST)
        return large.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    rng = torch.Generator().manual_seed(0)
    return _ink([[point] for point in plane.get(name).sample(400, rng).tolist()], 10)


@lru_cache(maxsize=1)
def pencil() -> Image.Image:
    """A stroke drawn by hand, as ink: the sign for "draw your own"."""
    return _ink([SQUIGGLE], 20)


def _ink(lines: Sequence[Sequence[Sequence[float]]], width: int) -> Image.Image:
    """Lines and dots in the plane (-3..3); drawn four times too large, so that they are smooth."""
    image = Image.new("L", (4 * SIZE, 4 * SIZE))
    pen = ImageDraw.Draw(image)
    for line in lines:
        at = [((x + 3) * 4 * SIZE / 6, (3 - y) * 4 * SIZE / 6) for x, y in line]
        pen.line(at, 255, width, "curve")
        for x, y in (at[0], at[-1]):
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), 255)
    return image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
