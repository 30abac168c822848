"""The Fréchet distance is biased, by less the more samples there are."""

import numpy as np
import pytest
import torch

from explorer.concepts import metrics
from explorer.concepts.metrics.sample_size import NAMES, Normals
from explorer.nets import generator
from explorer.runs import finish
from explorer.scene import Curve, gathered
from explorer.truth.distances import frechet_distance


def test_the_normals_of_known_distance_are_at_that_distance():
    x = torch.randn(500, 5, generator=generator(0))
    normals = Normals(x, 1.5 * x + 0.3)
    a, b = normals.sample(60_000, generator(1))
    assert frechet_distance(a, b) == pytest.approx(normals.exact, rel=0.02)


def test_a_distance_of_few_samples_is_larger_and_extrapolates_towards_zero():
    stops, _ = finish(metrics.sample_size(metrics.SampleSizeConfig("digits")))
    values, last = np.stack([s.values for s in stops]), stops[-1]
    means = values[:, NAMES.index("perfect"), 0]
    assert means[0] == last.fewest > 3 * means[-1] > 0
    assert abs(last.limit) < means[-1]
    kernel = values[:, NAMES.index("kernel")]
    assert (kernel[:, 1] < 0).all()
    assert (kernel[:, 2] > 0).all()
    whole = gathered([metrics.sample_size_scene(s) for s in stops])
    curves = {mark.name: mark for mark in whole.panels[0].marks if isinstance(mark, Curve)}
    np.testing.assert_allclose(curves["perfect"].xy[:, 0], [s.step for s in stops])
    np.testing.assert_allclose(curves["perfect"].xy[:, 1], means, rtol=1e-6)
