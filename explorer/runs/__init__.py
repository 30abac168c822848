"""Runs over time: one worker, one recording per config, watched by everybody."""

from explorer.runs.pool import Job, Process, ahead, finish, watch

__all__ = ["Job", "Process", "ahead", "finish", "watch"]
