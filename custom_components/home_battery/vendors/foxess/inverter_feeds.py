"""What an inverter is asked for beside its records and settings: totals, faults, clock."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from ...battery.model import Device, Record, Role
from ...transport.errors import TransientError, UnsupportedError
from ..vendor import CLOCK, FAULTS, TOTALS, Connection, Feed, one_by_one
from .client import FoxEssClient
from .device_clock import DeviceClock
from .discovery import INVERTER
from .faults import FaultHistory, FaultTexts
from .memory import DeviceMemory
from .totals import FoxEssTotals

# Under this key, no device's, is kept what was learned of the vendor.
_VENDOR = "vendor"


class InverterFeeds:
    """The slow feeds of inverters, and their clocks."""

    def __init__(
        self,
        client: FoxEssClient,
        urgent_client: FoxEssClient,
        connection: Connection,
        memory: Callable[[Device], DeviceMemory],
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._urgent_client = urgent_client
        self._clock = connection.clock
        self._zone = connection.zone
        self._memory = memory
        self._latest: dict[str, Record] = {}
        self._texts = FaultTexts(
            client,
            DeviceMemory(connection.memory.setdefault(_VENDOR, {}), connection.clock),
            connection.clock,
            connection.language,
        )

    @property
    def feeds(self) -> Sequence[Feed]:
        """Return the feeds, each of which costs every inverter a call of its own."""
        return tuple(
            Feed(
                name=name,
                interval=interval,
                roles=frozenset({Role.SYSTEM, Role.PRODUCER}),
                kinds=frozenset({INVERTER}),
                fetch=partial(one_by_one, read=read),
                apart=True,
            )
            for name, interval, read in (
                (TOTALS, timedelta(hours=1), self._read_totals),
                (FAULTS, timedelta(hours=4), self._read_faults),
                (CLOCK, timedelta(hours=12), self._read_clock),
            )
        )

    async def explained(self, records: Mapping[str, Record]) -> dict[str, Record]:
        """Return the latest records, by device key, with their faults in words."""
        explained = {
            key: await self._texts.explained(record) for key, record in records.items()
        }
        self._latest |= explained
        return explained

    async def clock_offset(self, device: Device) -> float:
        """Return how many seconds an inverter's clock is ahead.

        Raises:
            UnsupportedError: It tells no time.
        """
        if CLOCK in self._memory(device).lacking:
            raise UnsupportedError("The device does not tell its time")
        return await self._device_clock(self._urgent_client, device).offset()

    async def set_clock(self, device: Device) -> None:
        """Set an inverter's clock to the time of its station's zone."""
        await self._device_clock(self._urgent_client, device).set()

    async def _read_totals(self, device: Device) -> Record | None:
        """Read what an inverter's day and month come to."""
        totals = FoxEssTotals(
            self._client, self._memory(device), device, self._now(device)
        )
        return await totals.read(self._latest.get(device.key))

    async def _read_faults(self, device: Device) -> Record | None:
        """Read which fault an inverter had last."""
        history = FaultHistory(self._client, self._memory(device), device, self._texts)
        return await history.read(self._now(device).date())

    async def _read_clock(self, device: Device) -> Record | None:
        """Read how far off an inverter's clock is, unless it sleeps or has none."""
        try:
            offset = await self._memory(device).optional(
                CLOCK, self._device_clock(self._client, device).offset
            )
        except TransientError:
            if device.role is Role.PRODUCER:
                return None
            raise
        return None if offset is None else Record(values={"clock_offset": offset})

    def _now(self, device: Device) -> datetime:
        """Return the time by the device's own wall clock, as it should be."""
        return self._clock.now().astimezone(self._zone(device))

    def _device_clock(self, client: FoxEssClient, device: Device) -> DeviceClock:
        """Return the clock of one inverter."""
        return DeviceClock(client, device.id, self._zone(device), self._clock)
