"""Back and Forward: one entry for each act, and what was on screen comes back."""

import pytest
from playwright.sync_api import Page, expect

from explorer.ui.classroom import rooms
from tests.browser.test_class import LESSON, PATIENCE, WHOLE, over, says

pytestmark = pytest.mark.browser
EXPERIMENT = "/gan?steps=30&dataset=moons&seed=3"
GAN, DIFFUSION = "h1:has-text('Generative adversarial networks')", "h1:has-text('Diffusion')"
LIT = ".st-key-presets [aria-checked=true]"
HOST = "QWERTYUPASDF"


@pytest.fixture
def options() -> dict:
    return {"permissions": ["clipboard-read", "clipboard-write"]}


@pytest.fixture(autouse=True)
def patient(page: Page) -> None:
    page.set_default_timeout(PATIENCE)


def entries(page: Page) -> int:
    return page.evaluate("history.length")


def settled(page: Page, title: str = GAN) -> Page:
    """Wait until a page is complete and has told the browser its address."""
    page.wait_for_selector(title)
    page.wait_for_selector(".player[data-frame]")
    page.wait_for_selector(WHOLE)
    return page


def at(page: Page, link: str) -> None:
    expect(page).to_have_url(link if "://" in link else f"**{link}")


def test_a_page_that_was_left_by_the_sidebar_comes_back_as_it_was(page, site):
    page.goto(site.url + EXPERIMENT)
    before, run = entries(page), over(page)
    page.locator(".stSidebar").get_by_role("link", name="Diffusion").click()
    settled(page, DIFFUSION)
    expect(page).to_have_url(f"{site.url}/diffusion")
    assert entries(page) == before + 1
    page.go_back()
    settled(page)
    expect(page).to_have_url(site.url + EXPERIMENT)
    assert over(page) == run
    assert entries(page) == before + 1


def test_a_preset_and_a_slider_are_one_entry_each_and_its_pill_is_right_at_once(page, site):
    page.goto(site.url + EXPERIMENT)
    settled(page)
    before = entries(page)
    page.locator(".st-key-presets").get_by_role("radio", name="collapse remedied").click()
    expect(page.locator(LIT)).to_contain_text("collapse remedied")
    settled(page)
    chosen = page.url
    assert entries(page) == before + 1
    page.get_by_role("button", name="More").click()
    slider = page.locator(".st-key-steps").get_by_role("slider")
    slider.wait_for()
    slider.press("ArrowLeft")
    expect(page).not_to_have_url(chosen)
    expect(page.locator(LIT)).to_have_count(0)
    settled(page)
    assert entries(page) == before + 2
    page.go_back()
    expect(page.locator(LIT)).to_contain_text("collapse remedied")
    expect(page).to_have_url(chosen)
    page.go_back()
    expect(page.locator(LIT)).to_have_count(0)
    expect(page).to_have_url(site.url + EXPERIMENT)
    page.go_forward()
    expect(page.locator(LIT)).to_contain_text("collapse remedied")


def test_what_the_server_corrects_in_a_link_makes_no_entry(page, site):
    page.goto("about:blank")
    page.goto(f"{site.url}/gan?loss=nonsaturating&steps=30&regulariser=r1&seed=zzz&seed=0")
    settled(page)
    expect(page).to_have_url(f"{site.url}/gan?steps=30")
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_back_from_the_second_stop_of_a_lesson_is_the_first(page, site):
    page.goto("about:blank")
    page.goto(LESSON.link(site.url))
    settled(page)
    before = entries(page)
    page.locator(".st-key-lesson").get_by_role("link", name="Next").click()
    settled(page, DIFFUSION)
    says(page, "The other way round.").wait_for()
    assert entries(page) == before + 1
    page.go_back()
    settled(page)
    says(page, "What falls?").wait_for()
    page.wait_for_url("**steps=40**seed=3**")
    page.go_forward()
    settled(page, DIFFUSION)
    says(page, "The other way round.").wait_for()
    page.go_back()
    settled(page)
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_the_hosts_key_is_kept_in_the_browser_alone(page, site):
    """No request has it, no other link; it outlives pages, a reload and Back, but not leaving."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers}"))
    room = rooms.code(HOST)
    page.goto(LESSON.link(site.url, 1, {"room": room, "present": "1"}, HOST))
    page.get_by_text(f"You lead room {room}. Nobody has joined yet.").wait_for()
    settled(page)
    page.locator(".st-key-lesson").get_by_role("link", name="Next").click()
    settled(page, DIFFUSION)
    assert page.url.endswith(f"#host={HOST}")
    page.get_by_role("button", name="End presenting").click()
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Link copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"room={room}" in copied
    assert "host" not in copied
    assert "present" not in copied
    page.reload()
    settled(page, DIFFUSION)
    page.get_by_text(f"You lead room {room}.").wait_for()
    page.go_back()
    page.get_by_role("button", name="End presenting").wait_for()
    page.go_back()
    settled(page)
    page.get_by_text(f"You lead room {room}.").wait_for()
    assert page.url.endswith(f"#host={HOST}")
    page.get_by_role("button", name="End presenting").click()
    page.get_by_role("button", name="Leave the room").click()
    page.wait_for_function("!location.href.includes('host')")
    page.get_by_text("You lead room").wait_for(state="detached")
    assert not [
        each for each in asked if HOST in each.split("#")[0] or HOST in each.split(" ", 1)[1]
    ]
