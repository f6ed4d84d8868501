"""Tests with other tools that steer a battery through Home Assistant."""
