"""Words around the pictures: explanations, formulas, the code that ran, colours of roles."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from threading import Lock

import streamlit as st

from explorer.prose import Formula
from explorer.scene import Role

# The theme gives these colour names the role's colour in light and in dark.
MARKDOWN: dict[Role, str] = {
    "real": "blue",
    "model": "orange",
    "rival": "violet",
    "neutral": "gray",
}
TERM = '<span class="term"'  # a marked term: see explorer.glossary
_parsing = Lock()


def role(which: Role, words: str) -> str:
    """Markdown that writes `words` in the colour of a role, bold: colour is never alone.

    >>> role("model", "generated")
    ':orange[**generated**]'
    """
    colour = MARKDOWN.get(which)
    return f":{colour}[**{words}**]" if colour else f"**{words}**"


def explain(text: str) -> None:
    """A block of text (Markdown, with marked terms), at a width that reads well."""
    st.markdown(inspect.cleandoc(text), width=720, unsafe_allow_html=TERM in text)


def beside(*texts: str) -> None:
    """Blocks of text (Markdown) side by side."""
    for column, text in zip(st.columns(len(texts), gap="large"), texts):
        column.markdown(inspect.cleandoc(text), unsafe_allow_html=TERM in text)


def note(text: str) -> None:
    """A small remark under what it speaks of."""
    st.caption(inspect.cleandoc(text))


def maths(formulas: Sequence[Formula], symbols: Mapping[str, str]) -> None:
    """Formulas under their names with every symbol named (LaTeX -> words), closed by default."""
    with st.expander("The maths", icon=":material/function:", key="maths"):
        for formula in formulas:
            st.caption(formula.name)
            st.latex(formula.latex)
        st.markdown("\n".join(f"- ${symbol}$: {words}" for symbol, words in symbols.items()))


def source(*functions: Callable | type) -> None:
    """The very code that the page just ran, closed by default."""
    with st.expander("The code that just ran", icon=":material/code:", key="code"):
        for function in functions:
            st.code(_code(function))


@lru_cache(maxsize=256)
def _code(function: Callable | type) -> str:
    # Two threads that parse at once make Python 3.11 raise a SystemError now and then.
    with _parsing:
        return inspect.getsource(function)


def sources(cited: Sequence[tuple[str, str]]) -> None:
    """Where it comes from, closed by default: (citation, address) pairs."""
    with st.expander("Sources", icon=":material/menu_book:", key="sources"):
        st.markdown("\n".join(f"- [{citation}]({url})" for citation, url in cited))
