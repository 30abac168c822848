"""Thirty visitors at once, as thirty clients that ask as the player does.

A client opens a page over a websocket, finds the player's message, and from then on asks for what
follows at the pace that the answers name. The time of a poll is from the question to its answer.
"""

import asyncio
import json
import random
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Subprotocol

from benchmarks.row import Row
from tests.browser.conftest import Server, serve

CLIENTS = 30
SECONDS = 20.0
PAGE = "gan"


@dataclass
class Visit:
    """What one client saw."""

    polls: list[float] = field(default_factory=list)  # seconds
    frames: int = 0
    bytes: int = 0
    exceptions: list[str] = field(default_factory=list)
    first: float = 0.0  # seconds until the first frame


class Client:
    """One visitor: asks for the frames that follow, as explorer/ui/player.js does."""

    def __init__(self, server: Server, page: str, query: str) -> None:
        self.address = f"ws{server.url.removeprefix('http')}/_stcore/stream"
        self.page, self.query = page, query
        self.visit = Visit()
        self.fragment = self.widget = ""
        self.have, self.run, self.script = 0, "", ""
        self.n = 0.0
        self.states: dict[str, str] = {}

    async def stay(self, seconds: float) -> Visit:
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
                await socket.send(self.ask(header, "over" if over else "train"))
                header = await self.answer(socket, asked + 30)
                self.visit.polls.append(time.monotonic() - asked)
        return self.visit

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
        (size,) = struct.unpack_from("<I", component.bytes)
        header = json.loads(component.bytes[4 : 4 + size])
        run = f"{header['run']}-{header['view']}"
        if run != self.run:
            self.run, self.have = run, 0
        if header["first"] <= self.have:
            self.have = max(self.have, header["first"] + len(header["frames"]))
        self.visit.frames = max(self.visit.frames, self.have)
        return header


def visit(server: Server, page: str, queries: list[str], seconds: float = SECONDS) -> list[Visit]:
    """Let one client per query stay on the page, all at the same time."""

    async def all_of_them() -> list[Visit]:
        clients = [Client(server, page, query) for query in queries]
        return list(await asyncio.gather(*(client.stay(seconds) for client in clients)))

    return asyncio.run(all_of_them())


def memory(server: Server) -> float:
    """Resident memory of the server in MB (it runs in one process)."""
    for line in Path(f"/proc/{server.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


@contextmanager
def served(script: str = "streamlit_app.py") -> Iterator[Server]:
    """A fresh server of the app."""
    yield from serve(script)


def rows() -> list[Row]:
    """Polls of thirty visitors, on one link and on thirty."""
    same: list[float] = []
    others: list[float] = []
    used: list[float] = []
    errors = 0
    for round_ in range(3):
        with served() as server:
            for polls, queries in (
                (same, [f"seed={900 + round_}"] * CLIENTS),
                (others, [f"seed={100 * round_ + i}" for i in range(CLIENTS)]),
            ):
                visits = visit(server, PAGE, queries)
                polls.append(1000 * p95(visits))
                errors += sum(len(each.exceptions) for each in visits)
            used.append(memory(server))
    note = f"{CLIENTS} clients, {SECONDS:.0f} s"
    return [
        Row("a poll of 30 visitors on one link, p95, ms", same, 350, note=note),
        Row("a poll of 30 visitors on 30 links, p95, ms", others, 450, note=note),
        Row("exceptions and lost answers", [errors], 0, note=note),
        Row("memory of the server after both, MB", used, 700, note="resident, one process"),
    ]


def p95(visits: list[Visit]) -> float:
    """Of the times of all polls, in seconds."""
    return float(np.percentile([poll for each in visits for poll in each.polls], 95))
