"""A run of a page."""

from dataclasses import dataclass
from typing import Any

from explorer import runs
from explorer.experiment import Experiment, Outcome


@dataclass(frozen=True)
class Run:
    """A run that the page has asked for."""

    key: str  # of its experiment
    experiment: Experiment
    config: Any
    job: runs.Job
    after: "Run | None" = None

    @property
    def done(self) -> bool:
        """Whether it has ended well: its model is there."""
        return self.job.status == "done"

    @property
    def model(self) -> Any:
        """What the process returned; None before it is done."""
        return self.job.model

    @property
    def last(self) -> Any:
        """The newest snapshot; None before the first."""
        return self.job.snapshots[-1] if self.job.snapshots else None

    @property
    def outcome(self) -> Outcome:
        """What can be measured once it has ended."""
        before = self.after.outcome if self.after else None
        return Outcome(self.config, tuple(self.job.snapshots), self.job.model, before)
