"""The glossary on screen: its own page, and the terms of one page."""

from collections import defaultdict

import streamlit as st

from explorer.glossary import Term, terms
from explorer.ui.home.contents import CONTENTS, entry

MOST = 3  # page links beside a term


def glossary(words: str) -> int:
    """Every term that has these words in a name or in its sentence, by letter; how many."""
    letters: dict[str, list[Term]] = defaultdict(list)
    for term in terms():
        if term.matches(words):
            letters[term.name[0].upper()].append(term)
    for letter, found in letters.items():
        st.subheader(letter, anchor=False)
        for term in found:
            _entry(term)
    return sum(map(len, letters.values()))


def glossary_of(page: str) -> None:
    """The terms that a page shows, closed by default."""
    with st.expander("Terms on this page", icon=":material/dictionary:", key="terms"):
        st.markdown("\n".join(f"- {_sentence(term)}" for term in terms() if page in term.pages))
        st.page_link(entry("glossary").path, label="The whole glossary")


def _entry(term: Term) -> None:
    known = [each for each in CONTENTS if each.name in term.pages][:MOST]
    words, pages = st.columns([3, 2], gap="small")
    words.markdown(_sentence(term))
    with pages.container(horizontal=True, gap="xsmall"):
        for each in known:
            st.page_link(each.path, label=each.short, icon=each.icon, width="content")


def _sentence(term: Term) -> str:
    also = f" ({', '.join(term.also)})" if term.also else ""
    return f"**{term.name}**{also}: {term.sentence}"
