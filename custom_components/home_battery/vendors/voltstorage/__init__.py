"""VoltStorage's cloud."""
