"""What can be claimed about the runs of this page: measures of a finished run, by name."""

from collections.abc import Callable

import numpy as np
import torch

from explorer.concepts.latent_space.measure import dataset
from explorer.experiment import Measures, Outcome

IMAGES, SHARE = 500, 0.02  # drawn from the prior; of them, that a class must have
LINES, POINTS = 20, 400  # walked through the latent space, and places on each


def classes_of_samples(run: Outcome) -> float:
    """Classes with at least SHARE of the samples from the prior, by the nearest training image."""
    data = dataset(run.config.dataset)
    samples = torch.tensor(run.model.sample(IMAGES, run.config.seed))
    labels = data.train_labels[torch.cdist(samples, data.train).argmin(1)]
    return float((torch.bincount(labels) >= SHARE * IMAGES).sum())


def spread_of_codes(run: Outcome) -> float:
    """Root mean square of the posterior means, over test images and dimensions; the prior has 1."""
    mean, _ = run.model.encode(dataset(run.config.dataset).test)
    return float(np.sqrt((mean**2).mean()))


def largest_jump(run: Outcome) -> float:
    """The largest change of the decoded image between neighbouring places on straight lines
    through the latent space, as a share of the change from end to end of that line."""
    rng = torch.Generator().manual_seed(run.config.seed)
    ends = torch.randn(2, LINES, 1, run.config.latent_dim, generator=rng)
    share = torch.linspace(0, 1, POINTS + 1)[:, None]
    images = run.model.decode((ends[0] + share * (ends[1] - ends[0])).flatten(0, 1))
    images = images.reshape(LINES, POINTS + 1, -1)
    steps = np.sqrt((np.diff(images, axis=1) ** 2).sum(2)).max(1)
    return float(np.median(steps / np.sqrt(((images[:, -1] - images[:, 0]) ** 2).sum(1))))


def halfway(kind: int) -> Callable[[Outcome], float]:
    """Distance to the nearest training image halfway: by lerp (0), slerp (1), of pixels (2)."""
    return lambda run: run.last.path.distance[kind, len(run.last.path.t) // 2]


def changes(run: Outcome) -> float:
    """By how much the classifier's score of the attribute moves the way it should."""
    shared = run.model
    scores = shared.scores[shared.changed]
    at = [int(np.abs(shared.t - t).argmin()) for t in (0.0, 1.0)]
    return float((scores[at[1]] - scores[at[0]]) * (1 if shared.adds else -1))


def variance(kind: str) -> Callable[[Outcome], float]:
    """Summed variance of single estimates of the gradient."""
    return lambda run: float(getattr(run.model, kind).var(axis=0).sum())


TRAINING: Measures = {
    "elbo": lambda run: run.last.elbo,  # nats per image
    "elbo_of_the_mean_image": lambda run: run.last.subset.data_mean_elbo,
    "best_elbo": lambda run: run.last.reference.elbo,  # exact of linear images, else best known
    "kl": lambda run: float(run.last.kl.sum()),
    "active": lambda run: run.last.active,
    "error": lambda run: run.last.error,  # of reconstructions, squared, per pixel
    "error_of_pca": lambda run: run.last.reference.pca_error,
    "spread_of_codes": spread_of_codes,
    "classes_of_samples": classes_of_samples,
    "largest_jump": largest_jump,
}
INTERPOLATION: Measures = {
    "halfway_by_codes": halfway(0),
    "halfway_by_arcs": halfway(1),
    "halfway_by_pixels": halfway(2),
}
ARITHMETIC: Measures = {"change_of_the_attribute": changes}
REPARAMETERISATION: Measures = {
    "variance_with_the_trick": variance("pathwise"),
    "variance_of_the_score_function": variance("score_function"),
}
