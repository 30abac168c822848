"""What each corruption does to a set of images, and which metrics notice it."""

from functools import cache

import numpy as np
import pytest
import torch

from explorer.concepts.metrics.config import CORRUPTIONS
from explorer.concepts.metrics.measure import IMAGE_METRICS
from explorer.concepts.metrics.measure_images import ImageEvaluation, blurred

N = 200
seeds = pytest.mark.parametrize("seed", [0, 1])


@cache
def evaluation(seed=0):
    return ImageEvaluation("digits", N, seed)


def z_scores(seed, corruption, severity):
    chosen = evaluation(seed)
    found = chosen.floors.z_scores(chosen.measure(chosen.corrupted(corruption, severity)))
    return dict(zip([metric.key for metric in IMAGE_METRICS], found, strict=True))


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_images_at_severity_zero_are_the_perfect_ones(corruption):
    chosen = evaluation()
    none, full = chosen.corrupted(corruption, 0.0).x, chosen.corrupted(corruption, 1.0).x
    ours, theirs = (torch.sort(x.sum(1)).values for x in (none, chosen.perfect))
    torch.testing.assert_close(ours, theirs)
    assert len(full) == N
    assert full.min() >= 0
    assert full.max() <= 1


def test_blur_keeps_the_middle_of_a_dot_and_all_of_its_ink():
    dot = torch.zeros(1, 81)
    dot[0, 40] = 1
    found = blurred(dot, (9, 9), 1.0)
    assert found.sum().item() == pytest.approx(1, abs=1e-2)
    assert found.argmax() == 40
    assert found[0, 40].item() == pytest.approx(1 / (2 * np.pi), rel=0.02)


def test_missing_classes_are_missing_and_copies_are_copies():
    chosen = evaluation()
    rows, known = chosen.corrupted("missing_classes", 1.0).x, chosen.split
    labels = [
        int(known.test_labels[(known.test == row).all(1).nonzero()[0, 0]]) for row in rows[:40]
    ]
    assert min(labels) == 5
    assert len(torch.unique(chosen.corrupted("collapse", 1.0).x, dim=0)) == 10
    torch.testing.assert_close(chosen.corrupted("memorise", 1.0).x, chosen.reference)


@seeds
def test_of_perfect_sets_hardly_any_value_leaves_its_noise_floor(seed):
    assert np.nanmax(np.abs(list(z_scores(seed, "collapse", 0.0).values()))) < 1.5


@seeds
def test_only_novelty_notices_memorisation(seed):
    found = z_scores(seed, "memorise", 1.0)
    assert found.pop("novelty") > 5
    assert all(z < 1 for z in found.values() if np.isfinite(z))
    assert found["frechet"] < -1  # better than perfect


@seeds
def test_missing_classes_are_noticed_by_recall_and_coverage_not_by_precision_and_density(seed):
    found = z_scores(seed, "missing_classes", 1.0)
    assert min(found["recall"], found["coverage"], found["frechet"]) > 3
    assert max(found["precision"], found["density"]) < 1


@seeds
def test_strong_blur_is_noticed_by_every_metric_of_quality(seed):
    found = z_scores(seed, "blur", 1.0)
    assert min(found[key] for key in ("frechet", "kernel", "inception", "precision")) > 3


def test_paired_metrics_have_no_value_where_there_are_no_pairs():
    values = evaluation().measure(evaluation().corrupted("missing_classes", 0.5))
    assert [np.isnan(value) for value in values] == [metric.paired for metric in IMAGE_METRICS]
