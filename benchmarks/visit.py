"""A long visit: one browser turns through every page, preset and view, twice, on a fresh server.

What a server keeps of it is bounded: runs, recordings, sets of images. So memory may not go on
growing in the second round. `python -m benchmarks.visit` also prints the course.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, sync_playwright

from benchmarks.load import memory
from benchmarks.row import Row
from explorer.ui.home.contents import CONTENTS, Entry
from tests.browser.conftest import FLAGS, Server, find_browser, serve

ROUNDS = 2
STAY = 4000  # milliseconds with a preset, from its click
LOOK = 700  # and with each view of it
PRESETS = ".st-key-presets button"
VIEWS = "[class*='view-shown'] button"


def rows() -> list[Row]:
    """Memory at the end, and what the second round added to the first."""
    course = [used for _, _, used in visits()]
    half = len(course) // ROUNDS
    return [
        Row("memory after a long visit, MB", [max(course)], 800, note=f"{ROUNDS} rounds"),
        Row("memory that its second round adds, MB", [max(course) - max(course[:half])], 80),
    ]


def visits() -> Iterator[tuple[int, str, float]]:
    """Round, page and memory of the server (MB) after all of its presets and views."""
    with contextmanager(serve)("streamlit_app.py") as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(server.url)
        page.wait_for_selector("h1")
        for turn in range(ROUNDS):
            for entry in CONTENTS:
                yield turn, entry.name, visited(page, entry, server)
        browser.close()


def visited(page: Page, entry: Entry, server: Server) -> float:
    """Turn to a page, use each of its presets and views; the memory of the server then."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=entry.short, exact=True).click()
    page.wait_for_timeout(STAY)
    for preset in buttons(page.locator(PRESETS)):
        press(page, page.locator(PRESETS).get_by_text(preset, exact=True))
        page.wait_for_timeout(STAY)
        for at in range(page.locator(VIEWS).count()):
            press(page, page.locator(VIEWS).nth(at))
            page.wait_for_timeout(LOOK)
    return memory(server)


def buttons(found: Locator) -> list[str]:
    """What buttons say, without their icons."""
    return [each.inner_text().rpartition("\n")[2].strip() for each in found.all()]


def press(page: Page, button: Locator) -> None:
    """Click, unless the page took it away meanwhile."""
    if button.count():
        button.first.click(timeout=30_000)


if __name__ == "__main__":
    for turn, name, used in visits():
        print(turn, name, round(used), file=sys.stderr, flush=True)
