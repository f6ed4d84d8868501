"""What is known of what can be set on the unit: parts that are read apart."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from ...battery.change import Change, ScheduleChange
from ...battery.control import Control, SwitchControl
from ...battery.model import Record
from ...battery.schedule import ScheduleState
from ...transport.clock import Clock
from ...transport.errors import (
    ApiError,
    AuthenticationError,
    CertificateError,
    LimitError,
    TransientError,
)
from .client import EatonClient
from .controls import (
    COMMANDS,
    SETTINGS,
    UNIT_POWER,
    Running,
    buttons,
    command_controls,
    running,
    settings_controls,
)
from .memory import UnitMemory
from .models import ScheduleEvent, Status, Unit, UnitSettings, mappings
from .schedule import capabilities_of, decode

_UNIT: Final = "device"
_SETTINGS: Final = "settings"
_SCHEDULE: Final = "schedule"
_STATUS: Final = "status"
_PARTS: Final = (_UNIT, _SETTINGS, _SCHEDULE, _STATUS)

# How old a part may be before it is read again, where no write asks for it.
_MAX_AGES: Final[Mapping[str, timedelta]] = {
    _UNIT: timedelta(minutes=5),
    _SETTINGS: timedelta(minutes=5),
    _SCHEDULE: timedelta(minutes=15),
    # It is polled all the time.
    _STATUS: timedelta(minutes=1),
}


class UnitState:
    """The parts, and when each was read.

    Attributes:
        unit: What the unit is, `None` before it is known.
        settings: Its settings.
        events: The events of its schedule.
        status: What it is doing.
    """

    def __init__(
        self,
        client: EatonClient,
        clock: Clock,
        memory: UnitMemory,
        *,
        technician: bool,
    ) -> None:
        """Keep the means; nothing is read yet."""
        self._client = client
        self._clock = clock
        self._memory = memory
        self._technician = technician
        self._read_at: dict[str, datetime] = {}
        self._failing: dict[str, ApiError] = {}
        self.unit: Unit | None = None
        self.settings: UnitSettings | None = None
        self.events: list[ScheduleEvent] | None = None
        self.status: Status | None = None

    @property
    def command(self) -> Running | None:
        """Return the command that runs, if one does."""
        record = None if self.status is None else self.status.mode
        return running(record, self._memory.resumed)

    async def read_unit(self) -> Unit:
        """Read what the unit is."""
        self.unit = Unit.from_api(await self._client.call(_UNIT))
        self._read_at[_UNIT] = self._clock.now()
        return self.unit

    async def unit_now(self) -> Unit:
        """Return what the unit is, which is read again if that is due."""
        if self.unit is None or self._is_due(_UNIT, doubted=False):
            return await self.read_unit()
        return self.unit

    async def read_status(self, *, urgent: bool = False) -> Status:
        """Read what the unit is doing."""
        self.status = Status.from_api(await self._client.call(_STATUS, urgent=urgent))
        self._read_at[_STATUS] = self._clock.now()
        return self.status

    async def read(self, change: Change | None, *, doubted: bool) -> Record:
        """Read the parts that a change is about, or those that are due.

        Args:
            change: What is to be read now, whatever it costs.
            doubted: Nothing that was read before can be relied on.

        Raises:
            ApiError: One did not come that the change is about, or nobody knows
                what the unit is.
        """
        wanted = [part for part in _PARTS if self._is_due(part, doubted=doubted)]
        if change is not None:
            about = _parts_of(change)
            wanted = [
                part for part in _PARTS if part in about or part not in self._read_at
            ]
        for part in wanted:
            try:
                await self._read_part(part, urgent=change is not None)
            except AuthenticationError, CertificateError, LimitError:
                raise
            except ApiError as err:
                if change is not None and part in _parts_of(change):
                    raise
                self._failing[part] = err
            else:
                self._failing.pop(part, None)
        if self.unit is None and self.failure is not None:
            raise self.failure
        return self.record()

    @property
    def failure(self) -> ApiError | None:
        """Return why a part could not be read, until it can be."""
        return next(iter(self._failing.values()), None)

    def record(self) -> Record:
        """Return what is known, with the time at which each control was read."""
        if (unit := self.unit) is None:
            return Record()
        controls: dict[str, Control] = {}
        read: dict[str, datetime] = {}
        for part, some in self._controls(unit):
            controls |= some
            read |= dict.fromkeys(some, self._read_at[part])
        if self.events is not None:
            read["schedule"] = self._read_at[_SCHEDULE]
        level = None if self.settings is None else self.settings.backup_level
        return Record(
            controls=controls,
            read=read,
            schedule=None
            if self.events is None
            else ScheduleState(
                schedule=decode(self.events, unit),
                capabilities=capabilities_of(unit, level),
            ),
            wire=self.settings,
        )

    def _controls(self, unit: Unit) -> Iterator[tuple[str, dict[str, Control]]]:
        """Yield the controls of each part that is known."""
        planned = self._memory.planned
        if unit.powered is not None:
            yield _UNIT, {UNIT_POWER: SwitchControl(value=unit.powered)}
        yield _UNIT, dict(buttons(technician=self._technician))
        if self.settings is not None:
            yield _SETTINGS, dict(settings_controls(self.settings, unit, planned))
        if self.status is not None:
            yield _STATUS, dict(command_controls(self.command, unit, planned))

    def _is_due(self, part: str, *, doubted: bool) -> bool:
        """Tell whether it is time to read a part again."""
        read_at = self._read_at.get(part)
        return (
            doubted or read_at is None or self._clock.now() - read_at >= _MAX_AGES[part]
        )

    async def _read_part(self, part: str, *, urgent: bool) -> None:
        """Read one part."""
        if part == _STATUS:
            await self.read_status(urgent=urgent)
            return
        raw = await self._client.call(part, urgent=urgent)
        if part == _UNIT:
            self.unit = Unit.from_api(raw)
        elif part == _SETTINGS:
            self.settings = UnitSettings(_told(raw))
        else:
            self.events = [
                event
                for item in mappings(_listed(raw))
                if (event := ScheduleEvent.from_api(item)) is not None
            ]
        self._read_at[part] = self._clock.now()


def _told(raw: object) -> Mapping[str, Any]:
    """Return an answer that says something."""
    if not isinstance(raw, Mapping) or not raw:
        raise TransientError("The answer is empty")
    return raw


def _listed(raw: object) -> list[Any]:
    """Return the list of an answer: none is not an empty one."""
    results = _told(raw).get("results")
    if not isinstance(results, list):
        raise TransientError("The answer has no list")
    return results


def _parts_of(change: Change) -> Collection[str]:
    """Return the parts that a change is about."""
    if isinstance(change, ScheduleChange):
        return {_SCHEDULE}
    keys = change.values.keys()
    return {
        part
        for part, about in (
            (_UNIT, {UNIT_POWER}),
            (_SETTINGS, SETTINGS),
            (_STATUS, COMMANDS),
        )
        if keys & about
    }
