"""Failures and remedies: how often each fails, what each remedy does, and the price of nine seeds.

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
from explorer.concepts.gan_failures import success_rates as table
from explorer.concepts.gan_failures.config import FAILURES, NONE, REMEDIES, Setup, remedied
from explorer.concepts.gan_failures.diagnosis import RULES, succeeded
from explorer.concepts.gan_failures.model import RemediedGAN
from explorer.concepts.gan_failures.rotation import STEPS, lowest_of_noise, rotation
from explorer.concepts.gan_failures.train import measured
from explorer.concepts.shared.adversarial.measure import plane_reference
from explorer.concepts.shared.adversarial.seeds import SEEDS

MANY = range(20)  # of the table, and of every choice of settings
FRESH = range(20, 60)  # that nothing was chosen by: these count


def rows() -> list[Row]:
    """The bars: failures reproduced, best remedies, rotation, nine seeds against one."""
    found = []
    for name in FAILURES:
        history, autocorrelation = measured(FAILURES[name], FRESH)
        ill = float(RULES[name](history, groups(FAILURES[name])).mean())
        known = table.cells()[name, NONE]
        found.append(
            Row(f"{name}: reproduced, share of 40 fresh seeds", [ill], 0.9, "high",
                note=f"seeds 0 to 19: {known.failing}/{known.seeds}")
        )  # fmt: skip
        if name == "oscillation":
            found.append(Row("oscillation: rotation of the gradient", rotations(autocorrelation),
                             lowest_of_noise(STEPS),
                             floor="-1 in a circle", note="bar: noise alone"))  # fmt: skip
    for name in FAILURES:
        best = table.best(name)
        setup = remedied(name, best.remedy) if best else None
        if best is None or setup is None:  # nothing was measured yet
            continue
        history, autocorrelation = measured(setup, FRESH)
        share = float(succeeded(history, groups(setup)).mean())
        found.append(
            Row(f"{name}: all modes with {best.remedy}, share of 40 fresh seeds", [share], 0.95,
                "high", "1", f"seeds 0 to 19: {best.succeeded}/{best.seeds}")
        )  # fmt: skip
        if name == "oscillation":
            still = float(np.mean(np.array(rotations(autocorrelation)) >= lowest_of_noise(STEPS)))
            found.append(Row("oscillation, remedied: share of seeds without rotation", [still], 0.9,
                             "high", "0.99"))  # fmt: skip
    found.append(nine_against_one())
    return found


def rotations(autocorrelation: np.ndarray) -> list[float]:
    """The rotation of every seed, of autocorrelation (lags, s)."""
    return [rotation(c) for c in autocorrelation.T]


def groups(setup: Setup) -> int:
    return plane_reference(setup.gan.dataset).groups


def nine_against_one() -> Row:
    """CPU seconds of a batch of nine by those of one, in turns within one run."""
    setup = FAILURES["collapse"]
    ratios = []
    for _ in range(5):
        seconds = []
        for count in (1, SEEDS):
            gan = RemediedGAN(setup, range(count))
            gan.train_step()
            start = time.thread_time()
            for _ in range(150):
                gan.train_step()
            seconds.append(time.thread_time() - start)
        ratios.append(seconds[1] / seconds[0])
    return Row("nine seeds against one: CPU time", ratios, 4.0)


def cell(failure: str, remedy: str, setup: Setup) -> dict[str, Any]:
    """One cell of the table: what 20 seeds did."""
    start = time.thread_time()
    history, _ = measured(setup, MANY)
    modes = groups(setup)
    return {
        "failure": failure,
        "remedy": remedy,
        "seeds": len(MANY),
        "succeeded": int(succeeded(history, modes).sum()),
        "failing": int(RULES[failure](history, modes).sum()),
        "covered": np.sort(history[-1, :, 0]).astype(int).tolist(),
        "seconds": round(time.thread_time() - start, 1),
        "setup": repr(setup),
    }


def main() -> None:
    """Measure what is missing or has changed; names of failures or remedies limit it to these."""
    wanted = set(sys.argv[1:])
    known = {(each["failure"], each["remedy"]): each for each in written() if holds(each)}
    for remedy, failure in sorted(product(REMEDIES, FAILURES), key=lambda each: urgency(*each)):
        setup = remedied(failure, remedy)
        left_out = bool(wanted) and not wanted & {failure, remedy}
        if setup is None or left_out or (failure, remedy) in known:
            continue
        known[failure, remedy] = made = cell(failure, remedy, setup)
        print({key: made[key] for key in made if key != "setup"}, flush=True)
        write(list(known.values()))


def holds(cell: dict[str, Any]) -> bool:
    """Whether a cell was measured with the settings that it has now."""
    return bool(cell["setup"] == repr(remedied(cell["failure"], cell["remedy"])))


def urgency(remedy: str, failure: str) -> tuple[bool, bool, int]:
    """First every failure and its best remedy, then row by row; the slow ones last."""
    slow = remedy in ("minibatch_discrimination", "unrolled")
    return slow, remedy not in ("none", "combined", "more_data"), list(FAILURES).index(failure)


def written() -> list[dict[str, Any]]:
    return json.loads(table.FILE.read_text()) if table.FILE.exists() else []


def write(cells: list[dict[str, Any]]) -> None:
    order = [(failure, remedy) for failure in FAILURES for remedy in REMEDIES]
    cells.sort(key=lambda each: order.index((each["failure"], each["remedy"])))
    lines = ",\n".join(json.dumps(each) for each in cells)
    table.FILE.parent.mkdir(exist_ok=True)
    part = table.FILE.with_suffix(".part")
    part.write_text(f"[\n{lines}\n]\n")
    part.replace(table.FILE)


if __name__ == "__main__":
    main()
