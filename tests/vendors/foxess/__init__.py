"""Tests of the Fox ESS side."""
