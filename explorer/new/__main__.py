"""`python -m explorer.new name "Title" "Question?"`: see `explorer.new`."""

import sys
from pathlib import Path

from explorer.new import lay

NEXT = """Now, in this order:
  1. config.py, model.py, train.py: the idea. `python -m pytest -q -k {name}` names what is missing.
  2. measure.py, scene.py: what it is judged by, and its picture.
  3. page.md and pages/{name}.py: its words and controls. explorer/glossary.md: its terms.
  4. tests/concepts/{name}: its laws. Then add {name!r} to DONE in tests/contract.py.
  5. `python -m benchmarks.pictures {name}`: its card on the home page and README's picture.
Every place to write is found by `grep -rn WRITE explorer/concepts/{name} tests/concepts/{name}`."""


def main() -> None:
    if len(sys.argv) != 4:
        sys.exit('usage: python -m explorer.new name "Title" "Question?"')
    try:
        for path in lay(Path(__file__).parents[2], *sys.argv[1:]):
            print(path)
    except ValueError as error:
        sys.exit(str(error))
    print(NEXT.format(name=sys.argv[1]))


if __name__ == "__main__":
    main()
