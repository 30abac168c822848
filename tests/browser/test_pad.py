"""Pads and pickers in a real browser: they follow the hand, and the link remembers."""

import json
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import serve

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pads() -> Iterator[str]:
    """The address of a page with all pads and pickers (pads.py)."""
    for server in serve("tests/browser/pads.py"):
        yield server.url


@pytest.fixture
def page(page: Page, pads: str) -> Page:
    """That page, open."""
    page.goto(pads)
    ready(page)
    return page


def ready(page: Page) -> None:
    page.wait_for_selector(".st-key-found", timeout=60_000)
    page.wait_for_selector(".st-key-both-pad canvas")


def found(page: Page) -> dict:
    """What the script got from the pads."""
    return json.loads(page.locator(".st-key-found").inner_text())


def settled(page: Page, name: str, wanted) -> object:
    """Wait until the script has got what `wanted` accepts; return it."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        value = found(page)[name]
        if wanted(value):
            return value
        page.wait_for_timeout(50)
    raise AssertionError(f"{name} is still {value!r}")


def canvas(page: Page, key: str):
    return page.locator(f".st-key-{key} canvas").first


def drag(page: Page, key: str, path: list[tuple[float, float]]) -> None:
    """Press, go along shares (x, y) of the canvas, release."""
    target = canvas(page, key)
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in path]
    page.mouse.move(*at[0])
    page.mouse.down()
    for point in at[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()


def pixels(page: Page, key: str, nth: int = 0) -> list[int]:
    """The bytes of a canvas."""
    return (
        page.locator(f".st-key-{key} canvas")
        .nth(nth)
        .evaluate("c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]")
    )


def test_the_map_is_painted_in_every_frame_in_which_the_hand_moved(page):
    """How many frames a second that makes: benchmarks/live.py."""
    target = canvas(page, "z-pad")
    box = target.bounding_box()
    next_frame = """c => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
        () => done(c.getRootNode().querySelector('.root').pad.painted))))"""
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    painted = [target.evaluate(next_frame)]
    for step in range(1, 21):
        page.mouse.move(box["x"] + 20 + 17 * step, box["y"] + 20 + 7 * step)
        painted.append(target.evaluate(next_frame))
    page.mouse.up()
    assert all(after > before for before, after in pairwise(painted))


def test_the_image_is_that_of_the_code_under_the_hand(page):
    target, box = canvas(page, "z-pad"), canvas(page, "z-pad").bounding_box()
    brightest = """c => {
        const at = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let best = [0, 0, 0];
        for (let i = 3; i < at.length; i += 4)
            if (at[i] > best[0])
                best = [at[i], ((i >> 2) % c.width) / c.width, (i >> 2) / c.width / c.height];
        return best.slice(1);
    }"""
    image = page.locator(".st-key-z-pad canvas").nth(1)
    for x, y in [(0.3, 0.3), (0.7, 0.3), (0.3, 0.7)]:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        for _ in range(400):  # until it is painted
            page.wait_for_timeout(100)
            right, down = image.evaluate(brightest)  # the spot lies where the code says
            if (right > 0.5, down > 0.5) == (x > 0.5, y > 0.5):
                break
        else:
            pytest.fail(f"the hand is at {x}, {y}, and the spot at {right}, {down}")
    assert target.is_visible()


def test_a_point_on_the_map_reaches_the_script_and_the_link_restores_it(page):
    drag(page, "z-pad", [(0.5, 0.5), (0.9, 0.1)])
    x, y = settled(page, "z", lambda at: at[0] > 2)
    assert y > 2
    page.wait_for_function("location.search.includes('z=')")
    shown = page.locator(".st-key-z-pad p").inner_text()
    page.goto(page.url)
    ready(page)
    assert found(page)["z"] == [x, y]
    assert page.locator(".st-key-z-pad p").inner_text() == shown


def test_the_map_can_be_walked_by_keyboard(page):
    canvas(page, "z-pad").focus()
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowDown")
    assert -1 < settled(page, "z", lambda at: at[0] > 2)[1] < 0.2


def test_strokes_reach_the_script_one_by_one_and_undo_takes_the_last(page):
    drag(page, "strokes-pad", [(0.2, 0.2), (0.8, 0.8)])
    settled(page, "strokes", lambda count: count == 1)
    drag(page, "strokes-pad", [(0.8, 0.2), (0.2, 0.8)])
    settled(page, "strokes", lambda count: count == 2)
    page.locator(".st-key-strokes-pad button", has_text="Undo").click()
    settled(page, "strokes", lambda count: count == 1)
    page.reload()
    ready(page)
    assert found(page)["strokes"] == 1


def test_strokes_can_be_drawn_by_keyboard(page):
    canvas(page, "strokes-pad").focus()
    page.keyboard.press(" ")
    for _ in range(5):
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press(" ")
    settled(page, "strokes", lambda count: count == 1)


def test_an_image_is_painted_erased_cleared_and_undone(page):
    drag(page, "small-pad", [(0.2, 0.2), (0.8, 0.2)])
    painted = settled(page, "small", lambda ink: ink > 4)
    pad = page.locator(".st-key-small-pad")
    pad.locator("button", has_text="Erase").click()
    drag(page, "small-pad", [(0.2, 0.2), (0.4, 0.2)])
    settled(page, "small", lambda ink: 0 < ink < painted)
    pad.locator("button", has_text="Clear").click()
    settled(page, "small", lambda ink: ink == 0)
    pad.locator("button", has_text="Undo").click()
    settled(page, "small", lambda ink: ink > 0)


def test_a_part_of_an_image_is_marked_and_the_link_restores_both(page):
    page.get_by_text("Start from an image").click()
    settled(page, "both", lambda both: both and both[0] > 200)
    page.locator(".st-key-both-pad button", has_text="Mark the gap").click()
    drag(page, "both-pad", [(0.2, 0.5), (0.5, 0.5)])
    marked = settled(page, "both", lambda both: both[1] > 20)
    page.wait_for_function("location.search.includes('both=')")
    before = pixels(page, "both-pad")
    page.reload()
    ready(page)
    assert settled(page, "both", lambda both: both == marked)
    page.wait_for_timeout(500)
    differences = [abs(a - b) for a, b in zip(before, pixels(page, "both-pad"))]
    assert max(differences) <= 9  # a link keeps 16 levels of grey


@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 400, "height": 800}, "has_touch": True}]
)
def test_the_touch_of_a_finger_draws_and_does_not_scroll(page):
    target = canvas(page, "strokes-pad")
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    finger = page.context.new_cdp_session(page)
    for kind, share in [("Start", 0.3), ("Move", 0.5), ("Move", 0.7), ("End", 0)]:
        at = {"x": box["x"] + share * box["width"], "y": box["y"] + share * box["height"]}
        points = [] if kind == "End" else [at]
        finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    settled(page, "strokes", lambda count: count == 1)
    assert target.bounding_box() == box
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 400


def test_a_picture_is_chosen_by_click_and_by_arrow_and_marked_for_everybody(page):
    group = page.get_by_role("radiogroup", name="Training data")
    group.get_by_role("radio", name="moons").click()
    settled(page, "dataset", lambda name: name == "moons")
    assert group.get_by_role("radio", name="moons").get_attribute("aria-checked") == "true"
    page.keyboard.press("ArrowRight")
    settled(page, "dataset", lambda name: name == "spiral")
    assert group.get_by_role("radio", checked=True).count() == 1
    for radio in group.get_by_role("radio").all():
        box = radio.bounding_box()
        assert min(box["width"], box["height"]) >= 40


def test_going_back_in_the_browser_brings_the_data_back(page):
    group = page.get_by_role("radiogroup", name="Training data")
    group.get_by_role("radio", name="moons").click()
    settled(page, "dataset", lambda name: name == "moons")
    group.get_by_role("radio", name="grid").click()
    settled(page, "dataset", lambda name: name == "grid")
    page.go_back()
    settled(page, "dataset", lambda name: name == "moons")
    assert group.get_by_role("radio", name="moons").get_attribute("aria-checked") == "true"


def test_ones_own_drawing_becomes_the_data_and_an_empty_one_cannot(page):
    page.get_by_role("radio", name="draw").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("The pad is still empty").wait_for()
    assert dialog.get_by_role("button", name="Use this drawing").is_disabled()
    target = dialog.locator("canvas")
    box = target.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 250, steps=10)
    page.mouse.up()
    dialog.get_by_role("button", name="Use this drawing", disabled=False).click()
    name = settled(page, "dataset", lambda name: name.startswith("drawn:"))
    dialog.wait_for(state="hidden")
    page.reload()
    ready(page)
    assert found(page)["dataset"] == name
    assert page.get_by_role("radio", name="yours").get_attribute("aria-checked") == "true"


@pytest.mark.parametrize("options", [{"color_scheme": "light"}, {"color_scheme": "dark"}])
def test_pads_take_the_colours_of_the_theme(page, options):
    page.wait_for_timeout(500)
    ink = canvas(page, "z-pad").evaluate(
        "c => c.getRootNode().querySelector('.root').pad.colours.text"
    )
    assert ink.strip().lower() == {"light": "#1b1f24", "dark": "#eceef0"}[options["color_scheme"]]


def test_a_second_pointer_and_the_other_button_of_the_mouse_draw_nothing(page):
    target = canvas(page, "strokes-pad")
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down(button="right")
    page.mouse.move(box["x"] + 90, box["y"] + 90, steps=4)
    page.mouse.up(button="right")
    for kind, pointer in [("down", 7), ("down", 8), ("move", 8), ("up", 8), ("cancel", 7)]:
        target.evaluate(
            "(node, [kind, pointerId]) => { node.setPointerCapture = () => {}; node.dispatchEvent("
            "new PointerEvent(`pointer${kind}`, { pointerId, pointerType: 'pen', button: 0,"
            " clientX: node.getBoundingClientRect().x + 20 * pointerId,"
            " clientY: node.getBoundingClientRect().y + 40 })); }",
            [kind, pointer],
        )
    settled(page, "strokes", lambda count: count == 1)  # that of the first pen, though cancelled
    page.wait_for_timeout(500)
    assert found(page)["strokes"] == 1


def test_a_tapped_melody_reaches_the_link_and_the_arrow_keys_move_over_the_keyboard(page):
    page.get_by_role("button", name="note 64").click()
    page.get_by_role("button", name="note 65").click()
    settled(page, "melody", lambda melody: melody == "64-65")
    page.get_by_role("button", name="note 72").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settled(page, "melody", lambda melody: melody == "64-65-61")
    page.locator(".st-key-melody-pad").get_by_role("button", name="Undo").click()
    settled(page, "melody", lambda melody: melody == "64-65")
    page.reload()
    ready(page)
    settled(page, "melody", lambda melody: melody == "64-65")


def test_a_unit_of_a_network_is_cut_and_a_weight_is_set_by_hand(page: Page) -> None:
    pad = page.locator(".st-key-edits-pad")
    network = pad.locator("canvas")
    network.scroll_into_view_if_needed()
    pad.locator("canvas[data-painted]").wait_for()
    before = pixels(page, "edits-pad")
    box = network.bounding_box()
    middle, apart = box["height"] / 2, (box["height"] - 16) / 4
    network.click(position={"x": box["width"] / 2, "y": middle - apart / 2})
    assert pad.locator("select").input_value() == "b1.1"
    pad.get_by_role("button", name="Cut").click()
    settled(page, "edits", lambda value: value == "c1.1")
    assert pixels(page, "edits-pad") != before
    pad.locator("select").select_option("w2.2.1")
    pad.locator("input").fill("0.7")
    settled(page, "edits", lambda value: value == "c1.1,w2.2.1=0.7")
    pad.get_by_role("button", name="Undo all").click()
    settled(page, "edits", lambda value: value == "")
    assert "edits" not in page.url
