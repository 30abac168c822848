"""What is recorded of a run: the beliefs of all models over the plane, and what they are worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.decision_boundaries.config import Config
from explorer.concepts.decision_boundaries.discriminative import Discriminative
from explorer.concepts.decision_boundaries.problem import (
    CELLS,
    COMPARED,
    FAINT,
    SEEN,
    SHOWN,
    TEST,
    WIDE,
    WIDE_CELLS,
    Problem,
    boundary,
    contours,
    level_line,
    mass_outside,
    percent,
    square,
    wrong,
)
from explorer.data.mixture import Mixture
from explorer.nets import freeze, generator
from explorer.truth.plane import posterior_from_one

MOST_CENTRES = 48  # kernels have one on every point: too many to show
RANKED = 1024  # made-up points whose density tells what a model counts as seen
HISTORY = ("labels", "a", "b", "c", "distance", "lost_a", "lost_b", "gap_a", "gap_b")


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Both models after `step` steps. Model 0 is discriminative, 1 generative, 2 the generative
    one that also learns from points without a label. Shares are uint8, 255 being all."""

    step: int
    labels: int  # that have arrived
    config: Config
    problem: Problem  # the exact answer
    x: np.ndarray  # (config.labels, 2) labelled points in the order of arrival
    y: np.ndarray  # (config.labels,)
    unlabelled: np.ndarray  # (at most SHOWN, 2)
    winner: np.ndarray  # (3, CELLS, CELLS) the class that each model names
    sure: np.ndarray  # (3, CELLS, CELLS) the probability it gives it
    boundary_a: np.ndarray  # (k, 2) lines, broken by NaN
    boundary_b: np.ndarray
    boundary_c: np.ndarray
    gap: np.ndarray  # (2, CELLS, CELLS) half the summed difference from the exact p(y | x)
    crowd: np.ndarray  # (CELLS, CELLS) of the generative p(x): share of its mass that lies lower
    contours: np.ndarray  # (k, 2) of the generative p(x | y)
    centres: np.ndarray  # (components, 2) of its Gaussians, empty for kernels
    made: np.ndarray  # (SHOWN, 2) points that it made up
    made_classes: np.ndarray  # (SHOWN,)
    partial: np.ndarray  # (2, 2, LINE, classes) models x axes: p(y | one coordinate)
    wide_sure: np.ndarray  # (WIDE_CELLS, WIDE_CELLS) the discriminative model far from all data
    wide_winner: np.ndarray  # (WIDE_CELLS, WIDE_CELLS)
    boundary_far: np.ndarray  # (k, 2) of the discriminative model in the wide plane
    wide_density: np.ndarray  # (WIDE_CELLS, WIDE_CELLS) the generative model's log p(x)
    known: np.ndarray  # (k, 2) the line inside which SEEN of its own points lie
    noticed: float  # share of strange places beyond that line
    alarms: float  # share of real points beyond that line
    certainty: float  # of the discriminative model in strange places
    spread: np.ndarray  # (3,) standard errors of the test errors
    history: np.ndarray  # (frames so far, len(HISTORY))

    def past(self, name: str) -> np.ndarray:
        """One column of the history, (frames so far,)."""
        return self.history[:, HISTORY.index(name)]

    def now(self, name: str) -> float:
        """The last value of a column of the history."""
        return float(self.history[-1, HISTORY.index(name)])


