"""Tests of the simulated Growatt cloud."""
