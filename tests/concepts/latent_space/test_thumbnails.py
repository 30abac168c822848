"""The stored pictures of the data sets."""

import pytest

from explorer.concepts.latent_space import DATASETS, thumbnails


@pytest.mark.parametrize("name", DATASETS)
def test_the_stored_pictures_are_those_of_the_data(name):
    assert thumbnails.datasets()[name].tobytes() == thumbnails.montage(name).tobytes()
