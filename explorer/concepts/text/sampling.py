r"""From chances to a choice: what may be done to a distribution before the dice fall.

In this order: the repetition penalty, the temperature, top-k, top-p. What is left is scaled to add
up to one again.

Penalty theta      log p of symbols that were used is multiplied by theta: they become rarer
Temperature T      p^(1/T): below 1 the likely becomes likelier, above 1 all come closer
Top-k              only the k likeliest may be drawn
Top-p              only the likeliest that together reach p (the one that crosses it included)

Keskar et al. (2019), CTRL, https://arxiv.org/abs/1909.05858
Fan, Lewis and Dauphin (2018), top-k, https://arxiv.org/abs/1805.04833
Holtzman et al. (2020), nucleus sampling (top-p), https://arxiv.org/abs/1904.09751
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer import config as check
from explorer.concepts.text.writing import Writer


@dataclass(frozen=True)
class Filters:
    """What is done to the chances; the default does nothing."""

    temperature: float = 1.0
    top_k: int = 0  # 0: all
    top_p: float = 1.0
    penalty: float = 1.0

    def __post_init__(self) -> None:
        check.between(self, "temperature", 0.05, 5)
        check.whole(self, "top_k", 0, 1000)
        check.between(self, "top_p", 0.01, 1)
        check.between(self, "penalty", 1, 5)


def filtered(logs: Tensor, used: Sequence[int], filters: Filters) -> Tensor:
    """The chances (size,) that are left of log chances (size,), given the symbols used so far."""
    logs = logs.double().clone()
    if filters.penalty != 1 and used:
        seen = torch.tensor(sorted(set(used)))
        logs[seen] *= filters.penalty
    logs = logs / filters.temperature
    order = logs.argsort(descending=True, stable=True)
    ranked = logs[order].softmax(-1)
    keep = torch.ones(len(logs), dtype=torch.bool)
    if filters.top_k:
        keep[filters.top_k :] = False
    if filters.top_p < 1:
        ranked = (ranked * keep) / (ranked * keep).sum()
        keep &= ranked.cumsum(0) - ranked < filters.top_p
    left = torch.zeros_like(logs)
    left[order] = torch.where(keep, ranked, 0.0)
    return left / left.sum()


@dataclass(frozen=True)
class Path:
    """A way to go on: symbols and the log chance of all of them together."""

    symbols: tuple[int, ...]
    log: float


@torch.no_grad()
def read_all(writer: Writer, numbers: Sequence[int]) -> tuple[Tensor, object]:
    """Log chances (size,) after a text, and the memory then."""
    memory = writer.begin(1)
    logs = torch.empty(0)
    for number in [0, *numbers]:
        logs, memory = writer.read(torch.tensor([number]), memory)
    return logs[0], memory


@torch.no_grad()
def greedy(writer: Writer, prompt: Sequence[int], length: int) -> Path:
    """Always the likeliest symbol, until a line break."""
    logs, memory = read_all(writer, prompt)
    found, total = [], 0.0
    for _ in range(length):
        best = int(logs.argmax())
        found.append(best)
        total += float(logs[best])
        if best == 0:
            break
        rows, memory = writer.read(torch.tensor([best]), memory)
        logs = rows[0]
    return Path(tuple(found), total)


@torch.no_grad()
def draw(
    writer: Writer, prompt: Sequence[int], length: int, filters: Filters, rng: torch.Generator
) -> Path:
    """A continuation drawn by dice, until a line break; its log chance is that without filters."""
    logs, memory = read_all(writer, prompt)
    found: list[int] = []
    total = 0.0
    for _ in range(length):
        p = filtered(logs, [*prompt, *found], filters)
        number = int(torch.multinomial(p, 1, generator=rng))
        found.append(number)
        total += float(logs[number])
        if number == 0:
            break
        rows, memory = writer.read(torch.tensor([number]), memory)
        logs = rows[0]
    return Path(tuple(found), total)


@torch.no_grad()
def beam(writer: Writer, prompt: Sequence[int], length: int, width: int) -> list[Path]:
    """The most likely continuations that a search with so many open ends finds, the best first.

    A continuation is complete at a line break or when it is `length` symbols long.
    """
    logs, memory = read_all(writer, prompt)
    open_ends: list[tuple[Path, Tensor, object]] = [(Path((), 0.0), logs, memory)]
    done: list[Path] = []
    for _ in range(length):
        grown = [
            (Path((*path.symbols, number), path.log + float(logs[number])), memory)
            for path, logs, memory in open_ends
            for number in logs.topk(min(width, len(logs))).indices.tolist()
        ]
        grown.sort(key=lambda each: -each[0].log)
        done += [path for path, _ in grown[:width] if path.symbols[-1] == 0]
        open_ends = []
        for path, memory in grown[:width]:
            if path.symbols[-1] != 0:
                rows, after = writer.read(torch.tensor([path.symbols[-1]]), memory)
                open_ends.append((path, rows[0], after))
        worst = sorted((path.log for path in done), reverse=True)[width - 1 : width]
        if not open_ends or (worst and open_ends[0][0].log <= worst[0]):
            break
    else:
        done += [path for path, _, _ in open_ends]
    return sorted(done, key=lambda path: -path.log)[:width]
