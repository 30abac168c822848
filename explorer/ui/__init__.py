"""Everything a page may use: `from explorer import ui`. The only package that imports Streamlit."""

from explorer.runs import watch as job
from explorer.ui.attention import attention
from explorer.ui.classroom.predicted import predicted
from explorer.ui.controls.controls import (
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
from explorer.ui.controls.dataset import dataset
from explorer.ui.controls.paste import paste
from explorer.ui.controls.picker import stencil
from explorer.ui.controls.presets import Preset, presets
from explorer.ui.controls.several import several
from explorer.ui.controls.typed import typed
from explorer.ui.frame import footer
from explorer.ui.glossary import glossary
from explorer.ui.heat import heat
from explorer.ui.home.home import Route, Stop, all_pages, contents_map, heading, hero, paths, routes
from explorer.ui.lesson.predict import Choice, Question, predict, predictions
from explorer.ui.lesson.words import beside, explain, maths, note, role, source, sources
from explorer.ui.next_token import next_token
from explorer.ui.pads.pad import Drawing, draw_image, draw_strokes, latent_pad
from explorer.ui.page import Page, Run, page
from explorer.ui.player.closely import closely
from explorer.ui.player.player import player
from explorer.ui.table import table
from explorer.ui.take.take import take

__all__ = [
    "Choice",
    "Drawing",
    "Page",
    "Preset",
    "Question",
    "Route",
    "Run",
    "Stop",
    "all_pages",
    "attention",
    "beside",
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
    "glossary",
    "heading",
    "heat",
    "hero",
    "job",
    "latent_pad",
    "maths",
    "more",
    "next_token",
    "note",
    "number",
    "page",
    "paste",
    "paths",
    "player",
    "predict",
    "predicted",
    "predictions",
    "presets",
    "role",
    "routes",
    "seed",
    "several",
    "slider",
    "source",
    "sources",
    "stencil",
    "steps",
    "table",
    "take",
    "toggle",
    "typed",
]
