"""Stands in for the library that takes noise out of speech."""


class AudioProcessor:
    """The name that Home Assistant imports."""
