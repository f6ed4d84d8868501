"""What scripts/bench runs: a real Home Assistant, and what the integration costs it."""
