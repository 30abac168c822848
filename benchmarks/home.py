"""The home page: how soon it is painted on a warm server, and that it loads no model library.

Each visit has a fresh browser profile, so nothing is cached.
"""

from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.row import Row
from tests.browser.conftest import FLAGS, find_browser, serve

VISITS = 5
# Seconds from the start of the navigation to the frame after the title was there.
WATCH = """new MutationObserver((_, observer) => {
  if (!document.querySelector('h1')) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame((now) => { window.titled = now / 1000; }));
}).observe(document, { childList: true, subtree: true });"""
FIRST = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"


def rows() -> list[Row]:
    with contextmanager(serve)("streamlit_app.py") as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        visit(browser, server.url)  # the first one warms the server
        visits = [visit(browser, server.url) for _ in range(VISITS)]
        browser.close()
        loaded = "libtorch" in Path(f"/proc/{server.pid}/maps").read_text()
    first, title = zip(*visits)
    return [
        Row("home: first paint, s", first, 1.0, note="warm server, nothing cached"),
        Row("home: title painted, s", title, 1.0, note="the same visits"),
        Row("home: torch in the server's memory", [float(loaded)], 0.0, note="after all visits"),
    ]


def visit(browser: Browser, address: str) -> tuple[float, float]:
    """Seconds to the first paint of anything, and to that of the title."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_function("window.titled")
    seen = float(page.evaluate(FIRST)), float(page.evaluate("window.titled"))
    context.close()
    return seen
