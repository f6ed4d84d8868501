"""What scripts/faults runs: every fault of the simulator, on every feed and every write of every vendor."""
