"""The table that ships belongs to the setups that are trained, and its words to its counts."""

from itertools import product

import pytest

from explorer.concepts.gan_failures import success_rates as table
from explorer.concepts.gan_failures.config import (
    FAILURE_NAMES,
    FAILURES,
    REMEDIES,
    REMEDY_NAMES,
    possible,
    remedied,
)
from explorer.truth.intervals import wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 20, 0.0, 0.1611), (10, 20, 0.2993, 0.7007), (20, 20, 0.8389, 1.0), (9, 9, 0.7008, 1.0)],
)
def test_the_interval_is_wilsons(hits, of, low, high):
    assert wilson(hits, of) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_the_interval_solves_its_equation():
    for hits, of in ((3, 20), (17, 20), (5, 9)):
        for share in wilson(hits, of):
            gap = abs(share - hits / of)
            assert gap == pytest.approx(1.96 * (share * (1 - share) / of) ** 0.5)


def test_the_table_that_ships_belongs_to_the_setups_that_are_trained():
    assert table.cells()
    for (failure, remedy), cell in table.cells().items():
        assert table.settings(failure, remedy) == repr(remedied(failure, remedy))
        assert cell.seeds >= 20
        assert 0 <= cell.succeeded <= cell.seeds


def test_every_remedy_was_measured_for_every_failure_that_it_can_be_applied_to():
    assert set(table.cells()) == {each for each in product(FAILURES, REMEDIES) if possible(*each)}


def test_what_is_said_of_remedies_is_what_was_counted():
    works, fails = table.best_remedies(), table.failed_remedies()
    for failure, name in FAILURE_NAMES.items():
        most = max(c.succeeded for c in table.cells().values() if c.failure == failure)
        assert f"{name}: {REMEDY_NAMES[table.best(failure).remedy]}, {most}/20" in works
    whatever, collapse = fails.split("Nor against")
    for remedy, name in REMEDY_NAMES.items():
        counts = {f: c.succeeded for (f, known), c in table.cells().items() if known == remedy}
        if name in whatever.split(": ")[1].rstrip(". ").split(", "):
            assert max(counts.values()) <= 2
        if name in collapse.split(": ")[1].split(". ")[0].split(", "):
            assert counts["collapse"] <= 2


def test_one_click_remedies_every_failure_in_every_seed():
    for failure in FAILURES:
        remedy = "combined" if failure != "memorisation" else "more_data"
        assert table.cells()[failure, remedy].succeeded == 20


def test_a_click_on_a_cell_trains_it():
    chosen = table.chosen("R1", "vanishing gradient")
    assert (chosen["failure"], chosen["remedy"]) == ("vanishing", "r1")
    assert chosen["steps"] == FAILURES["vanishing"].gan.steps
