"""One Growatt account: its plants and devices, what they tell and what can be set."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final, override

from ...battery.change import Change
from ...battery.history import History, HistoryRequest, Resolution
from ...battery.model import Device, Inventory, Record, Role
from ...transport.beat import Pace
from ...transport.errors import UnsupportedError
from ...transport.http import Http
from ..vendor import (
    IDENTITY,
    READINGS,
    SETTINGS,
    Account,
    Connection,
    Feed,
    FeedResult,
    one_by_one,
)
from .by_name import GrowattParameters
from .client import GrowattClient
from .control import GrowattControl
from .devices import Devices
from .endpoint import FIVE_MINUTES, MINUTE
from .endpoints import ENDPOINTS
from .families import DATALOGGER, ENV, FAMILIES
from .history import DAYS_AT_ONCE, REACH, GrowattHistory
from .latest import LatestRecords
from .memory import DeviceMemory
from .readings import NOAHS, record_of
from .steering.families import FAMILIES as STEERED

# Under this key, no device's, is kept what was learned of the account.
_ACCOUNT: Final = "account"
# A poll that comes a moment too early would get the answer of before.
_MARGIN: Final = 3.0
# What uploads within such a part of the time of another is asked for in one call.
_JOINED: Final = 30


class GrowattAccount(Account):
    """An account behind a token."""

    def __init__(self, connection: Connection) -> None:
        """Make the client; nothing is sent yet."""
        self._memory = connection.memory
        self._clock = connection.clock
        self._known = connection.known
        self._inventory = connection.inventory
        self._zone = connection.zone
        make_client = partial(
            GrowattClient,
            Http(
                connection.session, connection.data["base_url"], connection.user_agent
            ),
            token=connection.data["token"],
            limiter=connection.limiter,
            watch_only=connection.watch_only,
        )
        self._client = make_client()
        self._urgent_client = make_client(urgent=True)
        self._permitted_export = connection.permitted_export
        self._latest = LatestRecords(
            self._client, self._device_memory, self._zone, self._inventory
        )
        self._history = GrowattHistory(
            self._client, connection.inventory, self._device_memory
        )
        self._devices = Devices(
            self._client,
            connection.clock,
            connection.memory.setdefault(_ACCOUNT, {}),
            self._device_memory,
            self._latest,
        )

    @property
    @override
    def parameters(self) -> GrowattParameters:
        """Return every documented setting of the devices."""
        return GrowattParameters(
            partial(self._control, self._urgent_client), self._permitted_export
        )

    @property
    @override
    def feeds(self) -> Sequence[Feed]:
        """Return the feeds at the pace at which the vendor has something new."""
        return (
            Feed(
                name=READINGS,
                interval=timedelta(seconds=FIVE_MINUTES + _MARGIN),
                roles=frozenset({Role.SYSTEM, Role.PRODUCER}),
                fetch=self._latest.fetch,
                pace=self._pace,
            ),
            Feed(
                name=SETTINGS,
                interval=timedelta(minutes=30),
                roles=frozenset({Role.SYSTEM, Role.PRODUCER}),
                kinds=frozenset(STEERED),
                fetch=self._fetch_settings,
                apart=True,
            ),
            Feed(
                name=IDENTITY,
                interval=timedelta(hours=12),
                roles=frozenset({Role.HOUSE, Role.SYSTEM, Role.PRODUCER}),
                fetch=self._fetch_identity,
            ),
            Feed(
                name="environment",
                interval=timedelta(seconds=FIVE_MINUTES + _MARGIN),
                roles=frozenset({Role.PART}),
                kinds=frozenset({ENV.key}),
                fetch=self._latest.fetch,
            ),
            Feed(
                name="loggers",
                interval=timedelta(hours=1),
                roles=frozenset({Role.PART}),
                kinds=frozenset({DATALOGGER.key}),
                fetch=partial(one_by_one, read=self._read_signal),
            ),
        )

    @override
    async def discover(self) -> Inventory:
        """Find every device."""
        return Inventory.of(await self._devices.found())

    async def _fetch_settings(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch the settings of each device that has some."""
        return await one_by_one(
            devices, lambda device: self.read(device, known=self._known(device.key))
        )

    async def _fetch_identity(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch what stands on the nameplates, and whether devices came or went."""
        found = await self._devices.described(self._inventory())
        return FeedResult(inventory=Inventory.of(found))

    async def _read_signal(self, device: Device) -> Record | None:
        """Read how well a data logger hears its network, through a device behind it."""
        behind = self._inventory().devices.get(device.vendor_id or "")
        if behind is None:
            return None
        family = FAMILIES[behind.kind]
        signal = await self._device_memory(device).optional(
            "wifi", partial(self._client.wifi, family, behind.id)
        )
        return record_of(device.kind, {"signal": signal}, zone=self._zone(device))

    @override
    async def read(
        self,
        device: Device,
        change: Change | None = None,
        known: Record | None = None,
    ) -> Record:
        """Read the settings that a change is about, or all that are due."""
        client = self._client if change is None else self._urgent_client
        control = await self._control(client, device)
        return await control.read(change, known)

    @override
    async def write(self, device: Device, change: Change, before: Record) -> None:
        """Send a change of controls or of the schedule."""
        control = await self._control(self._urgent_client, device)
        await control.write(change, before)

    @override
    async def is_taken(self, device: Device) -> bool:
        """Tell whether a virtual power plant or another's remote control steers it."""
        control = await self._control(self._urgent_client, device)
        return await control.is_taken()

    @property
    @override
    def history_days(self) -> int:
        """Return how many days one question is about."""
        return DAYS_AT_ONCE

    @override
    def history_reach(self, resolution: Resolution) -> timedelta | None:
        """Return how far back there are records; of days there is no end."""
        return REACH if resolution is Resolution.RECORDS else None

    @override
    def history_keys(self, device: Device, resolution: Resolution) -> frozenset[str]:
        """Return what records, or the plant's days, tell of a device."""
        return self._history.keys(device, resolution)

    @override
    def history_calls(self, device: Device, request: HistoryRequest) -> int:
        """Return about how many calls a history costs."""
        return self._history.calls(device, request)

    @override
    async def history(self, device: Device, request: HistoryRequest) -> History:
        """Fetch records or days."""
        return await self._history.fetch(device, request)

    @override
    async def call(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Make a documented call by name."""
        return ENDPOINTS[name].shown(await self._client.call(name, parameters))

    async def _control(self, client: GrowattClient, device: Device) -> GrowattControl:
        """Return the steering of one device.

        Raises:
            UnsupportedError: The vendor documents no settings of its family.
        """
        family = STEERED.get(device.kind)
        if family is None:
            raise UnsupportedError("Such a device has no settings")
        return GrowattControl(
            client,
            self._device_memory(device),
            await self._devices.rated(device),
            family,
            self._clock,
        )

    def _pace(self, device: Device) -> Pace:
        """Return how a device may be asked: it uploads as often as a call has new answers."""
        window = MINUTE if device.kind in NOAHS else FIVE_MINUTES
        return Pace(
            interval=window,
            least=window / max(len(self._latest.calls(device)), 1),
            join=window / _JOINED,
            alone=True,
        )

    def _device_memory(self, device: Device) -> DeviceMemory:
        """Return what was learned of a device."""
        return DeviceMemory(self._memory.setdefault(device.key, {}), self._clock)
