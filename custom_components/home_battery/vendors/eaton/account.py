"""One xStorage Home unit: what it tells and what can be set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any, Final, override

from ...battery.change import Change, ScheduleChange
from ...battery.history import History, HistoryRequest, Resolution
from ...battery.model import Device, Inventory, Record, Role, Value
from ...battery.override import Override, Plan, Stint
from ...const import CONF_FINGERPRINT
from ...transport.http import Http
from ..vendor import (
    FAULTS,
    IDENTITY,
    READINGS,
    SETTINGS,
    Account,
    Connection,
    Feed,
    FeedResult,
)
from .alerts import news, record_of
from .client import EatonClient
from .control import EatonControl
from .controls import SETTINGS as SETTINGS_KEYS
from .credential import TECHNICIAN, Credential
from .endpoints import ENDPOINTS
from .history import history, history_calls, history_keys
from .memory import UnitMemory
from .models import Alert, Unit
from .override import Commands
from .readings import ends_at, values_of
from .state import UnitState
from .technical import diagnostic_values, technical_values

KIND: Final = "unit"

_PACE: Final = timedelta(seconds=10)
_BURST: Final = timedelta(seconds=5)
_PATIENCE: Final = timedelta(minutes=3)
# What begins so soon begins now.
_SOON: Final = timedelta(minutes=1)
_SYSTEMS: Final = frozenset({Role.SYSTEM})
# Enough for what matters: resolved alerts refer to those shortly before.
_ALERTS: Final = {"size": 100, "offset": 0}


class EatonAccount(Account):
    """A unit, behind one of its accounts."""

    def __init__(self, connection: Connection) -> None:
        """Make the client; nothing is sent yet."""
        data = connection.data
        credential = Credential.from_data(data)
        self._technician = credential.user_type == TECHNICIAN
        self._connection = connection
        self._client = EatonClient(
            Http(
                connection.session,
                data["base_url"],
                connection.user_agent,
                data[CONF_FINGERPRINT],
            ),
            credential=credential,
            limiter=connection.limiter,
            clock=connection.clock,
            watch_only=connection.watch_only,
        )
        self._has_settings = False
        self._memory = UnitMemory(connection.memory.setdefault(KIND, {}))
        self._state = UnitState(
            self._client,
            connection.clock,
            self._memory,
            technician=self._technician,
        )
        self._control = EatonControl(
            self._client,
            connection.clock,
            self._memory,
            self._state,
            zone=self._zone,
            permitted_export=connection.permitted_export,
        )

    @property
    @override
    def feeds(self) -> Sequence[Feed]:
        """Return the feeds; those of the technician's account only there."""
        feeds = [
            Feed(
                name=READINGS,
                interval=_PACE,
                roles=_SYSTEMS,
                fetch=self._fetch_status,
                patience=_PATIENCE,
                burst=_BURST,
            ),
            # What is not due costs no request.
            Feed(
                name=SETTINGS,
                interval=timedelta(minutes=1),
                roles=_SYSTEMS,
                fetch=self._fetch_settings,
            ),
            Feed(
                name=IDENTITY,
                interval=timedelta(hours=1),
                roles=_SYSTEMS,
                fetch=self._fetch_identity,
            ),
            Feed(
                name=FAULTS,
                interval=timedelta(minutes=1),
                roles=_SYSTEMS,
                fetch=self._fetch_alerts,
            ),
        ]
        if self._technician:
            feeds += [
                self._technical("technical_status", technical_values, minutes=1),
                self._technical("diagnostics", diagnostic_values, minutes=30),
            ]
        return feeds

    def _technical(
        self,
        name: str,
        values: Callable[[Any, Unit], Mapping[str, Value]],
        *,
        minutes: int,
    ) -> Feed:
        """Return a feed that only the technician's account is let to ask."""
        return Feed(
            name=name,
            interval=timedelta(minutes=minutes),
            roles=_SYSTEMS,
            fetch=partial(self._fetch_technical, name, values),
        )

    @override
    async def discover(self) -> Inventory:
        """Find the unit."""
        return Inventory.of([_device(await self._state.read_unit())])

    async def _fetch_status(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch what the unit is doing, in one request."""
        # What it lacks decides what of the status is to be believed.
        unit = await self._unit()
        status = await self._state.read_status()
        now = self._connection.clock.now()
        values = values_of(status, unit, self._zone(), now)
        return _about(devices, Record(values=values))

    async def _fetch_settings(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch what is due of what can be set."""
        # The first time nothing is known, and nothing in doubt.
        doubted = self._has_settings and any(
            self._connection.known(device.key) is None for device in devices
        )
        self._has_settings = True
        result = _about(devices, await self._state.read(None, doubted=doubted))
        if (failure := self._state.failure) is None:
            return result
        return replace(result, failed={device.key: failure for device in devices})

    async def _fetch_identity(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch what stands on the nameplate."""
        return FeedResult(
            inventory=Inventory.of([_device(await self._state.unit_now())])
        )

    async def _fetch_alerts(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch what is wrong, and what has happened since."""
        answer = await self._client.call("notifications", _ALERTS)
        alerts = Alert.all_from_api(answer)
        happened = news(alerts, self._memory.stored)
        return FeedResult(
            records=_about(devices, record_of(alerts)).records,
            happenings={device.key: happened for device in devices},
        )

    async def _fetch_technical(
        self,
        name: str,
        values: Callable[[Any, Unit], Mapping[str, Value]],
        devices: Sequence[Device],
    ) -> FeedResult:
        """Fetch what is told to technicians only."""
        unit = await self._unit()
        answer = await self._client.call(name)
        return _about(devices, Record(values=values(answer, unit)))

    @override
    async def read(
        self,
        device: Device,
        change: Change | None = None,
        known: Record | None = None,
    ) -> Record:
        """Read what a change is about, or what is due."""
        return await self._state.read(change, doubted=False)

    @override
    async def write(self, device: Device, change: Change, before: Record) -> None:
        """Send a change of controls or of the schedule."""
        await self._control.write(change, before)

    @override
    def wears(self, change: Change) -> bool:
        """Tell that commands are forgotten, and only the rest is kept."""
        return isinstance(change, ScheduleChange) or bool(
            change.values.keys() & SETTINGS_KEYS
        )

    @override
    def plan(
        self, device: Device, override: Override, stint: Stint, settings: Record
    ) -> Plan | None:
        """Return the command that says a stint, unless it begins later: a command cannot."""
        if stint.start - self._connection.clock.now() > _SOON:
            return None
        return self._commands(settings, stint.start).plan(override, stint)

    @override
    def resumption(self, device: Device, settings: Record) -> Change | None:
        """Return what has the unit go on without the command that runs."""
        now = self._connection.clock.now()
        return self._commands(settings, now).resumption(now)

    def _commands(self, settings: Record, now: datetime) -> Commands:
        """Return what can be commanded, given what runs now."""
        command = self._state.command
        return Commands(
            settings=settings,
            ends=None
            if command is None
            else ends_at(command.record, self._zone(), now),
            permitted_export=self._connection.permitted_export,
        )

    @override
    async def press(self, device: Device, key: str) -> None:
        """Do what a button stands for."""
        await self._control.press(key)

    @override
    def history_keys(self, device: Device, resolution: Resolution) -> frozenset[str]:
        """Return the readings whose past the unit tells so finely."""
        return history_keys(self._state.unit, resolution)

    @override
    def history_calls(self, device: Device, request: HistoryRequest) -> int:
        """Return how many calls a history costs."""
        return history_calls(request)

    @override
    async def history(self, device: Device, request: HistoryRequest) -> History:
        """Fetch a part of the unit's past."""
        return await history(self._client, request)

    @override
    async def call(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Make a documented call by name."""
        return ENDPOINTS[name].shown(await self._client.call(name, parameters))

    async def _unit(self) -> Unit:
        """Return what the unit is, which is read once before anything else."""
        return self._state.unit or await self._state.read_unit()

    def _zone(self) -> tzinfo:
        """Return the zone whose wall clock the unit lives by."""
        (device, *_) = self._connection.inventory().devices.values()
        return self._connection.zone(device)


def _about(devices: Sequence[Device], record: Record) -> FeedResult:
    """Return a record as that of the unit, which is all that is asked for."""
    return FeedResult(records={device.key: record for device in devices})


def _device(unit: Unit) -> Device:
    """Return the unit as a device."""
    return Device(
        kind=KIND,
        id=unit.serial,
        role=Role.SYSTEM,
        name="xStorage Home",
        model=unit.model,
        serial=unit.serial,
        sw_version=unit.firmware,
        rated_power=unit.rating,
        capacity=unit.capacity,
        time_zone=unit.time_zone,
    )
