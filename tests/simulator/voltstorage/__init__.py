"""Tests of the simulated VoltStorage cloud."""
