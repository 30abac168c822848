"""A plain request gets the frames that a run of the fragment would give, and nothing else."""

import asyncio
import json
import struct
from urllib.parse import urlencode

import pytest

from explorer import runs
from explorer.ui.player import polls
from tests.browser.everything import Config, process, scene


def header(packet: bytes) -> dict:
    (size,) = struct.unpack_from("<I", packet)
    return json.loads(packet[4 : 4 + size])


@pytest.fixture
def job():
    made = runs.watch(process, Config(11, 40, 0), None, "somebody")
    made.wait_for(10_000, 60)
    assert made.ended
    drawn = 0
    while drawn < polls.MOST:  # an answer draws only what there is time for
        drawn = len(header(polls.packet(made, scene, "all", 0, "another", 0.0))["frames"])
    return made


def query(job: runs.Job, **changes: object) -> str:
    asked = {"run": job.name, "view": "all", "viewer": "me", "have": 0, **changes}
    return urlencode(asked)


def test_a_request_is_answered_as_the_fragment_would(job):
    shown = polls.packet(job, scene, "all", 0, "me", 0.5, more={"autoplay": True})
    asked = polls.answer(query(job))
    expected = {**header(shown), "settle": header(asked)["settle"]}
    assert header(asked) == {key: expected[key] for key in expected if key != "autoplay"}
    length = len(header(shown)["frames"])
    later = polls.answer(query(job, have=length - 3))
    assert header(later)["first"] == length - 3
    assert header(later)["frames"][:3] == header(shown)["frames"][-3:]


def test_what_was_sent_by_request_is_not_sent_again_when_the_page_runs(job):
    polls.packet(job, scene, "all", 0, "me", 0.5)
    polls.answer(query(job, have=5))
    total = len(job.snapshots)
    assert polls.sent("me", 0.5, f"{job.name}-all") == min(5 + polls.MOST, total)
    assert polls.sent("me", 0.6, f"{job.name}-all") == 0, "it asked anew, and says what it has"
    assert polls.sent("me", 0.5, f"{job.name}-two") == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"run": "0123456789abcdef"},
        {"view": "two"},  # which nobody has been shown
        {"viewer": "somebody else"},
        {"have": "-1"},
        {"have": "9" * 10},
        {"have": "²"},
        {"have": ""},
    ],
)
def test_what_no_fragment_has_shown_is_left_to_one(job, changes):
    polls.packet(job, scene, "all", 0, "me", 0.5)
    assert polls.answer(query(job)) is not None
    assert polls.answer(query(job, **changes)) is None


def test_a_viewer_who_turned_to_another_view_is_left_to_the_fragment(job):
    polls.packet(job, scene, "all", 0, "me", 0.5)
    polls.packet(job, scene, "two", 0, "me", 0.5)
    assert polls.answer(query(job)) is None
    assert polls.answer(query(job, view="two")) is not None


def test_a_request_keeps_the_run_going():
    slow = runs.watch(process, Config(12, 10_000, 1), None, "me", train=False)
    polls.packet(slow, scene, "all", 0, "me", 0.5)
    assert slow.status == "paused"
    polls.answer(query(slow))
    assert slow.status in ("waiting", "running")
    slow.renew("me", train=False)


def test_what_is_known_of_viewers_is_bounded(job, monkeypatch):
    monkeypatch.setattr(polls, "MOST_VIEWERS", 3)
    for number in range(6):
        polls.packet(job, scene, "all", 0, f"viewer {number}", 0.5)
    known = [polls.answer(query(job, viewer=f"viewer {number}")) for number in range(6)]
    assert [each is not None for each in known] == [False] * 3 + [True] * 3


def asked(app: polls.Polls, path: str, query: str = "") -> list[dict]:
    said: list[dict] = []

    async def send(message: dict) -> None:
        said.append(message)

    scope = {"type": "http", "path": path, "query_string": query.encode()}
    asyncio.run(app(scope, None, send))
    return said


@pytest.mark.parametrize("base", ["", "/explorer", "/a/b"])
def test_it_answers_under_every_path_and_passes_all_else_on(job, base):
    passed = []

    async def rest(scope: dict, receive: object, send: object) -> None:
        passed.append(scope["path"])

    app = polls.Polls(rest)
    polls.packet(job, scene, "all", 0, "me", 0.5)
    start, body = asked(app, f"{base}/_frames", query(job))
    assert start["status"] == 200
    assert body["body"] == polls.answer(query(job))
    start, body = asked(app, f"{base}/_frames", "run=nobody")
    assert (start["status"], body["body"]) == (204, b"")
    assert asked(app, f"{base}/gan") == []
    assert passed == [f"{base}/gan"]
