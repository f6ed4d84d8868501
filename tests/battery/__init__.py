"""Tests of the common language."""
