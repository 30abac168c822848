"""The glossary: complete, without doubles, and shown where a term is first used."""

import re
from pathlib import Path

import pytest

from explorer import glossary, prose
from explorer.ui.home.contents import CONTENTS

PAGES = {each.name for each in CONTENTS}


def test_every_term_has_one_sentence_and_pages_that_there_are():
    found = glossary.terms()
    assert len(found) > 100
    for term in found:
        assert term.sentence.endswith("."), term
        assert 5 <= len(term.sentence.split()) <= 45, term
        assert set(term.pages) <= PAGES, term
        assert term.pages, term


def test_every_page_shows_terms():
    shown = {page for term in glossary.terms() for page in term.pages}
    assert PAGES - {"home", "glossary"} <= shown


def test_a_term_is_found_by_any_of_its_names_and_by_its_sentence():
    gan = next(term for term in glossary.terms() if term.name == "GAN")
    assert gan.matches("adversarial net")
    assert gan.matches(" trained against ")
    assert not gan.matches("perplexity")


def test_the_first_use_of_a_term_is_explained_and_the_second_is_not():
    seen: set[str] = set()
    first = glossary.marked("The generators fool a critic; the generator learns.", seen)
    assert seen == {"generator", "discriminator"}
    assert first.count('class="term"') == 2
    assert ">generators</span>" in first
    assert "the generator learns" in first
    assert glossary.marked("A generator.", seen) == "A generator."


@pytest.mark.parametrize(
    "text",
    ["$mode$", "`mode`", "[mode](https://mode.org)", "modem is it in", "a pre-mode", ":mode[x]"],
)
def test_what_is_no_use_of_a_term_is_left_alone(text):
    assert glossary.marked(text, set()) == text


def test_a_marked_text_differs_only_by_its_tags():
    for entry in CONTENTS:
        path = entry.file.parents[1] / "explorer" / "concepts" / entry.name / "page.md"
        for text in prose.load(path).texts.values() if path.exists() else ():
            shown = glossary.marked(text, set())
            assert re.sub(r"<span[^>]*>|</span>", "", shown) == text


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("## a\nWords.\n", 1, "must end with a line"),
        ("## a\nWords.\nPages: gan\n\n## b\nAlso: A\nMore.\nPages: gan\n", 5, "twice"),
    ],
)
def test_what_cannot_be_read_is_named_with_file_and_line(tmp_path, text, line, why):
    path = Path(tmp_path / "glossary.md")
    path.write_text(text)
    with pytest.raises(ValueError, match=why) as caught:
        list(glossary._read(path))
    assert str(caught.value).startswith(f"{path}:{line}: ")
