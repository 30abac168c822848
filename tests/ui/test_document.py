"""The document that comes first has the style of all pages, and asks ahead for what they need."""

import asyncio
import re

import pytest

from explorer.ui import document

PAGE = b"<html><head></head><body><div id='root'></div></body></html>"


def answered(kind: bytes, accept: bytes = b"text/html", body: bytes = PAGE) -> list[dict]:
    """What reaches the browser of an answer in two pieces, and what was asked for it."""
    said: list[dict] = []

    async def app(scope: dict, receive: object, send) -> None:
        said.append({"asked": dict(scope["headers"])})
        headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), (b"etag", b"x")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body[:9], "more_body": True})
        await send({"type": "http.response.body", "body": body[9:]})

    async def send(message: dict) -> None:
        said.append(message)

    headers = [(b"accept", accept), (b"accept-encoding", b"gzip")]
    scope = {"type": "http", "method": "GET", "path": "/gan", "headers": headers}
    asyncio.run(document.Document(app)(scope, None, send))
    return said


def test_a_document_has_the_style_after_all_others_and_says_its_length():
    asked, start, body = answered(b"text/html; charset=utf-8")
    assert b"accept-encoding" not in asked["asked"], "what is packed cannot be added to"
    assert body["body"].endswith(f"<style>{document.STYLE}</style></body></html>".encode())
    headers = dict(start["headers"])
    assert headers[b"content-length"] == b"%d" % len(body["body"])
    assert b"etag" not in headers


@pytest.mark.parametrize(
    ("kind", "accept"), [(b"application/javascript", b"text/html"), (b"text/html", b"*/*")]
)
def test_nothing_else_is_touched(kind, accept):
    _, start, *pieces = answered(kind, accept)
    assert dict(start["headers"])[b"etag"] == b"x"
    assert b"".join(each["body"] for each in pieces) == PAGE


def test_all_that_is_asked_for_ahead_is_there():
    asked = re.findall('href="./([^"]*)"', document.ahead())
    assert len(asked) == len(document.SCRIPTS) + 1
    assert all((document.STATIC / each).is_file() for each in asked)
