"""The latent map: test images at their latent codes, and the posteriors of those drawn."""

import numpy as np

from explorer.concepts.latent_space.measure import SHOWN, dataset
from explorer.concepts.latent_space.projection import LIMITS, ellipse
from explorer.concepts.latent_space.train import REACH, Snapshot
from explorer.scene import Curve, Images, Mark, Panel, Points, Text

CIRCLE = ellipse(np.zeros(2), np.eye(2))  # 2 standard deviations of the prior
SQUARE = REACH * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]], np.float32)


def latent_map(s: Snapshot, large: bool = False) -> Panel:
    """Posterior means of test images by class, and the posteriors of those that are drawn."""
    means = _lifted(s, s.means)
    labels, names = s.subset.labels[: len(means)], dataset(s.config.dataset).classes
    prior = CIRCLE if s.config.latent_dim > 1 else _interval()
    marks: list[Mark] = [
        Points("codes of test images", "real", means, labels, size=2.2),
        Curve("prior, 2σ", "truth", prior, label=""),
    ]
    if s.exact_means is not None and s.exact_spreads is not None:
        line = _ellipses(_lifted(s, s.exact_means), s.exact_spreads)
        marks.append(Curve("exact posterior, 2σ", "truth", line, label=""))
    marks.append(Curve("posterior, 2σ", "model", _ellipses(means[:SHOWN], s.spreads), label=""))
    if large:
        if s.config.latent_dim > 1:
            marks.append(Curve("decoded square", "model", SQUARE, width=1, label=""))
        marks.append(Images("test images", "real", s.subset.pixels, at=means[:SHOWN], height=0.55))
    if s.step and (large or max(map(len, names)) <= 2):
        marks += _names(means, labels, names)
    return Panel("Latent space z", marks, "plane", LIMITS, LIMITS, caption=_map_caption(s))


def _map_caption(s: Snapshot) -> str:
    if s.config.latent_dim == 1:
        return "One dimension, left to right; the height only separates the classes."
    if s.config.latent_dim == 2:
        return "Dots: codes of test images. Ellipses: posteriors, 2σ."
    return f"The plane of 2 principal components of {s.config.latent_dim} dimensions."


def _lifted(s: Snapshot, xy: np.ndarray) -> np.ndarray:
    """With a single latent dimension, the height of a point shows its class."""
    if s.config.latent_dim > 1:
        return xy
    count = len(dataset(s.config.dataset).classes)
    height = 6 * (s.subset.labels[: len(xy)] - (count - 1) / 2) / count
    return np.stack([xy[:, 0], height], axis=1).astype(np.float32)


def _interval() -> np.ndarray:
    """Two upright lines at 2 standard deviations of the prior."""
    gap = [np.nan, np.nan]
    return np.array([[-2, -4], [-2, 4], gap, [2, -4], [2, 4]], np.float32)


def _ellipses(means: np.ndarray, spreads: np.ndarray) -> np.ndarray:
    gap = np.full((1, 2), np.nan, np.float32)
    lines = [part for c, v in zip(means, spreads) for part in (ellipse(c, v), gap)]
    return np.concatenate(lines[:-1])


def _names(means: np.ndarray, labels: np.ndarray, names: tuple[str, ...]) -> list[Text]:
    """The name of each class at the median of its codes."""
    middles = [(i, np.median(means[labels == i], axis=0)) for i in np.unique(labels)]
    return [Text(names[i], "neutral", (float(x), float(y)), names[i]) for i, (x, y) in middles]
