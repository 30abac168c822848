"""Failures and cures: how often each fails, what each cure does, and the price of nine seeds.

`python -m benchmarks.gan_failures` measures the table that the page shows, cell by cell, and writes
`assets/gan_failures/rates.json` after each: broken off, it goes on where it stopped. A cell whose
settings have changed is measured anew.
"""

import json
import sys
import time
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

import explorer  # noqa: F401  limits the threads before the libraries load
from benchmarks.row import Row
from explorer.concepts.gan_failures import table
from explorer.concepts.gan_failures.config import CURES, FAILURES, treated
from explorer.concepts.gan_failures.diagnosis import RULES, cured
from explorer.concepts.gan_failures.game import Games, Rules
from explorer.concepts.gan_failures.gauge import Gauge
from explorer.concepts.gan_failures.training import SEEDS, measured

MANY = range(20)


def rows() -> list[Row]:
    """The bars: failures reproduced, best cures, nine seeds against one."""
    found = []
    for name in ("collapse", "vanish", "circles"):
        held = failing(name, MANY)
        found.append(Row(f"{name}: reproduced, 20 seeds", [held], 0.9, "high"))
    for name in ("collapse", "vanish", "circles", "early", "forget", "copies"):
        best = table.best(name)
        rules = treated(name, best.cure) if best else None
        if best is None or rules is None:  # nothing was measured yet
            continue
        history = measured(rules, MANY)
        share = float(cured(history, groups(rules)).mean())
        found.append(
            Row(f"{name}: all modes with {best.cure}, 20 seeds", [share], 0.95, "high", "1")
        )
    found.append(nine_against_one())
    return found


def failing(name: str, seeds: Sequence[int]) -> float:
    """The share of seeds in which the failure is diagnosed."""
    rules = FAILURES[name]
    return float(RULES[name](measured(rules, seeds), groups(rules)).mean())


def groups(rules: Rules) -> int:
    return Gauge(Games(rules, [0])).rule.groups


def nine_against_one() -> Row:
    """CPU seconds of a batch of nine by those of one, in turns within one run."""
    rules = FAILURES["collapse"]
    ratios = []
    for _ in range(5):
        seconds = []
        for count in (1, SEEDS):
            games = Games(rules, range(count))
            games.round()
            start = time.thread_time()
            for _ in range(150):
                games.round()
            seconds.append(time.thread_time() - start)
        ratios.append(seconds[1] / seconds[0])
    return Row("nine seeds against one: CPU time", ratios, 4.0)


def cell(failure: str, cure: str, rules: Rules) -> dict[str, Any]:
    """One cell of the table: what 20 seeds did."""
    start = time.thread_time()
    history = measured(rules, MANY)
    modes = groups(rules)
    return {
        "failure": failure,
        "cure": cure,
        "seeds": len(MANY),
        "cured": int(cured(history, modes).sum()),
        "failing": int(RULES[failure](history, modes).sum()),
        "covered": np.sort(history[-1, :, 0]).astype(int).tolist(),
        "seconds": round(time.thread_time() - start, 1),
        "rules": repr(rules),
    }


def main() -> None:
    """Measure what is missing or has changed; names of failures or cures limit it to these."""
    wanted = set(sys.argv[1:])
    known = {(each["failure"], each["cure"]): each for each in written() if holds(each)}
    for cure, failure in sorted(product(CURES, FAILURES), key=lambda each: urgency(*each)):
        rules = treated(failure, cure)
        left_out = bool(wanted) and not wanted & {failure, cure}
        if rules is None or left_out or (failure, cure) in known:
            continue
        known[failure, cure] = made = cell(failure, cure, rules)
        print({key: made[key] for key in made if key != "rules"}, flush=True)
        write(list(known.values()))


def holds(cell: dict[str, Any]) -> bool:
    """Whether a cell was measured with the settings that it has now."""
    return bool(cell["rules"] == repr(treated(cell["failure"], cell["cure"])))


def urgency(cure: str, failure: str) -> tuple[bool, bool, int]:
    """First every failure and its best cure, then row by row; the slow ones last."""
    slow = cure in ("discrimination", "unrolled")
    return slow, cure not in ("none", "together", "data"), list(FAILURES).index(failure)


def written() -> list[dict[str, Any]]:
    return json.loads(table.FILE.read_text()) if table.FILE.exists() else []


def write(cells: list[dict[str, Any]]) -> None:
    order = [(failure, cure) for failure in FAILURES for cure in CURES]
    cells.sort(key=lambda each: order.index((each["failure"], each["cure"])))
    lines = ",\n".join(json.dumps(each) for each in cells)
    table.FILE.parent.mkdir(exist_ok=True)
    part = table.FILE.with_suffix(".part")
    part.write_text(f"[\n{lines}\n]\n")
    part.replace(table.FILE)


if __name__ == "__main__":
    main()
