"""Behind nginx, under a path, on two replicas: deploy/nginx.conf as it stands, with other ports."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page

from explorer.ui.controls.packed import LONGEST
from tests.browser.conftest import Server, free_port, serve, watched

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
PATIENCE = 120_000  # milliseconds
PLAYER = """[...document.querySelectorAll('*')]
  .map((node) => node.shadowRoot?.querySelector('.player')).find(Boolean)"""
served = contextmanager(serve)


@contextmanager
def proxied(folder: Path) -> Iterator[tuple[str, list[Server]]]:
    """The address of the proxy, and the replicas behind it."""
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if nginx is None:
        pytest.skip("no nginx on this machine")
    port = free_port()
    with ExitStack() as stack:
        replicas = [
            stack.enter_context(served("deploy/serve.py", path="explorer")) for _ in range(2)
        ]
        site = (ROOT / "deploy/nginx.conf").read_text().replace("listen 8080", f"listen {port}")
        for said, replica in zip(("8501;", "8502;"), replicas):
            site = site.replace(f"127.0.0.1:{said}", f"127.0.0.1:{replica.url.rsplit(':', 1)[1]};")
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        config = folder / "nginx.conf"
        config.write_text(
            f"pid {folder}/pid; error_log {folder}/errors; daemon off;"
            f"events {{}} http {{ access_log off; {temporary} {site} }}"
        )
        process = subprocess.Popen([nginx, "-p", str(folder), "-c", str(config)])
        address = f"http://127.0.0.1:{port}"
        try:
            answers(f"{address}/explorer/_stcore/health")
            assert process.poll() is None, (folder / "errors").read_text()
            yield address, replicas
        finally:
            process.terminate()
            process.wait(10)


def answers(address: str, seconds: float = 60) -> None:
    """Wait until somebody answers there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(URLError, OSError), urlopen(address, timeout=5):
            return
        time.sleep(0.2)


def replica(address: str, room: str = "") -> str:
    """Which replica a new browser is sent to."""
    with urlopen(f"{address}/explorer/{f'?room={room}' if room else ''}") as answer:
        return answer.headers["Set-Cookie"].split(";")[0]


def painted(page: Page) -> list[str]:
    """The canvases of the first player, a moment from now."""
    page.wait_for_timeout(500)
    return page.evaluate(f"[...{PLAYER}.querySelectorAll('.panel canvas')].map(c => c.toDataURL())")


def pictures(browser: Browser, address: str, cookie: str) -> list[str]:
    """What the canvases show at the end of a run, asked of one replica."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    name, value = cookie.split("=")
    context.add_cookies([{"name": name, "value": value, "url": f"{address}/explorer/"}])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    wrong = watched(page)
    page.goto(f"{address}/explorer/gan?steps=30&seed=5")
    page.wait_for_selector(".player[data-state=over]")
    # The policy of this server forbids eval, so `wait_for_function` would be refused.
    ended = f"(p => p && +p.dataset.frame === p.dataset.frames - 1)({PLAYER})"
    while not page.evaluate(ended):  # as long as the test may take
        page.wait_for_timeout(100)
    shown = painted(page)
    while (later := painted(page)) != shown:  # a picture fades in
        shown = later
    page.get_by_role("link", name="Next").first.click()
    page.wait_for_url("**/explorer/gan_failures**")
    page.wait_for_selector("h1:has-text('GAN failures and remedies')")
    context.close()
    assert not wrong
    return shown


def test_two_replicas_under_a_path_show_the_same_bytes_and_keep_a_class_together(browser, tmp_path):
    with proxied(tmp_path) as (address, _):
        assert len({replica(address) for _ in range(30)}) == 2, "both are used"
        for room in ("ABCDEF", "GHJKLM", "NPQRST"):
            assert len({replica(address, room) for _ in range(8)}) == 1, "a class stays together"
        for link, page in (
            (f"text?dataset=own&own={'a' * LONGEST}", "text"),  # a text of one's own
            ("gan/x/y?steps=30", "gan?steps=30"),
        ):
            with urlopen(f"{address}/explorer/{link}") as answer:
                assert answer.status == 200
                assert answer.url.startswith(f"{address}/explorer/{page}")
        first = pictures(browser, address, "replica=one")
        assert len(first) >= 2
        assert pictures(browser, address, "replica=two") == first
