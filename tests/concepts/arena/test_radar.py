"""Radar charts: real data reach the rim, a useless model stays in the middle."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.concepts import arena
from explorer.concepts.arena.measure import Scores, evaluation_of
from explorer.concepts.arena.radar import LARGE, SMALL, SPOKES, USELESS, closed, radii
from explorer.concepts.arena.train import start

START = start(arena.Config("ring"))
MIXTURE = next(state for state in START.states if state.key == "mixture")


def reached(**figures):
    """Scores by spoke of a mixture with these scores."""
    state = replace(MIXTURE, scores=(Scores(**figures),))
    return dict(zip(SPOKES, radii(START, state)))


def perfect():
    evaluation = evaluation_of("ring")
    middle = {name: float(np.mean(floor)) for name, floor in evaluation.floors.items()}
    return middle | {"bits": evaluation.true_bits, "parameters": SMALL, "steps": 1}


def test_real_data_reach_the_rim():
    found = reached(**perfect())
    del found["speed"]
    assert found == pytest.approx(dict.fromkeys(found, 1.0))


def test_a_useless_model_stays_in_the_middle():
    wrong = {"distance": USELESS, "precision": 0.0, "recall": 0.0, "coverage": 0.0,
             "bits": evaluation_of("ring").true_bits + 2.5, "parameters": LARGE,
             "steps": 1}  # fmt: skip
    found = reached(**wrong)
    del found["speed"]
    assert found == pytest.approx(dict.fromkeys(found, 0.0), abs=1e-6)


@pytest.mark.parametrize(("name", "spoke"), [("distance", "distance"), ("parameters", "size")])
def test_smaller_values_reach_further_and_evenly_by_logarithms(name, spoke):
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
