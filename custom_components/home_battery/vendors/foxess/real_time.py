"""The readings of all kinds of Fox ESS devices, each asked for in its own way."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Final

from ...battery.model import Device, Record, Role
from ...transport.breath import Breath
from ...transport.clock import Clock
from ...transport.errors import (
    ApiError,
    AuthenticationError,
    QuotaError,
    RejectedError,
    UnknownDeviceError,
    UnsupportedError,
)
from ..vendor import FeedResult, one_by_one
from .client import MAX_BATCH, FoxEssClient
from .discovery import INVERTER
from .ems import DOCUMENTED, EMS, TOTALS, VARIABLES, ems_record
from .errors import AmbiguousError
from .gmax import GMAX, gmax_values
from .memory import DeviceMemory
from .models import RealTime
from .readings import record_of

_LIST_EVERY: Final = timedelta(minutes=15)


class RealTimeReader:
    """Fetches the latest record of every device."""

    def __init__(
        self,
        client: FoxEssClient,
        clock: Clock,
        memory: Callable[[Device], DeviceMemory],
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._clock = clock
        self._memory = memory
        self._listed_at: datetime | None = None
        self._offline: set[str] = set()

    async def fetch(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch what each kind of device tells; a kind that fails takes only itself down.

        Raises:
            ApiError: Nothing came, or there is no sense in asking on.
        """
        records: dict[str, Record] = {}
        failed: dict[str, ApiError] = {}
        for kind, fetch in (
            (INVERTER, self._inverters),
            (EMS, self._ems),
            (GMAX, self._gmax),
        ):
            asked = [device for device in devices if device.kind == kind]
            if not asked:
                continue
            try:
                result = await fetch(asked)
            except AuthenticationError, QuotaError:
                raise
            except ApiError as err:
                failed |= {device.key: err for device in asked}
            else:
                records |= result.records
                failed |= result.failed
        if failed and len(failed) == len(devices):
            raise next(iter(failed.values()))
        return FeedResult(records=records, failed=failed)

    async def _inverters(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch the latest record of inverters, 50 to a call."""
        by_serial = {device.id: device for device in devices}
        records, breath = {}, Breath()
        for batch in batched(sorted(by_serial), MAX_BATCH, strict=False):
            for real_time in await self._client.real_time(batch):
                if (device := by_serial.get(real_time.serial)) is not None:
                    records[device.key] = record_of(
                        real_time, has_battery=device.role is Role.SYSTEM
                    )
                    await breath.take()
        return FeedResult(records=records)

    async def _ems(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch the latest record of EMS, 50 to a call.

        Where the totals that the vendor does not document are refused, or fail
        again and again, only the documented ones are asked for.
        """
        memories = {device.id: self._memory(device) for device in devices}
        narrow = [one for one in sorted(memories) if TOTALS in memories[one].lacking]
        wide = sorted(memories.keys() - set(narrow))
        found: list[RealTime] = []
        for batch in batched(wide, MAX_BATCH, strict=False):
            try:
                found += await self._client.ems_real_time(batch, tuple(VARIABLES))
                note = DeviceMemory.note_answer
            except UnknownDeviceError:
                raise
            except UnsupportedError, RejectedError:
                note = DeviceMemory.note_lack
                narrow += batch
            except AmbiguousError:
                note = DeviceMemory.note_doubt
                narrow += batch
            for serial in batch:
                note(memories[serial], TOTALS)
        for batch in batched(narrow, MAX_BATCH, strict=False):
            found += await self._client.ems_real_time(batch, DOCUMENTED)
            for serial in batch:
                memories[serial].note_answer(EMS)
                memories[serial].conclude()
        keys = {device.id: device.key for device in devices}
        return FeedResult(
            records={
                keys[real_time.serial]: ems_record(real_time)
                for real_time in found
                if real_time.serial in keys
            }
        )

    async def _gmax(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch what each GMAX tells.

        It tells no time, so whether it is still there is for the list to say,
        which is asked for less often.
        """
        now = self._clock.now()
        if self._listed_at is None or now - self._listed_at >= _LIST_EVERY:
            entries = await self._client.gmax_list()
            self._listed_at = now
            self._offline = {entry.serial for entry in entries if not entry.online}
        present = [device for device in devices if device.id not in self._offline]
        return await one_by_one(present, self._gmax_record)

    async def _gmax_record(self, device: Device) -> Record:
        """Fetch what one GMAX tells."""
        return Record(values=gmax_values(await self._client.gmax_real_time(device.id)))
