"""Everything a page may use: `from explorer import ui`. The only package that imports Streamlit."""

from importlib import import_module
from typing import Any

from explorer.ui.controls import (
    choose,
    config,
    controls,
    more,
    number,
    seed,
    slider,
    steps,
    toggle,
)
from explorer.ui.dataset import dataset
from explorer.ui.frame import footer, page
from explorer.ui.home import Route, Stop, all_pages, contents_map, heading, hero, routes, three
from explorer.ui.pad import Drawing, draw_image, draw_strokes, latent_pad
from explorer.ui.predict import Choice, Question, predict, predictions
from explorer.ui.presets import Preset, presets
from explorer.ui.several import several
from explorer.ui.words import explain, maths, note, role, source, sources

__all__ = [
    "Choice",
    "Drawing",
    "Preset",
    "Question",
    "Route",
    "Stop",
    "all_pages",
    "choose",
    "closely",
    "config",
    "contents_map",
    "controls",
    "dataset",
    "draw_image",
    "draw_strokes",
    "explain",
    "footer",
    "heading",
    "hero",
    "job",
    "latent_pad",
    "maths",
    "more",
    "note",
    "number",
    "page",
    "player",
    "predict",
    "predictions",
    "presets",
    "role",
    "routes",
    "seed",
    "several",
    "slider",
    "source",
    "sources",
    "steps",
    "take",
    "three",
    "toggle",
]

# Imported when first used: the home page paints without them.
_LATER = {"player": "player", "closely": "closely", "take": "take"}


def __getattr__(name: str) -> Any:
    if name == "job":
        return import_module("explorer.runs").watch
    if name in _LATER:
        found = getattr(import_module(f"explorer.ui.{_LATER[name]}"), name)
        globals()[name] = found  # importing a module puts it, not its function, under this name
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
