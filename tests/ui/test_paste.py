"""A text of one's own: compressed in the link, and nothing happens to it without a word."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from explorer.data.text import LONGEST as MOST
from explorer.ui.controls import packed
from explorer.ui.controls.packed import pack, unpack

CYRILLIC = "Широка страна моя родная, много в ней лесов, полей и рек. " * 40


def script() -> None:
    import streamlit as st

    from explorer.data import text
    from explorer.ui.controls.paste import paste

    st.markdown(paste("Yours", "own", text.checked, text.LONGEST) or "none")


def opened(code: str = "") -> AppTest:
    page = AppTest.from_function(script)
    if code:
        page.query_params["own"] = code
    page.run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    return " ".join(caption.value for caption in page.caption)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_a_packed_text_comes_out_as_it_went_in_and_fits_a_link(text):
    code = pack(text)
    assert unpack(code, 4 * 300) == text
    assert code.isascii()
    assert set("%&=+#? ").isdisjoint(code)


@pytest.mark.parametrize("code", ["x", "é", "a" * 7000, pack("abc")[:-3], pack("a" * 500)])
def test_what_is_no_packed_text_is_refused_in_one_sentence(code):
    with pytest.raises(ValueError, match="cannot be read"):
        unpack(code, 400)


def test_what_is_pasted_stands_compressed_in_the_link_and_comes_back_from_it():
    page = opened()
    page.text_area[0].set_value(CYRILLIC).run()
    code = page.query_params["own"]
    code = code if isinstance(code, str) else code[0]
    assert len(code) < 200
    assert unpack(code, 10_000) == CYRILLIC
    other = opened(code)
    assert other.text_area[0].value == CYRILLIC
    assert other.markdown[0].value == page.markdown[0].value == CYRILLIC.lower().strip()


def test_a_text_that_no_link_can_hold_is_refused_with_its_length():
    rng = random.Random(0)
    letters = "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(MOST))
    page = opened()
    page.text_area[0].set_value(letters).run()
    assert "24,000 letters" in said(page)
    assert page.markdown[0].value == "none"
    assert page.text_area[0].value == letters
    assert "own" not in page.query_params
    assert len(pack(CYRILLIC * 8)) < packed.LONGEST


def test_what_was_left_out_of_a_text_is_said():
    page = opened()
    page.text_area[0].set_value("zero\u200bwidth " * 60).run()
    assert "zero width space" in said(page)
    assert page.markdown[0].value.startswith("zerowidth")


def test_a_broken_link_is_said_and_the_field_is_empty():
    page = opened("nonsense")
    assert "cannot be read" in said(page)
    assert page.text_area[0].value == ""
