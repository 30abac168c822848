r"""Metrics of sets of sentences; a sentence is a sequence of words.

Perplexity      exp(-mean log p): as undecided as between so many symbols of equal chance
Bits            -sum log2 p / number of characters
BLEU            BP exp(1/4 sum_n log P_n), P_n the share of n-grams that are in a reference (each
                counted at most as often as there), BP = min(1, exp(1 - r/c)) for lengths r and c
ROUGE-n, -L     F1 of the n-grams, of the longest common subsequence, with a reference
Distinct-n      different n-grams / all n-grams
Self-BLEU       BLEU of each sentence with all others as references: 100 if they are all alike
Embedding match BERTScore's greedy match: F1 of each word's best cosine in the other sentence

Papineni et al. (2002), BLEU, https://aclanthology.org/P02-1040
Lin (2004), ROUGE, https://aclanthology.org/W04-1013
Li et al. (2016), A diversity-promoting objective function, https://arxiv.org/abs/1510.03055
Zhu et al. (2018), Texygen (self-BLEU), https://arxiv.org/abs/1802.01886
Zhang et al. (2020), BERTScore, https://arxiv.org/abs/1904.09675
Post (2018), A call for clarity in reporting BLEU scores (smoothing), https://arxiv.org/abs/1804.08771
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import exp, log
from typing import TypeAlias

import numpy as np

Words: TypeAlias = Sequence[str]
Grams: TypeAlias = Counter[tuple[str, ...]]
ORDER = 4


def perplexity(log_probabilities: np.ndarray) -> float:
    """The perplexity of symbols whose natural log-probabilities (n,) are given."""
    return exp(-float(np.mean(log_probabilities)))


def bits(log_probabilities: np.ndarray, characters: int) -> float:
    """Bits for each of so many characters."""
    return -float(np.sum(log_probabilities)) / log(2) / characters


def grams(words: Words, n: int) -> Grams:
    """How often each n-gram occurs."""
    return Counter(zip(*(words[start:] for start in range(n))))


def bleu(candidates: Sequence[Words], references: Sequence[Sequence[Words]]) -> float:
    """BLEU of a corpus in 0..100: `references[i]` are those of `candidates[i]`.

    As sacrebleu: the nearest length counts (the shorter of two equally near); an order without
    any match has the share 1/2, 1/4, ... of one match instead of none.
    """
    matches, totals, length, wanted = [0] * ORDER, [0] * ORDER, 0, 0
    for words, others in zip(candidates, references, strict=True):
        length += len(words)
        wanted += min((abs(len(o) - len(words)), len(o)) for o in others)[1]
        for n in range(1, ORDER + 1):
            most: Grams = Counter()
            for other in others:
                most |= grams(other, n)
            own = grams(words, n)
            matches[n - 1] += (own & most).total()
            totals[n - 1] += own.total()
    return _bleu(matches, totals, length, wanted)


def _bleu(matches: Sequence[int], totals: Sequence[int], length: int, wanted: int) -> float:
    if not length or not matches[0] or not all(totals):
        return 0.0
    logs, halves = 0.0, 1
    for matched, total in zip(matches, totals):
        if not matched:
            halves *= 2
        logs += log((matched or 1 / halves) / total)
    return 100 * exp(logs / ORDER + min(0.0, 1 - wanted / length))


def self_bleu(sentences: Sequence[Words]) -> float:
    """The mean BLEU of each sentence against all others, in 0..100; needs two sentences.

    For each n-gram the two sentences in which it is most frequent are known, so that leaving one
    out costs nothing.
    """
    if len(sentences) < 2:
        raise ValueError(f"self_bleu needs at least 2 sentences. Got {len(sentences)} instead.")
    counted = [[grams(words, n) for n in range(1, ORDER + 1)] for words in sentences]
    first: dict[tuple[str, ...], tuple[int, int]] = {}  # n-gram -> (count, sentence)
    second: dict[tuple[str, ...], int] = {}
    for index, own in enumerate(counted):
        for gram, count in (item for order in own for item in order.items()):
            top = first.get(gram, (0, -1))
            if count > top[0]:
                first[gram], second[gram] = (count, index), top[0]
            else:
                second[gram] = max(second[gram], count)
    lengths = Counter(map(len, sentences))
    scores = []
    for index, (words, own) in enumerate(zip(sentences, counted)):
        matches = [
            sum(
                min(count, second[gram] if first[gram][1] == index else first[gram][0])
                for gram, count in order.items()
            )
            for order in own
        ]
        size = len(words)
        others = lengths - Counter([size])
        wanted = min((abs(other - size), other) for other in others)[1]
        scores.append(_bleu(matches, [order.total() for order in own], size, wanted))
    return float(np.mean(scores))


def rouge(candidates: Sequence[Words], references: Sequence[Words], n: int) -> float:
    """The mean F1 of n-grams, in 0..1."""
    return float(np.mean([_overlap(a, b, n) for a, b in zip(candidates, references, strict=True)]))


def _overlap(a: Words, b: Words, n: int) -> float:
    x, y = grams(a, n), grams(b, n)
    return _f1((x & y).total(), x.total(), y.total())


def rouge_l(candidates: Sequence[Words], references: Sequence[Words]) -> float:
    """The mean F1 of the longest common subsequence, in 0..1."""
    pairs = zip(candidates, references, strict=True)
    return float(np.mean([_f1(common(a, b), len(a), len(b)) for a, b in pairs]))


def common(a: Words, b: Words) -> int:
    """The length of the longest common subsequence.

    >>> common("a whale of a tale".split(), "a tale of a whale".split())
    3
    """
    row = [0] * (len(b) + 1)
    for word in a:
        diagonal = 0
        for j, other in enumerate(b, 1):
            above = row[j]
            row[j] = diagonal + 1 if word == other else max(above, row[j - 1])
            diagonal = above
    return row[-1]


def _f1(shared: float, a: float, b: float) -> float:
    """F1 of the shares shared/a and shared/b."""
    return 2 * shared / (a + b) if a + b else 0.0


def distinct(sentences: Sequence[Words], n: int) -> float:
    """The share of n-grams that are different ones, in 0..1; 0 if there are none."""
    total = _together(sentences, n)
    return len(total) / total.total() if total else 0.0


def _together(sentences: Sequence[Words], n: int) -> Grams:
    """How often each n-gram occurs in all sentences."""
    total: Grams = Counter()
    for words in sentences:
        total.update(zip(*(words[start:] for start in range(n))))
    return total


def copied(sentences: Sequence[Words], seen: frozenset[tuple[str, ...]], n: int) -> float:
    """The share of n-grams of the sentences that are in `seen`, in 0..1."""
    total = _together(sentences, n)
    hits = sum(count for gram, count in total.items() if gram in seen)
    return hits / total.total() if total else 0.0


def embedding_match(
    candidates: Sequence[Words], references: Sequence[Words], vectors: Mapping[str, np.ndarray]
) -> float:
    """The mean F1 of the greedy match of unit vectors of words, at most 1.

    Words without a vector match themselves only. Sentences without any word score 0.
    """
    pairs = zip(candidates, references, strict=True)
    return float(np.mean([greedy_match(cosines(a, b, vectors)) for a, b in pairs]))


def greedy_match(cosine: np.ndarray) -> float:
    """F1 of the best cosine of every row and of every column of a matrix (n, m)."""
    if not cosine.size:
        return 0.0
    precision, recall = cosine.max(1).mean(), cosine.max(0).mean()
    return float(2 * precision * recall / (precision + recall)) if precision + recall else 0.0


def cosines(a: Words, b: Words, vectors: Mapping[str, np.ndarray]) -> np.ndarray:
    """The cosines (n, m) of the words of a and of b."""
    same = np.array([[float(x == y) for y in b] for x in a]).reshape(len(a), len(b))
    rows = [i for i, word in enumerate(a) if word in vectors]
    columns = [j for j, word in enumerate(b) if word in vectors]
    if rows and columns:
        left = np.stack([vectors[a[i]] for i in rows])
        right = np.stack([vectors[b[j]] for j in columns])
        same[np.ix_(rows, columns)] = left @ right.T
    return same
