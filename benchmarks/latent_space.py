"""The autoencoder: test ELBO after a default run, and the best ELBO known.

`python -m benchmarks latent_space` prints the rows; `python -m benchmarks.latent_space best`
measures anew `BEST_ELBO` of `explorer/concepts/latent_space/measure.py` (half an hour).
"""

import sys
import time
from collections.abc import Sequence
from math import isfinite

import torch

from benchmarks.row import Row
from explorer.concepts.latent_space import DATASETS, Config, TrainedVAE, linear, train
from explorer.concepts.latent_space.config import DIMENSIONS
from explorer.concepts.latent_space.measure import dataset, evaluation_subset, reference
from explorer.concepts.latent_space.train import Observer, descend
from explorer.concepts.shared.vae import VAE, kl_to_prior, reparameterise
from explorer.nets import generator
from explorer.optim import Adam, cosine
from explorer.runs import finish

SEEDS = (0, 1, 2)
LONG = 8000  # steps of a run for the best known
LEARNING_RATES = (6e-3, 3e-3)  # the second where the first overflows


def rows() -> Sequence[Row]:
    """Default runs on MNIST with 16 and with 2 latent dimensions, and the linear case."""
    reference("mnist", 2), evaluation_subset("mnist")  # loading is not training
    deep, wide = [run(latent_dim=16, seed=s) for s in SEEDS], [run(seed=s) for s in SEEDS]
    exact = [run(dataset=linear.NAME, seed=s) for s in SEEDS]
    best = reference(linear.NAME, 2).elbo
    return [
        Row("VAE, MNIST z=16: test ELBO, nats", [r[0] for r in deep], -128, "high",
            known("mnist", 16), _seconds(deep)),
        Row("VAE, MNIST z=2: test ELBO, nats", [r[0] for r in wide], -153, "high",
            known("mnist", 2), _seconds(wide)),
        Row("VAE, default run: CPU seconds", [r[1] for r in wide + deep], 5, "low", "-",
            "without loading the data"),
        Row("VAE, default run: share spent on snapshots", [r[2] / r[1] for r in wide + deep], 0.15),
        Row("linear VAE z=2: nats below the exact best", [best - r[0] for r in exact], 0.5, "low",
            "0 (exact)", _seconds(exact)),
    ]  # fmt: skip


def run(**values: int | str) -> tuple[float, float, float]:
    """ELBO on the whole test set, CPU seconds of the run, and those of its snapshots."""
    spent = 0.0
    original = Observer.snapshot

    def timed(*args):
        nonlocal spent
        start = time.thread_time()
        shot = original(*args)
        spent += time.thread_time() - start
        return shot

    Observer.snapshot = timed  # type: ignore[method-assign]
    start = time.thread_time()
    model: TrainedVAE
    _, model = finish(train(Config(**values)))  # type: ignore[arg-type]
    took = time.thread_time() - start
    Observer.snapshot = original  # type: ignore[method-assign]
    return model.elbo(), took, spent


def known(name: str, latent_dim: int) -> str:
    """The best known ELBO, in words."""
    return f"{reference(name, latent_dim).elbo:.1f} (best known)"


def _seconds(runs: Sequence[tuple[float, float, float]]) -> str:
    return f"{max(r[1] for r in runs):.1f} CPU s"


def best(name: str, latent_dim: int) -> float:
    """The best test ELBO of a long run."""
    found = (long_run(name, latent_dim, learning_rate) for learning_rate in LEARNING_RATES)
    return next(value for value in found if isfinite(value))


def long_run(name: str, latent_dim: int, learning_rate: float) -> float:
    """The best test ELBO over a long run of a network twice as wide as the page's.

    The input of the encoder is binarised at random (every pixel black or white with its own
    probability), which keeps so long a run from overfitting.
    """
    data, rng = dataset(name), generator(0)
    x = data.train
    vae = VAE(x.shape[1], latent_dim, 256, rng)
    optimizer = Adam(vae.parameters(), learning_rate, decay=1e-2)
    most = float("-inf")
    for step in range(LONG):
        optimizer.rate = cosine(step, LONG, learning_rate)
        batch = x[torch.randint(len(x), (64,), generator=rng)]
        posterior = vae.encode(torch.bernoulli(batch, generator=rng))
        z = reparameterise(posterior, torch.randn(64, latent_dim, generator=rng))
        weight = min(1.0, 2 * step / LONG)
        kl = weight * kl_to_prior(posterior).sum(1)
        descend(optimizer, (kl - vae.log_likelihood(batch, z)).mean())
        if step >= LONG // 2 and (step + 1) % 500 == 0:
            most = max(most, elbo(vae, data.test))
    return most


@torch.no_grad()
def elbo(vae: VAE, test: torch.Tensor) -> float:
    """Averaged over eight draws of every code."""
    rng = generator(1)
    draws = [
        vae.elbo(test, torch.randn(len(test), vae.latent_dim, generator=rng)) for _ in range(8)
    ]
    return torch.stack(draws).mean().item()


def main() -> None:
    """Print the table BEST_ELBO."""
    for name in DATASETS:
        if name != linear.NAME:
            found = ", ".join(f"{size}: {best(name, size):.1f}" for size in DIMENSIONS)
            print(f'    "{name}": {{{found}}},', flush=True)


if __name__ == "__main__":
    if sys.argv[1:] != ["best"]:
        sys.exit(
            "Use `python -m benchmarks latent_space` or `python -m benchmarks.latent_space best`."
        )
    main()
