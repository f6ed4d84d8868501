"""Houses whose past a vendor keeps: one for each vendor, its ledger and the vendor's own answer."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
import numpy as np
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator import Simulation

from .conftest import Simulate, async_set_up, make_entry
from .imports import (
    FIVE_MINUTES,
    HOUR,
    async_bring,
    async_changes,
    async_live_on,
    async_rows,
)
from .past import LEDGER
from .vendors.eaton.entries import make_eaton_entry
from .vendors.growatt.entries import make_growatt_entry
from .vendors.voltstorage.entries import make_voltstorage_entry

type Points = Sequence[Mapping[str, Any]]
type Hours = dict[datetime, float]

MINUTE: Final = timedelta(minutes=1)
_HALF: Final = timedelta(minutes=30)
_WS_PER_KWH: Final = 3_600_000


def of_slots(points: Points, since: datetime) -> Hours:
    """Return the energies of slots, each spread evenly over the hours that it lies in."""
    hours: Hours = {}
    for point in points:
        start, end = (datetime.fromisoformat(point[edge]) for edge in ("start", "end"))
        halves = (end - start) // _HALF
        for half in range(halves):
            hour = (start + half * _HALF).astimezone(UTC).replace(minute=0)
            hours[hour] = hours.get(hour, 0.0) + point["value"] / halves
    return {hour: energy for hour, energy in hours.items() if hour >= since}


def of_counter(points: Points, since: datetime) -> Hours:
    """Return what a counter has gained from hour to hour, which between two readings grows evenly."""
    at, values = _series(points)
    hours = list(_hours(since, at[-1]))
    edges = np.interp([hour.timestamp() for hour in hours], at, values)
    return dict(zip(hours, np.diff(edges).tolist(), strict=False))


def of_power(sign: int) -> Callable[[Points, datetime], Hours]:
    """Return how a power in W is added up by the second, what flows the other way left out."""

    def added_up(points: Points, since: datetime) -> Hours:
        at, values = map(np.asarray, _series(points))
        hours = list(_hours(since, at[-1]))
        seconds = np.arange(3600) + 0.5
        return {
            hour: float(
                np.maximum(
                    sign * np.interp(hour.timestamp() + seconds, at, values), 0.0
                ).sum()
            )
            / _WS_PER_KWH
            for hour in hours[:-1]
        }

    return added_up


def _series(points: Points) -> tuple[list[float], list[float]]:
    """Return the moments and the values of readings."""
    return (
        [datetime.fromisoformat(point["start"]).timestamp() for point in points],
        [point["value"] for point in points],
    )


def _hours(since: datetime, until: float) -> Iterable[datetime]:
    """Yield the full hours until a moment in UNIX time."""
    while since.timestamp() <= until:
        yield since
        since += HOUR


@dataclass(frozen=True, kw_only=True)
class Told:
    """How a vendor tells of an energy.

    Attributes:
        resolution: How finely it is asked.
        key: What it is asked for, if that is not the energy itself.
        by_hour: What becomes of its points.
    """

    resolution: str = "hour"
    key: str | None = None
    by_hour: Callable[[Points, datetime], Hours] = of_slots


_COUNTED: Final = Told(resolution="records", by_hour=of_counter)


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """What is to be known of a vendor.

    Attributes:
        simulated: Its device.
        entry: What makes an entry of it.
        told: How it tells of energies, by key.
        within: So much an hour of its answer may differ from the ledger, in kWh.
        exact: So much an hour may differ from the answer.
        days: So many days the vendor is asked for at once.
        step: So often it is asked for the present.
    """

    simulated: Mapping[str, Any]
    entry: Callable[[Simulation], MockConfigEntry]
    told: Mapping[str, Told]
    within: float
    exact: float = 2e-6
    days: int = 1
    step: timedelta = FIVE_MINUTES


VENDORS: Final[Mapping[str, Vendor]] = {
    "eaton": Vendor(
        simulated={"eaton": ("AC",)},
        entry=make_eaton_entry,
        told=dict.fromkeys(
            ("load_energy", "pv_energy", "grid_energy_exported"), Told()
        ),
        # A sample stands for five minutes, whatever happened in between.
        within=0.5,
        # It is nearby, and what it measures is added up by ourselves.
        step=FIVE_MINUTES / 2,
    ),
    "foxess": Vendor(
        simulated={},
        entry=make_entry,
        told=dict.fromkeys(LEDGER, Told()),
        # Both ends of an hour are rounded to a tenth of a kWh.
        within=0.1001,
    ),
    "growatt": Vendor(
        simulated={"growatt": ("MIN-XH",)},
        entry=make_growatt_entry,
        told=dict.fromkeys(LEDGER, _COUNTED),
        # So are its counters, and they are read every five minutes only.
        within=0.35,
        days=7,
    ),
    "voltstorage": Vendor(
        simulated={"voltstorage": ("SMART",)},
        entry=make_voltstorage_entry,
        told={
            **dict.fromkeys(
                (
                    "battery_energy_charged",
                    "battery_energy_discharged",
                    "pv_energy",
                    "load_energy",
                ),
                Told(),
            ),
            "grid_energy_imported": Told(
                resolution="records", key="grid_power", by_hour=of_power(1)
            ),
            "grid_energy_exported": Told(
                resolution="records", key="grid_power", by_hour=of_power(-1)
            ),
        },
        within=0.15,
        # At midnight, where one question ends, a power is taken to stand.
        exact=1e-3,
    ),
}


@dataclass(kw_only=True)
class Past:
    """An account with a past, in a Home Assistant that records."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    name: str
    vendor: Vendor
    sim: Simulation
    entry: MockConfigEntry
    recorded: datetime
    sensors: dict[str, str] = field(default_factory=dict)

    @property
    def cloud(self) -> Any:
        """Return the vendor's server."""
        return getattr(self.sim, self.name)

    @property
    def device_id(self) -> str:
        """Return the only system."""
        runtime = self.entry.runtime_data
        (device,) = runtime.inventory.with_role("system")
        found: str = runtime.device_ids[device.key]
        return found

    async def live_until(self, moment: datetime) -> None:
        """Let time pass, and be recorded."""
        await async_live_on(
            self.hass,
            self.freezer,
            minutes=(moment - self.recorded) // MINUTE,
            since=self.recorded,
            step=self.vendor.step,
        )
        self.recorded = moment

    async def ask(self, **data: Any) -> None:
        """Perform the action, and wait for nothing."""
        await self.hass.services.async_call(
            DOMAIN,
            "import_history",
            {"device_id": self.device_id, "keys": list(self.sensors), **data},
            blocking=True,
        )

    async def bring(self, **data: Any) -> Any:
        """Perform the action, until all is brought in."""
        return await async_bring(
            self.hass, self.device_id, keys=list(self.sensors), **data
        )

    async def find_sensors(self) -> None:
        """Learn which sensors show the energies, as the action itself tells."""
        plan = await async_bring(self.hass, self.device_id, dry_run=True)
        self.sensors = {
            told["key"]: entity_id for entity_id, told in plan["sensors"].items()
        }
        self.keep(self.vendor.told)

    def keep(self, keys: Collection[str]) -> None:
        """Look at some energies alone."""
        self.sensors = {key: one for key, one in self.sensors.items() if key in keys}

    def progress(self) -> float:
        """Return what the sensor shows of it, nothing as long as there is nothing to show."""
        (state,) = (
            state
            for state in self.hass.states.async_all("sensor")
            if state.entity_id.endswith("import_progress")
        )
        return float(state.state)

    async def rows(self) -> dict[str, Any]:
        """Return all hours of all sensors."""
        return {
            key: await async_rows(self.hass, entity_id)
            for key, entity_id in self.sensors.items()
        }

    async def changes(self, key: str) -> Hours:
        """Return what each hour has added to an energy."""
        return await async_changes(self.hass, self.sensors[key])

    async def answers(self, since: datetime) -> dict[str, Hours]:
        """Return the hours of the energies as the vendor itself tells them."""
        told = {key: self.vendor.told[key] for key in self.sensors}
        points: dict[str, Points] = {}
        for resolution in sorted({one.resolution for one in told.values()}):
            response: Any = await self.hass.services.async_call(
                DOMAIN,
                "get_history",
                {
                    "device_id": self.device_id,
                    "start": since,
                    "resolution": resolution,
                    "keys": [
                        one.key or key
                        for key, one in told.items()
                        if one.resolution == resolution
                    ],
                },
                blocking=True,
                return_response=True,
            )
            points |= response[self.device_id]["keys"]
        return {
            key: one.by_hour(points[one.key or key], since) for key, one in told.items()
        }

    def ledger(self) -> dict[datetime, Mapping[str, float]]:
        """Return how the house's own counters stood at each half hour, and stand now."""
        witnesses = self.cloud.witnesses().values()
        house = max(witnesses, key=lambda witness: len(witness.units))
        return {datetime.fromisoformat(row["at"]): row for row in house.as_json()}

    def counted(self, key: str, hours: Iterable[datetime]) -> Hours:
        """Return what the house itself has counted in some hours."""
        ledger, counter = self.ledger(), LEDGER[key]
        return {
            hour: ledger[hour + HOUR][counter] - ledger[hour][counter] for hour in hours
        }


async def async_begin(
    name: str,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    *,
    minutes: int = 5,
    **simulated: Any,
) -> Past:
    """Add an account of a vendor, and let the recorder count for a while."""
    begun = dt_util.utcnow()
    vendor = VENDORS[name]
    sim = await simulate(**vendor.simulated, **simulated)
    entry = vendor.entry(sim)
    await async_set_up(hass, entry)
    past = Past(
        hass=hass,
        freezer=freezer,
        name=name,
        vendor=vendor,
        sim=sim,
        entry=entry,
        recorded=begun,
    )
    await past.live_until(begun + minutes * MINUTE)
    await past.find_sensors()
    return past
