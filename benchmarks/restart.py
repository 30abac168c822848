"""How soon a page goes on by itself when its server was killed and is there again.

Seconds from the moment at which the new process answers to the first frame that it sends.
"""

import os
import signal
import time
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from benchmarks.live import STATE
from benchmarks.row import Row
from tests.browser.conftest import FLAGS, find_browser, free_port, serve

DELAYS = (0.3, 0.8, 1.5, 2.5)  # seconds from the beginning of the navigation
FRAMES = 10  # of a run under way
AWAY = 6.0  # seconds without a server
served = contextmanager(serve)


def rows() -> list[Row]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        first = [recovery(browser, delay) for delay in DELAYS]
        later = [recovery(browser, None) for _ in range(3)]
        browser.close()
    return [
        Row("server killed while a page loads, s to a frame", first, 10, note="after 0.3 to 2.5 s"),
        Row("server killed in mid-run, s to a frame", later, 10, note=f"away for {AWAY:.0f} s"),
    ]


def recovery(browser: Browser, delay: float | None, patience: float = 60) -> float:
    """Seconds from the server's return to the next frame; `delay` None kills it in mid-run."""
    port = free_port()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    with served("streamlit_app.py", port) as server:
        page.goto(f"{server.url}/gan?steps=20000", wait_until="commit")
        if delay is not None:
            page.wait_for_timeout(1000 * delay)
        while delay is None and int(page.evaluate(STATE).get("frames", 0)) < FRAMES:
            page.wait_for_timeout(100)
        os.kill(server.pid, signal.SIGKILL)
    before = int(page.evaluate(STATE).get("frames", 0))
    page.wait_for_timeout(1000 * AWAY)
    with served("streamlit_app.py", port):
        back = time.monotonic()
        while int(page.evaluate(STATE).get("frames", 0)) <= before:
            if time.monotonic() - back > patience:
                return float("inf")
            page.wait_for_timeout(100)
        took = time.monotonic() - back
        context.close()
    return took


if __name__ == "__main__":
    for row in rows():
        print(row.figure, [round(value, 1) for value in row.values], flush=True)
