"""The player in a real browser: live, by hand, by keyboard, small, dark, calm, and out of sight."""

import json
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Server
from tests.browser.everything import FRAMES

pytestmark = pytest.mark.browser

# The state that a player shows of itself, by its place on the page.
STATE = """(place) => {
  const found = [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot?.querySelector('.player')).filter(Boolean)[place];
  return found ? { ...found.dataset } : {};
}"""
FASTEST = 1  # milliseconds of CPU time for a snapshot


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
        """The run is over, and its last frame is shown without waiting for the film."""
        self.frames(FRAMES + 1).press("End")
        return self.played()

    def played(self) -> "Player":
        """At the end of the run and of the film."""
        return self.until(lambda s: s["state"] == "over" and int(s["frame"]) == FRAMES)

    def at(self, frame: int) -> "Player":
        """Shows this frame, once the browser has painted."""
        return self.until(lambda s: int(s["frame"]) == frame)

    def frames(self, count: int) -> "Player":
        return self.until(lambda s: int(s.get("frames", 0)) >= count)

    def part(self, css: str):
        return self.page.locator(f".player {css}")

    def press(self, *keys: str) -> "Player":
        for key in keys:
            self.part(".stage").nth(self.place).press(key)
        return self


@pytest.fixture
def player(page: Page, server: Server) -> Player:
    return Player(page, server.url)


seeds = iter(range(10_000))


def fresh() -> int:
    """A seed that no test has asked for yet: its run does not exist."""
    return next(seeds)


def drag(player: Player, share: float) -> None:
    """Put the hand on the time line, at a share of its length."""
    box = player.part(".scrub").bounding_box()
    player.page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)


def test_a_run_is_shown_live_and_the_page_goes_on_once_with_its_model(player):
    player.open(seed=fresh(), cost=FASTEST).played()
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


def test_it_scrubs_back_while_the_run_trains_and_finds_the_way_to_the_present(player):
    player.open(seed=fresh(), cost=40).frames(25)
    drag(player, 0.02)
    player.until(lambda s: int(s["frame"]) <= 6 and s["state"] == "behind")
    known = player["frames"]
    player.frames(known + 10)
    assert player["frame"] <= 6, "the picture waits where the hand left it"
    player.part(".live").click()
    player.until(lambda s: s["state"] == "training" and int(s["frame"]) > known)


def test_the_hand_cannot_go_further_than_the_run(player):
    player.open(seed=fresh(), cost=60).frames(5)
    drag(player, 0.9)
    state = player.state()
    assert int(state["frame"]) <= int(state["frames"]) - 1
    assert int(player.part(".scrub").input_value()) <= int(state["frames"]) + 20


def test_pause_lets_the_run_rest_and_play_lets_it_go_on(player):
    player.open(seed=fresh(), cost=30).frames(10)
    player.part(".play").click()
    player.until(lambda s: s["state"] == "paused")
    player.page.wait_for_timeout(700)
    rests = player["frames"]
    player.page.wait_for_timeout(1200)
    assert player["frames"] == rests
    player.part(".play").click()
    player.frames(rests + 10)


def test_a_step_at_the_edge_of_a_resting_run_computes_one_more_snapshot(player):
    player.open(seed=fresh(), cost=30).frames(8)
    player.part(".play").click()
    player.page.wait_for_timeout(700)
    last = player["frames"] - 1
    player.until(lambda s: s["state"] == "paused")
    for _ in range(last - player["frame"]):
        player.part(".next").click()
    assert player["frame"] == last
    for more in (1, 2):
        player.part(".next").click()
        player.until(lambda s, at=last + more: int(s["frame"]) == at)
        assert player["frames"] == last + more + 1
    player.part(".back").click()
    assert player["frame"] == last + 1


