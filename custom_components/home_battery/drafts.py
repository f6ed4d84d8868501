"""Times of windows that people have set and no device has got yet."""

import asyncio
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

_LIFETIME: Final = timedelta(minutes=15)


class _Draft(NamedTuple):
    """A time that waits for the rest of its window."""

    value: time
    made: datetime


class Drafts:
    """The drafts of one entry.

    A window makes sense only as a whole, but a person sets its start and its
    end one after the other. So a time goes to the device at once if the window
    is valid with it, together with the drafts of the same window. If it is not
    valid, as it is on and would be empty or overlap with another, the time is
    kept here and shown, and nothing is sent.

    A draft ends when its window is sent, or in the first round of the settings
    feed that finds it older than 15 minutes: then the device's own time is shown
    again. It is not stored, so it does not outlive a restart either.
    """

    def __init__(self) -> None:
        """Start without any."""
        self._drafts: dict[tuple[str, str], _Draft] = {}
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def turn(self, device: str) -> asyncio.Lock:
        """Return what lets a start and an end that are set at once see each other."""
        return self._locks[device]

    def get(self, device: str, key: str) -> time | None:
        """Return the draft of a control."""
        draft = self._drafts.get((device, key))
        return None if draft is None else draft.value

    def among(self, device: str, keys: Collection[str]) -> dict[str, time]:
        """Return the drafts of some controls."""
        return {
            key: value for key in keys if (value := self.get(device, key)) is not None
        }

    def keep(self, device: str, key: str, value: time, now: datetime) -> None:
        """Keep a time that cannot be sent yet."""
        self._drafts[device, key] = _Draft(value, now)

    def drop(self, device: str, keys: Collection[str]) -> bool:
        """Forget the drafts of some controls; tell whether there were any."""
        dropped = [self._drafts.pop((device, key), None) for key in keys]
        return any(dropped)

    def expire(self, now: datetime) -> set[str]:
        """Forget what has waited too long; return the devices concerned."""
        old = [
            place
            for place, draft in self._drafts.items()
            if now - draft.made > _LIFETIME
        ]
        for place in old:
            del self._drafts[place]
        return {device for device, _ in old}
