"""What a poll and a click cost the server's interpreter, before and now, side by side in one run.

CPU milliseconds of the whole process, with nothing to train: the GAN page's run is over. "Before"
is an older commit in a worktree of its own; the two take turns, so that both meet the same machine.
"""

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import websockets
from websockets.typing import Subprotocol

from benchmarks.clients import Client
from benchmarks.row import Row
from tests.browser.conftest import ROOT, Server, serve

BEFORE = "3c7c6d6"
ROUNDS = 3
POLLS, CLICKS = 300, 60
PAGE, QUERY = "gan", "steps=100"


def rows() -> list[Row]:
    costs: dict[str, list[tuple[float, float]]] = {"before": [], "now": []}
    with before() as old:
        for _ in range(ROUNDS):
            for name, root in (("before", old), ("now", ROOT)):
                with contextmanager(serve)("streamlit_app.py", root=root) as server:
                    costs[name].append(asyncio.run(cost(server)))
    (polls, clicks), (old_polls, old_clicks) = (zip(*costs[name]) for name in ("now", "before"))
    return [
        compared("a poll, share of its cost before", polls, old_polls),
        compared("a click, share of its cost before", clicks, old_clicks),
    ]


def compared(figure: str, now: Sequence[float], old: Sequence[float]) -> Row:
    said = (", ".join(f"{1000 * each:.2f}" for each in costs) for costs in (now, old))
    note = "CPU ms {}; before {}".format(*said)
    return Row(figure, [a / b for a, b in zip(now, old)], 0.5, note=note)


@contextmanager
def before() -> Iterator[Path]:
    """A worktree of the older commit."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "before"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run(
            [*git, "add", "--detach", str(place), BEFORE], check=True, capture_output=True
        )
        yield place
        subprocess.run([*git, "remove", "--force", str(place)], check=True)


async def cost(server: Server) -> tuple[float, float]:
    """CPU seconds of a poll that finds nothing new, and of a run of the whole page."""
    client = Client(server, PAGE, QUERY)
    async with websockets.connect(
        client.address, subprotocols=[Subprotocol("streamlit")], max_size=None, compression=None
    ) as socket:
        await socket.send(client.rerun())
        header = await client.answer(socket, time.monotonic() + 60)
        while not (header["ended"] and client.have >= header["total"]):
            await client.listen(socket, 0.2)
            header = await asked(client, socket, header, "train")
        await asked(client, socket, header, "over")
        await client.listen(socket, 3)
        header = await asked(client, socket, header, "train")
        start = server.cpu()
        for _ in range(POLLS):
            header = await asked(client, socket, header, "train")
        polls = server.cpu() - start
        start = server.cpu()
        for _ in range(CLICKS):
            await socket.send(client.rerun())
            await client.finished(socket)
        clicks = server.cpu() - start
        assert not client.visit.exceptions, client.visit.exceptions
    return polls / POLLS, clicks / CLICKS


async def asked(
    client: Client, socket: websockets.ClientConnection, header: dict, want: str
) -> dict:
    """The answer to a poll."""
    client.n += 1
    return await client.poll(socket, header, want)
