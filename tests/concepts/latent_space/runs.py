"""What the tests of the latent space share: short runs."""

from dataclasses import replace
from functools import cache

import torch

from explorer.concepts.latent_space import Config, train
from explorer.nets import generator
from explorer.runs import finish

TINY = Config(dataset="digits", steps=200, hidden=32, beta=0.2)


@cache
def trained(**changes):
    """Snapshots and model of a short run."""
    return finish(train(replace(TINY, **changes)))


def normal(*shape, seed=0):
    """Standard normal numbers."""
    return torch.randn(*shape, generator=generator(seed))
