"""Tests of the repository's commands."""
