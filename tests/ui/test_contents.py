"""The table of contents: complete, in one order, and the same for everybody who reads it."""

import pytest

from explorer.ui.home.contents import CONTENTS, ROOT, entry, neighbours, sections

NAMES = [each.name for each in CONTENTS]


def test_every_page_is_in_the_contents_exactly_once_and_nothing_else_is():
    assert sorted(NAMES) == sorted(file.stem for file in ROOT.glob("pages/*.py"))


def test_the_explorer_begins_at_home():
    assert NAMES[0] == "home"


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_after_a_page_has_that_page_before_it(name):
    before, after = neighbours(name)
    assert before is None or neighbours(before.name)[1] == entry(name)
    assert after is None or neighbours(after.name)[0] == entry(name)


def test_the_navigation_shows_every_page_in_the_order_of_the_contents():
    assert [each for entries in sections().values() for each in entries] == list(CONTENTS)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_asks_a_question_and_says_what_one_can_do(name):
    page = entry(name)
    assert page.question.endswith("?")
    assert page.line.endswith((".", "?"))
    assert page.icon.startswith(":material/")


def test_an_unknown_page_is_an_error():
    with pytest.raises(KeyError):
        entry("nowhere")
