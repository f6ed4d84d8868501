"""Tests in a browser: a real Home Assistant, the simulated houses, and Chromium."""
