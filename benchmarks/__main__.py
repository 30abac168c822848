"""`python -m benchmarks [name ...]`: measure, and print one table beside the machine it ran on.

`python -m benchmarks claims [concept ...]` measures what the pages claim: `benchmarks.claims`.
"""

import os
import platform
import sys
import time
from importlib import import_module
from pathlib import Path

import explorer  # noqa: F401  limits the threads before the libraries load
from benchmarks.row import table

NAMES = sorted(
    path.stem for path in Path(__file__).parent.glob("*.py") if "def rows(" in path.read_text()
)


def main() -> int:
    if sys.argv[1:2] == ["claims"]:
        return import_module("benchmarks.claims").main(sys.argv[2:])
    names = sys.argv[1:] or NAMES
    if unknown := set(names) - set(NAMES):
        sys.exit(f"benchmarks must be among {', '.join(NAMES)}. Got {', '.join(unknown)} instead.")
    rows = []
    for name in names:
        start = time.perf_counter()
        rows += import_module(f"benchmarks.{name}").rows()
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    print(table(rows))
    cores = os.cpu_count()
    print(f"\n{platform.machine()}, {cores} cores, Python {platform.python_version()}, one thread.")
    missed = [row.figure for row in rows if not row.passed]
    print(f"Missed: {', '.join(missed)}." if missed else "Every bar is met.")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
