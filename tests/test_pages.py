"""Every page, run the way a visitor reaches it: through the app's navigation, and by its link."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from explorer.ui.home.contents import CONTENTS, ROOT, entry

PAGES = [each.name for each in CONTENTS]
CONCEPTS = [name for name in PAGES if name not in ("home", "glossary")]
SMALL = "20"  # training steps
NONSENSE = ["zzz", "", "-1e999", "nan", "drawn:??", "🙂", "a" * 3000]


def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120)


def opened(name: str, **query: str) -> AppTest:
    """The page with a small run, opened from home."""
    page = app().run()
    for key, value in {"steps": SMALL, **query}.items():
        page.query_params[key] = value
    page.switch_page(f"pages/{name}.py").run()
    return page


@cache
def small(name: str) -> AppTest:
    """The page with a small run, for tests that only look."""
    return opened(name)


def sound(page: AppTest) -> AppTest:
    assert not page.exception
    assert len(page.title) == 1
    return page


def nodes(block: object) -> Iterator[object]:
    """Every element of a page, wherever it stands."""
    for child in getattr(block, "children", {}).values():
        yield child
        yield from nodes(child)


def parameters(page: AppTest) -> set[str]:
    """The parameters of the link that the page understands."""
    protos = [getattr(node, "proto", None) for node in nodes(page._tree)]
    return {key for proto in protos if (key := getattr(proto, "query_param_key", ""))}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_through_the_navigation_with_one_title(name):
    sound(small(name))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_by_its_link_on_a_server_that_has_not_run_anything_yet(name):
    page = app()
    page.query_params["steps"] = SMALL
    page.switch_page(f"pages/{name}.py").run()
    sound(page)


@pytest.mark.parametrize("name", CONCEPTS)
def test_a_page_has_its_data_steps_and_seed_in_the_link(name):
    assert {"dataset", "steps", "seed"} <= parameters(small(name))


@pytest.mark.parametrize("name", CONCEPTS)
def test_every_control_of_a_page_is_bound_to_the_link(name):
    """Fields of the link are text or bound widgets; only views of them may stand beside."""
    page = small(name)
    for kind in ("slider", "select_slider", "number_input", "toggle", "checkbox", "multiselect",
                 "radio", "text_input", "text_area"):  # fmt: skip
        for widget in page.get(kind):
            assert widget.proto.query_param_key, f"{kind} {widget.label!r} is not in the link"


@pytest.mark.slow
@pytest.mark.parametrize("name", CONCEPTS)
@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_in_every_parameter_of_a_page_does_no_harm(name, nonsense):
    known = parameters(small(name)) - {"steps"}
    page = sound(opened(name, **dict.fromkeys(known, nonsense)))
    assert not page.error, page.error[0].value


@pytest.mark.parametrize("name", CONCEPTS)
def test_nonsense_in_the_number_of_steps_does_no_harm(name):
    sound(opened(name, steps="zzz"))


@pytest.mark.parametrize("name", CONCEPTS)
def test_a_page_asks_for_at_least_three_predictions(name):
    words = " ".join(block.value for block in small(name).markdown)
    cards = words.count("**Predict.**")
    behind = [int(count) - 1 for count in re.findall(r"\b1 of (\d+)\b", words)]
    assert cards + sum(behind) >= 3


@pytest.mark.parametrize("name", CONCEPTS)
def test_a_page_tells_its_maths_its_code_and_its_sources(name):
    labels = {expander.label for expander in small(name).expander}
    assert {"The maths", "The code that just ran", "Sources"} <= labels


@pytest.mark.parametrize("name", PAGES)
def test_the_blocks_of_text_of_a_page_are_short(name):
    for block in small(name).markdown:
        text = re.sub(r"<[^>]*>", "", block.value)  # without the tags of marked terms
        if text == entry(name).introduction:
            assert len(text.split()) <= 120
        elif not block.value.startswith(("- ", "<style>")):  # a list, of symbols or sources
            assert len(text.split()) < 60, text


@pytest.mark.slow
@pytest.mark.parametrize("first", CONCEPTS)
def test_going_from_page_to_page_leaks_no_setting_and_breaks_nothing(first):
    page = opened(first, dataset="mnist", seed="9")
    for name in [other for other in CONCEPTS if other != first] + [first]:
        page.query_params.clear()
        page.query_params["steps"] = SMALL
        sound(page.switch_page(f"pages/{name}.py").run())
        assert not any("mnist" in caption.value for caption in page.caption)
        assert page.number_input(key="seed").value != 9
