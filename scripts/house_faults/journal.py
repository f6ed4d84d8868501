"""What is logged while a fault lasts and after it: once down, once up, and nothing unforeseen."""

from collections.abc import Iterator
from contextlib import contextmanager
import logging
from typing import Final, override

_OURS: Final = "custom_components.home_battery"
# What the simulated servers say of connections that they break themselves.
_SERVERS: Final = ("aiohttp.server", "simulator")
_DOWN: Final = (
    "Error fetching {}",
    "Timeout fetching {}",
    "Authentication failed while fetching {}",
)
_DOWN_APART: Final = "Fetching {} of a "
_UP: Final = "Fetching {} data recovered"
_UP_APART: Final = "works again"


class Journal(logging.Handler):
    """Keeps what matters of the log."""

    def __init__(self) -> None:
        """Start with nothing."""
        super().__init__(logging.INFO)
        self._records: list[logging.LogRecord] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        if record.name.startswith(_OURS) or (
            record.levelno >= logging.ERROR and not record.name.startswith(_SERVERS)
        ):
            self._records.append(record)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Listen, also to what is only news."""
        ours, root = logging.getLogger(_OURS), logging.getLogger()
        ours.setLevel(logging.INFO)
        root.addHandler(self)
        try:
            yield
        finally:
            root.removeHandler(self)

    def clear(self) -> None:
        """Begin anew."""
        self._records.clear()

    def down(self, feed: str) -> list[str]:
        """Return what was said of a feed, or of a device in it, that fails."""
        beginnings = tuple(text.format(f"{feed} data") for text in _DOWN)
        apart = _DOWN_APART.format(feed)
        return [
            line
            for line in self._lines()
            if line.startswith(beginnings)
            or (line.startswith(apart) and not line.endswith(_UP_APART))
        ]

    def up(self, feed: str) -> list[str]:
        """Return what was said of a feed, or of a device in it, that is back."""
        return [
            line
            for line in self._lines()
            if line.startswith(_UP.format(feed))
            or (line.startswith(_DOWN_APART.format(feed)) and line.endswith(_UP_APART))
        ]

    def unforeseen(self) -> list[str]:
        """Return what should never be in a log."""
        return [
            record.getMessage()
            for record in self._records
            if record.exc_info
            or "Unexpected" in record.getMessage()
            or (record.levelno >= logging.ERROR and not record.name.startswith(_OURS))
        ]

    def _lines(self) -> list[str]:
        """Return what was said."""
        return [record.getMessage() for record in self._records]
