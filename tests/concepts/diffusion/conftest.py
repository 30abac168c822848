"""Short runs that several tests look at."""

import pytest

from explorer.concepts import diffusion
from explorer.runs import finish


@pytest.fixture(scope="session")
def digits():
    return finish(diffusion.train(diffusion.Config.usual("digits", hidden=48, steps=150)))


@pytest.fixture(scope="session")
def mnist():
    return finish(diffusion.train(diffusion.Config.usual("mnist", hidden=16, steps=12)))
