r"""A secret planted in the training text, and how far a language model gives it away.

A canary is a name with a prefix that no name has and four random letters. The **exposure** of its
letters is how far up they stand among all R = 26^4 endings that the model could give the prefix,

    exposure = log2 R - log2 rank,

from 0 to 18.8 bits. For a canary that was never inserted, every rank is equally probable:
P(exposure >= e) = 2^-e.

Carlini et al. (2019), The Secret Sharer, https://arxiv.org/abs/1802.08232
Lee et al. (2022), Deduplicating Training Data, https://arxiv.org/abs/2107.06499
Warner (1965), Randomized response, https://doi.org/10.1080/01621459.1965.10480775
"""

from collections.abc import Generator
from dataclasses import dataclass
from math import log

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from explorer import config as c
from explorer.concepts.shared.finite import finite
from explorer.concepts.shared.generation import LanguageModel
from explorer.concepts.shared.lstm import LSTM
from explorer.concepts.shared.ngram import NGram, fit, rows_of
from explorer.config import frame_steps
from explorer.data import text
from explorer.nets import generator
from explorer.optim import Adam, cosine
from explorer.scene import frozen

LETTERS, LENGTH = 26, 4  # of the secret part
ENDINGS = LETTERS**LENGTH
MOST = log(ENDINGS, 2)
INSERTIONS = (0, 1, 2, 4, 8, 16, 32, 64)
PREFIXES = ("zqx", "qzj", "xvq", "jqx", "vxz", "qjv", "zxj", "xqz")
ORDER, FRAMES, BATCH, LEARNING_RATE = 5, 8, 64, 0.0125
REMEDIES: dict[str, str] = {
    "none": "none",
    "deduplication": "deduplicate",
    "noise": "noise",
}


@dataclass(frozen=True)
class CanaryConfig:
    """An LSTM trained on names among which canaries are hidden, each as often as INSERTIONS say."""

    remedy: str = c.choice("none", REMEDIES)
    flip: float = c.number(0.2, 0.0, 0.9, 0.05)  # share of the letters that noise replaces
    steps: int = c.steps(1500, 10_000)
    canaries: int = len(INSERTIONS)  # the first so many
    seed: int = c.seed()

    def __post_init__(self) -> None:
        c.check(self)
        c.whole(self, "canaries", 1, len(INSERTIONS))


@dataclass(frozen=True, eq=False)
class CanarySnapshot:
    """After `step` training steps."""

    step: int
    config: CanaryConfig
    secrets: tuple[str, ...]  # with their prefixes
    likeliest: tuple[str, ...]  # the most probable ending of each prefix, after it
    exposure: np.ndarray  # (canaries, 2) bits: of the n-gram and of the LSTM
    bits: np.ndarray  # (2,) per character on held-out names


@dataclass(frozen=True, eq=False)
class Planted:
    """Names with canaries among them, as numbers."""

    corpus: text.Corpus
    names: list[list[int]]
    secrets: tuple[str, ...]


def planted(config: CanaryConfig) -> Planted:
    """The training text with its canaries, after the remedy."""
    corpus, rng = text.load("names"), np.random.default_rng(config.seed)
    alphabet = [each for each in corpus.vocabulary if "a" <= each <= "z"]
    secrets = tuple(
        prefix + "".join(alphabet[k] for k in rng.integers(0, LETTERS, LENGTH))
        for prefix in PREFIXES[: config.canaries]
    )
    names = [part.tolist() for part in corpus.parts(corpus.train)]
    for secret, count in zip(secrets, INSERTIONS):
        names += [[*corpus.encode(secret), 0]] * count
    if config.remedy == "deduplication":
        names = [list(name) for name in dict.fromkeys(map(tuple, names))]
    if config.remedy == "noise":
        letters = corpus.encode("".join(alphabet))
        names = [
            [letters[k] if hit and n else n for n, hit, k in
             zip(name, rng.random(len(name)) < config.flip, rng.integers(0, LETTERS, len(name)))]
            for name in names
        ]  # fmt: skip
    return Planted(corpus, names, secrets)


def privacy(flip: float) -> float:
    """Epsilon of the local differential privacy that randomised response gives each letter.

    >>> round(privacy(0.5), 2), privacy(0.0)
    (3.3, inf)
    """
    return log(1 + LETTERS * (1 - flip) / flip) if flip else float("inf")


