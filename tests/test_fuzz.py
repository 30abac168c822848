"""No link, whatever it says, breaks a page or speaks through it. Many more: benchmarks/fuzz.py."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.links import EVIL, PAGES, SCRIPTS, Link, follow, links, parameters, rendered, wrong

pytestmark = pytest.mark.slow

few = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("page", PAGES)
def test_no_link_breaks_a_page(page):
    @few
    @given(links(page))
    def holds(link: Link) -> None:
        assert not wrong(follow(link)), link

    holds()


@pytest.mark.parametrize("script", SCRIPTS[:4])
def test_what_a_link_says_is_quoted_as_code_and_never_rendered(script):
    known = dict.fromkeys(set(parameters("gan")) - {"seed"}, script)
    opened = follow(Link("gan", {**known, "steps": "10"}))
    assert not wrong(opened)
    assert any(EVIL in text for _, text in rendered(opened)), "the notice says what was wrong"
