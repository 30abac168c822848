"""A lesson is its link: what goes in comes out, and nothing else can come in."""

import base64
import json
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.ui.classroom.lesson_link import BYTES, CHOICES, Lesson, Stop, decode, place, plain
from explorer.ui.home.contents import CONTENTS

words = st.text(max_size=90).map(plain)
names = st.lists(st.from_regex(r"[A-Za-z0-9_]{1,40}", fullmatch=True), max_size=4).map(tuple)
stops = st.builds(
    Stop,
    st.sampled_from([entry.name for entry in CONTENTS]),
    st.just("dataset=ring&seed=3"),
    words,
    words,
    st.lists(words, max_size=CHOICES).map(tuple),
    names,
    names,
)


def packed(said: object) -> str:
    raw = said if isinstance(said, bytes) else json.dumps(said).encode()
    return base64.urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")


@given(words, st.lists(stops, min_size=1, max_size=3).map(tuple))
def test_a_lesson_comes_out_of_its_link_as_it_went_in(title, given_stops):
    lesson = Lesson(title, given_stops)
    assert decode(lesson.encode()) == lesson


@pytest.mark.parametrize(
    "code",
    [
        "",
        "x",
        "é",
        "a" * 7000,
        packed(b"[" * (BYTES - 1)),
        packed(b"not json"),
        packed(b"\xff\xfe"),
        packed({"a": 1}),
        packed([1, "title"]),
        packed([2, "title", ["gan", "", "", "", [], [], []]]),
        packed([1, "title", ["gan"]]),
        packed([1, "title", ["nowhere", "", "", "", [], [], []]]),
        packed([1, "title", ["gan", "", "n" * 601, "", [], [], []]]),
        packed([1, "title", ["gan", "", "", "", [], ["a { } body"], []]]),
        packed([1, "title", ["gan", "a=1&" * 99, "", "", [], [], []]]),
        packed([1, "title", ["gan", "", 7, "", [], [], []]]),
        packed([1, "title", *[["gan", "", "", "", [], [], []]] * 13]),
    ],
)
def test_what_is_no_lesson_is_refused_in_one_sentence(code):
    with pytest.raises(ValueError, match="cannot be read"):
        decode(code)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_no_text_whatever_breaks_the_reader(code):
    with suppress(ValueError):  # and no other error
        decode(code)


def test_a_small_code_cannot_unpack_into_much():
    bomb = packed(b"[1, " + b" " * 10_000_000 + b"]")
    with pytest.raises(ValueError, match="cannot be read"):
        decode(bomb[:6000])


def test_control_characters_and_marks_that_turn_text_round_are_left_out():
    assert plain("a\x00b\u202ec\u200bd\r\ne\ud800") == "abcd\ne"


def test_settings_of_a_stop_cannot_speak_for_the_class():
    stop = Stop("gan", "dataset=ring&host=SECRET&lesson=x&present=1&room=AAAAAA&at=9")
    assert stop.query == {"dataset": "ring"}


def test_a_link_to_a_stop_is_the_lesson_and_its_number_and_brings_the_settings_along():
    lesson = Lesson("Two", (Stop("gan", "dataset=ring"), Stop("home", "")))
    link = lesson.link("https://host/app/", 1, {"room": "ABCDEF"})
    assert link.startswith("https://host/app/gan?dataset=ring&lesson=")
    assert link.endswith("&at=1&room=ABCDEF")
    assert lesson.link("https://host/app", 2).startswith("https://host/app/?lesson=")
    key = "ABCDEFGHJKLM"
    assert lesson.link("https://host/app", 1, host=key).endswith(f"&at=1#host={key}")
    assert lesson.query(1, {"room": "ABCDEF"}) == {
        "dataset": "ring", "lesson": lesson.encode(), "at": "1", "room": "ABCDEF"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "at"), [("", 1), ("2", 2), ("3", 1), ("0", 1), ("-1", 1), ("²", 1), ("9" * 5000, 1)]
)
def test_a_stop_that_is_not_there_is_the_first(said, at):
    assert place(said, 2) == at
