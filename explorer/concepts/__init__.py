"""One file a concept: Config, Snapshot, train, scene."""
