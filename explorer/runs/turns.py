"""Whose turn it is: start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996).

Every run has a mark on one time line: what it was charged so far. Next is the least mark. The front
is where the run stood that was served furthest on; it never moves back. Whoever comes, or rested,
is put a little before the front, so it is served soon and has saved up nothing.

Two runs that both want turns all the while differ, over any stretch of it, by no more than a slice
of each and the lead; so after some turns each has about as much as the other, whatever a slice
costs.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Marked(Protocol):
    """What takes turns."""

    turn: float


Runner = TypeVar("Runner", bound=Marked)


class Turns:
    """The front of the time line, in seconds."""

    def __init__(self, lead: float) -> None:
        self.lead = lead  # seconds by which whoever comes is before the front
        self.front = 0.0

    def next(self, runs: Sequence[Runner]) -> Runner | None:
        """The one to serve now; `served` follows. None of none."""
        if not runs:
            return None
        first = min(runs, key=lambda run: run.turn)
        first.turn = max(first.turn, self.front - self.lead)
        self.front = max(self.front, first.turn)
        return first

    def served(self, run: Marked, seconds: float) -> None:
        """Charge a run for its turn."""
        run.turn += seconds
