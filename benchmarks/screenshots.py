"""The pictures of the README: every page of the real app, once its run is over, in Chromium.

python -m benchmarks.screenshots
"""

import io
import shutil
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from explorer.ui.contents import CONTENTS
from tests.browser.conftest import FLAGS, serve

DOCS = Path(__file__).parents[1] / "docs"
SIZE = {"width": 1440, "height": 900}


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    found = shutil.which("chromium")
    with contextmanager(serve)("streamlit_app.py") as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=FLAGS)
        for entry in CONTENTS:
            page = browser.new_page(viewport=SIZE)
            page.goto(f"{server.url}/{'' if entry.name == 'home' else entry.name}")
            page.wait_for_selector("h1", timeout=60_000)
            if entry.name != "home":
                page.wait_for_selector(".player[data-state=over]", timeout=180_000)
            page.wait_for_timeout(3000)
            shot = Image.open(io.BytesIO(page.screenshot()))
            shot.convert("P", palette=Image.Palette.ADAPTIVE).save(
                DOCS / f"{entry.name}.png", optimize=True
            )
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
