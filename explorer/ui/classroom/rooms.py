"""Rooms: what a class answers and finds, counted while it meets. Anonymous, in memory, bounded.

A room is a short code in the link. The teacher's link holds a longer key from which the code
follows, so the server needs to remember neither: a room exists as soon as somebody enters it, is
the same after a restart (empty), and is forgotten when nobody has come for some hours.
"""

import secrets
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b, pbkdf2_hmac
from threading import RLock

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that look like others
LENGTH = 6
KEY = 12  # letters of a teacher's key
ROOMS = 40
PEOPLE = 200  # in one room
QUESTIONS = 60  # of one room
BOARDS = 8
PICTURES = 16 * 2**20  # bytes, over all rooms
IDLE = 3 * 3600.0  # seconds after which an empty room is forgotten


def new_key() -> str:
    """A teacher's key for a room that nobody has."""
    return "".join(secrets.choice(LETTERS) for _ in range(KEY))


@lru_cache(maxsize=256)
def code(key: str) -> str:
    """The room of a teacher's key; slow on purpose, so that no key can be guessed from a code."""
    digest = pbkdf2_hmac("sha256", key.encode(), b"generative-explorer room", 20_000, LENGTH)
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest)


def valid(given: str, length: int = LENGTH) -> bool:
    """Whether a link names a room (or, with its length, a key)."""
    return len(given) == length and set(given) <= set(LETTERS)


@dataclass
class Poll:
    """One question of a room: who chose what, and whether the answer has been revealed."""

    votes: dict[Hashable, int] = field(default_factory=dict)
    revealed: bool = False

    def counts(self, choices: int) -> list[int]:
        """How many chose each."""
        return [sum(vote == index for vote in self.votes.values()) for index in range(choices)]


@dataclass(frozen=True)
class Tile:
    """What one browser's run came to: its seed, a picture (WebP), and its numbers by name."""

    seed: int
    picture: bytes
    readings: tuple[tuple[str, float, str], ...]  # name, value, unit
    sentence: str
    dark: bytes = b""  # the picture for the dark theme


@dataclass
class Room:
    """A class that meets: its people by order of arrival, its polls and its boards."""

    people: dict[str, int] = field(default_factory=dict)
    polls: dict[Hashable, Poll] = field(default_factory=dict)
    boards: dict[str, dict[str, Tile]] = field(default_factory=dict)  # by setting, then browser
    used: float = 0.0


class Rooms:
    """All rooms of this process. Every call may come from another thread."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}  # least recently used first
        self._salt = secrets.token_bytes(16)
        self._lock = RLock()

    def __len__(self) -> int:
        return len(self._rooms)

    def seat(self, room: str, browser: str) -> int:
        """The number of a browser in a room, from 0 in order of arrival; the same when it returns.

        When the room is full, newcomers share the numbers of others.
        """
        with self._lock:
            people, who = self._room(room).people, self._who(browser)
            if who not in people and len(people) >= PEOPLE:
                return int(who[:8], 16) % PEOPLE
            return people.setdefault(who, max(people.values(), default=-1) + 1)

    def stand_up(self, room: str, browser: str) -> None:
        """Forget that a browser is one of those who answer."""
        with self._lock:
            self._room(room).people.pop(self._who(browser), None)

    def people(self, room: str) -> int:
        """How many browsers have been here."""
        with self._lock:
            return len(self._room(room).people)

    def vote(self, room: str, question: Hashable, browser: str, choice: int) -> bool:
        """Count a choice; False when the browser voted before or the room is full."""
        with self._lock:
            poll, who = self._poll(room, question), self._who(browser)
            if poll is None or poll.revealed or who in poll.votes or len(poll.votes) >= PEOPLE:
                return False
            poll.votes[who] = choice
            return True

    def chosen(self, room: str, question: Hashable, browser: str) -> int | None:
        """What this browser voted for."""
        with self._lock:
            poll = self._poll(room, question)
            return poll.votes.get(self._who(browser)) if poll else None

    def counts(self, room: str, question: Hashable, choices: int) -> list[int]:
        """How many chose each."""
        with self._lock:
            poll = self._poll(room, question)
            return poll.counts(choices) if poll else [0] * choices

    def revealed(self, room: str, question: Hashable) -> bool:
        """Whether the teacher has revealed the answer."""
        with self._lock:
            poll = self._poll(room, question)
            return poll.revealed if poll else True

    def reveal(self, room: str, question: Hashable, revealed: bool = True) -> None:
        """Reveal the answer to the room; from then on nobody can vote."""
        with self._lock:
            poll = self._poll(room, question)
            if poll:
                poll.revealed = revealed

    def clear(self, room: str, question: Hashable) -> None:
        """Ask again: forget all votes on a question."""
        with self._lock:
            self._room(room).polls.pop(question, None)

    def hang(self, room: str, setting: str, browser: str, tile: Tile) -> bool:
        """Put a tile on the board of a setting; False when there is no place for it."""
        with self._lock:
            boards, who = self._room(room).boards, self._who(browser)
            if setting not in boards and len(boards) >= BOARDS:
                boards.pop(next(iter(boards)))
            board = boards.setdefault(setting, {})
            if who not in board and (len(board) >= PEOPLE or self._pictures() > PICTURES):
                return False
            board[who] = tile
            return True

    def board(self, room: str, setting: str) -> list[Tile]:
        """The tiles of a setting, by seed; one each."""
        with self._lock:
            hung = self._room(room).boards.get(setting, {})
            return sorted({tile.seed: tile for tile in hung.values()}.values(), key=_seed)

    def settings(self, room: str) -> Sequence[str]:
        """The settings that have a board, the oldest first."""
        with self._lock:
            return list(self._room(room).boards)

    def _room(self, name: str) -> Room:
        """The room of a code, now the most recently used; others that are idle are forgotten."""
        now = time.monotonic()
        room = self._rooms.pop(name, None) or Room()
        self._rooms[name] = room
        room.used = now
        for other, each in list(self._rooms.items()):
            if now - each.used > IDLE or len(self._rooms) > ROOMS:
                del self._rooms[other]
            else:
                break
        return room

    def _poll(self, name: str, question: Hashable) -> Poll | None:
        polls = self._room(name).polls
        if question not in polls and len(polls) >= QUESTIONS:
            return None
        return polls.setdefault(question, Poll())

    def _pictures(self) -> int:
        return sum(
            len(tile.picture) + len(tile.dark)
            for room in self._rooms.values()
            for board in room.boards.values()
            for tile in board.values()
        )

    def _who(self, browser: str) -> str:
        """A name that means nothing outside this process."""
        return blake2b(browser.encode(), key=self._salt, digest_size=8).hexdigest()


def _seed(tile: Tile) -> int:
    return tile.seed


here = Rooms()
