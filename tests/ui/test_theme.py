"""The theme of Streamlit and the palette of the pictures are one palette, and it can be read."""

import tomllib
from pathlib import Path

import pytest

from explorer.draw.palette import CLASSES, ROLE, SURFACE
from explorer.ui.lesson.words import MARKDOWN

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
THEMES = ("light", "dark")


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted([luminance(a), luminance(b)], reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_surfaces_are_those_of_the_palette(theme):
    section = CONFIG["theme"][theme]
    surface = SURFACE[theme]
    assert section["backgroundColor"] == surface["background"]
    assert section["secondaryBackgroundColor"] == surface["panel"]
    assert section["textColor"] == surface["text"]
    assert section["borderColor"] == surface["line"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role", MARKDOWN)
def test_a_word_has_the_colour_of_its_role(theme, role):
    name = MARKDOWN[role]
    assert CONFIG["theme"][theme][f"{name}Color"] == ROLE[theme][role]
    assert CONFIG["theme"][theme][f"{name}TextColor"] == ROLE[theme][role]


@pytest.mark.parametrize("theme", THEMES)
def test_charts_have_exactly_the_ten_colours_of_the_classes(theme):
    colours = CONFIG["theme"][theme]["chartCategoricalColors"]
    assert tuple(colours) == CLASSES[theme]
    assert len(colours) == 10  # with any other number plotly falls back to its own


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "name", ["textColor", "linkColor", "blueTextColor", "orangeTextColor", "violetTextColor",
             "grayTextColor"],
)  # fmt: skip
def test_words_can_be_read_on_page_and_panel(theme, name):
    section = CONFIG["theme"][theme]
    for surface in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(section[name], section[surface]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_accent_can_be_read_on_the_page_and_read_on(theme):
    section = CONFIG["theme"][theme]
    accent, page = section["primaryColor"], section["backgroundColor"]
    # The value of a slider on the page, and the page's colour on a primary button.
    assert contrast(accent, page) >= 4.5


def test_nothing_is_fetched_from_the_internet_and_nobody_is_told():
    assert "http" not in (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert CONFIG["browser"]["gatherUsageStats"] is False


def test_scripts_do_not_collect_garbage_while_a_model_trains():
    # Non-regression: a full collection holds the GIL for 270 ms and starves the training thread.
    assert CONFIG["runner"]["postScriptGC"] is False
