"""Intervals of shares that were counted."""

from math import sqrt


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share of which `hits` of `of` were seen.

    Solves |share - hits/of| = z sqrt(share (1 - share) / of); good for small numbers, too.
    Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953
    """
    middle, share = z * z / of, hits / of
    half = z * sqrt(share * (1 - share) / of + middle / (4 * of)) / (1 + middle)
    centre = (share + middle / 2) / (1 + middle)
    return max(0.0, centre - half), min(1.0, centre + half)
