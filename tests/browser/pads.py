"""All pads and pickers on one page: `streamlit run tests/browser/pads.py` in the project's root."""

import json
import sys
from pathlib import Path

import numpy as np
import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))
from explorer import ui
from explorer.scene import plane_grid
from explorer.ui.controls import link
from explorer.ui.frame import style

LIMITS = (-3.0, 3.0)
CELLS = 24


def blobs() -> np.ndarray:
    """A grid of images (rows, columns, 28, 28) of a spot that lies where the code says."""
    codes = plane_grid(LIMITS, LIMITS, CELLS).reshape(CELLS, CELLS, 2, 1, 1)
    down, right = np.mgrid[0:28, 0:28]
    x, y = 13.5 + 3 * codes[:, :, 0], 13.5 - 3 * codes[:, :, 1]
    return (255 * np.exp(-((right - x) ** 2 + (down - y) ** 2) / 12)).astype(np.uint8)


st.set_page_config(layout="wide")
style()
link.turn_to("pads")
st.title("Pads", anchor=False)
rng = np.random.default_rng(0)
grid = blobs()
found = {
    "dataset": ui.dataset(),
    "z": ui.latent_pad(
        "z", grid, (LIMITS, LIMITS), rng.normal(0, 1, (200, 2)), rng.integers(0, 4, 200), "abcd"
    ),
    "strokes": len(ui.draw_strokes("strokes")),
}
start = grid[4, 20] if ui.toggle("Start from an image", "begin") else None
small = ui.draw_image("small", (8, 8))
found["small"] = 0 if small is None else int((small > 0).sum())
found["melody"] = ui.keyboard("melody", "", (60, 84), 8, lambda pitch: f"note {pitch}")
found["edits"] = link.text("edits", "", str)
names = [["x₁", "x₂"], ["unit 1.1", "unit 1.2"], ["output"]]
layers = [np.array([[1.0, -0.5], [0.2, 0.8]]), np.array([[1.5], [-1.0]])]
plane = plane_grid(LIMITS, LIMITS, 10).T.reshape(2, 10, 10)
ui.network_pad("edits", names, layers, [np.zeros(2), np.zeros(1)], plane, "tanh", False, 1.0)
both = ui.draw_image("both", start=start, mask=True)
found["both"] = None if both is None else [int(both.image.max()), int(both.mask.sum())]
with st.container(key="found"):
    st.text(json.dumps(found))
