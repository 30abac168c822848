"""What a run returns."""

import pytest

from explorer.concepts.latent_space import DATASETS
from explorer.concepts.latent_space.measure import dataset
from tests.concepts.latent_space.runs import trained


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("latent_dim", [1, 2, 4])
def test_images_go_to_codes_and_codes_to_images(name, latent_dim):
    _, model = trained(dataset=name, latent_dim=latent_dim, steps=2)
    x, dim = dataset(name).test[:7], dataset(name).test.shape[1]
    mean, deviation = model.encode(x)
    assert mean.shape == deviation.shape == (7, latent_dim)
    assert (deviation > 0).all()
    assert model.decode(mean).shape == (7, dim)
    assert model.sample(3, seed=1).shape == (3, dim)
    assert model.decoded_grid(4).shape == (4, 4, *dataset(name).shape)
    codes, classes, names = model.mapped()
    assert len(codes) == len(classes)
    assert classes.max() < len(names)
