"""The past of Growatt devices: counters of the records, and what plants gave before."""

from datetime import datetime, timedelta
from typing import Any, Final
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from simulator import Simulation
from simulator.growatt.device import Device
from tests.conftest import START, Simulate, async_set_up
from tests.imports import HOUR, async_bring, async_changes, async_live_on
from tests.past import BERLIN

from .entries import asked, async_act, entity_of, make_growatt_entry, too_frequent

pytestmark = pytest.mark.usefixtures(
    "recorder_mock", "enable_custom_integrations", "in_berlin"
)

LEDGER: Final = {
    "battery_energy_charged": "charge",
    "battery_energy_discharged": "discharge",
    "pv_energy": "pv",
    "grid_energy_imported": "imported",
    "grid_energy_exported": "exported",
    "load_energy": "load",
}


async def begin(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    model: str,
    **simulated: Any,
) -> tuple[Simulation, Device, str]:
    """Add an account with one device, and let the recorder count for a while."""
    sim = await simulate(growatt=(model,), **simulated)
    entry = make_growatt_entry(sim)
    await async_set_up(hass, entry)
    await async_live_on(hass, freezer, minutes=5)
    sim.growatt.calls.clear()
    (device,) = sim.growatt.inverters
    runtime = entry.runtime_data
    (key,) = (
        key for key, one in runtime.inventory.devices.items() if one.id == device.serial
    )
    return sim, device, runtime.device_ids[key]


def counted(device: Device, counter: str, at: datetime) -> float:
    """Return a counter of the ledger."""
    return float(getattr(device.house.energies_at(device.unit, at), counter))


@pytest.mark.parametrize(
    ("model", "path", "days"),
    [
        ("SPH", "mix_data", 2),
        ("WIT", "queryHistoricalData", 2),
    ],
)
async def test_families(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    model: str,
    path: str,
    days: int,
) -> None:
    """Each hour is what the counters have gained in it."""
    sim, device, device_id = await begin(
        hass, freezer, simulate, model, history_days=days
    )
    plan = await async_bring(hass, device_id, start=START - timedelta(days=days))
    assert asked(sim, path) == pytest.approx(plan["calls"], abs=8)
    assert too_frequent(sim) == []
    for key, counter in LEDGER.items():
        changes = await async_changes(hass, entity_of(hass, device.serial, key))
        start = min(changes)
        assert list(changes) == [start + index * HOUR for index in range(len(changes))]
        assert len(changes) > 24 * days
        for at, change in changes.items():
            ledger = counted(device, counter, at + HOUR) - counted(device, counter, at)
            # A counter has a tenth of a kWh, and is read every five minutes.
            assert change == pytest.approx(ledger, abs=0.5), (key, at)
        whole = counted(device, counter, START) - counted(device, counter, start)
        assert sum(changes.values()) == pytest.approx(whole, abs=0.5)


@pytest.mark.parametrize("models", ["MIN-XH", "MIN-XH+METER"])
async def test_days_before(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
    models: str,
) -> None:
    """Before there are records, the plant's days are put into their last hour; a meter gives nothing."""
    with (
        patch("simulator.growatt.device._KEEP", timedelta(days=3)),
        patch(
            "custom_components.home_battery.vendors.growatt.account.REACH",
            timedelta(days=3),
        ),
    ):
        sim, device, device_id = await begin(
            hass, freezer, simulate, models, history_days=12
        )
        await async_bring(
            hass,
            device_id,
            start=START - timedelta(days=12),
            keys=["pv_energy", "load_energy"],
        )
    assert asked(sim, "plant/energy") == 2
    load = await async_changes(hass, entity_of(hass, device.serial, "load_energy"))
    assert len(load) < 24 * 4
    changes = await async_changes(hass, entity_of(hass, device.serial, "pv_energy"))
    oldest = min(load)
    days = [at for at in changes if at < oldest - HOUR]
    assert len(days) == 9
    for at in days:
        assert at.astimezone(BERLIN).hour == 23
        gained = counted(device, "pv", at + HOUR) - counted(
            device, "pv", at - 23 * HOUR
        )
        assert changes[at] == pytest.approx(gained, abs=0.0501)


async def test_end_user(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> None:
    """A token that may not read the records through one API reads them through the other."""
    sim = await simulate(growatt=("MIN-XH",))
    sim.growatt.permit("end_user")
    entry = make_growatt_entry(sim)
    await async_set_up(hass, entry)
    await async_live_on(hass, freezer, minutes=5)
    (device,) = sim.growatt.inverters
    response = await async_act(
        hass,
        device,
        "get_history",
        start="2026-06-14",
        end="2026-06-15",
        resolution="records",
        keys=["pv_energy", "battery_soc"],
    )
    assert asked(sim, "queryHistoricalData") == 1
    assert {len(points) for points in response["keys"].values()} == {288}


async def test_noah(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> None:
    """What counts no energies has them from the powers of its records."""
    sim, device, device_id = await begin(hass, freezer, simulate, "NOAH")
    await async_bring(hass, device_id, start="2026-06-14")
    assert too_frequent(sim) == []
    for key in ("battery_energy_charged", "battery_energy_discharged"):
        changes = await async_changes(hass, entity_of(hass, device.serial, key))
        assert len(changes) == 36
        for at, change in changes.items():
            counter = LEDGER[key]
            ledger = counted(device, counter, at + HOUR) - counted(device, counter, at)
            assert change == pytest.approx(ledger, abs=0.1), (key, at)
