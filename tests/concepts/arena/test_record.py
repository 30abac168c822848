"""Recorded comparisons are read as they were written."""

from explorer.concepts import arena
from explorer.concepts.arena import record
from explorer.concepts.arena.measure import METRICS
from explorer.runs import finish


def test_a_record_is_read_as_it_was_written(tmp_path, monkeypatch):
    monkeypatch.setattr(record, "FILE", tmp_path / "record.npz")
    record.everything.cache_clear()
    snapshots, _ = finish(arena.train(arena.Config(steps=2, families=("mixture", "kernel"))))
    record.add("ring", [snapshots[-1]])
    found = record.everything()["ring"]
    for state in snapshots[-1].states:
        for name in METRICS:
            assert getattr(found[state.key][0], name) == getattr(state.scores[0], name)
    record.everything.cache_clear()
