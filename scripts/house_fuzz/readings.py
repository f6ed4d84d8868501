"""What is worked out from records, whatever they hold: sound, and no energy that falls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final, cast

from custom_components.home_battery.battery.energy import EnergyCounter
from custom_components.home_battery.battery.house import PARTS, Member, house_readings
from custom_components.home_battery.battery.integral import EnergyIntegrator
from custom_components.home_battery.battery.model import Device, Record, Role
from custom_components.home_battery.battery.running import Running
from custom_components.home_battery.readings import ENERGY_KEYS, Readings
from custom_components.home_battery.store import EntryStore
from custom_components.home_battery.vendors import VENDORS
from homeassistant.util import dt as dt_util

from .subject import UnsoundError, check_value

_PATIENCE: Final = timedelta(minutes=15)
# Over a day a counter may prove that it starts anew.
_SPAN_MINUTES: Final = 23 * 60
_KEYS: Final = (*sorted(PARTS), *ENERGY_KEYS, "battery_capacity", "pv_energy_today")
_ODD: Final[tuple[Any, ...]] = (
    *(0, 0.0, -0.0, -1, 1e-9, 1e9, -1e9, 1e300, -1e300, 1.7e308, 2**63, True),
    *(float("nan"), float("inf"), float("-inf"), "", "n/a", "12"),
)


@dataclass
class _Memory:
    """As much of what an entry must not forget as readings ask for."""

    counters: dict[str, dict[str, EnergyCounter]] = field(default_factory=dict)
    integrals: dict[str, dict[str, EnergyIntegrator]] = field(default_factory=dict)
    last_full: dict[str, datetime] = field(default_factory=dict)
    overrides: dict[str, Running] = field(default_factory=dict)

    def async_schedule_save(self, _delay: float) -> None:
        """Keep nothing."""

    def refused(self, _device: str, _keys: Mapping[str, object]) -> set[str]:
        """Return that every key is believed."""
        return set()

    def writes_on(self, _device: str, _day: date) -> int:
        """Return that nothing was written."""
        return 0


def fresh(vendor: str = "foxess") -> Readings:
    """Return readings that remember nothing."""
    return Readings(
        cast("EntryStore", _Memory()),
        {},
        VENDORS[vendor].tables,
        patience=_PATIENCE,
        correction=1.0,
    )


def check_shown(
    device: Device | None, record: Record, readings: Readings | None = None
) -> Record | None:
    """Guard a record and work out what follows, as far as the device is known.

    Raises:
        UnsoundError: What is shown cannot be a state.
    """
    if device is None:
        return None
    readings = readings or fresh()
    guarded = readings.guard(device, record)
    shown = {**guarded.values, **readings.derive(device, guarded, record)}
    for key, value in shown.items():
        check_value(key, value)
    return guarded


class Days:
    """A day of records of one device, in any order."""

    kept = 2
    name = "readings of a day"

    def break_one(self, rng: Random) -> Any:
        """Return a device and its records."""
        return {
            "vendor": rng.choice(sorted(VENDORS)),
            "kind": rng.choice(("inverter", "product", "unit", "plant")),
            "role": rng.choice(tuple(Role)).value,
            "rated": rng.choice((None, 0, 5000, 1e9)),
            "records": [
                [rng.randint(0, _SPAN_MINUTES), _values(rng)]
                for _ in range(rng.randint(1, 8))
            ],
        }

    def feed(self, case: Any) -> None:
        """Take one record after another."""
        device = Device(
            kind=case["kind"],
            id="1",
            role=Role(case["role"]),
            name="x",
            rated_power=case["rated"],
        )
        readings = fresh(case["vendor"])
        began = dt_util.utcnow() - timedelta(minutes=_SPAN_MINUTES)
        totals: dict[str, float] = {}
        for minutes, values in case["records"]:
            record = Record(time=began + timedelta(minutes=minutes), values=values)
            guarded = check_shown(device, record, readings)
            assert guarded is not None
            for key in readings.counters:
                value = guarded.values.get(key)
                if not isinstance(value, int | float):
                    continue
                if value < totals.get(key, value):
                    raise UnsoundError(f"{key} falls from {totals[key]} to {value}")
                totals[key] = value


class Houses:
    """Systems with any readings, which make a house together."""

    kept = 2
    name = "readings of a house"

    def break_one(self, rng: Random) -> Any:
        """Return members and meters."""
        return [
            {
                "values": _values(rng),
                "expected": rng.sample(_KEYS, rng.randint(0, 6)),
                "totals": rng.random() < 0.2,
                "meter": rng.random() < 0.3,
            }
            for _ in range(rng.randint(0, 4))
        ]

    def feed(self, case: Any) -> None:
        """Sum them as they are shown: guarded, each and together."""
        members, meters, readings = [], [], fresh()
        for index, told in enumerate(case):
            system = Device(kind="inverter", id=f"{index}", role=Role.SYSTEM, name="x")
            guarded = readings.guard(system, Record(values=told["values"]))
            member = Member(
                system.key,
                guarded.values,
                frozenset(told["expected"]),
                totals=told["totals"],
            )
            members.append(member)
            meters += [system.key] * told["meter"]
        house = Device(kind="house", id="1", role=Role.HOUSE, name="x")
        summed = Record(values=house_readings(members, meters))
        check_shown(house, summed, readings)


def _values(rng: Random) -> dict[str, Any]:
    """Return any readings."""
    makers: tuple[Callable[[], Any], ...] = (
        lambda: rng.choice(_ODD),
        lambda: round(rng.uniform(-20_000, 20_000), 3),
        lambda: round(rng.uniform(0, 60), 1),
    )
    return {key: rng.choice(makers)() for key in rng.sample(_KEYS, rng.randint(1, 10))}
