"""The home page in a real browser: its map leads on within the session, its picture rests."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def home(page: Page, site) -> Page:
    page.goto(site.url)
    page.get_by_role("link", name="Latent space").first.wait_for()
    page.locator(".st-key-cards a").first.wait_for()
    return page


def test_a_card_opens_its_page_without_loading_the_app_anew(home):
    home.evaluate("window.sameVisit = true")
    home.locator(".st-key-cards a", has_text="Latent space").click()
    home.wait_for_url("**/latent_space*")
    home.get_by_role("heading", level=1, name="Latent space").wait_for()
    assert home.evaluate("window.sameVisit")


def test_a_card_is_an_ordinary_link_for_those_who_want_a_new_tab(home):
    with home.context.expect_page() as opened:
        home.locator(".st-key-cards a", has_text="Diffusion").click(modifiers=["Control"])
    opened.value.wait_for_url("**/diffusion*")
    assert home.url.rstrip("/").count("/") == 2


def test_a_step_of_a_guided_path_opens_its_page(home):
    home.locator(".st-key-routes a", has_text="Adversarial networks").first.click()
    home.wait_for_url("**/gan*")


HERO = """() => {
    const canvas = document.querySelector('.st-key-hero-picture canvas')
        ?? [...document.querySelectorAll('.st-key-hero-picture *')]
            .map(each => each.shadowRoot?.querySelector('canvas')).find(Boolean);
    return canvas.toDataURL();
}"""


def test_the_picture_moves_once_and_then_rests(home):
    home.evaluate(f"window.hero = {HERO}; window.before = hero()")
    home.wait_for_function("() => hero() !== before")
    after, now = "", home.evaluate("hero()")
    while now != after:
        home.wait_for_timeout(1000)
        after, now = now, home.evaluate("hero()")
    home.get_by_role("button", name="Run it again").click()
    home.wait_for_function("(after) => hero() !== after", arg=after)


@pytest.mark.parametrize("options", [{"reduced_motion": "reduce"}])
def test_who_wants_less_motion_sees_the_end_at_once(home):
    home.wait_for_timeout(300)
    before = home.evaluate(HERO)
    home.wait_for_timeout(1500)
    assert home.evaluate(HERO) == before
