"""Visitors without a browser: clients that ask as the player does, over real connections.

A client opens a page by a websocket, finds the player's message, and from then on asks for what
follows at the pace that the answers name: by requests of its own where the server answers these.
The time of a poll is from the question to its answer; that of a click from a rerun of the whole
page with other settings to the player's answer.
"""

import asyncio
import json
import random
import struct
import time
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Subprotocol

from tests.browser.conftest import Server, serve


@dataclass
class Visit:
    """What one client saw."""

    polls: list[float] = field(default_factory=list)  # seconds
    frames: int = 0
    bytes: int = 0
    exceptions: list[str] = field(default_factory=list)
    first: float = 0.0  # seconds until the first frame
    clicks: list[float] = field(default_factory=list)  # seconds, of reruns of the whole page
    shown: dict[int, str] = field(default_factory=dict)  # by number of a frame, what it was
    course: list[tuple[float, int]] = field(default_factory=list)  # when, how many snapshots


class Client:
    """One visitor: asks for the frames that follow, as explorer/ui/player/player.js does."""

    def __init__(self, server: Server, page: str, query: str) -> None:
        self.address = f"ws{server.url.removeprefix('http')}/_stcore/stream"
        self.page, self.query = page, query
        self.visit = Visit()
        self.fragment = self.widget = ""
        self.have, self.run, self.script = 0, "", ""
        self.n = 0.0
        self.told = ""  # what the server heard last by websocket that was wanted
        self.connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def stay(self, seconds: float, late: float = 0.0) -> Visit:
        """Watch for some seconds; with `late`, come that much after the others."""
        await asyncio.sleep(late)
        start = time.monotonic()
        async with websockets.connect(
            self.address, subprotocols=[Subprotocol("streamlit")], max_size=None, compression=None
        ) as socket:
            await socket.send(self.rerun())
            header = await self.answer(socket, start + seconds)
            self.visit.first = time.monotonic() - start
            while header and time.monotonic() - start < seconds:
                over = header["ended"] and self.have >= header["total"]
                if over and header["settle"] is None:
                    await self.listen(socket, start + seconds - time.monotonic())
                    break
                wait = header["interval"] * random.uniform(0.9, 1.1)
                if over:
                    wait = header["settle"] * random.random()
                elif self.have < header["total"]:
                    wait = 0.02
                await self.listen(socket, wait)
                self.n += 1
                asked = time.monotonic()
                header = await self.poll(socket, header, "over" if over else "train")
                self.visit.polls.append(time.monotonic() - asked)
        return self.visit

    async def poll(self, socket: websockets.ClientConnection, header: dict, want: str) -> dict:
        """The answer to a question: by a request if it wants frames only, as asks.js does."""
        if want == "train" == self.told and header.get("polls"):
            said = {key: header[key] for key in ("run", "view", "viewer")} | {"have": self.have}
            body = await self.request(f"{header['polls']}?{urlencode(said)}")
            if body:
                return {**header, **self.packet(body)}
        self.told = want
        await socket.send(self.ask(header, want))
        return await self.answer(socket, time.monotonic() + 30)

    async def request(self, path: str) -> bytes:
        """What a request over a connection that stays open is answered; b"" if it is nothing."""
        host, port = self.address.removeprefix("ws://").partition("/")[0].split(":")
        if not self.connection:
            self.connection = await asyncio.open_connection(host, int(port))
        reader, writer = self.connection
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        async with asyncio.timeout(30):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.partition("content-length:")[2].partition("\r\n")[0] or 0)
            return await reader.readexactly(length)

    async def tour(self, pages: Sequence[str]) -> Visit:
        """Turn to every page, in an order of its own."""
        async with websockets.connect(
            self.address, subprotocols=[Subprotocol("streamlit")], max_size=None, compression=None
        ) as socket:
            for self.page in random.sample(pages, len(pages)):
                await socket.send(self.rerun())
                await self.finished(socket)
                await self.listen(socket, random.uniform(0.2, 1.0))
        return self.visit

    async def click(self, seconds: float) -> Visit:
        """Run the whole page again every few seconds, as after a click."""
        start = time.monotonic()
        async with websockets.connect(
            self.address, subprotocols=[Subprotocol("streamlit")], max_size=None, compression=None
        ) as socket:
            await socket.send(self.rerun())
            await self.finished(socket)
            while time.monotonic() - start < seconds:
                await self.listen(socket, random.uniform(0.5, 2.0))
                asked = time.monotonic()
                await socket.send(self.rerun())
                await self.finished(socket)
                self.visit.clicks.append(time.monotonic() - asked)
        return self.visit

    async def finished(self, socket: websockets.ClientConnection) -> None:
        """Wait for the end of a run of the page."""
        try:
            async with asyncio.timeout(60):
                async for data in socket:
                    self.read(data)
                    message = ForwardMsg.FromString(data if isinstance(data, bytes) else b"")
                    if message.WhichOneof("type") == "script_finished":
                        return
        except TimeoutError:
            self.visit.exceptions.append("no end of a run of the page")

    def rerun(self) -> bytes:
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self.page
        return message.SerializeToString()

    def ask(self, header: dict, want: str) -> bytes:
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.script
        message.rerun_script.fragment_id = self.fragment
        state = message.rerun_script.widget_states.widgets.add()
        state.id = self.widget
        asked = {"run": self.run, "have": self.have, "want": want, "n": self.n}
        state.json_value = json.dumps({"ask": {**asked, "version": header["version"]}})
        return message.SerializeToString()

    async def listen(self, socket: websockets.ClientConnection, seconds: float) -> None:
        """Take what comes meanwhile: the page may have run once more."""
        try:
            async with asyncio.timeout(seconds):
                async for data in socket:
                    self.read(data)
        except TimeoutError:
            return

    async def answer(self, socket: websockets.ClientConnection, until: float) -> dict:
        """The header of the player's answer to the last question; {} if none came."""
        try:
            async with asyncio.timeout(max(0.1, until - time.monotonic())):
                async for data in socket:
                    header = self.read(data)
                    if header and header["n"] == self.n:
                        return header
        except TimeoutError:
            self.visit.exceptions.append("no answer")
        return {}

    def read(self, data: str | bytes) -> dict:
        message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
        self.visit.bytes += len(data)
        if message.WhichOneof("type") == "navigation":
            self.script = message.navigation.page_script_hash
        element = message.delta.new_element
        if element.WhichOneof("type") == "exception":
            self.visit.exceptions.append(element.exception.message)
        component = element.bidi_component
        if component.component_name != "explorer_player":
            return {}
        if self.widget and component.id != self.widget:
            return {}  # a second player further down the page
        self.widget, self.fragment = component.id, message.delta.fragment_id
        return self.packet(component.bytes)

    def packet(self, data: bytes) -> dict:
        """Take the frames of a packet; its header."""
        (size,) = struct.unpack_from("<I", data)
        header = json.loads(data[4 : 4 + size])
        self.visit.course.append((time.monotonic(), header["total"]))
        run = f"{header['run']}-{header['view']}"
        if run != self.run:
            self.run, self.have = run, 0
        for number, frame in enumerate(header["frames"], header["first"]):
            self.visit.shown.setdefault(number, json.dumps(frame, sort_keys=True))
        if header["first"] <= self.have:
            self.have = max(self.have, header["first"] + len(header["frames"]))
        self.visit.frames = max(self.visit.frames, self.have)
        return header


@contextmanager
def served(script: str = "streamlit_app.py") -> Iterator[Server]:
    """A fresh server of the app."""
    yield from serve(script)


def together(*stays: Awaitable[Visit]) -> list[Visit]:
    """What all of them saw, at the same time."""

    async def all_of_them() -> list[Visit]:
        return list(await asyncio.gather(*stays))

    return asyncio.run(all_of_them())
