"""The common language of every battery: no Home Assistant, no vendor, no I/O."""
