r"""Four tasks whose perfect solution is known, as sequences to be continued.

Copy, reverse, sort: eight symbols, a stroke, and the answer. Repeat: a block of symbols, each at
most once, again and again, of a length that has to be found out. Sequences whose check sum is zero
are kept for the exam, so none of them is ever trained on.

Olsson et al. (2022), In-context Learning and Induction Heads, https://arxiv.org/abs/2209.11895
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2

import torch
from torch import Generator, Tensor

LENGTH = 8  # symbols of a question
PLACES = 24  # of a sequence that repeats a block, without the last symbol
PERIODS = range(5, 13)  # of the block
CHECK = 7  # one sequence in so many is for the exam
LETTERS = "abcdefghijklmnop"
STROKE = "="


@dataclass(frozen=True, eq=False)
class Task:
    """What is asked. Rows are (n, places + 1) int64: a network sees all but the last symbol."""

    name: str
    symbols: str
    places: int
    judged_from: int  # the first place whose answer counts, in the loss, too
    answer: Callable[[Tensor], Tensor] | None  # (n, LENGTH) -> (n, LENGTH)

    def sample(self, n: int, rng: Generator, exam: bool = False) -> Tensor:
        """n rows, all for the exam or all for training; an exam has each length of block alike."""
        found: list[Tensor] = []
        while sum(map(len, found)) < n:
            many = (CHECK + 2) * n if exam else n + n // 2 + 8
            questions = self._questions(many, rng)
            found.append(questions[kept_for_exam(questions) == exam])
        return self.rows(torch.cat(found)[:n], None if exam else rng)

    def rows(self, questions: Tensor, rng: Generator | None = None) -> Tensor:
        """Whole sequences of questions; how long a repeated block is is drawn, or goes in turns."""
        if self.answer:
            stroke = torch.full((len(questions), 1), self.symbols.index(STROKE))
            return torch.cat([questions, stroke, self.answer(questions)], dim=1)
        first, count = PERIODS[0], len(PERIODS)
        turns = torch.arange(len(questions))[:, None]
        drawn = turns if rng is None else torch.randint(count, turns.shape, generator=rng)
        period = first + drawn % count
        return questions.gather(1, torch.arange(self.places + 1) % period)

    def judged(self, rows: Tensor) -> Tensor:
        """The places whose next symbol is certain for who knows the task: (n, places) bool."""
        if self.answer:
            seen = torch.arange(self.places) >= self.judged_from
            return seen.expand(len(rows), -1)
        return earlier(rows[:, :-1]).any(dim=2)

    def sources(self, rows: Tensor) -> Tensor:
        """Where the answer of each place stands among what is seen: (n, places, places) bool.

        In a block that is repeated it is the symbol after the one that stood here before.
        """
        seen, next_ = rows[:, :-1], rows[:, 1:]
        if not self.answer:
            shifted = earlier(seen)
            return torch.cat([torch.zeros_like(shifted[..., :1]), shifted[..., :-1]], dim=2)
        place = torch.arange(self.places)
        asked = place[None, :] < LENGTH
        if self.name == "sort":
            return (seen[:, None, :] == next_[:, :, None]) & asked & self.judged(rows)[..., None]
        turn = place[:, None] - LENGTH
        target = turn if self.name == "copy" else LENGTH - 1 - turn
        return ((place[None, :] == target) & asked).expand(len(rows), -1, -1)

    @property
    def best_bits(self) -> float:
        """Bits per counted symbol of the best possible guesses, exactly."""
        return 0.0 if self.answer else best_repeat_bits()

    def _questions(self, n: int, rng: Generator) -> Tensor:
        if self.answer:
            return torch.randint(len(self.symbols) - 1, (n, LENGTH), generator=rng)
        order = torch.rand(n, len(self.symbols), generator=rng).argsort(dim=1)
        return order[:, : PERIODS[-1]]


def kept_for_exam(questions: Tensor) -> Tensor:
    """Whether questions (n, k) are never trained on: by a weighted sum of their first symbols."""
    first = questions[:, : PERIODS[0]]
    return (first * torch.arange(1, PERIODS[0] + 1)).sum(dim=1) % CHECK == 0


def earlier(seen: Tensor) -> Tensor:
    """Whether the symbol of place i stood at place j before it, (n, places, places) bool."""
    same = seen[:, :, None] == seen[:, None, :]
    return same.tril(-1)


def best_repeat_bits(
    kinds: int = len(LETTERS), periods: Sequence[int] = PERIODS, places: int = PLACES
) -> float:
    r"""Expected bits per symbol of the Bayes-optimal guesses of a repeated block, after the first.

    After $t$ different symbols the period $P$ is uniform over those that are at least $t$. The next
    symbol is the first one again if $P = t$, otherwise any of those not seen; once something has
    come again all is certain. A uniform first symbol is not counted: nothing is asked before it.
    """
    total = 0.0
    for period in periods:
        for t in range(1, min(period, places) + 1):
            again = (t in periods) / sum(p >= t for p in periods)
            total -= log2(again if t == period else (1 - again) / (kinds - t))
    return total / len(periods) / places


def _sorted(questions: Tensor) -> Tensor:
    return questions.sort(dim=1).values


def _asked(name: str, answer: Callable[[Tensor], Tensor]) -> Task:
    return Task(name, LETTERS[:8] + STROKE, 2 * LENGTH, LENGTH, answer)


TASKS: dict[str, Task] = {
    "sort": _asked("sort", _sorted),
    "reverse": _asked("reverse", lambda questions: questions.flip(1)),
    "copy": _asked("copy", lambda questions: questions),
    "repeat": Task("repeat", LETTERS, PLACES, 0, None),
}
