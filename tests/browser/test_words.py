"""What can be pointed at on the pages of words, on a telephone: next tokens, a head's cells."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
TELEPHONE = {"viewport": {"width": 400, "height": 900}}


@pytest.mark.parametrize("options", [TELEPHONE])
def test_every_bar_is_in_sight_and_a_click_goes_on_with_it(page: Page, site):
    page.goto(f"{site.url}/text?networks=lstm&hidden=16&steps=10&prompt=mar")
    bars = page.locator(".bars .bar")
    expect(bars).to_have_count(16, timeout=60_000)
    for bar in bars.all():
        box = bar.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 400
    letter = bars.first.locator("b").inner_text()
    bars.first.click()
    field = page.get_by_role("textbox", name="Prompt")
    expect(field).to_have_value(f"mar{letter}", timeout=60_000)
    expect(page.locator(".strip .letter")).to_have_count(5, timeout=60_000)


@pytest.mark.parametrize("options", [TELEPHONE])
def test_all_cells_of_a_head_fit_and_formula_and_cell_point_at_each_other(page: Page, site):
    page.goto(f"{site.url}/transformer?steps=10&stage=attention")
    table = page.get_by_role("table", name=re.compile("Head 2.1"))
    expect(table).to_be_visible(timeout=60_000)
    box = table.bounding_box()
    assert box["x"] + box["width"] <= 400
    cells = table.locator("tr").nth(3).locator("td")
    cells.nth(1).click()
    expect(page.get_by_text("key of “i” (position 2)")).to_be_visible()
    page.locator(".formula [data-part=score]").first.focus()
    expect(cells.nth(1)).to_have_class(re.compile("lit"))
