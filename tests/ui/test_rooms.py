"""A room counts every browser once, remembers no name, and never grows without end."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from explorer.ui.classroom import rooms
from explorer.ui.classroom.rooms import Rooms, Tile, code, new_key, valid

ROOM, ASKED = "ABCDEF", ("gan", 0)


@pytest.fixture
def here() -> Rooms:
    return Rooms()


def test_a_room_follows_from_the_teachers_key_and_no_key_from_a_room():
    key = new_key()
    assert valid(key, rooms.KEY)
    assert valid(code(key))
    assert code(key) == code(key)
    assert code(key) != code(new_key())
    assert not valid(code(key), rooms.KEY)


@pytest.mark.parametrize("said", ["", "ABCDE", "ABCDEFG", "abcdef", "ABCDE0", "ABC EF", "<b>abc"])
def test_a_room_has_six_letters_that_cannot_be_mistaken(said):
    assert not valid(said)


def test_a_browser_votes_once_in_however_many_tabs(here):
    assert here.vote(ROOM, ASKED, "anna", 1)
    assert not here.vote(ROOM, ASKED, "anna", 2)
    assert here.vote(ROOM, ASKED, "ben", 2)
    assert here.counts(ROOM, ASKED, 3) == [0, 1, 1]
    assert here.chosen(ROOM, ASKED, "anna") == 1
    assert here.chosen(ROOM, ASKED, "eve") is None


def test_thirty_browsers_at_once_are_counted_to_the_last(here):
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda i: here.vote(ROOM, ASKED, f"browser {i % 30}", i % 2), range(300)))
    assert sum(here.counts(ROOM, ASKED, 2)) == 30


def test_after_the_teacher_has_told_nobody_votes_until_it_is_asked_again(here):
    here.vote(ROOM, ASKED, "anna", 0)
    here.reveal(ROOM, ASKED)
    assert here.revealed(ROOM, ASKED)
    assert not here.vote(ROOM, ASKED, "ben", 1)
    here.clear(ROOM, ASKED)
    assert not here.revealed(ROOM, ASKED)
    assert here.vote(ROOM, ASKED, "anna", 1)


def test_rooms_and_questions_do_not_mix(here):
    here.vote(ROOM, ASKED, "anna", 1)
    assert here.counts("OTHERS", ASKED, 2) == [0, 0]
    assert here.counts(ROOM, ("gan", 1), 2) == [0, 0]


def test_a_seat_is_a_number_by_order_of_arrival_that_stays(here):
    assert [here.seat(ROOM, who) for who in ("anna", "ben", "anna", "eve")] == [0, 1, 0, 2]
    assert here.people(ROOM) == 3


def test_who_leads_stands_up_and_nobody_is_given_the_number_of_another(here):
    for who in ("anna", "teacher", "ben"):
        here.seat(ROOM, who)
    here.stand_up(ROOM, "teacher")
    assert here.people(ROOM) == 2
    assert [here.seat(ROOM, who) for who in ("anna", "ben", "eve")] == [0, 2, 3]


def test_nothing_grows_beyond_its_bounds(here):
    for number in range(rooms.ROOMS + 20):
        here.vote(f"ROOM{number}", ASKED, "anna", 0)
    assert len(here) == rooms.ROOMS
    for number in range(rooms.PEOPLE + 50):
        here.vote(ROOM, ASKED, f"browser {number}", 0)
        assert here.seat(ROOM, f"browser {number}") < rooms.PEOPLE
    assert here.counts(ROOM, ASKED, 1) == [rooms.PEOPLE]
    for number in range(rooms.QUESTIONS + 20):
        here.vote(ROOM, ("many", number), "anna", 0)
    assert not here.vote(ROOM, ("one", "more"), "anna", 0)


def test_a_room_that_nobody_visits_is_forgotten(here, monkeypatch):
    here.vote(ROOM, ASKED, "anna", 0)
    now = time.monotonic()
    monkeypatch.setattr(rooms.time, "monotonic", lambda: now + rooms.IDLE + 1)
    here.seat("OTHERS", "ben")
    assert len(here) == 1
    assert here.counts(ROOM, ASKED, 1) == [0]


def test_no_room_keeps_what_a_browser_is_called(here):
    here.vote(ROOM, ASKED, "a cookie of anna", 0)
    here.seat(ROOM, "a cookie of anna")
    assert "anna" not in repr(here._rooms)


def test_the_wall_holds_one_tile_a_seed_in_order_and_a_bounded_weight(here, monkeypatch):
    def tile(seed: int) -> Tile:
        return Tile(seed, b"x" * 100, (("distance", 0.1 * seed, ""),), "")

    for seed in (5, 1, 3):
        assert here.hang(ROOM, "ring", f"browser {seed}", tile(seed))
    assert [each.seed for each in here.board(ROOM, "ring")] == [1, 3, 5]
    monkeypatch.setattr(rooms, "PICTURES", 250)
    assert not here.hang(ROOM, "ring", "late", tile(9))
    assert here.hang(ROOM, "ring", "browser 5", tile(2)), "a browser replaces its own tile"
    assert [each.seed for each in here.board(ROOM, "ring")] == [1, 2, 3]
