"""Writes what can be set on the unit.

A command is the unit's own override: it ends by itself after whole hours, 12 at
most, and cannot be taken back. To end one early is to command for an hour what
would run without it; then the unit goes on by itself. What shall last longer than
12 hours is commanded again before it ends.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta, tzinfo
import math
from typing import Any, Final

from ...battery.change import Change, ScheduleChange
from ...battery.control import ControlValue
from ...battery.errors import ChangeError, Problem
from ...battery.model import Mode, Record
from ...battery.schedule import Schedule, minute_of_day
from ...transport.clock import Clock
from ...transport.errors import RejectedError
from .client import EatonClient
from .controls import (
    COMMAND,
    COMMANDS,
    DEFAULTS,
    DURATION,
    ENERGY_SAVING,
    MIN_SOC,
    NO_COMMAND,
    OPERATING_MODE,
    PARAMETERS,
    READ_ALERTS,
    REBOOT,
    SETTINGS,
    THRESHOLD,
    UNIT_POWER,
    watts,
)
from .memory import UnitMemory
from .models import ModeRecord, ScheduleEvent, Unit, UnitSettings
from .modes import HOURS, INJECTION, MODES, POWER, UnitMode, mode_of
from .readings import ends_at
from .schedule import DAYS, encode, meaning_of, understood
from .state import UnitState

# So long the status may still tell what was before (Eaton notes, 1.6).
_COMMAND_LAG: Final = 3.0
_POWER_LAG: Final = 5.0
_HOUR: Final = timedelta(hours=1)
_BUTTONS: Final = {READ_ALERTS: "notifications_read_all", REBOOT: "comm_card_reboot"}


class EatonControl:
    """Brings changes to the unit."""

    def __init__(
        self,
        client: EatonClient,
        clock: Clock,
        memory: UnitMemory,
        state: UnitState,
        *,
        zone: Callable[[], tzinfo],
        permitted_export: float | None,
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._clock = clock
        self._memory = memory
        self._state = state
        self._zone = zone
        self._permitted_export = permitted_export

    async def write(self, change: Change, before: Record) -> None:
        """Send a change.

        Raises:
            ChangeError: It cannot be said; nothing was sent.
            ApiError: It was refused, or nobody knows.
        """
        if (unit := self._state.unit) is None:
            raise ChangeError(Problem.NOT_READ, control="device")
        if isinstance(change, ScheduleChange):
            await self._write_schedule(change.schedule, unit)
            return
        values = change.values
        settings = {key: values[key] for key in SETTINGS & values.keys()}
        command = {key: values[key] for key in COMMANDS & values.keys()}
        if settings:
            await self._write_settings(settings, before)
        if command:
            await self._write_command(command, unit)
        if UNIT_POWER in values:
            await self._client.call(
                "power", {"parameters": {"state": values[UNIT_POWER]}}
            )
            await self._clock.sleep(_POWER_LAG)

    async def press(self, key: str) -> None:
        """Do what a button stands for."""
        await self._client.call(_BUTTONS[key])

    async def _write_settings(
        self, values: Mapping[str, ControlValue], before: Record
    ) -> None:
        """Put the settings back as a whole, with what is to be otherwise."""
        if not isinstance(settings := before.wire, UnitSettings):
            raise ChangeError(Problem.NOT_READ, control="settings")
        record = settings.default_mode
        mode = None if record is None else mode_of(record)
        if OPERATING_MODE in values:
            mode = MODES[str(values[OPERATING_MODE])]
        keys = _keys_of(mode, DEFAULTS)
        changes: dict[str, Any] = {}
        if MIN_SOC in values:
            changes["bmsBackupLevel"] = _whole(values[MIN_SOC])
        if {ENERGY_SAVING, THRESHOLD} & values.keys():
            changes["energySavingMode"] = _energy_saving(settings, values)
        if mode is not None and ({OPERATING_MODE} | keys) & values.keys():
            numbers = self._numbers(mode, DEFAULTS, values, record)
            self._check_export(mode, numbers)
            changes["defaultMode"] = _as_written(mode, numbers)
        if changes:
            await self._client.call(
                "settings_write",
                {
                    "settings": settings.as_written(
                        None if record is None else _unchanged(record), changes
                    )
                },
            )
        self._plan(values, DEFAULTS)

    async def _write_command(
        self, values: Mapping[str, ControlValue], unit: Unit
    ) -> None:
        """Command a mode, or another number of the one that runs."""
        command = self._state.command
        current = NO_COMMAND if command is None else command.mode.word
        word = str(values.get(COMMAND, current))
        record = None if command is None else command.record
        mode = MODES.get(word)
        if mode is None and COMMAND in values:
            await self._resume()
        elif mode is not None and _is_about(mode, values):
            numbers = self._numbers(
                mode,
                PARAMETERS,
                {
                    key: value / watts(name, unit)
                    for name, key in PARAMETERS.items()
                    if isinstance(value := values.get(key), int | float)
                },
                record if command is not None and command.mode is mode else None,
                unit,
            )
            self._check_export(mode, numbers, unit)
            await self._send(
                {
                    **_as_written(mode, numbers),
                    "duration": self._duration(values, record),
                }
            )
        self._plan(values, {DURATION: DURATION, **PARAMETERS})

    async def _resume(self) -> None:
        """Have run what would run without a command."""
        record = self._scheduled() or (
            self._state.settings and self._state.settings.default_mode
        )
        if not record:
            raise ChangeError(Problem.NOT_READ, control="settings")
        sent = await self._send({**_unchanged(record), "duration": int(HOURS.minimum)})
        self._memory.resumed = None if sent is None else sent.id

    async def _send(self, command: Mapping[str, Any]) -> ModeRecord | None:
        """Send a command, wait until the status can know it, and return its record."""
        record = ModeRecord.from_api(await self._client.call("command", command))
        await self._clock.sleep(_COMMAND_LAG)
        return record

    def _scheduled(self) -> ModeRecord | None:
        """Return the mode that the schedule says for now, if it says one."""
        local = self._clock.now().astimezone(self._zone())
        minute = minute_of_day(local.time())
        for event in self._state.events or ():
            if (
                local.weekday() in DAYS.get(event.recurrence, ())
                and event.start <= minute < event.end
            ):
                return event.mode
        return None

    def _duration(
        self, values: Mapping[str, ControlValue], record: ModeRecord | None
    ) -> int:
        """Return the hours that a command shall run: of a running one, those left."""
        if DURATION in values:
            return _whole(values[DURATION])
        if COMMAND not in values and record is not None:
            now = self._clock.now()
            if (end := ends_at(record, self._zone(), now)) is not None:
                left = math.ceil((end - now) / _HOUR)
                return max(min(left, int(HOURS.maximum)), int(HOURS.minimum))
        return round(self._memory.planned.get(DURATION, HOURS.minimum))

    def _numbers(
        self,
        mode: UnitMode,
        keys: Mapping[str, str],
        values: Mapping[str, ControlValue],
        record: ModeRecord | None,
        unit: Unit | None = None,
    ) -> dict[str, float]:
        """Return every parameter of a mode: asked for, held, or planned before.

        Raises:
            ChangeError: Nobody has ever said one; none is invented.
        """
        held = {}
        if record is not None and mode_of(record) is mode:
            held = mode.numbers(record)
        numbers: dict[str, float] = {}
        for name in mode.parameters:
            key = keys[name]
            value = values.get(key, held.get(name))
            if value is None and (planned := self._memory.planned.get(key)) is not None:
                value = planned / (1.0 if unit is None else watts(name, unit))
            if not isinstance(value, int | float):
                raise ChangeError(Problem.PARAMETER_NEEDED, control=key)
            numbers[name] = value
        return numbers

    def _plan(
        self, values: Mapping[str, ControlValue], keys: Mapping[str, str]
    ) -> None:
        """Remember numbers for when their mode is wanted next."""
        self._memory.plan(
            {
                key: value
                for key in keys.values()
                if isinstance(value := values.get(key), int | float)
            }
        )

    def _check_export(
        self, mode: UnitMode, numbers: Mapping[str, float], unit: Unit | None = None
    ) -> None:
        """Raise if a mode would export more than is permitted."""
        promised = 0.0
        if mode.word == Mode.GRID_INJECTION_LIMIT:
            promised = numbers[INJECTION]
        elif mode.word == Mode.FORCE_DISCHARGE and unit is not None:
            promised = numbers[POWER] * watts(POWER, unit)
        if self._permitted_export is not None and promised > self._permitted_export:
            raise ChangeError(
                Problem.EXPORT_NOT_PERMITTED,
                value=f"{promised:g}",
                permitted=f"{self._permitted_export:g}",
            )

    async def _write_schedule(self, schedule: Schedule, unit: Unit) -> None:
        """Take away the events that are not wanted, then add those that are missing.

        In this order, as the unit refuses events that overlap. What it refuses
        all the same leaves the schedule as it was.
        """
        held = [event for event in self._state.events or () if understood(event)]
        wanted = encode(schedule, unit)
        kept = {meaning_of(event) for event in held} & {
            meaning_of(event) for event in wanted
        }
        gone = [event for event in held if meaning_of(event) not in kept]
        for event in gone:
            await self._delete(event)
        made: list[ScheduleEvent] = []
        try:
            for event in wanted:
                if meaning_of(event) not in kept:
                    made = [*made, await self._create(event)]
        except RejectedError:
            for event in made:
                await self._delete(event)
            for event in gone:
                await self._create(event)
            raise

    async def _create(self, event: ScheduleEvent) -> ScheduleEvent:
        """Add an event, and return it as the unit holds it."""
        answer = await self._client.call("schedule_event_create", event.as_written())
        held = ScheduleEvent.from_api(answer) if isinstance(answer, Mapping) else None
        return event if held is None else held

    async def _delete(self, event: ScheduleEvent) -> None:
        """Take an event away.

        Raises:
            RejectedError: The unit did not tell how it calls it.
        """
        if event.id is None:
            raise RejectedError("The event has no id")
        await self._client.call("schedule_event_delete", {"event_id": event.id})


def _keys_of(mode: UnitMode | None, keys: Mapping[str, str]) -> set[str]:
    """Return the controls of a mode's parameters."""
    return set() if mode is None else {keys[name] for name in mode.parameters}


