"""The best detector in the plane."""

import pytest
import torch

from explorer.concepts.ethics.bayes_bound import BayesBoundConfig, bound, pair, train_detector
from explorer.runs import finish
from explorer.truth.plane import optimal_discriminator


@pytest.mark.parametrize(("distribution", "blur"), [("ring", 0.1), ("moons", 0.4)])
def test_the_best_detector_reaches_the_bound_within_the_standard_error(distribution, blur):
    p, q = pair(distribution, blur)
    rng, n = torch.Generator().manual_seed(0), 20_000
    real, generated = p.sample(n, rng), q.sample(n, rng)
    said = [optimal_discriminator(p, q.log_density, x) > 0.5 for x in (real, generated)]
    right = (said[0].double().mean() + (~said[1]).double().mean()).item() / 2
    assert abs(right - bound(distribution, blur)) < 4 * (0.25 / (2 * n)) ** 0.5


def test_the_bound_grows_with_the_blur_from_a_half():
    found = [bound("ring", blur) for blur in (0.02, 0.1, 0.3, 1.0)]
    assert found == sorted(found)
    assert 0.5 < found[0] < 0.54


def test_training_raises_the_accuracy_and_no_detector_exceeds_the_bound():
    snapshots, _ = finish(train_detector(BayesBoundConfig("moons", 0.4, detector_steps=150)))
    last = snapshots[-1]
    assert last.learnt > snapshots[0].learnt
    assert last.learnt < last.bound + 4 * (0.25 / 8000) ** 0.5
