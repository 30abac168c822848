"""What runs are compared with."""

import pytest
import torch

from explorer.concepts.latent_space import DATASETS, linear
from explorer.concepts.latent_space.measure import (
    BEST_ELBO,
    best_known,
    dataset,
    evaluation_subset,
    pca_reconstruction,
    principal_components,
)
from tests.concepts.latent_space.runs import normal


@pytest.mark.parametrize("name", DATASETS)
def test_the_evaluation_subset_is_like_the_whole_test_set(name):
    subset, test = evaluation_subset(name), dataset(name).test
    gap = (subset.images.mean(0) - test.mean(0)).norm() / test.std(0).norm()
    assert gap < 0.1
    assert len(subset.images) <= len(test)


def test_pca_has_the_smallest_error_of_all_projections():
    x = dataset("digits").train
    mean, directions = principal_components("digits")
    torch.testing.assert_close(directions.T @ directions, torch.eye(32), atol=1e-4, rtol=0)
    lost = [(pca_reconstruction("digits", x, k) - x).square().sum().item() for k in (1, 2, 8, 32)]
    assert lost == sorted(lost, reverse=True)
    centred = x - mean
    other, _ = torch.linalg.qr(normal(64, 8))
    assert lost[2] < (centred - centred @ other @ other.T).square().sum()


def test_the_best_known_elbo_grows_with_the_latent_dimension():
    assert set(BEST_ELBO) == set(DATASETS) - {linear.NAME}
    for name in BEST_ELBO:
        values = [best_known(name, latent_dim) for latent_dim in range(1, 33)]
        assert values == sorted(values)
        assert values[0] > evaluation_subset(name).data_mean_elbo
