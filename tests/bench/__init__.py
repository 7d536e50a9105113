"""`make bench`: how fast, as ratios to a yardstick that ran in turn. How to read them: docs/benchmarks.md."""
