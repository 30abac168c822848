"""The document that a browser loads first, with the style of all pages in it.

Streamlit sends a page piece by piece, and shows each as it comes. A style among the pieces, which
moves and hides what came before it, makes the page jump; in the document it is there from the
start. Scripts and fonts that every page needs are asked for at once, not one after the other.
"""

from pathlib import Path

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STYLE = Path(__file__).with_name("frame.css").read_text(encoding="utf-8")
END = b"</body>"  # of two rules alike the later holds: Streamlit adds its own to the head
STATIC = Path(st.__file__).parent / "static"
SCRIPTS = (
    "StreamlitMarkdown", "BidiComponent", "serialization", "recordbatch", "PageLink", "Button",
    "ButtonGroup", "TextInput", "Selectbox", "Slider", "rehype-raw",
)  # fmt: skip
ICONS = "MaterialSymbols-Rounded"  # before this font is there an icon is a word, and much wider


def ahead() -> str:
    """What asks the browser to load scripts and the icons' font before a page needs them."""
    scripts = [path for name in SCRIPTS for path in STATIC.glob(f"static/js/{name}.*.js")]
    fonts = STATIC.glob(f"static/media/{ICONS}.*.woff2")
    font = 'rel="preload" as="font" type="font/woff2" crossorigin'
    kinds = [*(("rel=modulepreload", each) for each in scripts), *((font, each) for each in fonts)]
    return "".join(f'<link {kind} href="{_address(path)}">' for kind, path in kinds)


def _address(path: Path) -> str:
    """Relative, as in Streamlit's own document: pages lie one level deep, under any path."""
    return f"./{path.relative_to(STATIC).as_posix()}"


class Document:
    """Adds the style to every document; middleware of ASGI."""

    served = False  # in this process

    def __init__(self, app: ASGIApp) -> None:
        self.app, Document.served = app, True
        self.added = f"{ahead()}<style>{STYLE}</style>".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = dict(scope["headers"]) if scope["type"] == "http" else {}
        if b"text/html" not in asked.get(b"accept", b"") or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        # Streamlit packs some documents, and what is packed cannot be added to.
        asked.pop(b"accept-encoding", None)
        start: Message | None = None
        body = b""

        async def styled(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_document(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    body = body.replace(END, self.added + END, 1)
                    await send({**start, "headers": _headers(start, len(body))})
                    await send({"type": "http.response.body", "body": body})

        await self.app({**scope, "headers": list(asked.items())}, receive, styled)


def _is_document(start: Message) -> bool:
    """Whether an answer is HTML."""
    kind = dict(start["headers"]).get(b"content-type", b"")
    return start["status"] == 200 and kind.startswith(b"text/html")


def _headers(start: Message, length: int) -> list[tuple[bytes, bytes]]:
    """Those of the answer, with its new length; it is not the file any more that has this tag."""
    gone = (b"content-length", b"etag", b"last-modified")
    kept = [(name, value) for name, value in start["headers"] if name.lower() not in gone]
    return [*kept, (b"content-length", str(length).encode())]
