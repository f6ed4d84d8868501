"""Growatt: string inverters, hybrids and storage behind Growatt's public API."""
