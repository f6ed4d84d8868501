"""Stands in for the library that tells speech from noise."""


class MicroVad:
    """The name that Home Assistant imports."""
