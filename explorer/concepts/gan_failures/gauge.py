"""What can be measured of games in progress, for every seed at once: the base of a diagnosis."""

import numpy as np
import torch
from torch import Tensor

from explorer.concepts.gan.measure import PlaneYardstick, plane_yardstick
from explorer.concepts.gan_failures.game import Games
from explorer.nets import generator
from explorer.truth.distances import COVERED, HIGH_QUALITY

POINTS = 512  # made-up points that are measured, and as many real ones
FAR = 1e4  # further out, a game has diverged
FIGURES = (
    "covered",  # modes that hold a fifth of what they deserve
    "visited",  # modes that were covered at some look so far
    "target",  # share of points on a mode
    "right",  # how often D finds the real one of a real and a made-up point
    "pull",  # median length of the slope that G gets at its points
    "swing",  # median way of a point since the last look
    "judge",  # D's loss
    "forger",  # G's loss
    "copied",  # how near the nearest training point is, against what unseen real points have
)  # fmt: skip


class Gauge:
    """Measures games, always with the same noise and the same real points.

    `averaged`, the points are those of the averaged weights.
    """

    def __init__(self, games: Games) -> None:
        self.games, config = games, games.config
        self.rule: PlaneYardstick = plane_yardstick(config.dataset)
        self.z = torch.stack(
            [
                torch.randn(POINTS, config.noise_size, generator=generator(seed + 1))
                for seed in games.seeds
            ]
        )
        self.real = self.rule.real[:POINTS].expand(len(games.seeds), -1, -1)
        self.before: Tensor | None = None
        self.share = torch.zeros(0)  # of every mode among the points, as it deserves: 1
        self.alive = torch.ones(len(games.seeds), dtype=torch.bool)
        self.visited = torch.zeros(len(games.seeds), max(1, self.rule.groups), dtype=torch.bool)

    @torch.no_grad()
    def take(self) -> tuple[Tensor, Tensor, Tensor, np.ndarray]:
        """Points as they are played and as they are shown, the slopes there, and the figures."""
        games = self.games
        made = games.forger(self.z)
        shown = games.shown()(self.z) if games.config.keep else made
        self.alive = alive = (made.abs().amax((1, 2)) < FAR) & (shown.abs().amax((1, 2)) < FAR)
        made, shown = (torch.where(alive[:, None, None], t, torch.zeros(())) for t in (made, shown))
        a, b = games.opinions(self.real), games.opinions(made)
        right = (a > b).float().mean(1) + (a == b).float().mean(1) / 2
        pull = -games.pull(made, self.real)
        swing = torch.zeros(len(made))
        if self.before is not None:
            swing = (made - self.before).norm(dim=2).median(1).values
        self.before = made
        covered, self.share, target = coverage(shown, self.rule)
        self.visited |= covered
        figures = (
            covered.sum(1), self.visited.sum(1), target, right,
            pull.norm(dim=2).median(1).values, swing,
            games.loss.judge(a, b).mean(1), games.loss.forger(b, a).mean(1), self.copied(shown),
        )  # fmt: skip
        return made, shown, pull, torch.stack([f.float() for f in figures], dim=1).numpy()

    def copied(self, shown: Tensor) -> Tensor:
        """Median distance to the nearest training point, over that of unseen real points (s,)."""
        kept = self.games.kept
        if kept is None:
            return torch.ones(len(shown))
        near = [torch.cdist(x, kept).amin(2).median(1).values for x in (shown, self.real)]
        return near[0] / near[1]


def coverage(x: Tensor, rule: PlaneYardstick) -> tuple[Tensor, Tensor, Tensor]:
    """Which modes the points x (s, n, 2) cover, how much of what it deserves each has (both
    (s, modes)), and the share of points on target (s,).

    For every seed what `truth.distances.mode_coverage` says.
    """
    s, n, _ = x.shape
    if not rule.groups:
        return torch.zeros(s, 1, dtype=torch.bool), torch.zeros(s, 1), torch.zeros(s)
    mode, distance = rule.dist.nearest_mode(x.reshape(-1, 2))
    good = (distance <= HIGH_QUALITY).view(s, n)
    own = (mode.view(s, n) + rule.groups * torch.arange(s)[:, None])[good]
    counts = torch.bincount(own, minlength=s * rule.groups).view(s, rule.groups)
    deserved = n * rule.dist.mode_weights
    covered = (counts >= COVERED * deserved) & (counts > 0)
    return covered, (counts / deserved).float(), good.float().mean(1)
