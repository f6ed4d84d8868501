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

    @property
    def has_battery(self) -> bool:
        """Return whether the device has ever told of a battery."""
        return self._stored.get("has_battery") is True

    def note_battery(self) -> None:
        """Remember for good that it has one, so that no gap in what it tells matters."""
        self._stored["has_battery"] = True

    @property
    def vpp_times(self) -> str | None:
        """Return the times of a virtual power plant that we wrote last, if any."""
        times: str | None = self._stored.get("vpp_times")
        return times

    @vpp_times.setter
    def vpp_times(self, times: str) -> None:
        """Remember which times are ours."""
        self._stored["vpp_times"] = times

    def lacks(self, name: str) -> bool:
        """Tell whether the device was lately found to lack something."""
        return self._is_fresh(f"lacks_{name}")

    def note_lack(self, name: str) -> None:
        """Remember that the device lacks something, or is not let to tell it."""
        self._stored[f"lacks_{name}"] = self._now()

    def forget_lack(self, *names: str) -> None:
        """Have the device asked again for what it was found to lack."""
        for name in names:
            self._stored.pop(f"lacks_{name}", None)

    async def optional[T](
        self, name: str, read: Callable[[], Awaitable[T]]
    ) -> T | None:
        """Read what the device may lack, and remember if it does.

        Returns:
            `None` if the device lacks it, or is not let to tell it.

        Raises:
            ApiError: It could not be told.
        """
        if self.lacks(name):
            return None
        try:
            return await read()
        except UnknownDeviceError:
            raise
        except UnsupportedError, RejectedError:
            self.note_lack(name)
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
