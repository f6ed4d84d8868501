"""Tests of the Growatt side."""
