"""What can go wrong in the demonstration."""


class DemoError(Exception):
    """A reason to stop that a person can read."""
