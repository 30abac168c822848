"""A thousand links with random, huge, unicode and script-like values: none breaks a page."""

import random
import sys
import time

from hypothesis import HealthCheck, Phase, given, seed, settings

from benchmarks.row import Row
from tests.links import PAGES, Link, follow, links, wrong

LINKS = 1000
SEEDS = (0, 1, 2)


def fuzz(page: str, count: int, start: int, found: list[str]) -> int:
    """Follow so many links to a page; adds what went wrong. How many were followed."""
    followed = 0

    @seed(start)
    @settings(
        max_examples=count, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(links(page))
    def holds(link: Link) -> None:
        nonlocal followed
        followed += 1
        found.extend(f"{link}: {each}" for each in wrong(follow(link)))

    holds()
    return followed


def rows(pages: list[str] = PAGES, count: int = LINKS) -> list[Row]:
    """Links followed and broken, over all pages evenly, for each seed a third of them."""
    followed, broken = [], []
    each = -(-count // (len(SEEDS) * len(pages)))
    for start in SEEDS:
        found: list[str] = []
        began, total = time.monotonic(), 0
        for page in random.Random(start).sample(pages, len(pages)):
            total += fuzz(page, each, start, found)
        for line in found:
            print(line[:600], file=sys.stderr)
        print(f"seed {start}: {total} links, {time.monotonic() - began:.0f} s", file=sys.stderr)
        followed.append(total)
        broken.append(len(found))
    return [
        Row("links followed", [sum(followed)], count, "high", note=f"{len(pages)} pages"),
        Row("links that broke a page", broken, 0, note="exceptions, tracebacks, rendered words"),
    ]


if __name__ == "__main__":
    wanted = [name for name in sys.argv[1:] if name in PAGES] or PAGES
    for row in rows(wanted, int(next((each for each in sys.argv[1:] if each.isdecimal()), LINKS))):
        print(" | ".join(row.cells()))
