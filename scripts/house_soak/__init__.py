"""Weeks of a house in which much goes wrong, in one process: scripts/soak."""
