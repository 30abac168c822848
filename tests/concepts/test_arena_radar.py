"""Shapes of figures: real data reach the rim, the useless stays in the middle."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.concepts import arena
from explorer.concepts.arena.exam import Marks, exam
from explorer.concepts.arena.race import start
from explorer.concepts.arena.radar import LARGE, SMALL, SPOKES, USELESS, closed, scores

LINE_UP = start(arena.Config("ring"))
MIXTURE = next(entry for entry in LINE_UP.entries if entry.key == "mixture")


def reached(**figures):
    """Scores by spoke of a mixture with these marks."""
    entry = replace(MIXTURE, marks=(Marks(**figures),))
    return dict(zip(SPOKES, scores(LINE_UP, entry)))


def perfect():
    judge = exam("ring")
    middle = {name: float(np.mean(floor)) for name, floor in judge.floors.items()}
    return middle | {"bits": judge.true_bits, "numbers": SMALL, "steps": 1}


def test_real_data_reach_the_rim():
    found = reached(**perfect())
    del found["speed"]
    assert found == pytest.approx(dict.fromkeys(found, 1.0))


def test_the_useless_stays_in_the_middle():
    wrong = {"distance": USELESS, "precision": 0.0, "recall": 0.0, "coverage": 0.0,
             "bits": exam("ring").true_bits + 1, "numbers": LARGE, "steps": 1}  # fmt: skip
    found = reached(**wrong)
    del found["speed"]
    assert found == pytest.approx(dict.fromkeys(found, 0.0), abs=1e-6)


@pytest.mark.parametrize(("name", "spoke"), [("distance", "near"), ("numbers", "small")])
def test_smaller_figures_reach_further_and_evenly_by_logarithms(name, spoke):
    known = perfect()
    reach = [reached(**known | {name: known[name] * 2**power})[spoke] for power in (1, 2, 3)]
    assert reach[0] > reach[1] > reach[2]
    assert reach[0] - reach[1] == pytest.approx(reach[1] - reach[2])


def test_without_a_likelihood_there_is_nothing_on_its_spoke():
    found = reached(**perfect() | {"bits": float("nan")})
    assert np.isnan(found["likelihood"])
    corners = closed(np.nan_to_num(list(found.values())))
    np.testing.assert_array_equal(corners[SPOKES.index("likelihood")], [0, 0])
    np.testing.assert_array_equal(corners[0], corners[-1])
