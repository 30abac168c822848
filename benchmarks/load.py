"""A class at once: polls, clicks, memory, and what is left behind when all have gone.

Rounds are bounded in clients and seconds, and nothing leaves this machine.
"""

import random
import time
from pathlib import Path

import numpy as np

from benchmarks.clients import Client, Visit, served, together
from benchmarks.row import Row
from explorer.ui.home.contents import CONTENTS
from tests.browser.conftest import Server

CLIENTS = 30
MANY = 100
SECONDS = 60.0
SHORT = 20.0
LONG = 40.0
VISITS = 500
PAGE = "gan"
PAGES = ["" if entry.name == "home" else entry.name for entry in CONTENTS]


def rows() -> list[Row]:
    """Polls and clicks of a class on one link and on thirty, memory, and what is left behind."""
    same: list[float] = []
    clicks: list[float] = []
    apart: list[float] = []
    many: list[float] = []
    unequal: list[float] = []
    left: list[float] = []
    errors = 0
    for round_ in range(3):
        with served() as server:
            join = [Client(server, PAGE, f"seed={900 + round_}") for _ in range(CLIENTS)]
            visits = together(*(each.stay(SECONDS) for each in join))
            same.append(1000 * p95(visits))
            seen = [each.shown for each in visits]
            unequal.append(sum(len({s[n] for s in seen if n in s}) > 1 for n in range(5000)))
            queries = [f"seed={100 * round_ + i}&steps=2000" for i in range(CLIENTS)]
            watching = [Client(server, PAGE, query).stay(LONG) for query in queries]
            clicking = [Client(server, PAGE, query).click(LONG) for query in queries[:5]]
            others = together(*watching, *clicking)
            clicks.append(1000 * quantile([c for each in others for c in each.clicks]))
            apart.append(progress(others[:CLIENTS]))
            join = [Client(server, PAGE, f"seed={80 + round_}") for _ in range(MANY)]
            crowd = together(*(each.stay(SHORT, random.uniform(0, 3)) for each in join))
            many.append(1000 * p95(crowd))
            time.sleep(5)
            before = server.cpu()
            time.sleep(5)
            left.append(100 * (server.cpu() - before) / 5)
            errors += sum(len(each.exceptions) for each in (*visits, *others, *crowd))
    with served() as server:
        errors, used, grown = visited(server, errors)
    note = f"{CLIENTS} clients, {SECONDS:.0f} s"
    return [
        Row("a poll of 30 visitors on one link, p95, ms", same, 350, note=note),
        Row("frames that they saw differently", unequal, 0, note=note),
        Row("a click while 30 different runs train, p95, ms", clicks, 500, note=f"{LONG:.0f} s"),
        Row("progress of 30 runs, most over least", apart, 2, note="since all of them are there"),
        Row("a poll of 100 visitors on one link, p95, ms", many, 1500, note=f"{SHORT:.0f} s"),
        Row("processor 5 s after the last has left, % of a core", left, 3),
        Row("exceptions and lost answers", [errors], 0),
        Row("memory after 30 visitors on every page, MB", used, 800, note="resident, one process"),
        Row(f"memory that {VISITS} more visits add, MB", grown, 20, note="come, look, leave"),
    ]


def visited(server: Server, errors: int) -> tuple[int, list[float], list[float]]:
    """Errors, memory after 30 clients turned through every page, and what more visits add."""
    seen = together(*(Client(server, "", "steps=50").tour(PAGES) for _ in range(CLIENTS)))
    used = memory(server)
    for _ in range(2):  # the first half warms up what is kept for good
        before = memory(server)
        for start in range(0, VISITS, 10):
            page = PAGES[start // 10 % len(PAGES)]
            seen += together(*(Client(server, page, "steps=50").click(0.5) for _ in range(10)))
    errors += sum(len(each.exceptions) for each in seen)
    return errors, [used], [memory(server) - before]


def progress(visits: list[Visit]) -> float:
    """Snapshots computed since all runs were there: the most over the least; infinite if none."""
    start = max(next((when for when, total in v.course if total), np.inf) for v in visits)
    end = min(v.course[-1][0] for v in visits)
    if not start < end:
        return float("inf")
    gained = []
    for each in visits:
        when, totals = zip(*each.course, strict=True)
        before, after = np.interp([start, end], when, totals)
        gained.append(after - before)
    return max(gained) / max(min(gained), 1e-9)


def quantile(times: list[float]) -> float:
    """The 95th percentile."""
    return float(np.percentile(times, 95)) if times else float("nan")


def p95(visits: list[Visit]) -> float:
    """Of the times of all polls, in seconds."""
    return quantile([poll for each in visits for poll in each.polls])


def memory(server: Server) -> float:
    """Resident memory of the server in MB (it runs in one process)."""
    for line in Path(f"/proc/{server.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")
