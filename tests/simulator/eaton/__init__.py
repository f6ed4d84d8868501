"""Tests of the simulated xStorage Home."""
