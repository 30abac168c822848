"""Every formula that a page shows, evaluated and compared with the code that runs.

Each check is registered under the concept and the name of its formula, as page.md gives it. Most
evaluate the very LaTeX that is shown (`tests.formulas.latex`); what cannot be evaluated as it
stands is pinned: the check holds for this text and no other. `DEFINITIONS` say why there is nothing
to compare with.
"""

from collections.abc import Callable

Check = Callable[[str], None]  # of the LaTeX; raises AssertionError

CHECKS: dict[tuple[str, str], Check] = {}
DEFINITIONS: dict[tuple[str, str], str] = {}


def formula(concept: str, *names: str) -> Callable[[Check], Check]:
    """Register the check of formulas that are evaluated as they are shown."""

    def register(check: Check) -> Check:
        for name in names:
            assert (concept, name) not in CHECKS, f"{concept}: {name} is checked twice"
            CHECKS[concept, name] = check
        return check

    return register


def pinned(concept: str, name: str, latex: str) -> Callable[[Callable[[], None]], Check]:
    """Register the check of a formula that is written out in Python: true of this text only."""

    def register(holds: Callable[[], None]) -> Check:
        def check(shown: str) -> None:
            assert shown == latex, "the formula has changed: change its check as well"
            holds()

        return formula(concept, name)(check)

    return register
