"""The faults of overrides, on every kind of device that can be steered."""
