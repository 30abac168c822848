"""The ranking of seven models by one metric after the other."""

import pytest

from explorer.concepts import metrics
from explorer.concepts.metrics.comparison import MEMORISED, METRICS, gaussians
from explorer.concepts.metrics.measure_images import ImageEvaluation
from explorer.runs import finish

N = 200


@pytest.mark.parametrize("seed", [0, 1])
def test_memorisation_ranks_first_by_the_frechet_distance_and_last_by_novelty(seed):
    stops, _ = finish(metrics.compare(metrics.ComparisonConfig("digits", samples=N, seed=seed)))
    assert len(stops) == len(METRICS)
    ranking = {METRICS[s.step].key: [s.models[i] for i in s.order()] for s in stops}
    assert ranking["frechet"][0] == MEMORISED
    assert ranking["novelty"][-1] == MEMORISED
    floor = stops[0].floors.floors[0]
    assert stops[0].values[1, 0] < floor.low < stops[0].values[0, 0]
    assert MEMORISED in metrics.comparison_scene(stops[0]).sentence


def test_the_gaussians_have_the_mean_of_the_training_images():
    evaluation = ImageEvaluation("digits", N, 0)
    assert (gaussians(evaluation, 0).mean(0) - evaluation.split.train.mean(0)).abs().max() < 0.2
