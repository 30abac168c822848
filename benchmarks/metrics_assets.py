"""Assets of the metrics page: `python -m benchmarks.metrics_assets [set | words | perfect_sets]`.

Writes `assets/metrics/<set>.npz` (half precision, plain arrays): the classifiers that give the
features of images, and the vectors of the words of Moby-Dick. Prints the accuracy of each on
held-out images. `perfect_sets` writes the scores of perfect sets, in four minutes. Always the same
result: every random number has its seed.
"""

import sys
import time
from math import prod, sqrt

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

import explorer  # noqa: F401  limits the threads before the libraries load
from explorer.concepts.metrics import language_model, measure_images, measure_text
from explorer.concepts.metrics.classifier import (
    FEATURES,
    FILES,
    IMAGE_SETS,
    Classifier,
    classifier_data,
    split,
)
from explorer.concepts.metrics.config import TEXT
from explorer.concepts.metrics.corpus import corpus, synonyms
from explorer.concepts.metrics.measure import PERFECT_FILE, stored_sizes
from explorer.data import images
from explorer.nets import generator
from explorer.optim import Adam, cosine

BATCH, LEARNING_RATE, SHIFT = 64, 2e-3, 0.5  # a shift of half the images by one pixel
EPOCHS = {"mnist": 12, "digits": 60, "fashion": 16}


def fresh_weights(name: str) -> dict[str, Tensor]:
    """Weights as He et al. (2015) draw them, biases of zero."""
    chosen, rng = images.load(name), generator(0)
    height, width = (side // 4 for side in chosen.shape)
    shapes = {
        "conv1": (16, 1, 3, 3),
        "conv2": (32, 16, 3, 3),
        "hidden": (FEATURES, 32 * height * width),
        "output": (len(chosen.classes), FEATURES),
    }
    weights: dict[str, Tensor] = {}
    for key, shape in shapes.items():
        weights[key] = torch.randn(*shape, generator=rng) * sqrt(2 / prod(shape[1:]))
        weights[f"{key}_bias"] = torch.zeros(shape[0])
    return weights


def trained(name: str) -> Classifier:
    own = {key: nn.Parameter(value) for key, value in fresh_weights(name).items()}
    adam, rng, (known, labels) = (
        Adam(own.values(), LEARNING_RATE, decay=1e-2),
        generator(1),
        classifier_data(name),
    )
    net, shape = Classifier(name, own), images.load(name).shape
    steps = len(known) // BATCH * EPOCHS[name]
    for step in range(steps):
        rows = torch.randint(len(known), (BATCH,), generator=rng)
        x = shifted(known[rows].view(-1, *shape), rng).flatten(1)
        features = net.features(net.layers(x))
        logits = features @ own["output"].T + own["output_bias"]
        adam.rate = cosine(step, steps, LEARNING_RATE)
        adam.descend(cross_entropy(logits, labels[rows]))
    return Classifier(name, {key: value.detach() for key, value in own.items()})


def shifted(x: Tensor, rng: torch.Generator) -> Tensor:
    """The images, half the time moved by a pixel in some direction."""
    if torch.rand((), generator=rng) < SHIFT:
        return x
    down, right = torch.randint(-1, 2, (2,), generator=rng).tolist()
    return torch.roll(x, (down, right), (1, 2))


def words() -> None:
    """The vectors, and how often synonyms are nearer to each other than two words by chance."""
    known, table = language_model.learn_vectors(corpus().language_model)
    np.savez_compressed(
        language_model.FILE, words=np.array(known), vectors=table.astype(np.float16)
    )
    index = {word: i for i, word in enumerate(known)}
    pairs = [(index[a], index[b]) for a, b in synonyms().items() if a in index and b in index]
    near = np.array([table[a] @ table[b] for a, b in pairs])
    one, other = np.random.default_rng(0).integers(0, 1000, (2, 5000))
    chance = (table[one] * table[other]).sum(1)
    nearer = np.mean([(each > chance).mean() for each in near])
    size = language_model.FILE.stat().st_size / 1000
    print(f"words: synonyms nearer than chance {nearer:.2f}, {size:.0f} kB")


def perfect_sets() -> None:
    """The scores of perfect sets, for every number of samples that the page offers."""
    start, table = time.thread_time(), {}
    for name in (*IMAGE_SETS, TEXT):
        values = (
            measure_text.perfect_values(n)
            if name == TEXT
            else measure_images.perfect_values(name, n)
            for n in stored_sizes(name)
        )
        table[name] = np.stack(list(values)).astype(np.float32)
    np.savez_compressed(PERFECT_FILE, **table)  # type: ignore[arg-type]
    size, seconds = PERFECT_FILE.stat().st_size / 1000, time.thread_time() - start
    print(f"perfect sets: {size:.0f} kB, {seconds:.0f} s")


def main() -> None:
    FILES.mkdir(parents=True, exist_ok=True)
    others = {"words": words, "perfect_sets": perfect_sets}
    for name in sys.argv[1:] or (*IMAGE_SETS, *others):
        if name in others:
            others[name]()
            continue
        start = time.thread_time()
        net, known = trained(name), split(name)
        arrays = {key: value.numpy().astype(np.float16) for key, value in net.weights.items()}
        file = FILES / f"{name}.npz"
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
        right = net(known.test).probabilities.argmax(1) == known.test_labels
        print(
            f"{name}: accuracy {right.double().mean():.3f} on {len(known.test)} held-out images, "
            f"{file.stat().st_size / 1000:.0f} kB, {time.thread_time() - start:.0f} s"
        )


if __name__ == "__main__":
    main()
