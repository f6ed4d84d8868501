"""What our devices give to the energy page, by their sensors in the entity registry."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .battery.model import Device, Role
from .const import DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .devices import async_name, async_sensor
from .energy_plan import Kind, Offer, Source
from .targets import Target

GIVERS: Final = (Role.HOUSE, Role.SYSTEM, Role.PRODUCER)

_CAPACITY: Final = "battery_capacity_usable"
# The sensors of a source by its keys, and which of them it cannot be without.
_SENSORS: Final[dict[Kind, dict[str, str]]] = {
    Kind.BATTERY: {
        "stat_energy_from": "battery_energy_discharged",
        "stat_energy_to": "battery_energy_charged",
        "stat_rate": "battery_power",
        "stat_soc": "battery_soc",
    },
    Kind.SOLAR: {"stat_energy_from": "pv_energy", "stat_rate": "pv_power"},
    Kind.GRID: {
        "stat_energy_from": "grid_energy_imported",
        "stat_energy_to": "grid_energy_exported",
        "stat_rate": "grid_power",
    },
}
_NEEDED: Final = {
    Kind.BATTERY: ("stat_energy_from", "stat_energy_to"),
    Kind.SOLAR: ("stat_energy_from",),
    Kind.GRID: (),
}
_GRID: Final[Source] = {
    "stat_energy_from": None,
    "stat_energy_to": None,
    "stat_cost": None,
    "entity_energy_price": None,
    "number_energy_price": None,
    "stat_compensation": None,
    "entity_energy_price_export": None,
    "number_energy_price_export": None,
    "cost_adjustment_day": 0.0,
}


class Reason(StrEnum):
    """Why something is left out."""

    MISSING = "missing"
    DISABLED = "disabled"
    OTHER_METER = "other_meter"


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """What a device does not give.

    Attributes:
        kind: The source that it is about.
        device_id: The device registry's id of the device.
        name: The device's name.
        sensor: The key of the sensor, `None` if it is about all of the source.
        reason: Why.
    """

    kind: Kind
    device_id: str
    name: str
    sensor: str | None
    reason: Reason


@dataclass(kw_only=True)
class Gifts:
    """All that some devices give.

    Attributes:
        offers: The sources.
        left_out: What is not among them, and why.
        separate: The energies of further devices of ours, which count nothing twice.
    """

    offers: list[Offer] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    separate: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class _House:
    """Some devices of one house, or one that stands alone."""

    entry: HomeBatteryConfigEntry
    house: Device | None
    members: list[Device]
    chosen: dict[str, Device] = field(default_factory=dict)

    @property
    def everyone(self) -> list[Device]:
        """Return the house and all its members."""
        return [*([self.house] if self.house else []), *self.members]


@callback
def async_targets(entry: HomeBatteryConfigEntry) -> list[Target]:
    """Return all devices of an entry that may give something."""
    runtime = entry.runtime_data
    return [
        Target(runtime.device_ids[device.key], entry, device)
        for device in runtime.inventory.with_role(*GIVERS)
    ]


@callback
def async_gifts(hass: HomeAssistant, targets: Iterable[Target]) -> Gifts:
    """Return what devices give: batteries and PV each, and one meter of the grid."""
    giving = _Giving(hass)
    for house in _houses(targets):
        for kind in (Kind.BATTERY, Kind.SOLAR):
            giving.add_devices(house, kind)
        giving.add_meter(house)
    return giving.gifts


def _houses(targets: Iterable[Target]) -> list[_House]:
    """Return the devices by the house that they are in.

    A house stands for all that is in it, and so does who tells its totals.
    """
    houses: dict[tuple[str, str], _House] = {}
    for target in targets:
        inventory, device = target.entry.runtime_data.inventory, target.device
        above = inventory.devices.get(device.parent or "")
        is_house = device.role is Role.HOUSE
        house = device if is_house else above
        root = house or device
        group = houses.setdefault(
            (target.entry.entry_id, root.key),
            _House(
                entry=target.entry,
                house=house,
                members=inventory.members(house.key) if house else [device],
            ),
        )
        whole = is_house or (house is not None and device.totals)
        for one in group.members if whole else [device]:
            group.chosen[one.key] = one
    return list(houses.values())


class _Giving:
    """Looks for the sensors of devices, and keeps what it found."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing given."""
        self._hass = hass
        self.gifts = Gifts(separate=set(self._energies()))

    def _energies(self) -> Iterator[str]:
        """Yield the energies that batteries and PV of ours are known by."""
        ends = tuple(
            f"_{_SENSORS[kind]['stat_energy_from']}"
            for kind in (Kind.BATTERY, Kind.SOLAR)
        )
        for entry in er.async_get(self._hass).entities.values():
            if entry.platform == DOMAIN and entry.unique_id.endswith(ends):
                yield entry.entity_id

    def add_devices(self, house: _House, kind: Kind) -> None:
        """Add the batteries, or the PV, of the devices that were chosen.

        What only the house tells, it gives itself; who totals stands in where
        nobody else tells it.
        """
        energy = _SENSORS[kind]["stat_energy_from"]
        able = [one for one in house.members if self._sensor(house, one, energy)]
        plain = [one for one in able if not one.totals]
        givers = plain or able[:1]
        if not givers and house.house and self._sensor(house, house.house, energy):
            givers = [house.house]
        else:
            givers = [one for one in givers if one.key in house.chosen]
        beside = plain if set(givers) <= set(plain) else []
        for giver in givers:
            self._offer(house, giver, kind)
            for one in house.everyone:
                if one not in beside and (sensor := self._sensor(house, one, energy)):
                    self.gifts.separate.discard(sensor.entity_id)
        if kind is Kind.BATTERY:
            for one in house.chosen.values():
                if one.role is Role.SYSTEM and not one.totals and one not in able:
                    self._leave_out(house, one, kind, None, Reason.MISSING)

    def add_meter(self, house: _House) -> None:
        """Add the grid's meter, unless there is one already: a home has one.

        With several devices it is the house's; a single one has the same meter.
        """
        able = house.everyone[: 2 if len(house.members) == 1 else 1]
        giver = next(
            (
                one
                for one in able
                for key in ("stat_energy_from", "stat_energy_to")
                if (sensor := self._sensor(house, one, _SENSORS[Kind.GRID][key]))
                and not sensor.disabled
            ),
            None,
        )
        if giver is None:
            known = any(
                self._sensor(house, one, _SENSORS[Kind.GRID]["stat_energy_from"])
                for one in able
            )
            reason = Reason.DISABLED if known else Reason.MISSING
            self._leave_out(house, able[-1], Kind.GRID, None, reason)
        elif any(offer.kind is Kind.GRID for offer in self.gifts.offers):
            self._leave_out(house, giver, Kind.GRID, None, Reason.OTHER_METER)
        else:
            self._offer(house, giver, Kind.GRID)

    def _offer(self, house: _House, device: Device, kind: Kind) -> None:
        """Add a source, or say which of its sensors it cannot be without."""
        found: Source = {}
        for key, name in _SENSORS[kind].items():
            sensor = self._sensor(house, device, name)
            if sensor is not None and not sensor.disabled:
                found[key] = sensor.entity_id
                continue
            reason = Reason.DISABLED if sensor else Reason.MISSING
            self._leave_out(house, device, kind, name, reason)
        if not all(key in found for key in _NEEDED[kind]):
            return
        source: Source = {"type": str(kind)}
        if kind is Kind.GRID:
            source |= _GRID
        else:
            source["name"] = self._name(house, device)
        source |= found
        if kind is Kind.SOLAR:
            source["config_entry_solar_forecast"] = None
        elif "stat_rate" in found:
            source["power_config"] = {"stat_rate": found["stat_rate"]}
        if kind is Kind.BATTERY and (capacity := _capacity(house.entry, device)):
            source["capacity"] = capacity
        self.gifts.offers.append(
            Offer(
                kind=kind,
                device_id=house.entry.runtime_data.device_ids[device.key],
                name=self._name(house, device),
                source=source,
            )
        )

    def _sensor(
        self, house: _House, device: Device, key: str
    ) -> er.RegistryEntry | None:
        """Return a sensor of a device, `None` if it never had it."""
        return async_sensor(self._hass, house.entry, device, key)

    def _name(self, house: _House, device: Device) -> str:
        """Return what a person calls a device."""
        return async_name(self._hass, house.entry, device)

    def _leave_out(
        self,
        house: _House,
        device: Device,
        kind: Kind,
        sensor: str | None,
        reason: Reason,
    ) -> None:
        """Say what a device does not give."""
        self.gifts.left_out.append(
            LeftOut(
                kind=kind,
                device_id=house.entry.runtime_data.device_ids[device.key],
                name=self._name(house, device),
                sensor=sensor,
                reason=reason,
            )
        )


def _capacity(entry: HomeBatteryConfigEntry, device: Device) -> float | None:
    """Return the usable capacity of a battery in kWh, `None` or 0 if it is not known."""
    data = entry.runtime_data.readings.data.get(device.key)
    value = None if data is None else data.value(_CAPACITY)
    return float(value) if isinstance(value, int | float) else None
