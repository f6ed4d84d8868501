"""What is made of plants: their zones, and what an account is known by."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.home_battery.vendors.growatt.discovery import zone_of
from custom_components.home_battery.vendors.growatt.models import PlantDetails
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.faults import Fault
from tests.conftest import Simulate, async_pass, async_set_up

from .entries import counted, make_growatt_entry, seen, too_frequent


@pytest.mark.parametrize("month", [1, 6])
@pytest.mark.parametrize(
    ("told", "zone"),
    [
        ("GMT+1", None),
        ("GMT+2", None),
        ("GMT+8", "Etc/GMT-8"),
        ("GMT-6", "Etc/GMT+6"),
        ("GMT+0", "Etc/GMT+0"),
        ("GMT+5:30", None),
        ("Australia/Sydney", "Australia/Sydney"),
        ("", None),
        ("nonsense", None),
    ],
)
async def test_zone(
    hass: HomeAssistant,
    in_berlin: None,
    freezer: FrozenDateTimeFactory,
    month: int,
    told: str,
    zone: str | None,
) -> None:
    """An offset that is Home Assistant's, in summer or winter, is left to it."""
    freezer.move_to(f"2026-{month:02}-15")
    assert zone_of(PlantDetails.parse({"timezone": told})) == zone


@pytest.mark.parametrize(
    ("house", "model"),
    [
        ("Asia/Shanghai", "MIN-XH"),
        ("America/Phoenix", "SPH"),
        ("America/New_York", "NOAH"),
    ],
)
@pytest.mark.usefixtures("enable_custom_integrations", "in_berlin")
async def test_house_far_away(
    hass: HomeAssistant,
    simulate: Simulate,
    freezer: FrozenDateTimeFactory,
    house: str,
    model: str,
) -> None:
    """Readings of a plant in another zone, without summer time, are as fresh as they are."""
    sim = await simulate(growatt=(model,), time_zone=house)
    await async_set_up(hass, make_growatt_entry(sim))
    for _ in range(3):
        await async_pass(hass, freezer, seconds=304)
    device = sim.growatt.inverters[0]
    assert counted(hass, device.serial, "battery_soc") == pytest.approx(
        device.soc, abs=2
    )
    assert seen(hass, device.serial, "online") == "on"
    told = dt_util.parse_datetime(seen(hass, device.serial, "last_data"))
    assert told is not None
    assert abs(dt_util.utcnow() - told) < timedelta(minutes=10)
    assert too_frequent(sim) == []


@pytest.mark.parametrize("kind", ["wrong_types", "nulls"])
@pytest.mark.parametrize(
    "path", ["*/device/list", "*/queryDeviceList", "*/datalogger/list"]
)
@pytest.mark.usefixtures("enable_custom_integrations")
async def test_lists_of_nonsense(
    hass: HomeAssistant,
    simulate: Simulate,
    freezer: FrozenDateTimeFactory,
    kind: str,
    path: str,
) -> None:
    """A number for a serial number is no other device, nor does any go."""
    sim = await simulate(growatt=("MIN-XH", "INV+METER"))
    entry = make_growatt_entry(sim)
    await async_set_up(hass, entry)
    await async_pass(hass, freezer, hours=13)
    known = entry.runtime_data.store.inventory
    sim.faults.add(Fault(vendor="growatt", kind=kind, path=path))
    await async_pass(hass, freezer, hours=13)
    assert entry.runtime_data.store.inventory == known