def _is_about(mode: UnitMode, values: Mapping[str, ControlValue]) -> bool:
    """Tell whether values are about a command of a mode, and not about another."""
    about = {COMMAND, DURATION} | _keys_of(mode, PARAMETERS)
    return bool(about & values.keys())


def _as_written(mode: UnitMode, numbers: Mapping[str, float]) -> dict[str, Any]:
    """Return a mode as it is sent."""
    return {"command": mode.command, "parameters": mode.sent(numbers)}


def _unchanged(record: ModeRecord) -> dict[str, Any]:
    """Return a mode as it is sent back, with nothing but what belongs to it."""
    mode = mode_of(record)
    parameters = dict(record.parameters)
    if mode is not None:
        parameters = {
            name: value
            for name, value in parameters.items()
            if name in (*mode.parameters, "action")
        }
    return {"command": record.command, "parameters": parameters}


def _energy_saving(
    settings: UnitSettings, values: Mapping[str, ControlValue]
) -> dict[str, Any]:
    """Return the energy saving mode as it is put back."""
    held = settings.energy_saving
    if held is None:
        raise ChangeError(Problem.UNKNOWN_CONTROL, control=ENERGY_SAVING)
    threshold = values.get(THRESHOLD, held.threshold)
    if threshold is None:
        raise ChangeError(Problem.NOT_READ, control=THRESHOLD)
    return {
        "enabled": values.get(ENERGY_SAVING, held.enabled),
        "houseConsumptionThreshold": _whole(threshold),
    }


def _whole(value: ControlValue) -> int:
    """Return a number that was checked, as the unit takes it."""
    assert isinstance(value, int | float)
    return round(value)
