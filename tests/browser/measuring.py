"""What a browser can measure of a page: text that is cut off, and how much the page jumped."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("measuring.js")


def measured(page: Page) -> Page:
    """Have everything measured that is opened from now on."""
    page.add_init_script(path=SCRIPT)
    return page


def cut_off(page: Page) -> dict[str, str]:
    """Text that cannot be read where it stands, and why."""
    return dict(page.evaluate("window.cutOff()"))


def jumped(page: Page) -> float:
    """The sum of all shifts of the layout so far that followed no input."""
    return float(page.evaluate("window.jumped"))
