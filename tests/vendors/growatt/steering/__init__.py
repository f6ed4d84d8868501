"""Tests of how Growatt devices are steered."""
