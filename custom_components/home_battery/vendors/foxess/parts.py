"""The parts of a Fox ESS account: batteries, data loggers, meters and heat pumps."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
import logging
from typing import Final

from ...battery.model import Device, Inventory, Record, Role
from ...transport.clock import Clock
from ...transport.errors import (
    ApiError,
    AuthenticationError,
    LimitError,
    RejectedError,
    UnsupportedError,
)
from ..vendor import Feed, FeedResult, one_by_one
from .client import FoxEssClient
from .discovery import inverter_key, station_key
from .errors import NoPermissionError
from .models import BatteryUnit, DeviceEntry
from .models_parts import PartEntry
from .recently import Recently

_LOGGER = logging.getLogger(__name__)

BATTERY: Final = "battery"
LOGGER: Final = "module"
METER: Final = "meter"
HEAT_PUMP: Final = "heat_pump"

_NAMES: Final = {
    LOGGER: "Fox ESS logger",
    METER: "Fox ESS meter",
    HEAT_PUMP: "Fox ESS heat pump",
}
# Identity and states want the same lists, at paces that meet now and then.
_RECENT: Final = timedelta(minutes=30)
_CONTROLLER: Final = "bcu"
# The inverter's own side of the battery, which has no model: no thing of its own.
_INVERTER_SIDE: Final = "ivu"
# A list that not every account is given; it may be one day.
_REFUSALS: Final = (UnsupportedError, RejectedError, NoPermissionError)


def batteries(inverter: Device, units: Sequence[BatteryUnit]) -> list[Device]:
    """Return controllers and packs of an inverter, each by a serial of its own."""
    devices: dict[str, Device] = {}
    for unit in units:
        serial = unit.serial
        if serial is None or serial == inverter.serial or unit.type == _INVERTER_SIDE:
            continue
        known = devices.get(serial)
        if known is not None:
            # Controller and pack in one, of which the pack tells the capacity.
            devices[serial] = replace(known, capacity=known.capacity or unit.capacity)
            continue
        name = f"Fox ESS {unit.model or 'battery'}"
        devices[serial] = Device(
            kind=BATTERY,
            id=serial,
            role=Role.PART,
            name=f"{name} controller" if unit.type == _CONTROLLER else name,
            model=unit.model,
            serial=serial,
            sw_version=unit.version,
            parent=inverter.key,
            capacity=unit.capacity,
        )
    return list(devices.values())


def former_batteries(inverter: Device, former: Inventory) -> list[Device]:
    """Return the batteries that an inverter had, unless it says that it has none."""
    return [
        device
        for device in former.devices.values()
        if device.kind == BATTERY
        and device.parent == inverter.key
        and inverter.role is Role.SYSTEM
    ]


class FoxEssParts:
    """What an account lists beside stations and inverters."""

    def __init__(self, client: FoxEssClient, clock: Clock) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._lists: Mapping[str, Callable[[], Awaitable[list[PartEntry]]]] = {
            LOGGER: client.loggers,
            METER: client.meters,
            HEAT_PUMP: client.heat_pumps,
        }
        self._recent = Recently[list[PartEntry]](clock, _RECENT)
        self._behind: dict[str, list[str]] = {}
        self._refused: set[str] = set()

    @property
    def feeds(self) -> Sequence[Feed]:
        """Return the feeds about parts; without such parts they cost nothing."""
        return (
            Feed(
                name="parts",
                interval=timedelta(hours=1),
                roles=frozenset({Role.PART}),
                kinds=frozenset(self._lists),
                fetch=self._fetch_states,
            ),
            Feed(
                name="meter_settings",
                interval=timedelta(hours=4),
                roles=frozenset({Role.PART}),
                kinds=frozenset({METER}),
                fetch=partial(one_by_one, read=self._read_settings),
            ),
        )

    def attach(self, entries: Sequence[DeviceEntry]) -> None:
        """Note which inverters report through which logger."""
        self._behind = {}
        for entry in entries:
            if entry.logger is not None:
                self._behind.setdefault(entry.logger, []).append(entry.serial)

    async def discover(self, former: Inventory) -> list[Device]:
        """Return what the lists hold; where one fails, what it held before."""
        self._refused.clear()
        found: list[Device] = []
        for kind, fetch in self._lists.items():
            try:
                entries = await self._recent.ask(kind, fetch)
            except AuthenticationError, LimitError:
                raise
            except ApiError as err:
                if isinstance(err, _REFUSALS):
                    self._refused.add(kind)
                _LOGGER.debug("The list of parts of kind %s failed: %s", kind, err)
                found += [
                    device for device in former.devices.values() if device.kind == kind
                ]
            else:
                found += [self._device(kind, entry) for entry in entries]
        return found

    def _device(self, kind: str, entry: PartEntry) -> Device:
        """Return a row of a list as a device, below what it belongs to alone."""
        behind = self._behind.get(entry.serial, ()) if kind == LOGGER else ()
        return Device(
            kind=kind,
            id=entry.serial,
            role=Role.PART,
            name=f"Fox ESS {entry.model}" if entry.model else _NAMES[kind],
            model=entry.model,
            serial=entry.serial,
            sw_version=entry.version,
            parent=(
                inverter_key(behind[0])
                if len(behind) == 1
                else station_key(entry.station)
            ),
        )

    async def _fetch_states(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch the lists in which these devices stand."""
        records: dict[str, Record] = {}
        failed: dict[str, ApiError] = {}
        for kind in sorted({device.kind for device in devices} - self._refused):
            asked = {device.id: device for device in devices if device.kind == kind}
            try:
                entries = await self._recent.ask(kind, self._lists[kind])
            except AuthenticationError, LimitError:
                raise
            except _REFUSALS:
                self._refused.add(kind)
            except ApiError as err:
                failed |= {device.key: err for device in asked.values()}
            else:
                records |= {
                    asked[entry.serial].key: Record(values=entry.values)
                    for entry in entries
                    if entry.serial in asked
                }
        return FeedResult(records=records, failed=failed)

    async def _read_settings(self, device: Device) -> Record | None:
        """Read the settings of a meter, which are grid compliance and only shown."""
        try:
            return Record(values=await self._client.meter_settings(device.id))
        except _REFUSALS as err:
            _LOGGER.debug("A meter tells no settings: %s", err)
            return None
