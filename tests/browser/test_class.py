"""A class in real browsers: lessons, the front of the room, votes, the board."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from explorer.ui.classroom import rooms
from explorer.ui.classroom.lesson_link import Lesson, Stop
from tests.browser.conftest import watched

pytestmark = pytest.mark.browser
PLAYERS = """[...document.querySelectorAll('*')]
  .map((node) => node.shadowRoot?.querySelector('.player')).filter(Boolean)"""
WHOLE = "[data-testid=stApp][data-test-script-state=notRunning]"  # the page is complete
PATIENCE = 120_000  # milliseconds
expect.set_options(timeout=PATIENCE)

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
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.wait_for_selector(".player[data-frame]")
    return page


def over(page: Page) -> str:
    """Wait for the end of the first run on a page, and until the page has gone on; its name."""
    page.wait_for_selector(".player[data-state=over]", timeout=PATIENCE)
    page.wait_for_selector(WHOLE)
    run = page.wait_for_function(f"({PLAYERS})[0]?.dataset.run", timeout=PATIENCE)
    return str(run.json_value())


def says(page: Page, words: str) -> Locator:
    """Where the lesson of a page says something."""
    return page.locator(".st-key-lesson").get_by_text(words)


def test_a_lesson_shows_the_teachers_words_as_they_were_written_and_rests_the_controls(page, site):
    page.goto(LESSON.link(site.url))
    over(page)
    lesson = page.locator(".st-key-lesson")
    for words in ("Why do modes go missing?", *NOTE.splitlines()):
        expect(lesson).to_contain_text(words)
    expect(lesson.get_by_role("button", name="<i>Nothing</i>")).to_be_visible()
    expect(lesson.locator("a[href*=evil], img, b, i")).to_have_count(0)
    expect(page.locator(".st-key-loss-shown")).not_to_be_visible()
    column = page.locator(".stColumn:has(.st-key-loss-shown)")
    expect(column, "no hole is left").to_have_css("display", "none")
    expect(page.locator(".st-key-presets")).not_to_be_visible()
    expect(page.locator(".st-key-regulariser-shown [disabled]").first).to_be_attached()
    picker = page.locator(".st-key-dataset-picker-box")
    expect(picker).to_have_css("pointer-events", "none")
    expect(picker).to_have_js_property("inert", True)  # for the keyboard, too


def test_the_pages_of_a_lesson_follow_each_other_with_their_settings(page, site):
    page.goto(LESSON.link(site.url, 1, {"room": rooms.code(KEY)}))
    page.wait_for_selector(".player[data-frame]")
    page.locator(".st-key-lesson").get_by_role("link", name="Next").click()
    page.wait_for_selector("h1:has-text('Diffusion')")
    says(page, "The other way round.").wait_for()
    page.wait_for_url("**steps=40**")
    page.wait_for_url(f"**room={rooms.code(KEY)}**")
    page.locator(".st-key-lesson").get_by_role("link", name="Before").click()
    page.wait_for_selector("h1:has-text('Adversarial')")
    page.wait_for_url("**seed=3**")


def test_from_the_front_of_the_room_keys_reach_the_player_and_turn_the_pages(page, site):
    page.goto(LESSON.link(site.url, 1, {"present": "1"}))
    over(page)
    expect(page.locator(".stSidebar")).not_to_be_visible()
    expect(page.locator(".stMain")).to_have_css("zoom", "1.3")
    page.get_by_role("button", name="End presenting").wait_for()  # whose script hears the keys
    page.locator("h1").click()
    page.keyboard.press("Home")
    page.wait_for_function(f"({PLAYERS})[0]?.dataset.frame === '0'")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"({PLAYERS})[0]?.dataset.frame === '1'")
    page.keyboard.press("PageDown")
    page.wait_for_selector("h1:has-text('Diffusion')")
    over(page)
    page.keyboard.press("PageUp")
    page.wait_for_selector("h1:has-text('Adversarial')")
    page.wait_for_url("**present=1**")
    over(page)
    page.get_by_role("button", name="End presenting").click()
    page.wait_for_selector(".st-key-frame-links >> text=Copy link")
    page.wait_for_function("!location.search.includes('present')")


def test_a_room_counts_one_vote_a_browser_and_tells_when_the_teacher_does(browser, site):
    room = {"room": rooms.code(OTHER)}
    with visitor(browser) as one, visitor(browser) as two, visitor(browser) as front:
        first = opened(one, LESSON.link(site.url, 1, room))
        teacher = opened(front, LESSON.link(site.url, 1, room, OTHER))
        choice = first.get_by_role("button", name="The loss")
        choice.wait_for()
        expect(first.locator(".st-key-lesson .bar"), "nobody follows the others").to_have_count(0)
        choice.click()
        says(first, "1 of 1 here has answered").wait_for()
        tab = opened(one, LESSON.link(site.url, 1, room))  # the same browser once more
        says(tab, "1 of 1 here has answered").wait_for()
        expect(tab.get_by_role("button", name="The loss")).to_have_count(0)
        second = opened(two, LESSON.link(site.url, 1, room))
        second.get_by_role("button", name="<i>Nothing</i>").click()
        for each in (first, second, teacher):
            says(each, "2 of 2 here have answered").wait_for()
        second.get_by_role(
            "button", name="from the gradient of the discriminator"
        ).click()  # a prediction of the page
        second.get_by_text("Your teacher will reveal it.").wait_for()
        card = teacher.locator(".st-key-card-predict-gan")
        card.get_by_text("1 of 2 here have answered").wait_for()
        card.get_by_role("button", name="Reveal to the room").click()
        second.get_by_text("Your teacher will reveal it.").wait_for(state="detached")


def test_every_browser_has_its_own_seed_and_the_board_shows_all_of_them(browser, site):
    address = f"{site.url}/gan?steps=30&own=1&room={rooms.code('BOARDBOARDBB')}"
    with visitor(browser) as one, visitor(browser) as two:
        runs = {over(opened(context, address)) for context in (one, two)}
        assert len(runs) == 2
        for context in (one, two):
            tab = context.pages[0]
            tab.get_by_text("2 seeds:").first.wait_for()
            expect(tab.locator("figure img")).to_have_count(2)
