"""Tests of Home Battery."""