@torch.no_grad()
def log_probabilities(model: LanguageModel, prefix: list[int], letters: list[int]) -> np.ndarray:
    """Log probabilities (ENDINGS,) of all endings of a prefix, in alphabetical order."""
    state = model.initial_state(1)
    logs, state = model.step(torch.zeros(1, dtype=torch.int64), state)
    for number in prefix:
        logs, state = model.step(torch.tensor([number]), state)
    own = torch.tensor(letters)
    total = logs[:, own].double().flatten()
    for _ in range(LENGTH - 1):
        n = len(total) // LETTERS
        state = _repeated(state, LETTERS)
        logs, state = model.step(own.repeat(n), state)
        total = (total[:, None] + logs[:, own].double()).flatten()
    return total.numpy()


def _repeated(state: Tensor | tuple[Tensor, ...], times: int) -> Tensor | tuple[Tensor, ...]:
    if isinstance(state, Tensor):
        return state.repeat_interleave(times, 0)
    return tuple(each.repeat_interleave(times, 0) for each in state)


def exposure(logs: np.ndarray, ending: int) -> float:
    """Bits, from the log probabilities of all endings and the number of the secret one.

    Endings that are as probable share their mean rank.
    """
    above, equal = (logs > logs[ending]).sum(), (logs == logs[ending]).sum()
    return float(MOST - np.log2(above + (equal + 1) / 2))


def found(model: LanguageModel, text_: Planted) -> tuple[np.ndarray, list[str]]:
    """The exposure of every canary (canaries,), and the most probable ending of its prefix."""
    corpus, values, likeliest = text_.corpus, [], []
    letters = corpus.encode("abcdefghijklmnopqrstuvwxyz")
    for secret in text_.secrets:
        head, tail = secret[:-LENGTH], secret[-LENGTH:]
        logs = log_probabilities(model, corpus.encode(head), letters)
        ending = 0
        for letter in tail:
            ending = LETTERS * ending + ord(letter) - ord("a")
        values.append(exposure(logs, ending))
        best, word = int(logs.argmax()), ""
        for _ in range(LENGTH):
            best, last = divmod(best, LETTERS)
            word = chr(ord("a") + last) + word
        likeliest.append(head + word)
    return np.array(values), likeliest


def plant(config: CanaryConfig) -> Generator[CanarySnapshot, None, LSTM]:
    """Train an LSTM on the text, beside an n-gram that is fitted at once."""
    hidden = planted(config)
    corpus, rng = hidden.corpus, generator(config.seed)
    stream = torch.tensor([number for name in hidden.names for number in name])
    ngram = fit(rows_of(stream, ORDER, True), ORDER, corpus.size, True)
    counted = found(ngram, hidden)[0], ngram_bits(ngram, corpus)
    net = LSTM(corpus.size, 64, rng)
    adam, averages = Adam(net.parameters(), LEARNING_RATE, (0.9, 0.99)), set()
    inputs, targets = grid(hidden.names)
    order = torch.zeros(0, dtype=torch.int64)
    averages = set(frame_steps(config.steps, FRAMES))
    for step in range(config.steps + 1):
        if step in averages:
            bits = finite(network_bits(net, corpus), step)
            learnt, likeliest = found(net, hidden)
            yield CanarySnapshot(
                step, config, hidden.secrets, tuple(likeliest),
                frozen(np.stack([counted[0], learnt], 1)), frozen(np.array([counted[1], bits])),
            )  # fmt: skip
        if step < config.steps:
            if len(order) < BATCH:
                order = torch.randperm(len(inputs), generator=rng)
            rows, order = order[:BATCH], order[BATCH:]
            length = int((targets[rows] >= 0).sum(1).max())
            logits = net(inputs[rows, :length])
            loss = cross_entropy(
                logits.flatten(0, 1), targets[rows, :length].flatten(), ignore_index=-1
            )
            finite(loss.item(), step)
            adam.descend(loss, cosine(step, config.steps, LEARNING_RATE, config.steps // 30))
    return net


def grid(names: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Names as rows: a line break and the tokens, and what follows each of them, or -1."""
    longest = max(map(len, names))
    inputs = torch.zeros(len(names), longest, dtype=torch.int64)
    targets = torch.full((len(names), longest), -1)
    for row, name in enumerate(names):
        inputs[row, 1 : len(name)] = torch.tensor(name[:-1])
        targets[row, : len(name)] = torch.tensor(name)
    return inputs, targets


def ngram_bits(model: NGram, corpus: text.Corpus) -> float:
    """Bits per character of an n-gram on held-out names."""
    return float(-np.log2(model.of(rows_of(corpus.held_out, ORDER, True))).mean())


@torch.no_grad()
def network_bits(net: LSTM, corpus: text.Corpus) -> float:
    """Bits per character of a network on held-out names."""
    inputs, targets = grid([part.tolist() for part in corpus.parts(corpus.held_out)])
    loss = cross_entropy(net(inputs).flatten(0, 1), targets.flatten(), ignore_index=-1)
    return float(loss) / log(2)
