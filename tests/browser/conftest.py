"""A fresh server with the app's own configuration, and a real browser that stays on the machine."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.playing import Player

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
# Streamlit looks for itself beneath a page's address before it finds itself at the root.
PROBES = ("_stcore/health", "_stcore/host-config")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a failed browser test once more: a shared machine may stand still for a minute.

    What takes too long ends with its process: Playwright would swallow an exception and go on.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
            item.add_marker(pytest.mark.timeout(600, method="thread"))


@dataclass(frozen=True)
class Server:
    """A running app."""

    url: str
    pid: int

    def cpu(self) -> float:
        """Seconds of processor time that it has used so far."""
        if not Path("/proc").exists():
            pytest.skip("processor time of another process is read from /proc")
        used = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")

    def rests(self, seconds: float = 60) -> bool:
        """Wait until it uses next to no processor time; False if it never does."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            before = self.cpu()
            time.sleep(1.5)
            if self.cpu() - before < 0.075:
                return True
        return False


def free_port() -> int:
    """A port of this machine that nobody uses, and that no test beside this one is given."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port // 2 % workers == worker % workers:  # the system gives odd ones only
            return port


def serve(script: str, port: int = 0, path: str = "", root: Path = ROOT) -> Iterator[Server]:
    """Start `script` of `root` on a free port, as from a fresh clone; stop it at the end.

    With `path` all of it lies under that path, as behind a proxy.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", script]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    command += ["--server.headless", "true", "--server.baseUrlPath", path]
    process = subprocess.Popen(
        command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(480):
            assert process.poll() is None, f"the server ended with {process.poll()}"
            try:
                urlopen(f"{url}/{path}{'/' * bool(path)}_stcore/health", timeout=1).close()
                break
            except (URLError, OSError):
                time.sleep(0.25)
        yield Server(url, process.pid)
    finally:
        process.terminate()
        process.wait(60)


def find_browser() -> str | None:
    """The first known browser on the path."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The player alone on a page (app.py)."""
    yield from serve("tests/browser/app.py")


@pytest.fixture(scope="session")
def site() -> Iterator[Server]:
    """The whole app."""
    yield from serve("streamlit_app.py")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real browser without a window."""
    found = find_browser()
    if found is None:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing(f"no browser on the path: one of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield launched
        launched.close()


def watched(page: Page) -> list[str]:
    """What goes wrong on a page from now on: errors, and requests that leave the machine."""
    wrong: list[str] = []

    def console(message) -> None:
        failed_probe = "404" in message.text and message.location["url"].endswith(PROBES)
        if message.type == "error" and not failed_probe:
            wrong.append(f"console: {message.text}")

    def request(asked) -> None:
        if not asked.url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")):
            wrong.append(f"left the machine: {asked.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("request", request)
    page.on("websocket", request)
    return wrong


@pytest.fixture
def options() -> dict:
    """Of the browser's context; tests override it."""
    return {}


@pytest.fixture
def page(browser: Browser, options: dict) -> Iterator[Page]:
    """A page with a fresh profile; afterwards nothing may have gone wrong on it."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    wrong = watched(opened)
    yield opened
    context.close()
    assert not wrong


@pytest.fixture
def player(page: Page, server: Server) -> Player:
    """The player alone on a page."""
    return Player(page, server.url)
