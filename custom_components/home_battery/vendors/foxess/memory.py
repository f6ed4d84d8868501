"""What was learned of a device and need not be asked again."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from ...transport.clock import Clock
from ...transport.errors import RejectedError, UnknownDeviceError, UnsupportedError
from .errors import AmbiguousError

# 41200 is as often a hiccup as a lack; so many in a row are no hiccup.
_AMBIGUOUS_PATIENCE = 3
# A refusal may also have been the cloud's trouble.
_DOUBTED_AFTER = timedelta(days=1)


class DeviceMemory:
    """A view on what is stored for one device."""

    def __init__(self, stored: dict[str, Any], clock: Clock) -> None:
        """Keep the stored mapping, which is changed in place."""
        self._stored = stored
        self._clock = clock
        self._answered = False
        self._ambiguous: set[str] = set()

    @property
    def scheduler_version(self) -> int | None:
        """Return the version of the scheduler's API that the device answers."""
        version: int | None = self._stored.get("scheduler_version")
        return version

    @scheduler_version.setter
    def scheduler_version(self, version: int | None) -> None:
        """Remember the version, or that it has to be found anew."""
        self._stored["scheduler_version"] = version

    @property
    def has_scheduler(self) -> bool:
        """Return whether the device has a mode scheduler, as far as is known."""
        return self._stored.get("has_scheduler") is not False

    @has_scheduler.setter
    def has_scheduler(self, has_scheduler: bool) -> None:
        """Remember what the device's detail said."""
        self._stored["has_scheduler"] = has_scheduler

    @property
    def lacking(self) -> list[str]:
        """Return the features that the device has lately refused for good."""
        lacking: list[str] = self._stored.setdefault("lacking", [])
        since, now = self._lacking_since, self._clock.now()
        return [
            feature
            for feature in lacking
            if feature in since
            and now - datetime.fromisoformat(since[feature]) < _DOUBTED_AFTER
        ]

    @property
    def _lacking_since(self) -> dict[str, str]:
        """Return when each of them was refused."""
        since: dict[str, str] = self._stored.setdefault("lacking_since", {})
        return since

    def kept(self, name: str) -> dict[str, Any]:
        """Return what a part of the account keeps for the device, to be changed."""
        kept: dict[str, Any] = self._stored.setdefault(name, {})
        return kept

    async def optional[T](
        self, feature: str, read: Callable[[], Awaitable[T]]
    ) -> T | None:
        """Read what the device may lack, and remember if it does.

        Returns:
            `None` if the device lacks it.

        Raises:
            ApiError: It could not be told.
        """
        if feature in self.lacking:
            return None
        try:
            result = await read()
        except UnknownDeviceError:
            raise
        except UnsupportedError, RejectedError:
            self.note_lack(feature)
            return None
        except AmbiguousError:
            self.note_doubt(feature)
            raise
        self.note_answer(feature)
        return result

    def note_lack(self, feature: str) -> None:
        """Remember that the device refused a feature for good; a day later that is doubted."""
        lacking: list[str] = self._stored.setdefault("lacking", [])
        if feature not in lacking:
            lacking.append(feature)
        self._lacking_since[feature] = self._clock.now().isoformat()

    def note_doubt(self, feature: str) -> None:
        """Note that a feature was answered ambiguously."""
        self._ambiguous.add(feature)

    def note_answer(self, feature: str) -> None:
        """Note that a feature was answered."""
        self._answered = True
        self._counts.pop(feature, None)
        if self._lacking_since.pop(feature, None) is not None:
            self._stored["lacking"].remove(feature)

    def conclude(self) -> None:
        """Hold ambiguous answers against their features, if others did answer.

        While nothing answers it is the cloud that fails, not the device that
        lacks something.
        """
        if not self._answered:
            return
        for feature in self._ambiguous:
            self._counts[feature] = self._counts.get(feature, 0) + 1
            if self._counts[feature] >= _AMBIGUOUS_PATIENCE:
                self.note_lack(feature)

    @property
    def _counts(self) -> dict[str, int]:
        """Return how often in a row a feature was answered ambiguously."""
        counts: dict[str, int] = self._stored.setdefault("ambiguous", {})
        return counts
