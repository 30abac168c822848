"""A class in real browsers: lessons, the front of the room, votes, and what may go wrong."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from explorer.ui import rooms
from explorer.ui.lesson import Lesson, Stop
from tests.browser.conftest import free_port, serve, watched

pytestmark = pytest.mark.browser
served = contextmanager(serve)
PLAYER = """() => [...document.querySelectorAll('*')]
  .map((node) => node.shadowRoot?.querySelector('.player')).find(Boolean)"""

KEY, OTHER = "ABCDEFGHJKLM", "MLKJHGFEDCBA"  # of two rooms
NOTE = "Look at <b>this</b>.\n[a link](https://evil.io) www.evil.io ![](https://evil.io/a.png)"
LESSON = Lesson(
    "Why do modes go missing?",
    (
        Stop(
            "gan", "steps=40&seed=3", NOTE, "What falls?", ("The loss", "<i>Nothing</i>"),
            hidden=("loss", "presets"), locked=("dataset", "regulariser"),
        ),
        Stop("diffusion", "steps=40", "The other way round."),
    ),
)  # fmt: skip


@contextmanager
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own; nothing may go wrong in any of its tabs."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    wrong: list[list[str]] = []
    context.on("page", lambda page: wrong.append(watched(page)))
    yield context
    context.close()
    assert not [each for tab in wrong for each in tab]


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    page.wait_for_selector(".player[data-frame]")
    return page


def test_a_lesson_shows_the_teachers_words_as_they_were_written_and_rests_the_controls(page, site):
    page.goto(LESSON.link(site.url))
    page.wait_for_selector(".player[data-frame]")
    lesson = page.locator(".st-key-lesson")
    assert "Why do modes go missing?" in lesson.inner_text()
    assert NOTE.splitlines()[0] in lesson.inner_text()
    assert NOTE.splitlines()[1] in lesson.inner_text()
    lesson.get_by_role("button", name="<i>Nothing</i>").wait_for()
    assert lesson.locator("a[href*=evil], img, b, i").count() == 0
    assert not page.locator(".st-key-loss-shown").is_visible()
    assert not page.locator(".st-key-presets").is_visible()
    assert page.locator(".st-key-regulariser-shown [disabled]").count() > 0
    style = "e => getComputedStyle(e).pointerEvents"
    assert page.eval_on_selector(".st-key-dataset-picker-box", style) == "none"


def test_the_pages_of_a_lesson_follow_each_other_with_their_settings(page, site):
    page.goto(LESSON.link(site.url, 1, {"room": rooms.code(KEY)}))
    page.wait_for_selector(".player[data-frame]")
    page.locator(".st-key-lesson").get_by_role("link", name="Next").click()
    page.wait_for_selector("h1:has-text('Diffusion')")
    page.locator(".st-key-lesson").get_by_text("The other way round.").wait_for()
    assert "steps=40" in page.url
    assert f"room={rooms.code(KEY)}" in page.url
    page.locator(".st-key-lesson").get_by_role("link", name="Before").click()
    page.wait_for_selector("h1:has-text('Adversarial')")
    assert "seed=3" in page.url


def test_from_the_front_of_the_room_keys_reach_the_player_and_turn_the_pages(page, site):
    page.goto(LESSON.link(site.url, 1, {"present": "1"}))
    page.wait_for_selector(".player[data-state=over]", timeout=90_000)
    assert not page.locator(".stSidebar").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.stMain')).zoom") == "1.3"
    page.locator("h1").click()
    page.keyboard.press("Home")
    page.wait_for_function(f"({PLAYER})().dataset.frame === '0'")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"({PLAYER})().dataset.frame === '1'")
    page.keyboard.press("PageDown")
    page.wait_for_selector("h1:has-text('Diffusion')")
    assert "present=1" in page.url
    page.get_by_role("button", name="End presenting").click()
    page.wait_for_selector(".st-key-frame-links >> text=Copy link")
    assert "present" not in page.url


def test_a_room_counts_one_vote_a_browser_and_tells_when_the_teacher_does(browser, site):
    room = {"room": rooms.code(OTHER)}
    with visitor(browser) as one, visitor(browser) as two, visitor(browser) as front:
        first = opened(one, LESSON.link(site.url, 1, room))
        teacher = opened(front, LESSON.link(site.url, 1, {"host": OTHER}))
        assert first.locator(".st-key-lesson .bar").count() == 0, "nobody follows the others"
        first.get_by_role("button", name="The loss").click()
        first.locator(".st-key-lesson").get_by_text("1 of 2 here have answered").wait_for()
        tab = opened(one, LESSON.link(site.url, 1, room))  # the same browser once more
        tab.locator(".st-key-lesson").get_by_text("1 of 2 here have answered").wait_for()
        assert tab.get_by_role("button", name="The loss").count() == 0
        second = opened(two, LESSON.link(site.url, 1, room))
        second.get_by_role("button", name="<i>Nothing</i>").click()
        for each in (first, second, teacher):
            each.locator(".st-key-lesson").get_by_text("2 of 3 here have answered").wait_for()
        second.get_by_role("button", name="the judge's slope").click()  # a prediction of the page
        second.get_by_text("Your teacher will reveal it.").wait_for()
        card = teacher.locator(".st-key-card-predict-gan")
        card.get_by_text("1 of 3 here have answered").wait_for()
        card.get_by_role("button", name="Reveal to the room").click()
        second.get_by_text("Your teacher will reveal it.").wait_for(state="detached")


def test_every_browser_has_its_own_seed_and_the_board_shows_all_of_them(browser, site):
    address = f"{site.url}/gan?steps=30&own=1&room={rooms.code('BOARDBOARDBB')}"
    with visitor(browser) as one, visitor(browser) as two:
        runs = set()
        for context in (one, two):
            tab = opened(context, address)
            tab.wait_for_selector(".player[data-state=over]", timeout=90_000)
            runs.add(tab.eval_on_selector(".player", "p => p.dataset.run"))
        assert len(runs) == 2
        for context in (one, two):
            tab = context.pages[0]
            tab.get_by_text("2 seeds:").first.wait_for()
            assert tab.locator("figure img").count() == 2


def test_a_server_that_restarts_finds_its_class_again(browser):
    port = free_port()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    with served("streamlit_app.py", port) as server:
        page.goto(LESSON.link(server.url, 1, {"room": rooms.code(KEY)}))
        page.wait_for_selector(".player[data-state=over]", timeout=90_000)
        before = page.eval_on_selector(".player", "p => p.dataset.run")
    page.wait_for_timeout(1500)
    with served("streamlit_app.py", port) as server:
        page.wait_for_function(f"() => ({PLAYER})()?.dataset.state === 'over'", timeout=90_000)
        counted = page.get_by_text("1 of 1 here has answered")
        for _ in range(15):  # what is chosen before the browser is back is asked again
            choice = page.get_by_role("button", name="The loss")
            if choice.count() and choice.is_enabled():
                choice.click()
            page.wait_for_timeout(2000)
            if counted.count():
                break
        assert counted.count()
        assert page.eval_on_selector(".player", "p => p.dataset.run") == before
        assert page.locator("[data-testid=stException]").count() == 0
        assert "seed=3" in page.url
        context.close()


def test_when_the_browser_is_gone_in_mid_run_the_processor_is_free_within_five_seconds(browser):
    with served("streamlit_app.py") as server:
        context = browser.new_context()
        opened(context, f"{server.url}/gan?steps=20000")
        context.close()
        resting = browser.new_context().new_page()
        resting.wait_for_timeout(5000)
        before = server.cpu()
        resting.wait_for_timeout(3000)
        assert (server.cpu() - before) / 3 < 0.03
        resting.context.close()
