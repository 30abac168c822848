"""What people type is read alike in every field: nothing is lost without a word."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.data import text
from explorer.data.writing import read

KEPT = {  # what was typed, and what is read
    "NFD": ("e\u0301le\u0300ve", "élève"),
    "NFC": ("élève", "élève"),
    "Hangul in parts": ("\u1112\u1161\u11ab", "한"),
    "Devanagari": ("पूर्व", "पूर्व"),
    "Thai": ("กำลังใจ", "กำลังใจ"),
    "vowelled Arabic": ("كِتَابٌ", "كِتَابٌ"),
    "pointed Hebrew": ("שָׁלוֹם", "שָׁלוֹם"),
    "Chinese": ("你好，世界。", "你好，世界。"),
    "Persian, joined by hand": ("می\u200cخواهم", "می\u200cخواهم"),
    "emoji": ("👩‍👩‍👧 ❤️", "👩‍👩‍👧 ❤️"),
    "code": ("f(x) = [a]{b} + 1;", "f(x) = [a]{b} + 1;"),
    "spaces": ("a\u00a0b\u2009c\u3000d\u202fe\tf", "a b c d e f"),
    "line breaks": ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
    "numbers": ("٣ ½ ² Ⅷ", "٣ ½ ² Ⅷ"),
}
LEFT_OUT = {  # what was typed, what is read, and what is said
    "zero width": ("a\u200bb\u200b\ufeffc", "abc",
                   "Invisible and left out: zero width space (twice), "
                   "zero width no-break space (once)."),
    "direction": ("\u202eabc\u2069", "abc", "Invisible and left out: right-to-left override (once)"
                  ", pop directional isolate (once)."),
    "controls": ("a\x00b\x07" + "\x1b" * 3, "ab",
                 "Invisible and left out: U+001B (3 times), U+0000 (once), U+0007 (once)."),
    "loose joiners": ("a \u200db\u200d", "a b",
                      "Invisible and left out: zero width joiner (twice)."),
    "half a pair": ("a\ud83d", "a", "Invisible and left out: U+D83D (once)."),
}  # fmt: skip
PROMPTS = {  # corpus, what was typed, what the model reads, and what is said
    "an accent": ("names", "José", "jos", "Unknown here and left out: é (once)."),
    "in parts": ("names", "Jose\u0301", "jos", "Unknown here and left out: é (once)."),
    "another script": ("names", "日本", "", "Unknown here and left out: 日 (once), 本 (once)."),
    "capitals": ("names", "ANNA", "anna", ""),
    "curly": ("moby", "don’t—go “now”", 'don\'t-go "now"', ""),
    "a semicolon": ("moby", "sea; [x]: …", "sea,  x , ...", ""),
    "wide": ("moby", "ｗｈａｌｅ", "whale", ""),
    "cased": ("moby_cased", "A—“B” é", 'A—"B" ', "Unknown here and left out: é (once)."),
}


def table(cases: dict) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases.values(), ids=cases)


@table(KEPT)
def test_every_script_is_read_whole_and_without_a_remark(case):
    typed, right = case
    assert read(typed).text == right
    assert read(typed).remark == ""


@table(LEFT_OUT)
def test_what_cannot_be_seen_is_left_out_named_and_counted(case):
    typed, right, said = case
    assert (read(typed).text, read(typed).remark) == (right, said)


@table(PROMPTS)
def test_a_prompt_is_read_in_the_letters_of_the_corpus(case):
    corpus, typed, right, said = case
    found = text.load(corpus).read(typed)
    assert (found.text, found.remark) == (right, said)
    assert len(text.load(corpus).encode(found.text)) == len(right)


@given(st.text())
def test_what_was_read_is_read_again_as_it_stands(typed):
    once = read(typed, lower=True, straight=True)
    assert read(once.text, lower=True, straight=True).text == once.text
    assert unicodedata.is_normalized("NFC", once.text)


def test_letters_marks_numbers_and_punctuation_of_all_of_unicode_stay():
    for number in range(0x110000):
        letter = chr(number)
        if unicodedata.category(letter)[0] in "LMNPS":
            assert read(letter).text == unicodedata.normalize("NFC", letter)


def test_many_kinds_are_counted_and_not_all_are_named():
    said = read("".join(map(chr, range(0x3041, 0x3061))), known="a").remark
    assert said.endswith("い (once), ぅ (once), う (once) and 26 more.")
    assert said.count("once") == 6
