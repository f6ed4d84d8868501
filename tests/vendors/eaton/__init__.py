"""Tests of Eaton."""
