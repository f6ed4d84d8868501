"""What was learned of a Growatt device and need not be asked again so soon.

Nothing is learned for good: what a token may read can change, even with the
network that it is used from (Growatt notes, 1.1).
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

from ...transport.clock import Clock
from ...transport.errors import RejectedError, UnknownDeviceError, UnsupportedError

_DOUBTED_AFTER: Final = timedelta(days=1)


class DeviceMemory:
    """A view on what is stored for one device."""

    def __init__(self, stored: dict[str, Any], clock: Clock) -> None:
        """Keep the stored mapping, which is changed in place."""
        self._stored = stored
        self._clock = clock

    @property
    def source(self) -> str | None:
        """Return the call that tells the settings, `""` if none does.

        It is `None` while that is not known, or no longer for certain.
        """
        source: str | None = self._stored.get("source")
        return source if self._is_fresh("source_at") else None

    @source.setter
    def source(self, source: str) -> None:
        """Remember the call that tells the settings, `""` if none does."""
        self._stored["source"] = source
        self._stored["source_at"] = self._now()

    async def optional[T](
        self, name: str, read: Callable[[], Awaitable[T]]
    ) -> T | None:
        """Read what the device may lack, and remember if it does.

        Returns:
            `None` if the device lacks it, or is not let to tell it.

        Raises:
            ApiError: It could not be told.
        """
        if self._is_fresh(f"lacks_{name}"):
            return None
        try:
            return await read()
        except UnknownDeviceError:
            raise
        except UnsupportedError, RejectedError:
            self._stored[f"lacks_{name}"] = self._now()
            return None

    def wrote(self) -> None:
        """Remember that what was read before a write may not be true any more."""
        self._stored["written_at"] = self._now()

    def written_since(self, moment: datetime) -> bool:
        """Tell whether something was written at a moment or later."""
        written_at: float = self._stored.get("written_at", 0.0)
        return written_at >= moment.timestamp()

    def _is_fresh(self, key: str) -> bool:
        """Tell whether something was learned so lately that it still counts."""
        learned: float = self._stored.get(key, 0.0)
        return self._now() < learned + _DOUBTED_AFTER.total_seconds()

    def _now(self) -> float:
        """Return the seconds since the epoch."""
        return self._clock.now().timestamp()
