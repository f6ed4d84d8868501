"""A simulated VoltStorage house that lives in frozen time, seen through Home Assistant."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.battery.integral import EnergyIntegrator
from homeassistant.core import HomeAssistant
from simulator import Simulation
from simulator.faults import Fault
from simulator.voltstorage.product import GRID, HOUSEHOLD, INVERTER, PV, Product, Totals
from tests.conftest import async_pass, async_set_up

from .entries import seen

PRODUCT: Final = 77
EXPORT: Final = "/rest/data/export.csv"
# The energies of a product and of its house, and what the simulator calls them.
PRODUCT_ENERGIES: Final = {
    "battery_energy_charged": "stored",
    "battery_energy_discharged": "released",
}
HOUSE_ENERGIES: Final = {
    "pv_energy": "pv",
    "load_energy": "consumption",
    "grid_energy_imported": "imported",
    "grid_energy_exported": "exported",
}

_THROTTLE: Final = "custom_components.home_battery.vendors.voltstorage.reader._THROTTLE"
_MEASURED: Final = {
    "battery_energy_charged": (INVERTER, -1),
    "battery_energy_discharged": (INVERTER, 1),
    "pv_energy": (PV, 1),
    "load_energy": (HOUSEHOLD, 1),
    "grid_energy_imported": (GRID, 1),
    "grid_energy_exported": (GRID, -1),
}


class Stage:
    """One account, and the time that it lives in."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        sim: Simulation,
        entry: MockConfigEntry,
    ) -> None:
        """Watch an account that is not set up yet."""
        self.hass = hass
        self.freezer = freezer
        self.sim = sim
        self.cloud = sim.voltstorage
        self.entry = entry

    @property
    def product(self) -> Product:
        """Return the first product."""
        return self.cloud.product(PRODUCT)

    async def begin(self) -> None:
        """Set the entry up when the house has lived for an hour."""
        self.freezer.tick(timedelta(hours=1))
        await async_set_up(self.hass, self.entry)

    async def live(self, *, hours: float, step: float = 60) -> None:
        """Let time pass, and the account be asked."""
        for _ in range(round(hours * 3600 / step)):
            await async_pass(self.hass, self.freezer, seconds=step)

    async def connect(self) -> None:
        """Let the stream be opened."""
        await async_pass(self.hass, self.freezer, seconds=60)
        await until(lambda: PRODUCT in self.cloud.stream.listeners)

    async def stream(self, *, hours: float, step: float = 240) -> None:
        """Let time pass, and all that is measured be told on the stream."""
        with patch(_THROTTLE, timedelta()):
            for _ in range(round(hours * 3600 / step)):
                self.freezer.tick(timedelta(seconds=step))
                await self.cloud.stream.tell()
                await until(self.is_up_to_date)
                await async_pass(self.hass, self.freezer, seconds=0.1)

    def is_up_to_date(self) -> bool:
        """Tell whether the newest that was measured is shown."""
        newest = self.product.records[-1].at.replace(microsecond=0)
        return self.last_data() >= newest

    def fail(self, path: str, *, kind: str = "status", value: float = 503) -> None:
        """Let a path fail until faults are cleared."""
        self.sim.faults.add(
            Fault(vendor="voltstorage", kind=kind, path=path, value=value)
        )

    def seen(self, key: str, device: str = f"product_{PRODUCT}") -> str | None:
        """Return a state."""
        return seen(self.hass, device, key)

    def number(self, key: str, device: str = f"product_{PRODUCT}") -> float:
        """Return a state that is a number."""
        return float(self.seen(key, device) or "nan")

    def last_data(self) -> datetime:
        """Return when the newest data are from."""
        return datetime.fromisoformat(self.seen("last_data") or "")

    def counted_until(self) -> datetime:
        """Return until when energies were counted: not what only the stream has told."""
        memory = self.entry.runtime_data.store.memory
        return datetime.fromisoformat(memory[f"product_{PRODUCT}"]["until"])

    def energies(self) -> dict[str, float]:
        """Return all energies that are shown, in kWh."""
        return {
            **{key: self.number(key) for key in PRODUCT_ENERGIES},
            **{key: self.number(key, "group_64") for key in HOUSE_ENERGIES},
        }

    def measured(self) -> dict[str, float]:
        """Return the energies of all that was measured until then, in kWh."""
        integrals = {key: EnergyIntegrator() for key in _MEASURED}
        values: dict[str, float] = {}
        for record in self.product.records:
            if record.at > self.counted_until() + timedelta(seconds=1):
                break
            values |= record.changed
            for key, (name, sign) in _MEASURED.items():
                integrals[key].update(
                    sign * values[name], record.at, timedelta(minutes=15)
                )
        return {key: integral.total for key, integral in integrals.items()}

    def totals(self) -> dict[str, float]:
        """Return what the simulator itself had counted until then, in kWh."""
        at = self.counted_until()
        totals = min(
            self.product.records, key=lambda record: abs(record.at - at)
        ).totals
        return of(totals)


def of(totals: Totals) -> dict[str, float]:
    """Return the simulator's energies under our keys."""
    names = {**PRODUCT_ENERGIES, **HOUSE_ENERGIES}
    return {key: getattr(totals, name) for key, name in names.items()}


def since(before: dict[str, float], now: dict[str, float]) -> dict[str, float]:
    """Return what was added."""
    return {key: now[key] - before[key] for key in before}


async def until(is_so: Callable[[], bool]) -> None:
    """Let sockets be read and written until something is so; time stands still."""
    for _ in range(20_000):
        if is_so():
            return
        await asyncio.sleep(0)
    raise AssertionError("It never came")


async def quiet() -> None:
    """Let everything be read that was sent; time stands still."""
    for _ in range(5_000):
        await asyncio.sleep(0)
