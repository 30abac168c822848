r"""Four tasks whose perfect solution is known, as sequences to be continued.

Copy, reverse, sort: eight tokens, a stroke, and the answer. Repeat: a block of tokens, each at
most once, again and again, of a length that has to be inferred. Sequences whose check sum is zero
are the test set, so none of them is ever trained on.

Olsson et al. (2022), In-context Learning and Induction Heads, https://arxiv.org/abs/2209.11895
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2

import torch
from torch import Generator, Tensor

LENGTH = 8  # tokens of a question
POSITIONS = 24  # of a sequence that repeats a block, without the last token
PERIODS = range(5, 13)  # of the block
CHECK = 7  # one sequence in so many is in the test set
LETTERS = "abcdefghijklmnop"
STROKE = "="


@dataclass(frozen=True, eq=False)
class Task:
    """What is asked. Rows are (n, positions + 1) int64: a network sees all but the last token."""

    name: str
    vocabulary: str
    positions: int
    scored_from: int  # the first position whose answer is scored, and is in the loss
    answer: Callable[[Tensor], Tensor] | None  # (n, LENGTH) -> (n, LENGTH)

    def sample(self, n: int, rng: Generator, test: bool = False) -> Tensor:
        """n rows, all of the test set or all for training; a test set has each period alike."""
        found: list[Tensor] = []
        while sum(map(len, found)) < n:
            many = (CHECK + 2) * n if test else n + n // 2 + 8
            questions = self._questions(many, rng)
            found.append(questions[in_test_set(questions) == test])
        return self.rows(torch.cat(found)[:n], None if test else rng)

    def rows(self, questions: Tensor, rng: Generator | None = None) -> Tensor:
        """Sequences of questions; the period of a repeated block is random, or takes turns."""
        if self.answer:
            stroke = torch.full((len(questions), 1), self.vocabulary.index(STROKE))
            return torch.cat([questions, stroke, self.answer(questions)], dim=1)
        first, count = PERIODS[0], len(PERIODS)
        turns = torch.arange(len(questions))[:, None]
        drawn = turns if rng is None else torch.randint(count, turns.shape, generator=rng)
        period = first + drawn % count
        return questions.gather(1, torch.arange(self.positions + 1) % period)

    def certain(self, rows: Tensor) -> Tensor:
        """The positions whose next token is certain, given the task: (n, positions) bool."""
        if self.answer:
            seen = torch.arange(self.positions) >= self.scored_from
            return seen.expand(len(rows), -1)
        return earlier(rows[:, :-1]).any(dim=2)

    def sources(self, rows: Tensor) -> Tensor:
        """Where each position finds its answer: (n, positions, positions) bool.

        In a block that is repeated it is the token after the earlier same one.
        """
        seen, next_ = rows[:, :-1], rows[:, 1:]
        if not self.answer:
            shifted = earlier(seen)
            return torch.cat([torch.zeros_like(shifted[..., :1]), shifted[..., :-1]], dim=2)
        position = torch.arange(self.positions)
        asked = position[None, :] < LENGTH
        if self.name == "sort":
            return (seen[:, None, :] == next_[:, :, None]) & asked & self.certain(rows)[..., None]
        turn = position[:, None] - LENGTH
        target = turn if self.name == "copy" else LENGTH - 1 - turn
        return ((position[None, :] == target) & asked).expand(len(rows), -1, -1)

    @property
    def best_bits(self) -> float:
        """Lowest possible bits per scored token, exactly."""
        return 0.0 if self.answer else best_repeat_bits()

    def _questions(self, n: int, rng: Generator) -> Tensor:
        if self.answer:
            return torch.randint(len(self.vocabulary) - 1, (n, LENGTH), generator=rng)
        order = torch.rand(n, len(self.vocabulary), generator=rng).argsort(dim=1)
        return order[:, : PERIODS[-1]]


def in_test_set(questions: Tensor) -> Tensor:
    """Whether questions (n, k) are in the test set: by a weighted sum of their first tokens."""
    first = questions[:, : PERIODS[0]]
    return (first * torch.arange(1, PERIODS[0] + 1)).sum(dim=1) % CHECK == 0


def earlier(seen: Tensor) -> Tensor:
    """Whether position i has the token of an earlier j: (n, positions, positions) bool."""
    same = seen[:, :, None] == seen[:, None, :]
    return same.tril(-1)


def best_repeat_bits(
    kinds: int = len(LETTERS), periods: Sequence[int] = PERIODS, positions: int = POSITIONS
) -> float:
    r"""Expected bits per token of the Bayes-optimal predictor of a repeated block, after the first.

    After $t$ different tokens the period $P$ is uniform over those that are at least $t$. The next
    token is the first one again if $P = t$, otherwise any of those not seen; once something has
    come again all is certain. The first token is uniform and not scored.
    """
    total = 0.0
    for period in periods:
        for t in range(1, min(period, positions) + 1):
            again = (t in periods) / sum(p >= t for p in periods)
            total -= log2(again if t == period else (1 - again) / (kinds - t))
    return total / len(periods) / positions


def _sorted(questions: Tensor) -> Tensor:
    return questions.sort(dim=1).values


def _asked(name: str, answer: Callable[[Tensor], Tensor]) -> Task:
    return Task(name, LETTERS[:8] + STROKE, 2 * LENGTH, LENGTH, answer)


TASKS: dict[str, Task] = {
    "sort": _asked("sort", _sorted),
    "reverse": _asked("reverse", lambda questions: questions.flip(1)),
    "copy": _asked("copy", lambda questions: questions),
    "repeat": Task("repeat", LETTERS, POSITIONS, 0, None),
}
