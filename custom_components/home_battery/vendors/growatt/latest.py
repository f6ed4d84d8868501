"""The latest records of Growatt devices: v4 for many at once, v1 where only that knows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import partial
from itertools import batched, groupby
from operator import attrgetter
from typing import Final

from ...battery.model import Device, Record
from ...transport.errors import (
    ApiError,
    AuthenticationError,
    QuotaError,
    RejectedError,
    UnsupportedError,
)
from ..vendor import FeedResult, one_by_one
from .client import GrowattClient, WireRecord
from .discovery import address_of
from .families import ENV, FAMILIES, MAX_BATCH, METER, Family
from .memory import DeviceMemory
from .readings import record_of

LAST_DATA_V4: Final = "last_data_v4"
_LAST_DATA: Final = "last_data"
_BATTERY: Final = "battery_"


class LatestRecords:
    """Fetches the latest record of every device.

    Attributes:
        lost: When the vendor's list showed a device as lost, by its key.
    """

    def __init__(
        self,
        client: GrowattClient,
        memory: Callable[[Device], DeviceMemory],
        zone: Callable[[Device], tzinfo],
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._memory = memory
        self._zone = zone
        self.lost: dict[str, datetime] = {}

    async def fetch(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch family by family; one that fails takes only itself down.

        Raises:
            ApiError: Nothing came, or there is no sense in asking on.
        """
        records: dict[str, Record] = {}
        failed: dict[str, ApiError] = {}
        by_kind = attrgetter("kind", "id")
        for kind, group in groupby(sorted(devices, key=by_kind), attrgetter("kind")):
            asked = list(group)
            try:
                result = await self._family(FAMILIES[kind], asked)
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

    async def _family(self, family: Family, devices: Sequence[Device]) -> FeedResult:
        """Fetch the records of one family."""
        records: dict[str, Record] = {}
        if family.v4_type is not None:
            able = [one for one in devices if not self._memory(one).lacks(LAST_DATA_V4)]
            for batch in batched(able, MAX_BATCH, strict=False):
                found = await self._batch(family, batch)
                records |= {
                    device.key: self._record(device, found[device.id])
                    for device in batch
                    if device.id in found
                }
            devices = [one for one in devices if self._memory(one).lacks(LAST_DATA_V4)]
        rest = await one_by_one(devices, partial(self._single, family))
        return FeedResult(records={**records, **rest.records}, failed=rest.failed)

    async def _batch(
        self, family: Family, devices: Sequence[Device]
    ) -> Mapping[str, WireRecord]:
        """Return the records that v4 has, by serial number.

        What v4 refuses about many may be refused because of one.
        """
        try:
            return await self._client.last_data_v4(
                family, [device.id for device in devices]
            )
        except UnsupportedError, RejectedError:
            if len(devices) == 1:
                self._memory(devices[0]).note_lack(LAST_DATA_V4)
                return {}
        found: dict[str, WireRecord] = {}
        for device in devices:
            found |= await self._batch(family, [device])
        return found

    async def _single(self, family: Family, device: Device) -> Record | None:
        """Return what v1 has of a device, which may be nothing."""
        if family in (METER, ENV):
            raw = await self._client.attached_data(family, address_of(device))
        elif family.has(_LAST_DATA):
            raw = await self._memory(device).optional(
                _LAST_DATA, partial(self._client.last_data, family, device.id)
            )
        else:
            return None
        return None if raw is None else self._record(device, raw)

    def _record(self, device: Device, raw: WireRecord) -> Record:
        """Return a record in common words, and learn from it who has a battery."""
        word = device.kind.replace("_", "-")
        zone = self._zone(device)
        record = record_of(word, raw, zone=zone)
        if any(key.startswith(_BATTERY) for key in record.values):
            self._memory(device).note_battery()
        listed = self.lost.get(device.key)
        # What came after the list shows that it is back.
        if listed is None or (record.time is not None and record.time > listed):
            return record
        return record_of(word, raw, zone=zone, lost=True)
