"""`python -m benchmarks.reader [set ... | words | floors]`: teach those who judge.

Writes `assets/metrics/<set>.npz` (half precision, plain arrays): the classifiers whose features
judge pictures, and the vectors of words of Moby-Dick. Prints how often each is right on what it
has never seen. `floors` writes what perfect sets score, in four minutes. Always the same result:
every random number has its seed.
"""

import sys
import time
from math import prod, sqrt

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

import explorer  # noqa: F401  limits the threads before the libraries load
from explorer.concepts.metrics import judge
from explorer.concepts.metrics.config import DATA, TEXT
from explorer.concepts.metrics.corpus import corpus
from explorer.concepts.metrics.pictures import picture_values
from explorer.concepts.metrics.reader import FEATURES, FILES, SETS, Reader, parts, taught
from explorer.concepts.metrics.sentences import sentence_values
from explorer.concepts.metrics.shipped import FILE, sizes
from explorer.concepts.metrics.synonyms import SYNONYMS
from explorer.data import images
from explorer.nets import generator
from explorer.optim import Adam, cosine

BATCH, RATE, SHIFT = 64, 2e-3, 0.5  # a shift of half the images by one pixel
EPOCHS = {"mnist": 12, "digits": 60, "fashion": 16}


def fresh_weights(name: str) -> dict[str, Tensor]:
    """Weights as He et al. (2015) draw them, biases of zero."""
    chosen, rng = images.load(name), generator(0)
    height, width = (side // 4 for side in chosen.shape)
    shapes = {
        "first": (16, 1, 3, 3),
        "second": (32, 16, 3, 3),
        "full": (FEATURES, 32 * height * width),
        "last": (len(chosen.classes), FEATURES),
    }
    weights: dict[str, Tensor] = {}
    for key, shape in shapes.items():
        weights[key] = torch.randn(*shape, generator=rng) * sqrt(2 / prod(shape[1:]))
        weights[f"{key}_bias"] = torch.zeros(shape[0])
    return weights


def teach(name: str) -> Reader:
    own = {key: nn.Parameter(value) for key, value in fresh_weights(name).items()}
    adam, rng, (known, labels) = Adam(own.values(), RATE, decay=1e-2), generator(1), taught(name)
    reader, shape = Reader(name, own), images.load(name).shape
    rounds = len(known) // BATCH * EPOCHS[name]
    for step in range(rounds):
        rows = torch.randint(len(known), (BATCH,), generator=rng)
        x = shifted(known[rows].view(-1, *shape), rng).flatten(1)
        features = reader._features(Reader.layers.__wrapped__(reader, x))  # with gradients
        logits = features @ own["last"].T + own["last_bias"]
        adam.rate = cosine(step, rounds, RATE)
        adam.descend(cross_entropy(logits, labels[rows]))
    return Reader(name, {key: value.detach() for key, value in own.items()})


def shifted(x: Tensor, rng: torch.Generator) -> Tensor:
    """The images, half the time moved by a pixel in some direction."""
    if torch.rand((), generator=rng) < SHIFT:
        return x
    down, right = torch.randint(-1, 2, (2,), generator=rng).tolist()
    return torch.roll(x, (down, right), (1, 2))


def words() -> None:
    """The vectors, and how often synonyms are nearer to each other than two words by chance."""
    known, table = judge.learn_vectors(corpus().judge)
    np.savez_compressed(judge.FILE, words=np.array(known), vectors=table.astype(np.float16))
    index = {word: i for i, word in enumerate(known)}
    pairs = [(index[a], index[b]) for a, b in SYNONYMS.items() if a in index and b in index]
    near = np.array([table[a] @ table[b] for a, b in pairs])
    one, other = np.random.default_rng(0).integers(0, 1000, (2, 5000))
    chance = (table[one] * table[other]).sum(1)
    won = np.mean([(each > chance).mean() for each in near])
    print(
        f"words: synonyms nearer than chance {won:.2f}, {judge.FILE.stat().st_size / 1000:.0f} kB"
    )


def floors() -> None:
    """What perfect sets score, for every number of samples that the page offers."""
    start, table = time.thread_time(), {}
    for name in DATA:
        values = (
            sentence_values(n) if name == TEXT else picture_values(name, n) for n in sizes(name)
        )
        table[name] = np.stack(list(values)).astype(np.float32)
    np.savez_compressed(FILE, **table)
    size, seconds = FILE.stat().st_size / 1000, time.thread_time() - start
    print(f"floors: {size:.0f} kB, {seconds:.0f} s")


def main() -> None:
    FILES.mkdir(parents=True, exist_ok=True)
    others = {"words": words, "floors": floors}
    for name in sys.argv[1:] or (*SETS, *others):
        if name in others:
            others[name]()
            continue
        start = time.thread_time()
        reader, known = teach(name), parts(name)
        arrays = {key: value.numpy().astype(np.float16) for key, value in reader.weights.items()}
        file = FILES / f"{name}.npz"
        np.savez_compressed(file, **arrays)
        right = reader.see(known.fresh).probabilities.argmax(1) == known.fresh_labels
        print(
            f"{name}: {right.double().mean():.3f} right of {len(known.fresh)} unseen images, "
            f"{file.stat().st_size / 1000:.0f} kB, {time.thread_time() - start:.0f} s"
        )


if __name__ == "__main__":
    main()