def test_everything_works_by_keyboard(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    player.press("Home").at(0)
    player.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft").at(2)
    player.press("Shift+ArrowRight").at(12)
    player.press(" ")
    player.until(lambda s: int(s["frame"]) > 14)
    player.press(" ")
    still = player["frame"]
    player.page.wait_for_timeout(300)
    assert player["frame"] == still
    player.press("End").at(FRAMES)
    for part in ("play", "back", "next", "scrub", "speed"):
        player.page.keyboard.press("Tab")
        assert player.page.evaluate(FOCUSED) == part


FOCUSED = """() => {
  let node = document.activeElement;
  while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node.className.split(' ')[0];
}"""


def test_the_speed_changes_the_pace(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    far = {}
    for speed in ("0.5", "4"):
        player.part(".speed").select_option(speed)
        player.press("Home")
        player.part(".play").click()
        player.page.wait_for_timeout(700)
        far[speed] = player["frame"]
        player.press("Home")
    assert far["4"] > 3 * far["0.5"]


# Every painted moment of the next seconds: sizes, whether a canvas is empty, how many players.
WATCH = """() => {
  const root = [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot?.querySelector('.player')).find(Boolean);
  window.seen = { node: root, heights: [], blank: 0, moments: 0, gone: 0, runs: [] };
  const look = () => {
    const { seen } = window, stage = root.querySelector('.stage');
    seen.moments += 1;
    seen.gone += root.isConnected ? 0 : 1;
    if (!seen.heights.includes(stage.offsetHeight)) seen.heights.push(stage.offsetHeight);
    if (!seen.runs.includes(root.dataset.run)) seen.runs.push(root.dataset.run);
    const canvas = root.querySelector('.panel canvas'), g = canvas.getContext('2d');
    const { data } = g.getImageData(0, 0, canvas.width, canvas.height);
    if (!data.some((value) => value > 0)) seen.blank += 1;
    requestAnimationFrame(look);
  };
  look();
}"""


def test_a_player_that_is_mounted_anew_looks_the_same_and_gets_its_frames_again(player):
    player.open(seed=next(seeds), cost=FASTEST).over()
    tall = player.part(".stage").bounding_box()["height"]
    player.page.evaluate("document.querySelectorAll('*').forEach((n) => { n.old = true; })")
    player.page.get_by_text("elsewhere").click()
    player.page.wait_for_function(
        "() => [...document.querySelectorAll('*')].some((n) => !n.old && n.shadowRoot)"
    )
    player.over()
    assert player.part(".stage").bounding_box()["height"] == pytest.approx(tall, abs=2)


def test_a_new_run_replaces_the_old_one_without_flicker_shift_or_remount(player):
    player.open(seed=50, cost=20).frames(30)
    old = player.state()["run"]
    player.page.evaluate(WATCH)
    player.page.get_by_role("slider", name="seed").press("ArrowRight")
    player.until(lambda s: s["run"] != old)
    player.frames(15)
    seen = player.page.evaluate(
        "() => ({...window.seen, node: window.seen.node.isConnected, same: "
        "[...document.querySelectorAll('*')].map((n) => n.shadowRoot?.querySelector('.player'))"
        ".find(Boolean) === window.seen.node})"
    )
    assert seen["same"]
    assert seen["node"]
    assert len(seen["runs"]) == 2
    assert seen["moments"] > 5
    assert seen["gone"] == seen["blank"] == 0
    assert len(seen["heights"]) == 1


def test_another_view_shows_the_same_moment_on_the_same_node(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    player.press("Home", "ArrowRight", "ArrowRight")
    player.page.evaluate(WATCH)
    player.page.get_by_text("Two panels").click()
    player.until(lambda s: player.part(".panel").count() == 2)
    assert player["frame"] == 2
    assert player.page.evaluate("() => window.seen.gone") == 0
    assert "run_view=two" in player.page.url


def test_the_legend_hides_marks_and_they_stay_hidden(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    shown = pixels(player, 0)
    button = player.part(
        ".legend button",
    ).filter(has_text="a square")
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert pixels(player, 0) != shown
    player.press("Home")
    assert button.get_attribute("aria-pressed") == "false"
    player.press("End")
    button.press("Enter")
    assert pixels(player, 0) == shown


def pixels(player: Player, panel: int) -> str:
    canvas = player.part(".panel canvas").nth(panel)
    return canvas.evaluate("(canvas) => canvas.toDataURL()")


def point(player: Player, panel: int, x: float, y: float) -> str:
    """Hold the pointer over a panel at shares of its size; what the tip says."""
    canvas = player.part(".panel canvas").nth(panel)
    box = canvas.bounding_box()
    canvas.hover(position={"x": box["width"] * x, "y": box["height"] * y})
    return player.part(".tip").inner_text()


def test_the_pointer_finds_values(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    judge = point(player, 1, 0.5, 0.5)
    assert "verdict 0" in judge
    assert "at (" in judge
    ring = point(player, 0, 0.5, 1 / 3)
    assert "a ring (0, 1)" in ring
    assert player.part(".found").is_visible()
    losses = point(player, 4, 0.6, 0.5)
    assert "model" in losses
    assert " at " in losses
    assert "best possible 0.02" in losses
    assert "dog" in point(player, 5, 0.45, 0.5)
    point(player, 6, 0.42, 0.5)
    assert player.part(".tip canvas").bounding_box()["width"] >= 64
    player.page.mouse.move(5, 5)
    assert player.part(".tip").is_hidden()


def test_readings_show_value_floor_and_help(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    first = player.part(".reading").first
    assert "0.0612" in first.inner_text()
    assert "a perfect model: 0.021 to 0.034" in first.inner_text()


def test_those_who_do_not_see_it_are_told(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    label = player.part(".stage").get_attribute("aria-label")
    assert label.startswith("Demo: Noise, Judge")
    assert "Covers 5 of 8 modes" in label
    assert player.part(".news").get_attribute("aria-live") == "polite"
    assert "Covers 5 of 8 modes" in player.part(".news").text_content()
    assert player.part(".scrub").get_attribute("aria-valuetext") == "step 300 of 300"


def test_every_target_can_be_hit_with_a_thumb(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    for target in player.part(":is(button, select, input)").all():
        if box := target.is_visible() and target.bounding_box():
            assert round(min(box["width"], box["height"])) >= 40, target.get_attribute("class")


def test_a_run_that_fails_says_why_over_its_last_picture(player):
    player.open(seed=fresh(), cost=FASTEST, fails=1)
    player.until(lambda s: s["state"] == "failed" and int(s["frames"]) == 30)
    player.part(".veil").get_by_text("the learning rate is too high").wait_for()
    assert player.page.get_by_text("Traceback").count() == 0
    player.page.get_by_text("page runs: 2").wait_for()


def test_a_run_that_builds_upon_another_says_what_it_waits_for(player, page, server):
    second = Player(page, server.url, place=1)
    player.open(seed=fresh(), cost=20, second=1)
    page.get_by_text("First the model it builds upon is trained").wait_for()
    second.until(lambda s: s.get("state") == "over")
    assert second["frame"] == 0, "it does not play where nobody looks"
    player.part(".stage").nth(1).scroll_into_view_if_needed()
    second.until(lambda s: s["frame"] == "19")


def test_a_lost_message_heals(player):
    player.open(seed=fresh(), cost=20).frames(20)
    player.page.evaluate(
        "() => { for (const node of document.querySelectorAll('*')) {"
        "  const found = node.shadowRoot?.querySelector('.root')?.player;"
        "  if (found) found.film.frames.length -= 7;"
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
    player.open(seed=fresh(), cost=100).frames(5)
    player.page.evaluate(HIDE, True)
    player.page.wait_for_timeout(5000)
    used, known = server.cpu(), player["frames"]
    player.page.wait_for_timeout(2000)
    assert server.cpu() - used < 0.3
    player.page.evaluate(HIDE, False)
    player.frames(known + 5)


def test_a_closed_tab_stops_the_run(browser, server):
    context = browser.new_context()
    Player(context.new_page(), server.url).open(seed=fresh(), cost=100).frames(5)
    context.close()
    time.sleep(5)
    used = server.cpu()
    time.sleep(2)
    assert server.cpu() - used < 0.3


@pytest.mark.parametrize("options", [{"viewport": {"width": 400, "height": 800}}])
def test_at_400_pixels_everything_stacks_in_order_and_nothing_is_cut_off(player, options):
    player.open(seed=fresh(), cost=FASTEST).over()
    wide = player.page.evaluate(
        "() => Math.max(...[...document.querySelectorAll('*')].map((n) => n.scrollWidth > 400 "
        "&& getComputedStyle(n).overflowX !== 'hidden' ? n.getBoundingClientRect().right : 0))"
    )
    assert wide <= 400
    places = []
    for panel in player.part(".panel").all():
        box = panel.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 400
        places.append((round(box["y"]), round(box["x"])))
    assert places == sorted(places)
    assert "samples → Judge" in player.part(".passes").first.inner_text()


@pytest.mark.parametrize("options", [{"reduced_motion": "reduce"}])
def test_who_prefers_less_motion_sees_the_newest_frame_now_and_then(player, options):
    player.open(seed=fresh(), cost=20)
    before, start = player["painted"], time.monotonic()
    player.page.wait_for_timeout(2000)
    assert player["painted"] - before <= 4 * (time.monotonic() - start)
    player.played()
    player.part(".play").click()
    player.until(lambda s: 0 < int(s["frame"]) < FRAMES)  # asked for, it moves


@pytest.mark.parametrize("options", [{"color_scheme": scheme} for scheme in ("light", "dark")])
def test_it_takes_the_colours_of_the_theme(player, options):
    player.open(seed=fresh(), cost=FASTEST).over()
    real = player.part("").evaluate("(root) => root.style.getPropertyValue('--real')")
    assert real == {"light": "#0067A8", "dark": "#5CB3F2"}[options["color_scheme"]]
    found = player.part(".panel canvas").first.evaluate(
        "(c) => JSON.stringify([...new Set(Array.from(new Uint32Array("
        "c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)))])"
    )
    assert int.from_bytes(bytes.fromhex(real[1:]) + b"\xff", "little") in json.loads(found)


def test_a_screen_with_fine_pixels_gets_fine_pictures(browser, server):
    context = browser.new_context(device_scale_factor=2)
    player = Player(context.new_page(), server.url).open(seed=fresh(), cost=FASTEST)
    canvas = player.part(".panel canvas").first
    width = canvas.evaluate("(canvas) => canvas.width / canvas.clientWidth")
    context.close()
    assert width == pytest.approx(2, abs=0.02)
