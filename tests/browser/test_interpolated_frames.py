"""Between two frames: points that stay themselves go straight from one to the next."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Server
from tests.browser.everything import FRAMES

pytestmark = pytest.mark.browser

ROOT = """const root = [...document.querySelectorAll('*')]
  .map((node) => node.shadowRoot?.querySelector('.player')).find(Boolean);
const { stage, recording, clock } = root.player;"""
# Where the points of a mark are shown a part of the way from a frame to the next.
SHOWN = """([frame, part, name]) => { ROOT
  stage.draw(recording, frame, part);
  for (const { panel } of stage.slots)
    for (const mark of panel.marks)
      if (mark.name === name) return [...panel.buffers[mark.xy].data];
}""".replace("ROOT", ROOT)
# The share of painted pictures among what a slow clock shows within a second.
PAINTED = """() => new Promise((done) => { ROOT
  Object.assign(clock, { at: 3, speed: 0.05, mode: "play" });
  const before = root.player.painted;
  root.player.wake();
  setTimeout(() => { clock.mode = "still"; done([root.player.painted - before, clock.at]); }, 3000);
})""".replace("ROOT", ROOT)


@pytest.fixture(scope="module")
def over(browser: Browser, server: Server) -> Iterator[Page]:
    """The page of a finished run whose recording was sent whole and rests."""
    page = browser.new_page()
    page.goto(f"{server.url}/?seed=4242&cost=1")
    page.wait_for_selector(f'.player[data-frames="{FRAMES + 1}"]', timeout=90_000)
    page.locator(".player .stage").first.press("Home")
    yield page
    page.close()


def test_points_go_straight_to_where_the_next_frame_has_them(over):
    here, there = (np.array(over.evaluate(SHOWN, [frame, 0, "generated"])) for frame in (7, 8))
    assert np.abs(here - there).max() > 20, "they move"
    for part in (0.25, 0.5, 0.9):
        between = np.array(over.evaluate(SHOWN, [7, part, "generated"]))
        assert np.abs(between - (here + part * (there - here))).max() <= 1


def test_what_is_not_marked_as_the_same_points_jumps_with_the_frame(over):
    here = over.evaluate(SHOWN, [7, 0, "real"])
    assert over.evaluate(SHOWN, [7, 0.5, "real"]) == here


def test_a_slow_recording_is_painted_between_its_frames_and_rests_on_one(over):
    painted, at = over.evaluate(PAINTED)
    assert painted > at - 3 + 2, "more pictures than frames"
    frame = int(at)
    over.locator(".player .stage").first.press("ArrowLeft")
    over.wait_for_function(
        f"() => {{ {ROOT} return Number.isInteger(clock.at) && !clock.playing; }}"
    )
    shown = over.evaluate(
        f"() => {{ {ROOT} for (const {{ panel }} of stage.slots) for (const mark of panel.marks)"
        " if (mark.name === 'generated') return [...panel.buffers[mark.xy].data]; }"
    )
    assert shown == over.evaluate(SHOWN, [frame, 0, "generated"])
