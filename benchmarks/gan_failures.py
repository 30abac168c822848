"""Failures and cures: how often each fails, what each cure does, and the price of nine seeds.

`python -m benchmarks.gan_failures` measures the table that the page shows, cell by cell, and writes
`assets/gan_failures/rates.json` after each: broken off, it goes on where it stopped. A cell whose
settings have changed is measured anew.
"""

import json
import sys
import time
from itertools import product
from typing import Any

import numpy as np

import explorer  # noqa: F401  limits the threads before the libraries load
from benchmarks.row import Row
from explorer.concepts.gan_failures import table
from explorer.concepts.gan_failures.config import CURES, FAILURES, NONE, treated
from explorer.concepts.gan_failures.diagnosis import RULES, cured
from explorer.concepts.gan_failures.game import Games, Rules
from explorer.concepts.gan_failures.gauge import Gauge
from explorer.concepts.gan_failures.rotation import ROUNDS, least, rotation
from explorer.concepts.gan_failures.training import SEEDS, measured

MANY = range(20)  # of the table, and of every choice of settings
FRESH = range(20, 60)  # that nothing was chosen by: these judge


def rows() -> list[Row]:
    """The bars: failures reproduced, best cures, rotation, nine seeds against one."""
    found = []
    for name in FAILURES:
        history, turning = measured(FAILURES[name], FRESH)
        ill = float(RULES[name](history, groups(FAILURES[name])).mean())
        known = table.cells()[name, NONE]
        found.append(
            Row(f"{name}: reproduced, share of 40 fresh seeds", [ill], 0.9, "high",
                note=f"seeds 0 to 19: {known.failing}/{known.seeds}")
        )  # fmt: skip
        if name == "circles":
            found.append(Row("circles: rotation of the slope", rotations(turning), least(ROUNDS),
                             floor="-1 in a circle", note="bar: noise alone"))  # fmt: skip
    for name in FAILURES:
        best = table.best(name)
        rules = treated(name, best.cure) if best else None
        if best is None or rules is None:  # nothing was measured yet
            continue
        history, turning = measured(rules, FRESH)
        share = float(cured(history, groups(rules)).mean())
        found.append(
            Row(f"{name}: all modes with {best.cure}, share of 40 fresh seeds", [share], 0.95,
                "high", "1", f"seeds 0 to 19: {best.cured}/{best.seeds}")
        )  # fmt: skip
        if name == "circles":
            still = float(np.mean(np.array(rotations(turning)) >= least(ROUNDS)))
            found.append(Row("circles, cured: share of seeds without rotation", [still], 0.9,
                             "high", "0.99"))  # fmt: skip
    found.append(nine_against_one())
    return found


def rotations(turning: np.ndarray) -> list[float]:
    """The rotation of every seed, of turning (lags, s)."""
    return [rotation(c) for c in turning.T]


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
    history, _ = measured(rules, MANY)
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
