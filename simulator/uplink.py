"""What every device behind a cloud has in common: it uploads, and it takes commands."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from .chance import fraction
from .clock import Clock
from .faults import Switchboard
from .house import House

_JITTER_S = 12.0
_LATER_S = 30.0
_SERIAL_LENGTH = 15


@dataclass(kw_only=True, eq=False)
class Uplink:
    """A device that uploads at regular times of house time, at a phase of its own.

    All devices of a house are neighbours: their uploads and delayed commands
    happen in the order of time while the house catches up.
    """

    vendor: ClassVar[str]
    # Whether the house lives from upload to upload, so that no one's looking changes what is told.
    unhurried: ClassVar[bool] = False

    serial: str
    house: House
    clock: Clock
    switchboard: Switchboard
    upload_period: timedelta = timedelta(minutes=5)
    neighbours: tuple[Uplink, ...] = ()
    _uploads: int = 0
    _due: datetime | None = None
    _pending: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin to upload."""
        self._first_upload = self.house.at + self.upload_period * fraction(
            self.serial, "phase"
        )
        self.neighbours = self.neighbours or (self,)

    @property
    def reachable(self) -> bool:
        """Return whether the device answers the cloud."""
        return not self.switchboard.affects(self.vendor, "offline", self.serial)

    def replan(self) -> None:
        """Forget what was worked out ahead; a device may plan nothing."""

    def measure(self) -> None:
        """Keep a record of this moment, which has just been uploaded."""

    def change(
        self, apply: Callable[[], None], *, delay: timedelta | None = None
    ) -> None:
        """Apply a command at once, or after a delay in house time."""
        self.settle()
        if delay is None:
            apply()
        else:
            self._pending.append((self.clock.house_now() + delay, apply))

    def obey(self, path: str, apply: Callable[[], None]) -> None:
        """Apply a command that came by a call, unless a fault loses or delays it."""
        if self.switchboard.take(self.vendor, path, "write_lost") is not None:
            return
        delayed = self.switchboard.take(self.vendor, path, "write_delayed")
        self.change(
            apply,
            delay=None
            if delayed is None
            else timedelta(seconds=delayed.number(_LATER_S)),
        )

    def settle(self) -> None:
        """Let the house, and all devices in it, catch up with house time."""
        target = self.clock.house_now()
        span = self.upload_period if self.unhurried else target - self.house.at
        for device in self.neighbours:
            device.replan()
        while True:
            first = min(self.neighbours, key=Uplink.next_event)
            if (moment := first.next_event()) > target:
                break
            self.house.advance_to(moment, span=span)
            first.fire(moment)
        if not self.unhurried:
            self.house.advance_to(target, span=span)

    def next_event(self) -> datetime:
        """Return when the device next uploads or carries out a delayed command."""
        if self._due is None:
            self._due = self._next_upload()
        if not self._pending:
            return self._due
        return min(self._due, *(due for due, _ in self._pending))

    def fire(self, moment: datetime) -> None:
        """Do what the next event, at this moment, asks for."""
        for due, apply in [entry for entry in self._pending if entry[0] == moment]:
            apply()
            self._pending.remove((due, apply))
            for device in self.neighbours:
                device.replan()
        if moment == self._due:
            self._upload()

    def _upload(self) -> None:
        """Send a record, unless the device is out of touch."""
        self._uploads += 1
        self._due = None
        stale = self.switchboard.affects(self.vendor, "stale", self.serial)
        if self.reachable and not stale:
            self.measure()

    def _next_upload(self) -> datetime:
        """Return when the next upload is due."""
        if self._due is None:
            jitter = (fraction(self.serial, self._uploads) * 2 - 1) * _JITTER_S
            regular = self._first_upload + self.upload_period * self._uploads
            self._due = regular + timedelta(seconds=round(_JITTER_S + jitter))
        return self._due


def serial(prefix: str, key: str, number: int, length: int = _SERIAL_LENGTH) -> str:
    """Return a serial number that no real device has."""
    head = prefix + key.replace("-", "").upper()
    return head + str(number).zfill(length - len(head))
