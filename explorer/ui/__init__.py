"""Everything a page may use: `from explorer import ui`. The only package that imports Streamlit."""

from importlib import import_module
from typing import Any

from explorer.ui.controls import (
    choose,
    config,
    controls,
    dataset,
    more,
    number,
    seed,
    slider,
    steps,
    toggle,
)
from explorer.ui.frame import footer, page
from explorer.ui.pad import draw_image, draw_strokes, latent_pad
from explorer.ui.predict import Choice, predict
from explorer.ui.presets import Preset, presets
from explorer.ui.words import explain, maths, note, role, source, sources

__all__ = [
    "Choice",
    "Preset",
    "choose",
    "closely",
    "config",
    "controls",
    "dataset",
    "draw_image",
    "draw_strokes",
    "explain",
    "footer",
    "job",
    "latent_pad",
    "maths",
    "more",
    "note",
    "number",
    "page",
    "player",
    "predict",
    "presets",
    "role",
    "seed",
    "slider",
    "source",
    "sources",
    "steps",
    "take",
    "toggle",
]

# Imported when first used: the home page paints without them.
_LATER = {"player": "player", "closely": "closely", "take": "take"}


def __getattr__(name: str) -> Any:
    if name == "job":
        return import_module("explorer.runs").watch
    if name in _LATER:
        return getattr(import_module(f"explorer.ui.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
