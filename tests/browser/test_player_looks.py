"""How the player looks: without flicker, on every screen, in both themes, and said in words."""

import json

import pytest

from tests.browser.everything import FRAMES
from tests.browser.playing import FASTEST, Player, fresh

pytestmark = pytest.mark.browser


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
    player.open(seed=fresh(), cost=FASTEST).over()
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


def test_readings_show_value_floor_and_help(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    first = player.part(".reading").first
    assert "0.0612" in first.inner_text()
    assert "a perfect model: 0.021 to 0.034" in first.inner_text()


def test_those_who_do_not_see_it_are_told(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    label = player.part(".stage").get_attribute("aria-label")
    assert label.startswith("Demo: Noise, Discriminator")
    assert "Covers 5 of 8 modes" in label
    assert player.part(".news").get_attribute("aria-live") == "polite"
    assert "Covers 5 of 8 modes" in player.part(".news").text_content()
    assert player.part(".scrub").get_attribute("aria-valuetext") == "step 300 of 300"


def test_every_target_can_be_hit_with_a_thumb(player):
    player.open(seed=fresh(), cost=FASTEST).over()
    for target in player.part(":is(button, select, input)").all():
        if box := target.is_visible() and target.bounding_box():
            assert round(min(box["width"], box["height"])) >= 40, target.get_attribute("class")


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
    assert "samples → Discriminator" in player.part(".passes").first.inner_text()


# From now on: how often frames have come, and how often something was painted.
COUNT = """() => {
  const found = [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot?.querySelector('.root')?.player).find(Boolean);
  const { clock } = found, { extend } = clock, before = found.painted;
  let came = 0;
  clock.extend = (...news) => { came += 1; return extend.apply(clock, news); };
  window.counted = () => [came, found.painted - before];
}"""


@pytest.mark.parametrize("options", [{"reduced_motion": "reduce"}])
def test_who_prefers_less_motion_sees_the_newest_frame_when_some_have_come(player, options):
    player.open(seed=fresh(), cost=20)
    player.page.evaluate(COUNT)
    player.frames(FRAMES // 2)
    came, painted = player.page.evaluate("() => window.counted()")
    assert 0 < painted <= came
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
