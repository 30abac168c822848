"""The player under the hand: scrubbing, steps, speed, keyboard, legend and pointer."""

import pytest

from tests.browser.everything import FRAMES
from tests.browser.playing import FASTEST, LONG, Player, drag, fresh

pytestmark = pytest.mark.browser


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
    player.open(seed=fresh(), cost=LONG // 5).frames(3)
    player.part(".play").click()
    player.until(lambda s: s["state"] == "paused")
    rests = player.still()
    assert rests <= FRAMES
    player.part(".play").click()
    player.frames(rests + 3)


def test_a_step_at_the_edge_of_a_resting_run_computes_one_more_snapshot(player):
    player.open(seed=fresh(), cost=LONG // 5).frames(3)
    player.part(".play").click()
    player.until(lambda s: s["state"] == "paused")
    last = player.still() - 1
    for _ in range(last - player["frame"]):
        player.part(".next").click()
    assert player["frame"] == last
    for more in (1, 2):
        player.part(".next").click()
        player.until(lambda s, at=last + more: int(s["frame"]) == at)
        assert player["frames"] == last + more + 1
    player.part(".back").click()
    assert player["frame"] == last + 1


FOCUSED = """() => {
  let node = document.activeElement;
  while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node.className.split(' ')[0];
}"""


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


def test_the_speed_changes_the_pace(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    far = {}
    for speed in (0.5, 4):
        player.part(".speed").select_option(str(speed))
        far[speed] = player.page.evaluate(AFTER, 0.5)
    assert far == {0.5: 7.5, 4: 60}, "30 frames a second at speed 1"


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
    found = point(player, 1, 0.5, 0.5)
    assert "D(x) 0" in found
    assert "at (" in found
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


def test_a_growing_curve_ends_at_the_frame_that_is_shown(player):
    player.open(seed=fresh(), cost=FASTEST, run_view="growing").over()
    last = pixels(player, 0)
    assert "loss" in point(player, 0, 0.9, 0.5)
    drag(player, 0.2)
    player.until(lambda s: int(s["frame"]) < 40)
    assert "loss" in point(player, 0, 0.2, 0.5)
    player.part(".panel canvas").first.hover(position={"x": 900, "y": 90})
    assert "loss" not in player.part(".tip").inner_text(), "not so far yet"
    axes = [
        player.page.evaluate(VIEW),
        player.press("End").played().page.evaluate(VIEW),
    ]
    assert axes[0] == axes[1], "the axes hold all that has come so far"
    assert pixels(player, 0) == last


def test_points_that_come_twice_are_not_counted_twice(player):
    player.open(seed=fresh(), cost=20, run_view="growing").frames(20)
    player.page.evaluate(LOSE, 7)
    player.over()
    assert player.page.evaluate(POINTS) == [2 * (i + 1) for i in range(FRAMES + 1)]


def test_one_sound_is_heard_at_a_time_and_a_line_moves_over_its_panel(player):
    player.open(seed=fresh(), cost=5, run_view="two").over()
    scale, chord = (
        player.part(f".listen button:has-text('{name}')") for name in ("scale", "chord")
    )
    scale.click()
    assert scale.get_attribute("aria-pressed") == "true"
    assert player.part(".ruler.now").count() == 1
    chord.click()
    assert scale.get_attribute("aria-pressed") == "false"
    assert chord.get_attribute("aria-pressed") == "true"
    assert player.part(".ruler.now").count() == 0, "the chord belongs to no panel"
    chord.click()
    assert chord.get_attribute("aria-pressed") == "false"


FOUND = (
    "[...document.querySelectorAll('*')].map((n) => n.shadowRoot?.querySelector('.root')?.player)"
)
AFTER = (
    f"(seconds) => {{ const {{ clock }} = {FOUND}.find(Boolean); clock.at = 0; "
    "clock.mode = 'play'; clock.pass(seconds, 0.25); clock.mode = 'still'; return clock.at; }"
)
VIEW = f"() => {{ const {{ x0, x1, y0, y1 }} = {FOUND}.find(Boolean).stage.slots[0].view; "
VIEW += "return [x0, x1, y0, y1]; }"
LOSE = f"(most) => {{ const it = {FOUND}.find(Boolean); "
LOSE += "it.recording.frames.length -= most; it.draw(); }"
POINTS = f"() => {FOUND}.find(Boolean).recording.frames.map((f) => f.panels[0].buffers[0].shape[0])"