class Observer:
    """Takes the snapshots of one run, and keeps its history."""

    def __init__(self, config: Config, truth: Problem, x: Tensor, y: Tensor, extra: Tensor) -> None:
        self.config, self.truth = config, truth
        self.constant: Mapping[str, np.ndarray] = {
            "x": freeze(x),
            "y": freeze(y.to(torch.uint8)),
            "unlabelled": freeze(extra[:SHOWN]),
        }
        self.history: list[list[float]] = []
        line = len(truth.line)
        lost = torch.zeros(2 * line, 2)  # the missing coordinate is replaced by its mean, 0
        lost[:line, 0], lost[line:, 1] = truth.line, truth.line
        self.asked = torch.cat([truth.test, truth.grid, truth.wide, lost])
        self.parts = (TEST, CELLS**2, WIDE_CELLS**2, 2 * line)
        weight = truth.source.log_density(truth.grid).exp()
        self.weight = weight / weight.sum()  # (CELLS^2,) share of the data in each cell

    @torch.no_grad()
    def look(
        self, step: int, labels: int, a: Discriminative, beliefs: Sequence[Mixture]
    ) -> Snapshot:
        """Ask all models everything that is shown."""
        truth, (b, c) = self.truth, beliefs
        test, grid, wide, lost = self.parts
        said = a.logits(self.asked).float().log_softmax(1)
        a_test, a_grid, a_wide, a_lost = said.split(self.parts)
        made, made_classes = b.sample_labelled(COMPARED, generator(self.config.seed + 3))
        # One call for all: calls are dear.
        told = joint(b, torch.cat([self.asked[:-lost], made[:RANKED]]))
        b_test, b_grid, *_ = told.split([test, grid, wide, RANKED])
        d_test, d_grid, d_wide, d_made = told.logsumexp(1).split([test, grid, wide, RANKED])
        c_test, c_grid = joint(c, self.asked[: test + grid]).split([test, grid])
        shares = torch.stack([each.softmax(1) for each in (a_grid, b_grid, c_grid)])
        top = shares.max(2)
        gap = 0.5 * (shares[:2] - truth.posterior).abs().sum(2)

        known = torch.stack([posterior_from_one(b, truth.line, axis) for axis in (0, 1)])
        partial = torch.stack([a_lost.exp().view(2, len(truth.line), -1), known])
        errors = [wrong(each, truth.test_posterior) for each in (a_test, b_test, c_test)]
        least = d_made.sort().values[round((1 - SEEN) * RANKED)].item()
        certainty = a_wide.amax(1).exp()
        self.history.append(
            [
                labels,
                *(each.mean().item() for each in errors),
                truth.rule.distance(made),
                *(lost_error(each, truth) for each in partial),
                *(gap @ self.weight).tolist(),
            ]
        )
        return Snapshot(
            step=step,
            labels=labels,
            config=self.config,
            problem=truth,
            **self.constant,
            winner=square(top.indices.to(torch.uint8)),
            sure=square(percent(top.values)),
            boundary_a=boundary(a_grid),
            boundary_b=boundary(b_grid),
            boundary_c=boundary(c_grid),
            gap=square(percent(gap)),
            crowd=square(percent(mass_outside(d_grid[:, None])[0])),
            contours=contours(b_grid),
            centres=freeze(b.means.float() if len(b.means) <= MOST_CENTRES else torch.empty(0, 2)),
            made=freeze(made[:SHOWN]),
            made_classes=freeze(made_classes[:SHOWN].to(torch.uint8)),
            partial=freeze(partial.half()),
            wide_sure=square(percent(certainty)),
            wide_winner=square(a_wide.argmax(1).to(torch.uint8)),
            boundary_far=boundary(a_wide, WIDE),
            wide_density=square(d_wide.clamp(min=FAINT).half()),
            known=level_line(d_wide, least, WIDE),
            noticed=(d_wide < least)[truth.strange].float().mean().item(),
            alarms=(d_test < least).float().mean().item(),
            certainty=certainty[truth.strange].mean().item(),
            spread=freeze(torch.stack([each.std() for each in errors]) / TEST**0.5),
            history=freeze(torch.tensor(self.history)),
        )


def joint(model: Mixture, x: Tensor) -> Tensor:
    """log p(x, y), (n, classes)."""
    return model.class_log_density(x) + model.class_log_prior


def lost_error(share: Tensor, truth: Problem) -> float:
    """The error of naming the likeliest class of `share` (2, LINE, classes) when one coordinate
    is missing, averaged over which one. Exact but for the cells of the line."""
    chosen = share.argmax(2, keepdim=True)
    right = truth.line_posterior.gather(2, chosen)[..., 0]
    return (truth.line_mass * (1 - right)).sum().item() / 2
