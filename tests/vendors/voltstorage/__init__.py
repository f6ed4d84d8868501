"""Tests of VoltStorage."""
