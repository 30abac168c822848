r"""From probabilities to a token: filters, greedy decoding, sampling, beam search.

The filters, in this order: the repetition penalty, the temperature, top-k, top-p. What is left is
scaled to add up to one again.

Penalty theta      log p of tokens that were used is multiplied by theta: they become rarer
Temperature T      p^(1/T): below 1 the distribution becomes sharper, above 1 flatter
Top-k              only the k most probable tokens may be drawn
Top-p              only the most probable that together reach p (the one that crosses it included)

Keskar et al. (2019), CTRL, https://arxiv.org/abs/1909.05858
Fan, Lewis and Dauphin (2018), top-k, https://arxiv.org/abs/1805.04833
Holtzman et al. (2020), nucleus sampling (top-p), https://arxiv.org/abs/1904.09751
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from explorer.concepts.shared.generation import LanguageModel, predict


@dataclass(frozen=True)
class Filters:
    """What is done to the probabilities; the default does nothing."""

    temperature: float = 1.0
    top_k: int = 0  # 0: all
    top_p: float = 1.0
    penalty: float = 1.0


def filtered(logs: Tensor, used: Sequence[int], filters: Filters) -> Tensor:
    """Probabilities (size,) after the filters, of log probabilities (size,) and used tokens."""
    logs = logs.double().clone()
    if filters.penalty != 1 and used:
        seen = torch.tensor(sorted(set(used)))
        logs[seen] *= filters.penalty
    logs = logs / filters.temperature
    order = logs.argsort(descending=True, stable=True)
    ranked = logs[order].softmax(-1)
    kept = torch.ones(len(logs), dtype=torch.bool)
    if filters.top_k:
        kept[filters.top_k :] = False
    if filters.top_p < 1:
        ranked = (ranked * kept) / (ranked * kept).sum()
        kept &= ranked.cumsum(0) - ranked < filters.top_p
    left = torch.zeros_like(logs)
    left[order] = torch.where(kept, ranked, 0.0)
    return left / left.sum()


@dataclass(frozen=True)
class Continuation:
    """Tokens that go on with a text, and the log probability of all of them together."""

    tokens: tuple[int, ...]
    log: float


def after(lm: LanguageModel, numbers: Sequence[int]) -> tuple[Tensor, Any]:
    """Log probabilities (size,) after a text, and the state then."""
    logs, state = predict(lm, numbers)
    return logs[-1], state


@torch.no_grad()
def greedy(lm: LanguageModel, prompt: Sequence[int], length: int) -> Continuation:
    """Always the most probable token, until a line break."""
    logs, state = after(lm, prompt)
    found, total = [], 0.0
    for _ in range(length):
        best = int(logs.argmax())
        found.append(best)
        total += float(logs[best])
        if best == 0:
            break
        rows, state = lm.step(torch.tensor([best]), state)
        logs = rows[0]
    return Continuation(tuple(found), total)


@torch.no_grad()
def sample(
    lm: LanguageModel, prompt: Sequence[int], length: int, filters: Filters, rng: torch.Generator
) -> Continuation:
    """A sampled continuation, until a line break; its log probability is that without filters."""
    logs, state = after(lm, prompt)
    found: list[int] = []
    total = 0.0
    for _ in range(length):
        p = filtered(logs, [*prompt, *found], filters)
        number = int(torch.multinomial(p, 1, generator=rng))
        found.append(number)
        total += float(logs[number])
        if number == 0:
            break
        rows, state = lm.step(torch.tensor([number]), state)
        logs = rows[0]
    return Continuation(tuple(found), total)


@torch.no_grad()
def beam_search(
    lm: LanguageModel, prompt: Sequence[int], length: int, width: int
) -> list[Continuation]:
    """The most probable continuations that a beam of this width finds, the best first.

    A continuation is complete at a line break or when it is `length` tokens long.
    """
    logs, state = after(lm, prompt)
    beam: list[tuple[Continuation, Tensor, object]] = [(Continuation((), 0.0), logs, state)]
    done: list[Continuation] = []
    for _ in range(length):
        grown = [
            (Continuation((*each.tokens, number), each.log + float(logs[number])), state)
            for each, logs, state in beam
            for number in logs.topk(min(width, len(logs))).indices.tolist()
        ]
        grown.sort(key=lambda pair: -pair[0].log)
        done += [each for each, _ in grown[:width] if each.tokens[-1] == 0]
        beam = []
        for each, state in grown[:width]:
            if each.tokens[-1] != 0:
                rows, then = lm.step(torch.tensor([each.tokens[-1]]), state)
                beam.append((each, rows[0], then))
        worst = sorted((each.log for each in done), reverse=True)[width - 1 : width]
        if not beam or (worst and beam[0][0].log <= worst[0]):
            break
    else:
        done += [each for each, _, _ in beam]
    return sorted(done, key=lambda each: -each.log)[:width]
