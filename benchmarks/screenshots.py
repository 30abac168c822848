"""The pictures of the README: pages of the real app, once their runs are over, in Chromium.

`python -m benchmarks.pictures` takes them.
"""

import io
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

from tests.browser.conftest import FLAGS, find_browser, serve

DOCS = Path(__file__).parents[1] / "docs"
SIZE = ViewportSize(width=1440, height=900)
LINKS = {"arena": "?predict_first=false&steps=200"}  # where the first visit shows no run yet
LAST = """() => [...document.querySelectorAll('*')]
  .map((node) => node.shadowRoot?.querySelector('.player')).filter(Boolean).slice(0, 1)
  .every(({ dataset }) => Number(dataset.frame) === Number(dataset.frames) - 1)"""


def shoot(names: Sequence[str]) -> None:
    """Open these pages one after the other and store what is seen at 1440 x 900."""
    DOCS.mkdir(exist_ok=True)
    with contextmanager(serve)("streamlit_app.py") as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for name in names:
            page = browser.new_page(viewport=SIZE)
            page.goto(f"{server.url}/{'' if name == 'home' else name}{LINKS.get(name, '')}")
            page.wait_for_selector("h1", timeout=120_000)
            if name not in ("home", "glossary"):
                page.wait_for_selector(".player[data-state=over]", timeout=900_000)
                page.wait_for_function(LAST, timeout=900_000)
            page.wait_for_timeout(8000 if name == "home" else 3000)  # its picture comes to rest
            shot = Image.open(io.BytesIO(page.screenshot()))
            shot.convert("P", palette=Image.Palette.ADAPTIVE).save(
                DOCS / f"{name}.png", optimize=True
            )
            page.close()
        browser.close()
