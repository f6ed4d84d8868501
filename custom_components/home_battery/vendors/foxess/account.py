"""One Fox ESS account: its devices, what they tell and what can be set."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
import logging
from typing import Any, override

from ...battery.change import Change
from ...battery.history import History, HistoryRequest, Resolution
from ...battery.model import Device, Inventory, Record, Role
from ...transport.errors import ApiError, AuthenticationError, LimitError
from ...transport.http import Http
from ..vendor import (
    IDENTITY,
    QUOTA,
    READINGS,
    SETTINGS,
    Account,
    Connection,
    Feed,
    FeedResult,
)
from .apart import ask_apart
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
from .memory import DeviceMemory
from .models import Plant
from .real_time import RealTimeReader
from .record_history import EmsHistory, GmaxHistory, RecordHistory

_LOGGER = logging.getLogger(__name__)

# Kept free of readings each day, so that steering works to the end of it.
_RESERVED_SHARE = 0.15
# The first round of the identity feed follows right upon a set-up.
_LISTED_FOR = timedelta(hours=1)


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
        self._lists: dict[str, tuple[datetime, list[Device]]] = {}

    @property
    @override
    def feeds(self) -> Sequence[Feed]:
        """Return the feeds at the pace of the data logger and of people."""
        return (
            Feed(
                name=READINGS,
                interval=timedelta(minutes=5),
                roles=frozenset({Role.SYSTEM, Role.PRODUCER}),
                fetch=self._real_time.fetch,
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
                fetch=self._fetch_plans,
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
                roles=frozenset({Role.SYSTEM, Role.PRODUCER}),
                fetch=self._fetch_identity,
            ),
        )

    @override
    async def discover(self) -> Inventory:
        """Find every device, and what the account may ask a day."""
        plants = await self._client.plants()
        entries = await self._client.devices()
        try:
            await self._count_calls()
        except AuthenticationError, LimitError:
            raise
        except ApiError as err:
            _LOGGER.debug("The calls that are left could not be told: %s", err)
        devices = [*stations(plants), *inverters(entries, plants)]
        for kind, find in (
            (EMS, lambda: self._ems(plants)),
            (GMAX, lambda: self._gmax(plants)),
        ):
            devices += await self._listed(kind, find)
        return Inventory.of([*devices, *account_of(devices)])

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
        at, found = self._lists.get(kind, (None, []))
        if at is not None and self._clock.now() - at < _LISTED_FOR:
            return found
        try:
            found = await find()
        except AuthenticationError, LimitError:
            raise
        except ApiError as err:
            _LOGGER.debug("The list of %s could not be read: %s", kind, err)
            known = self._inventory().devices.values()
            return [device for device in known if device.kind == kind]
        self._lists[kind] = self._clock.now(), found
        return found

    async def _count_calls(self) -> None:
        """Take over the vendor's count, which knows of other apps too."""
        count = await self._client.access_count()
        if count.total is not None and count.total > 0:
            self._limiter.budget(count.total, count.remaining, reserved=_RESERVED_SHARE)

    async def _fetch_quota(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch how many calls are left of today's."""
        await self._count_calls()
        return FeedResult()

    async def _fetch_settings(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch the settings of each system."""

        async def read(device: Device) -> Record:
            return await self.read(device, known=self._known(device.key))

        return await ask_apart(devices, read)

    async def _fetch_plans(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch by which plan each GMAX charges and discharges."""

        async def read(device: Device) -> Record:
            plan = await self._client.gmax_plan(device.id)
            return Record(values=plan.values())

        return await ask_apart(devices, read)

    async def _fetch_identity(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch what stands on the nameplates, and whether devices came or went."""
        inventory = await self.discover()
        former = {device.key: device for device in devices}
        found: list[Device] = []
        for device in inventory.devices.values():
            if device.kind != INVERTER:
                found.append(device)
                continue
            try:
                detail = await self._client.device_detail(device.id)
            except AuthenticationError, LimitError:
                raise
            except ApiError:
                known = former.get(device.key, device)
                found.append(with_nameplate(device, known))
            else:
                found.append(described(device, detail))
                self._device_memory(device).has_scheduler = detail.has_scheduler
        return FeedResult(inventory=Inventory.of(found))

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
        return DeviceMemory(self._memory.setdefault(device.key, {}))


def _credential(connection: Connection) -> Credential:
    """Return what the calls of a connection are signed with."""
    if connection.access_token is None:
        return PrivateToken(connection.data["token"])
    return SignedIn(connection.access_token)
