"""The best test ELBO that we have seen, by data set and number of units, in nats per image.

Measured by `python -m benchmarks.latent_space best`: networks twice as wide, ten times the steps,
the best moment of each run as the test set sees it, so slightly flattering. A live run of five
seconds is not meant to reach them.
"""

BEST: dict[str, dict[int, float]] = {
    "mnist": {1: -160.0},
    "digits": {1: -26.0},
    "fashion": {1: -260.0},
    "letters": {1: -50.0},
    "faces": {1: -290.0},
}


def best_known(dataset: str, latent: int) -> float:
    """The best figure for `latent` units or fewer, as unused units do no harm."""
    return max((value for size, value in BEST[dataset].items() if size <= latent))
