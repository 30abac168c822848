"""The app with security headers: `streamlit run deploy/serve.py`.

What the page may load is said to the browser: nothing but this server, images and scripts that
the app made itself (`blob:`, `data:`), and inline styles, which Streamlit needs. So a script that
found its way into a page would not run, and could send nothing away.
"""

import base64
import re
import sys
from hashlib import sha256
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

sys.path.insert(0, str(Path(__file__).parents[1]))

from explorer.ui.document import Document
from explorer.ui.home.contents import CONTENTS
from explorer.ui.player.polls import Polls

ROOT = Path(__file__).parents[1]


def inline_scripts() -> str:
    """The hashes of the scripts that stand in Streamlit's own page, for the policy."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    found = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = (base64.b64encode(sha256(text.encode()).digest()).decode() for text in found)
    return " ".join(f"'sha256-{each}'" for each in hashes)


POLICY = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' blob: {inline_scripts()}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self' blob: data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the link holds the experiment
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


PAGES = "|".join(entry.name for entry in CONTENTS if entry.name != "home")
DEEP = re.compile(rf"(.*?/(?:{PAGES}))/(?!_stcore/).*")  # Streamlit looks for itself there


class Shallow:
    """Sends who asks for `gan/x/y` or `gan/` to `gan`: Streamlit would show an empty page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        deep = DEEP.fullmatch(scope["path"]) if scope["type"] == "http" else None
        answer = self.app
        if deep:
            query = scope["query_string"].decode("ascii", "ignore")
            answer = RedirectResponse(f"{deep[1]}?{query}" if query else deep[1], 302)
        await answer(scope, receive, send)


class Headers:
    """Adds the headers to every answer; a plain ASGI middleware, so that nothing is buffered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    said.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, tell if scope["type"] == "http" else send)


app = st.App(
    ROOT / "streamlit_app.py",
    middleware=[
        Middleware(Headers),
        Middleware(Shallow),
        Middleware(Polls),
        Middleware(Document),
    ],
)
