"""Speed and quality, measured in CPU seconds of one thread and run by hand: `python -m benchmarks`."""
