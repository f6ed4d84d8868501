"""One VoltStorage account: its products, and all that can be known of them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, override

from homeassistant.const import CONF_EMAIL, CONF_PASSWORD

from ...battery.change import Change
from ...battery.history import History, HistoryRequest, Resolution
from ...battery.model import Device, Inventory, Record, Role
from ...const import CONF_BASE_URL
from ...transport.errors import ForbiddenError
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
from .client import VoltStorageClient
from .discovery import inventory_of, state_of
from .endpoints import ENDPOINTS, LATEST, STATISTICS, STREAM
from .export_file import exported
from .learned import Learned
from .login import Login
from .models import Timespan
from .past import Past
from .reader import Reader
from .statistics import day_before, house_means_of, means_of, newest

# Under this key, no device's, is kept what was learned of the account.
_ACCOUNT: Final = "account"
# The options that tell where a call is, by the call's name.
PATH_OPTIONS: Final = {name: f"{name}_path" for name in (STREAM, LATEST, STATISTICS)}


class VoltStorageAccount(Account):
    """An account behind e-mail and password, which is only ever read."""

    def __init__(self, connection: Connection) -> None:
        """Make the client; nothing is sent yet."""
        self._clock = connection.clock
        memory = connection.memory.setdefault(_ACCOUNT, {})
        http = Http(
            connection.session, connection.data[CONF_BASE_URL], connection.user_agent
        )
        self._client = VoltStorageClient(
            http,
            Login(
                http,
                connection.clock,
                email=connection.data[CONF_EMAIL],
                password=connection.data[CONF_PASSWORD],
            ),
            limiter=connection.limiter,
            clock=connection.clock,
            paths={
                name: path
                for name, option in PATH_OPTIONS.items()
                if (path := connection.options.get(option))
            },
            memory=memory,
        )
        self._learned = Learned(memory, connection.clock, self._client.path)
        self._reader = Reader(
            self._client, self._learned, connection.clock, connection.memory
        )
        self._past = Past(self._client, self._learned)

    @property
    @override
    def feeds(self) -> Sequence[Feed]:
        """Return the feeds; there are no settings to ask for."""
        return (
            Feed(
                name=READINGS,
                interval=timedelta(minutes=1),
                roles=frozenset({Role.SYSTEM, Role.PART, Role.HOUSE}),
                fetch=self._reader.fetch,
                listen=self._reader.listen,
            ),
            Feed(
                name=SETTINGS,
                interval=timedelta(hours=12),
                roles=frozenset(),
                fetch=self._fetch_nothing,
            ),
            Feed(
                name=IDENTITY,
                interval=timedelta(minutes=10),
                roles=frozenset({Role.SYSTEM, Role.PART, Role.HOUSE}),
                fetch=self._fetch_products,
            ),
            Feed(
                name="statistics",
                interval=timedelta(hours=1),
                roles=frozenset({Role.SYSTEM, Role.HOUSE}),
                fetch=self._fetch_statistics,
            ),
        )

    @override
    async def discover(self) -> Inventory:
        """Find every product of the account."""
        return inventory_of(await self._client.products())

    async def _fetch_nothing(self, devices: Sequence[Device]) -> FeedResult:
        """Return nothing: no device has settings."""
        return FeedResult()

    async def _fetch_products(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch the products anew, with how each of them is."""
        products = await self._client.products()
        states = {product.id: Record(values=state_of(product)) for product in products}
        return FeedResult(
            inventory=inventory_of(products),
            records={
                device.key: states[device.id]
                for device in devices
                if device.role is not Role.HOUSE and device.id in states
            },
        )

    async def _fetch_statistics(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch the statistics of each product; its home has a part of them."""
        homes: dict[str, Record] = {}
        systems = [device for device in devices if device.role is Role.SYSTEM]
        result = await one_by_one(systems, partial(self._read_statistics, homes))
        return FeedResult(records={**result.records, **homes}, failed=result.failed)

    async def _read_statistics(
        self, homes: dict[str, Record], device: Device
    ) -> Record | None:
        """Read the statistics of today, or of yesterday where today has none yet."""
        now = self._clock.now()
        buckets = await self._learned.optional(
            STATISTICS,
            partial(
                self._client.statistics,
                device.id,
                Timespan.DAY,
                day_before(now),
                now,
            ),
        )
        if not buckets or (bucket := newest(buckets)) is None:
            return None
        if device.parent is not None and (means := house_means_of(bucket)):
            homes.setdefault(device.parent, Record(values=means))
        return Record(values=means_of(bucket))

    @override
    async def read(
        self,
        device: Device,
        change: Change | None = None,
        known: Record | None = None,
    ) -> Record:
        """Return no settings: the API has none."""
        return Record()

    @override
    async def write(self, device: Device, change: Change, before: Record) -> None:
        """Refuse: the API takes nothing.

        Raises:
            ForbiddenError: Always.
        """
        raise ForbiddenError("The API is read-only")

    @override
    def history_keys(self, device: Device, resolution: Resolution) -> frozenset[str]:
        """Return the readings whose past the vendor tells so finely."""
        return self._past.keys(device, resolution)

    @override
    def history_calls(self, device: Device, request: HistoryRequest) -> int:
        """Return how many calls a history costs."""
        return self._past.calls(request)

    @override
    async def history(self, device: Device, request: HistoryRequest) -> History:
        """Fetch a part of a product's past."""
        return await self._past.fetch(device, request)

    @override
    def export(
        self, device: Device, start: datetime, end: datetime, form: str
    ) -> AsyncIterator[bytes]:
        """Yield the past of a product, one day at a time."""
        return exported(self._client, device, start, end, form)

    @override
    async def call(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Make a documented call by name."""
        return ENDPOINTS[name].shown(await self._client.call(name, parameters))
