"""The player in a real browser, as a test handles it."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.everything import FRAMES

# The state that a player shows of itself, by its place on the page.
STATE = """(place) => {
  const found = [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot?.querySelector('.player')).filter(Boolean)[place];
  return found ? { ...found.dataset } : {};
}"""

FASTEST = 1  # milliseconds of CPU time for a snapshot
SLOW = 20  # so much that the page stands before the run is over
LONG = 1000  # the run takes minutes


class Player:
    """A page with the player on it."""

    def __init__(self, page: Page, url: str, place: int = 0) -> None:
        self.page, self.url, self.place = page, url, place

    def open(self, **query: object) -> "Player":
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        self.page.goto(f"{self.url}/?{asked}")
        self.until(lambda state: "frame" in state)
        return self

    def state(self) -> dict[str, str]:
        return self.page.evaluate(STATE, self.place)

    def __getitem__(self, name: str) -> int:
        return int(self.state()[name])

    def until(self, holds: Callable[[dict[str, str]], bool], seconds: float = 60) -> "Player":
        end = time.monotonic() + seconds
        while not holds(state := self.state()):
            assert time.monotonic() < end, f"still {state}"
            self.page.wait_for_timeout(30)
        return self

    def over(self) -> "Player":
        """The run is over, and its last frame is shown without waiting for the recording."""
        self.frames(FRAMES + 1).press("End")
        return self.played()

    def played(self) -> "Player":
        """At the end of the run and of the recording."""
        return self.until(lambda s: s["state"] == "over" and int(s["frame"]) == FRAMES)

    def at(self, frame: int) -> "Player":
        """Shows this frame, once the browser has painted."""
        return self.until(lambda s: int(s["frame"]) == frame)

    def frames(self, count: int) -> "Player":
        return self.until(lambda s: int(s.get("frames", 0)) >= count)

    def still(self, seconds: float = 1) -> int:
        """Wait until no frame has come for so long; how many there are."""
        known = -1
        while known < self["frames"]:
            known = self["frames"]
            self.page.wait_for_timeout(1000 * seconds)
        return known

    def part(self, css: str):
        return self.page.locator(f".player {css}")

    def press(self, *keys: str) -> "Player":
        for key in keys:
            self.part(".stage").nth(self.place).press(key)
        return self


seeds = iter(range(10_000))


def fresh() -> int:
    """A seed that no test has asked for yet: its run does not exist."""
    return next(seeds)


def drag(player: Player, share: float) -> None:
    """Put the hand on the time line, at a share of its length."""
    player.part(".scrub").scroll_into_view_if_needed()
    box = player.part(".scrub").bounding_box()
    player.page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
