"""Tests of the simulated houses, over real HTTP."""
