"""The player in a real browser: a run live, at its end, out of sight, and when it fails."""

import pytest

from tests.browser.everything import FRAMES
from tests.browser.playing import FASTEST, LONG, SLOW, Player, drag, fresh

pytestmark = pytest.mark.browser


def test_a_run_is_shown_live_and_the_page_goes_on_once_with_its_model(player):
    player.open(seed=fresh(), cost=SLOW).played()
    assert player["frames"] == FRAMES + 1
    player.page.get_by_text("the page goes on with: a model").wait_for()
    player.page.get_by_text("page runs: 2").wait_for()
    player.page.wait_for_timeout(1500)
    assert player.page.get_by_text("page runs: 2").is_visible(), "once only"


def test_a_run_that_was_complete_is_played_from_its_start_and_runs_the_page_once(player):
    seed = fresh()
    player.open(seed=seed, cost=FASTEST).over()
    player.open(seed=seed, cost=FASTEST)
    assert player["frame"] < FRAMES
    player.played()
    assert player.page.get_by_text("page runs: 1").is_visible()


def test_a_finished_run_is_played_without_any_traffic(player):
    sent: list[object] = []
    player.page.on(
        "websocket", lambda socket: socket.on("framesent", lambda data: sent.append(data))
    )
    player.open(seed=fresh(), cost=FASTEST).over()
    player.page.wait_for_timeout(1500)
    sent.clear()
    player.part(".play").click()
    player.page.wait_for_timeout(800)
    drag(player, 0.3)
    player.press("ArrowLeft", "ArrowRight", "Home", "End")
    player.page.wait_for_timeout(1000)
    assert not sent


def test_a_run_that_fails_says_why_over_its_last_picture(player):
    player.open(seed=fresh(), cost=4 * SLOW, fails=1)
    player.until(lambda s: s["state"] == "failed" and int(s["frames"]) == 30)
    player.part(".veil").get_by_text("the learning rate is too high").wait_for()
    assert player.page.get_by_text("Traceback").count() == 0
    player.page.get_by_text("page runs: 2").wait_for()


def test_a_run_that_builds_upon_another_says_what_it_waits_for(player, page, server):
    second = Player(page, server.url, place=1)
    player.open(seed=fresh(), cost=2 * SLOW, second=1)
    page.get_by_text("First the model it builds upon is trained").wait_for()
    second.until(lambda s: s.get("state") == "over")
    assert second["frame"] == 0, "it does not play where nobody looks"
    player.part(".stage").nth(1).scroll_into_view_if_needed()
    second.until(lambda s: s["frame"] == "19")


def test_a_lost_message_heals(player):
    player.open(seed=fresh(), cost=2 * SLOW).frames(20)
    player.page.evaluate(
        "() => { for (const node of document.querySelectorAll('*')) {"
        "  const found = node.shadowRoot?.querySelector('.root')?.player;"
        "  if (!found) continue;"
        "  const { frames } = found.recording;"
        "  frames.length = Math.max(1, Math.min(frames.length - 7, found.shown));"
        "  found.glide();"  # before the next frame is drawn
        "} }"
    )
    player.over()
    assert player["frames"] == FRAMES + 1


# What a browser does to a tab in the background, as far as a page can see it.
HIDE = """(hidden) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


def test_a_hidden_tab_stops_the_run_and_goes_on_when_it_is_seen_again(player, server):
    player.open(seed=fresh(), cost=LONG).frames(2)
    player.page.evaluate(HIDE, True)
    assert server.rests()
    known = player["frames"]
    player.page.evaluate(HIDE, False)
    player.frames(known + 2)
    assert player.state()["state"] != "over", "it rested before its end"


def test_a_closed_tab_stops_the_run(browser, server):
    context = browser.new_context()
    Player(context.new_page(), server.url).open(seed=fresh(), cost=LONG).frames(2)
    context.close()
    assert server.rests()


def test_two_tabs_of_one_visitor_share_a_run_and_closing_one_stops_nothing(browser, server):
    context, seed = browser.new_context(), fresh()
    first, second = (
        Player(context.new_page(), server.url).open(seed=seed, cost=60).frames(5) for _ in range(2)
    )
    assert first.state()["run"] == second.state()["run"]
    first.page.close()
    second.frames(second["frames"] + 15)
    context.close()
