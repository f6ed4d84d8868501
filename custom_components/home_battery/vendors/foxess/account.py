"""One Fox ESS account: its devices, what they tell and what can be set."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
import logging
from typing import Any, override

from ...battery.change import Change
from ...battery.history import History, HistoryRequest, Resolution
from ...battery.model import Device, Inventory, Record, Role
from ...transport.beat import Pace
from ...transport.errors import ApiError, AuthenticationError, LimitError
from ...transport.http import Http
from ..naming import distinct
from ..vendor import (
    IDENTITY,
    QUOTA,
    READINGS,
    SETTINGS,
    Account,
    Connection,
    Feed,
    FeedResult,
    one_by_one,
)
from .client import FoxEssClient
from .control import FoxEssControl
from .credential import Credential, PrivateToken, SignedIn
from .discovery import (
    INVERTER,
    account_of,
    described,
    inverters,
    stations,
    with_nameplate,
)
from .ems import EMS, ems_devices
from .endpoints import ENDPOINTS
from .gmax import GMAX, PLAN, gmax_devices
from .history import FoxEssHistory
from .inverter_feeds import InverterFeeds
from .memory import DeviceMemory
from .models import Plant
from .parts import FoxEssParts, batteries, former_batteries
from .real_time import RealTimeReader
from .recently import Recently
from .record_history import EmsHistory, GmaxHistory, RecordHistory

_LOGGER = logging.getLogger(__name__)

# Kept free of readings each day, so that steering works to the end of it.
_RESERVED_SHARE = 0.15
# The first round of the identity feed follows right upon a set-up.
_LISTED_FOR = timedelta(hours=1)
# Inverters upload every 5 minutes, and one call brings all of them.
_PACE = Pace(interval=300, least=20, join=10)


class FoxEssAccount(Account):
    """An account behind a private token, or behind the sign-in of its owner."""

    def __init__(self, connection: Connection) -> None:
        """Make the client; nothing is sent yet."""
        self._limiter = connection.limiter
        self._memory = connection.memory
        self._clock = connection.clock
        self._known = connection.known
        self._inventory = connection.inventory
        self._permitted_export = connection.permitted_export
        make_client = partial(
            FoxEssClient,
            Http(
                connection.session, connection.data["base_url"], connection.user_agent
            ),
            credential=_credential(connection),
            limiter=connection.limiter,
            clock=connection.clock,
            watch_only=connection.watch_only,
        )
        self._client = make_client()
        self._urgent_client = make_client(urgent=True)
        self._real_time = RealTimeReader(
            self._client, connection.clock, self._device_memory
        )
        self._lists = Recently[list[Device]](connection.clock, _LISTED_FOR)
        self._inverters = InverterFeeds(
            self._client, self._urgent_client, connection, self._device_memory
        )
        self._parts = FoxEssParts(self._client, connection.clock)

    @property
    @override
    def feeds(self) -> Sequence[Feed]:
        """Return the feeds at the pace of the data logger and of people."""
        return (
            Feed(
                name=READINGS,
                interval=timedelta(minutes=5),
                roles=frozenset({Role.SYSTEM, Role.PRODUCER}),
                fetch=self._fetch_readings,
                pace=lambda _device: _PACE,
            ),
            Feed(
                name=SETTINGS,
                interval=timedelta(minutes=25),
                roles=frozenset({Role.SYSTEM}),
                fetch=self._fetch_settings,
                apart=True,
            ),
            Feed(
                name=PLAN,
                interval=timedelta(hours=4),
                roles=frozenset({Role.SYSTEM}),
                kinds=frozenset({GMAX}),
                fetch=partial(one_by_one, read=self._read_plan),
            ),
            Feed(
                name=QUOTA,
                interval=timedelta(hours=1),
                roles=frozenset({Role.SYSTEM, Role.PRODUCER}),
                fetch=self._fetch_quota,
            ),
            Feed(
                name=IDENTITY,
                interval=timedelta(hours=12),
                roles=frozenset({Role.HOUSE, Role.SYSTEM, Role.PRODUCER}),
                fetch=self._fetch_identity,
            ),
            *self._inverters.feeds,
            *self._parts.feeds,
        )

    @override
    async def discover(self) -> Inventory:
        """Find every device, and what the account may ask a day."""
        inventory = await self._look()
        try:
            await self._count_calls()
        except AuthenticationError, LimitError:
            raise
        except ApiError as err:
            _LOGGER.debug("The calls that are left could not be told: %s", err)
        return inventory

    async def _look(self) -> Inventory:
        """Find every device that is no part of another."""
        plants = await self._client.plants()
        entries = await self._client.devices()
        self._parts.attach(entries)
        devices = [*stations(plants), *inverters(entries, plants)]
        for kind, find in (
            (EMS, lambda: self._ems(plants)),
            (GMAX, lambda: self._gmax(plants)),
        ):
            devices += await self._listed(kind, find)
        return Inventory.of([*distinct(devices), *account_of(devices)])

    async def _ems(self, plants: Sequence[Plant]) -> list[Device]:
        """Find the EMS."""
        return ems_devices(await self._client.ems_list(), plants)

    async def _gmax(self, plants: Sequence[Plant]) -> list[Device]:
        """Find the GMAX."""
        return gmax_devices(await self._client.gmax_list(), plants)

    async def _listed(
        self, kind: str, find: Callable[[], Awaitable[list[Device]]]
    ) -> list[Device]:
        """Return what a list has that most accounts need not.

        It is not asked for again at once, and where it fails, what was known
        stays.
        """
        try:
            return await self._lists.ask(kind, find)
        except AuthenticationError, LimitError:
            raise
        except ApiError as err:
            _LOGGER.debug("The list of %s could not be read: %s", kind, err)
            known = self._inventory().devices.values()
            return [device for device in known if device.kind == kind]

    async def _count_calls(self) -> None:
        """Take over the vendor's count, which knows of other apps too."""
        count = await self._client.access_count()
        if count.total is not None and count.total > 0:
            self._limiter.budget(count.total, count.remaining, reserved=_RESERVED_SHARE)

    async def _fetch_quota(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch how many calls are left of today's."""
        await self._count_calls()
        return FeedResult()

    async def _fetch_readings(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch the latest records, with their faults in words."""
        result = await self._real_time.fetch(devices)
        return replace(result, records=await self._inverters.explained(result.records))

    async def _fetch_settings(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch the settings of each system."""
        return await one_by_one(
            devices, lambda device: self.read(device, known=self._known(device.key))
        )

    async def _read_plan(self, device: Device) -> Record:
        """Read by which plan a GMAX charges and discharges."""
        plan = await self._client.gmax_plan(device.id)
        return Record(values=plan.values())

    @override
    async def read_clock(self, device: Device) -> float:
        """Return how many seconds an inverter's clock is ahead."""
        return await self._inverters.clock_offset(device)

    @override
    async def set_clock(self, device: Device) -> None:
        """Set an inverter's clock."""
        await self._inverters.set_clock(device)

    async def _fetch_identity(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch what stands on the nameplates, and whether devices came or went.

        An inverter that is not ours to ask stays what it was.
        """
        inventory = await self._look()
        former = self._inventory()
        asked = {device.key for device in devices}
        found: list[Device] = []
        for device in inventory.devices.values():
            if device.kind != INVERTER:
                found.append(device)
                continue
            known = former.devices.get(device.key)
            kept = former_batteries(device, former)
            if known is not None and device.key not in asked:
                found += [with_nameplate(device, known), *kept]
                continue
            try:
                detail = await self._client.device_detail(device.id)
            except AuthenticationError, LimitError:
                raise
            except ApiError:
                found += [with_nameplate(device, known or device), *kept]
            else:
                found.append(described(device, detail))
                units = detail.batteries
                found += kept if units is None else batteries(device, units)
                self._device_memory(device).has_scheduler = detail.has_scheduler
        found += await self._parts.discover(former)
        return FeedResult(inventory=Inventory.of(distinct(found)))

    @override
    async def read(
        self,
        device: Device,
        change: Change | None = None,
        known: Record | None = None,
    ) -> Record:
        """Read the settings that a change is about, or all that are due."""
        client = self._client if change is None else self._urgent_client
        settings = await self._control(client, device).read(change, known)
        return settings.record(device)

    @override
    async def write(self, device: Device, change: Change, before: Record) -> None:
        """Send a change of controls or of the schedule."""
        await self._control(self._urgent_client, device).write(change, before)

    @override
    def history_keys(self, device: Device, resolution: Resolution) -> frozenset[str]:
        """Return what history or reports tell of a device."""
        return self._history(device).keys(resolution)

    @override
    def history_calls(self, device: Device, request: HistoryRequest) -> int:
        """Return how many windows or reports a history takes."""
        return self._history(device).calls(request)

    @override
    async def history(self, device: Device, request: HistoryRequest) -> History:
        """Fetch a part of a device's past."""
        return await self._history(device).fetch(request)

    @override
    async def call(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Make a documented call by name."""
        return ENDPOINTS[name].shown(await self._client.call(name, parameters))

    def _history(self, device: Device) -> RecordHistory:
        """Return the past of one device."""
        if device.kind == EMS:
            return EmsHistory(self._client, device, self._device_memory(device))
        if device.kind == GMAX:
            return GmaxHistory(self._client, device)
        return FoxEssHistory(self._client, device)

    def _control(self, client: FoxEssClient, device: Device) -> FoxEssControl:
        """Return the steering of one system."""
        return FoxEssControl(
            client,
            self._device_memory(device),
            device,
            self._clock,
            self._permitted_export,
        )

    def _device_memory(self, device: Device) -> DeviceMemory:
        """Return what was learned of a device."""
        return DeviceMemory(self._memory.setdefault(device.key, {}), self._clock)


def _credential(connection: Connection) -> Credential:
    """Return what the calls of a connection are signed with."""
    if connection.access_token is None:
        return PrivateToken(connection.data["token"])
    return SignedIn(connection.access_token)
