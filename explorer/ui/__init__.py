"""Everything a page may use: `from explorer import ui`. The only package that imports Streamlit."""

from explorer.ui.attention import attention
from explorer.ui.classroom.predicted import predicted
from explorer.ui.controls.controls import (
    choose,
    controls,
    slider,
    toggle,
)
from explorer.ui.controls.dataset import dataset
from explorer.ui.controls.paste import paste
from explorer.ui.controls.picker import stencil
from explorer.ui.controls.presets import Preset, presets
from explorer.ui.frame import footer
from explorer.ui.glossary import glossary
from explorer.ui.heat import heat
from explorer.ui.home.home import Route, Stop, all_pages, contents_map, heading, hero, paths, routes
from explorer.ui.lesson.predict import Choice, Question, predictions
from explorer.ui.lesson.words import beside, explain, maths, note, role, source, sources
from explorer.ui.next_token import next_token
from explorer.ui.pads.keyboard import keyboard
from explorer.ui.pads.network_pad import network_pad
from explorer.ui.pads.pad import draw_image, draw_strokes, latent_pad
from explorer.ui.page import page
from explorer.ui.table import table

__all__ = [
    "Choice",
    "Preset",
    "Question",
    "Route",
    "Stop",
    "all_pages",
    "attention",
    "beside",
    "choose",
    "contents_map",
    "controls",
    "dataset",
    "draw_image",
    "draw_strokes",
    "explain",
    "footer",
    "glossary",
    "heading",
    "heat",
    "hero",
    "keyboard",
    "latent_pad",
    "maths",
    "network_pad",
    "next_token",
    "note",
    "page",
    "paste",
    "paths",
    "predicted",
    "predictions",
    "presets",
    "role",
    "routes",
    "slider",
    "source",
    "sources",
    "stencil",
    "table",
    "toggle",
]
