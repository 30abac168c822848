"""What may happen in the middle of a lesson: the server restarts, a browser goes away."""

import os
import signal
import time
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import expect

from explorer.ui.classroom import rooms
from tests.browser.conftest import free_port, serve
from tests.browser.playing import STATE
from tests.browser.test_class import KEY, LESSON, PATIENCE, PLAYERS, opened, over

pytestmark = pytest.mark.browser
served = contextmanager(serve)


def test_a_server_that_restarts_finds_its_class_again(browser):
    port = free_port()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    with served("streamlit_app.py", port) as server:
        page.goto(LESSON.link(server.url, 1, {"room": rooms.code(KEY)}))
        page.wait_for_selector(".player[data-frame]")
        page.evaluate(f"({PLAYERS})[0].first = true")
        before = over(page)
        page.wait_for_function(f"({PLAYERS}).length > 1")  # the page went on with the model
        assert page.evaluate(f"({PLAYERS})[0].first"), "the picture stays where it is"
    with served("streamlit_app.py", port) as server:
        counted = page.get_by_text("1 of 1 here has answered")
        until = time.monotonic() + PATIENCE / 1000
        while not counted.count() and time.monotonic() < until:
            with suppress(Late):  # what is chosen before the browser is back is asked again
                page.get_by_role("button", name="The loss").click(timeout=1000)
            page.wait_for_timeout(1000)
        expect(counted).to_have_count(1)
        assert over(page) == before
        expect(page.locator("[data-testid=stException]")).to_have_count(0)
        page.wait_for_url("**seed=3**")
        context.close()


@pytest.mark.parametrize("moment", ["h1", ".player[data-frame]"])
def test_a_page_whose_server_was_killed_goes_on_by_itself(browser, moment):
    """While it first loads, and in mid-run; within ten seconds: benchmarks/restart.py."""
    port = free_port()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    with served("streamlit_app.py", port) as server:
        page.goto(f"{server.url}/gan?steps=20000")
        page.wait_for_selector(moment, timeout=PATIENCE)
        os.kill(server.pid, signal.SIGKILL)
    page.wait_for_selector("[data-test-connection-state=PINGING_SERVER]", timeout=PATIENCE)
    seen = int(page.evaluate(STATE, 0).get("frames", 0))
    with served("streamlit_app.py", port):
        page.wait_for_function(f"seen => +(({PLAYERS})[0]?.dataset.frames ?? 0) > seen", arg=seen,
                               timeout=PATIENCE)  # fmt: skip
        expect(page.locator("[data-testid=stException]")).to_have_count(0)
        page.wait_for_url("**steps=20000**")
        context.close()


def test_when_the_browser_is_gone_in_mid_run_the_processor_is_soon_free(browser):
    """Within five seconds on a machine of its own: benchmarks/load.py. Here others may delay it."""
    with served("streamlit_app.py") as server:
        context = browser.new_context()
        opened(context, f"{server.url}/gan?steps=20000")
        context.close()
        assert server.rests()
