"""The latest records of Growatt devices, by whichever call may be made.

Version 4 of the API and two calls of version 1 tell the same record, and each
answers anew as often as the device uploads. Asked by turns, they give so many
more looks, and none has to wait for the window of the one before.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import partial
from itertools import batched, groupby
from operator import attrgetter
from typing import Final

from ...battery.model import Device, Inventory, Record
from ...transport.errors import (
    ApiError,
    AuthenticationError,
    CrowdedError,
    LimitError,
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
_LAST_DATA_MANY: Final = "last_data_many"
_LAST_DATA: Final = "last_data"
_CALLS: Final = (LAST_DATA_V4, _LAST_DATA_MANY, _LAST_DATA)
_BATTERY: Final = "battery_"
# So many devices of a family are worth a call each.
_FEW: Final = 5


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
        inventory: Callable[[], Inventory] = Inventory,
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._memory = memory
        self._zone = zone
        self._inventory = inventory
        self._asked_by: dict[str, str] = {}
        self.lost: dict[str, datetime] = {}
        # Who has told a record since the start.
        self._told: set[str] = set()

    def calls(self, device: Device) -> list[str]:
        """Return the calls that take turns for a device; where v4 knows none, none do."""
        family = FAMILIES[device.kind]
        if family.v4_type is None:
            return []
        every = self._inventory().devices.values()
        few = sum(one.kind == device.kind for one in every) <= _FEW
        return [
            call
            for call in _CALLS
            if (call == LAST_DATA_V4 or family.has(call))
            and (call != _LAST_DATA or few)
            and not self._memory(device).lacks(call)
        ]

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
        """Fetch the records of one family; what a call refuses, the next is asked for."""
        records: dict[str, Record] = {}
        failed: dict[str, ApiError] = {}
        by_call: dict[str | None, list[Device]] = defaultdict(list)
        for device in devices:
            by_call[self._turn(device)].append(device)
        for call, asked in by_call.items():
            results = [await self._by(call, family, asked)]
            if call is not None:
                refused = [one for one in asked if self._memory(one).lacks(call)]
                results.append(await self._family(family, refused))
            for result in results:
                records |= result.records
                failed |= result.failed
        return FeedResult(records=records, failed=failed)

    def _turn(self, device: Device) -> str | None:
        """Return the call whose turn it is, if there are some."""
        if not (calls := self.calls(device)):
            return None
        before = self._asked_by.get(device.key)
        after = 0 if before is None else _CALLS.index(before) + 1
        turn = next(call for call in (_CALLS * 2)[after:] if call in calls)
        self._asked_by[device.key] = turn
        return turn

    async def _by(
        self, call: str | None, family: Family, devices: Sequence[Device]
    ) -> FeedResult:
        """Fetch the records of one family by one call.

        Where the vendor finds one of the further calls too frequent, somebody else
        makes it too, or it counts as one with the first: then that has to do.
        """
        try:
            if call not in (LAST_DATA_V4, _LAST_DATA_MANY):
                return await one_by_one(devices, partial(self._single, family))
            found: dict[str, WireRecord] = {}
            for batch in batched(devices, MAX_BATCH, strict=False):
                found |= await self._batch(call, family, batch)
        except CrowdedError, QuotaError:
            raise
        except LimitError:
            if call in (LAST_DATA_V4, None):
                raise
            for device in devices:
                self._memory(device).note_lack(call)
            return FeedResult()
        return FeedResult(
            records={
                device.key: self._record(device, found[device.id])
                for device in devices
                if device.id in found
            }
        )

    async def _batch(
        self, call: str, family: Family, devices: Sequence[Device]
    ) -> Mapping[str, WireRecord]:
        """Return the records that a call for many tells, by serial number.

        What it refuses about many may be refused because of one.
        """
        serials = [device.id for device in devices]
        try:
            if call == LAST_DATA_V4:
                return await self._client.last_data_v4(family, serials)
            return await self._client.last_data_many(family, serials)
        except UnsupportedError, RejectedError:
            if len(devices) == 1:
                self._memory(devices[0]).note_lack(call)
                return {}
        found: dict[str, WireRecord] = {}
        for device in devices:
            found |= await self._batch(call, family, [device])
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
        if raw is None and device.key in self._told and not self.calls(device):
            # Who has told records and now tells none by any call may soon be back.
            self._memory(device).forget_lack(*_CALLS)
        return None if raw is None else self._record(device, raw)

    def _record(self, device: Device, raw: WireRecord) -> Record:
        """Return a record in common words, and learn from it who has a battery."""
        self._told.add(device.key)
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
