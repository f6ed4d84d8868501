"""The past of a house of several systems: what its systems come to, hour by hour."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.battery.model import Role
from custom_components.home_battery.devices import async_sensor
from homeassistant.core import HomeAssistant
from simulator import Simulation
from simulator.past import Witness

from .conftest import START, Simulate, async_set_up, make_entry
from .imports import HOUR, async_bring, async_changes, async_live_on, async_rows
from .past import LEDGER
from .pasts import Hours
from .vendors.growatt.entries import make_growatt_entry

pytestmark = pytest.mark.usefixtures("recorder_mock", "enable_custom_integrations")

SUMMED = ("battery_energy_charged", "battery_energy_discharged", "pv_energy")
METERED = ("grid_energy_exported", "grid_energy_imported")
INTO = ("pv_energy", "battery_energy_discharged", "grid_energy_imported")
OUT_OF = ("battery_energy_charged", "grid_energy_exported")
# Of so many numbers an hour of the house is made.
PARTS = {**dict.fromkeys(SUMMED, 2), **dict.fromkeys(METERED, 1), "load_energy": 8}
MIDNIGHT = datetime.fromisoformat("2026-06-15T00:00+02:00")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A vendor's house of two systems.

    Attributes:
        models: What is simulated of Fox ESS.
        growatt: What is simulated of Growatt.
        entry: What makes an entry of it.
        cloud: The name of the vendor's server.
        days: So many days are looked at.
        within: So much an hour of one device may differ from the ledger, in kWh.
    """

    models: tuple[str, ...] = ()
    growatt: tuple[str, ...] = ()
    entry: Callable[[Simulation], MockConfigEntry]
    cloud: str
    days: int
    within: float


KINDS = {
    "foxess": Kind(
        models=("KH8+EVO",), entry=make_entry, cloud="foxess", days=9, within=0.1001
    ),
    "growatt": Kind(
        growatt=("MIN-XH+MIN-XH",),
        entry=make_growatt_entry,
        cloud="growatt",
        days=8,
        within=0.35,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Home:
    """A house of two systems, in a Home Assistant that records.

    Attributes:
        kind: What is to be known of it.
        cloud: The server that knows its devices.
        ids: The device registry's ids: the house's, then its systems'.
        sensors: The sensors of energies by key: the house's, then its systems'.
    """

    hass: HomeAssistant
    kind: Kind
    cloud: Any
    ids: list[str]
    sensors: list[dict[str, str]]

    async def changes(self) -> list[dict[str, Hours]]:
        """Return what each hour has added: to the house's energies, then to its systems'."""
        return [
            {key: await async_changes(self.hass, one) for key, one in sensors.items()}
            for sensors in self.sensors
        ]

    async def rows(self) -> Mapping[str, Any]:
        """Return all hours of the house."""
        return {
            key: await async_rows(self.hass, one)
            for key, one in self.sensors[0].items()
        }

    def counted(self, hours: Hours, key: str) -> Hours:
        """Return what the house itself has counted in some hours."""
        house = next(iter(self.cloud.witnesses().values())).house
        rows: Any = Witness(house=house, units=house.units).as_json()
        stood = {datetime.fromisoformat(row["at"]): row[LEDGER[key]] for row in rows}
        return {hour: stood[hour + HOUR] - stood[hour] for hour in hours}


@pytest.fixture
async def home(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    request: pytest.FixtureRequest,
) -> Home:
    """Return a house after its first minutes in a Home Assistant in Berlin."""
    kind = KINDS[request.param]
    await hass.config.async_set_time_zone("Europe/Berlin")
    sim = await simulate(*kind.models, growatt=kind.growatt, history_days=kind.days)
    entry = kind.entry(sim)
    await async_set_up(hass, entry)
    await async_live_on(hass, freezer, minutes=5)
    runtime = entry.runtime_data
    devices = runtime.inventory.with_role(Role.HOUSE, Role.SYSTEM)
    return Home(
        hass=hass,
        kind=kind,
        cloud=getattr(sim, kind.cloud),
        ids=[runtime.device_ids[device.key] for device in devices],
        sensors=[
            {
                key: sensor.entity_id
                for key in LEDGER
                if (sensor := async_sensor(hass, entry, device, key))
            }
            for device in devices
        ],
    )


@pytest.mark.parametrize("home", KINDS, indirect=True)
async def test_days(home: Home) -> None:
    """Each hour is what the systems come to, as the house has counted it; once."""
    since = MIDNIGHT - timedelta(days=home.kind.days)
    calls = []
    for system in home.ids[1:]:
        await async_bring(home.hass, system, start=since, keys=list(LEDGER))
        calls.append(len(home.cloud.calls))
    house, *systems = await home.changes()
    assert set(house) == set(LEDGER)
    hours = [since + index * HOUR for index in range((START - since) // HOUR)]
    balance: Hours = dict.fromkeys(hours, 0.0)
    for key in SUMMED:
        assert {hour: house[key][hour] for hour in hours} == pytest.approx(
            {hour: sum(system[key][hour] for system in systems) for hour in hours},
            abs=1e-3,
        ), key
    for key in METERED:
        # Both have the meter of the same grid.
        assert {hour: house[key][hour] for hour in hours} == pytest.approx(
            {hour: systems[0][key][hour] for hour in hours}, abs=1e-3
        ), key
    for hour in hours:
        balance[hour] += sum(house[key][hour] for key in INTO)
        balance[hour] -= sum(house[key][hour] for key in OUT_OF)
    assert {hour: house["load_energy"][hour] for hour in hours} == pytest.approx(
        {hour: max(energy, 0.0) for hour, energy in balance.items()}, abs=5e-3
    )
    for key, energies in house.items():
        past = {hour: energy for hour, energy in energies.items() if hour < START}
        assert list(past) == hours, key
        within = home.kind.within * PARTS[key]
        assert past == pytest.approx(home.counted(past, key), abs=within), key
    rows = await home.rows()
    await async_bring(home.hass, home.ids[0], start=since)
    assert len(home.cloud.calls) == calls[-1]
    assert await home.rows() == rows
