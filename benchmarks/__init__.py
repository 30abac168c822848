"""Speed and quality in CPU seconds of one thread, run by hand: `python -m benchmarks`."""
