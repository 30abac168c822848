"""What is shown belongs to the settings above it, or is visibly old."""

import pytest

from tests.browser.everything import FRAMES
from tests.browser.playing import FASTEST, fresh

pytestmark = pytest.mark.browser

# Of every painted moment from now on: does a picture of other settings look as if it were theirs?
WATCH = """() => {
  const root = [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot?.querySelector('.player')).find(Boolean);
  window.seen = { moments: 0, old: 0, wrong: [], ghosts: 0 };
  const look = () => {
    const { seen } = window, asked = document.querySelector('[data-player="run"]')?.dataset;
    seen.moments += 1;
    seen.ghosts = Math.max(seen.ghosts, root.querySelectorAll('.ghost').length);
    const belongs = asked && asked.run === root.dataset.run && asked.view === root.dataset.view;
    const pale = ['.panel', '.readings', '.sentence', '.bar']
      .every((css) => +getComputedStyle(root.querySelector(css)).opacity < 0.5);
    if (asked && !belongs) {
      seen.old += 1;
      if (!pale) seen.wrong.push([asked.run, root.dataset.run, asked.view, root.dataset.view]);
    }
    requestAnimationFrame(look);
  };
  look();
}"""


def test_a_picture_of_other_settings_is_pale_and_says_so_until_the_first_frame_of_the_new_run(
    player,
):
    player.open(seed=fresh(), cost=FASTEST).over()
    old = player.state()["run"]
    player.page.evaluate(WATCH)
    player.page.get_by_role("slider", name="late").press("ArrowRight")
    player.until(lambda s: s["old"] == "settings")
    note = player.part(".veil").get_by_text("This picture belongs to the settings before.")
    note.wait_for()
    assert player.state()["run"] == old
    player.press("Home", "ArrowRight")  # the old film cannot be played on
    assert player["frame"] == FRAMES
    player.until(lambda s: s["run"] != old and s["old"] == "")
    note.wait_for(state="hidden")
    player.over()
    seen = player.page.evaluate("() => window.seen")
    assert seen["wrong"] == []
    assert seen["old"] > 5


def test_back_at_the_settings_before_their_picture_is_theirs_again(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    first = player.state()["run"]
    slider = player.page.get_by_role("slider", name="late")
    slider.press("ArrowRight")
    player.until(lambda s: s["old"] == "settings")
    slider.press("ArrowLeft")
    player.until(lambda s: s["old"] == "" and s["run"] == first)
    player.press("Home").at(0)


def test_a_run_that_fails_at_once_leaves_the_picture_before_visibly_old(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    player.page.evaluate(WATCH)
    player.page.get_by_role("checkbox", name="fails at once").press("Space")
    player.part(".veil").get_by_text("the learning rate is too high").wait_for()
    assert player.state()["old"] == "settings"
    assert player.page.evaluate("() => window.seen.wrong") == []


def test_another_view_leaves_no_ghost_of_the_one_before(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    player.page.evaluate(WATCH)
    for view in ("Two panels", "Growing", "Everything"):
        player.page.get_by_text(view).click()
        player.page.wait_for_timeout(300)
        player.until(lambda s: s["old"] == "")
    seen = player.page.evaluate("() => window.seen")
    assert seen["wrong"] == []
    assert seen["ghosts"] == 0
