"""Runs over time: one worker, one recording per config, watched by everybody."""

from explorer.runs.job import Job, Process, finish, name
from explorer.runs.pool import Queue, ahead, queue, viewers, watch

__all__ = ["Job", "Process", "Queue", "ahead", "finish", "name", "queue", "viewers", "watch"]
