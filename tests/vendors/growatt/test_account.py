"""A Growatt account behind real HTTP, through Home Assistant: records and nights."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.home_battery.const import DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from simulator import Simulation
from simulator.faults import Fault
from tests.conftest import Simulate, async_pass, async_set_up

from .entries import (
    asked,
    async_act,
    counted,
    keys_of,
    make_growatt_entry,
    seen,
    too_frequent,
    writes,
)

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "in_berlin")

CHARGE = {"start": "02:00", "end": "05:00", "mode": "force_charge"}
LAST_DATA = ("queryLastData", "last_data", "last_new_data", "s_data")
# The sun sets at 21:30 by the clock on the wall.
NIGHT = datetime(2026, 6, 15, 22, 30, tzinfo=UTC)
MORNING = datetime(2026, 6, 16, 6, tzinfo=UTC)


def asked_about(sim: Simulation) -> list[set[str]]:
    """Return whose latest records were asked for, call by call."""
    return [
        {
            device.serial
            for device in sim.growatt.inverters
            if device.serial in f"{call.query} {call.body}"
        }
        for call in sim.growatt.calls
        if call.path.endswith(LAST_DATA)
    ]


async def test_families_of_one_house(hass: HomeAssistant, simulate: Simulate) -> None:
    """Each family is read, and the house adds them up by one meter."""
    sim = await simulate(growatt=("MIN-XH+SPH+INV+METER", "NOAH"))
    entry = make_growatt_entry(sim)
    await async_set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    serials = [sim.growatt.first(name).serial for name in ("MIN-XH", "SPH", "INV")]
    pv = sum(counted(hass, serial, "pv_power") for serial in serials)
    assert pv > 0
    assert counted(hass, "plant_1234567", "pv_power") == pytest.approx(pv)
    meter = counted(hass, "XGD0000001-1", "grid_power")
    assert counted(hass, "plant_1234567", "grid_power") == meter
    assert counted(hass, sim.growatt.first("NOAH").serial, "battery_soc") > 0
    assert too_frequent(sim) == []


@pytest.mark.parametrize(
    ("model", "together", "apart"),
    [
        *((model, 2, 3) for model in ("MIN-XH", "SPH", "INV", "MAX", "SPA")),
        ("WIT", 3, 0),
    ],
)
async def test_batch(
    hass: HomeAssistant,
    simulate: Simulate,
    freezer: FrozenDateTimeFactory,
    model: str,
    together: int,
    apart: int,
) -> None:
    """All devices of a family are read in one call, in whatever plant they are.

    If they are few, it is each one's turn to be asked alone after the calls for many.
    """
    sim = await simulate(growatt=(f"{model}+{model}", model))
    await async_set_up(hass, make_growatt_entry(sim))
    devices = sim.growatt.inverters
    sim.growatt.calls.clear()
    for _ in range(3):
        await async_pass(hass, freezer, seconds=304)
    asked_for = asked_about(sim)
    assert asked_for.count({device.serial for device in devices}) == together
    assert [len(one) for one in asked_for].count(1) == apart
    assert len(asked_for) == together + apart
    assert too_frequent(sim) == []
    for device in devices:
        assert counted(hass, device.serial, "inverter_power") == pytest.approx(
            device.records[-1].generation, abs=1
        )


async def test_many_are_never_asked_alone(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """With many devices of a family every call is for all of them."""
    sim = await simulate(growatt=("+".join(["MIN-XH"] * 6),))
    await async_set_up(hass, make_growatt_entry(sim))
    sim.growatt.calls.clear()
    for _ in range(3):
        await async_pass(hass, freezer, seconds=304)
    assert [len(one) for one in asked_about(sim)] == [6, 6, 6]


async def test_somebody_else_makes_a_call_too(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """What the vendor finds too frequent is left to who else makes that call."""
    sim = await simulate(growatt=("MIN-XH",))
    await async_set_up(hass, make_growatt_entry(sim))
    for path in ("*/tlxs_data", "*/tlx_last_data"):
        sim.faults.add(Fault(vendor="growatt", kind="errno", path=path, value=10012))
    for _ in range(20):
        await async_pass(hass, freezer, seconds=304)
        assert counted(hass, sim.growatt.first("MIN-XH").serial, "pv_power") > 0
    assert len(too_frequent(sim)) == 2


async def test_batch_with_a_device_that_is_gone(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """One that the vendor does not know any more takes only itself down."""
    sim = await simulate(growatt=("MIN-XH+MIN-XH",))
    await async_set_up(hass, make_growatt_entry(sim))
    lost, kept = sim.growatt.inverters
    sim.faults.add(Fault(vendor="growatt", kind="missing_device", value=lost.serial))
    for _ in range(5):
        await async_pass(hass, freezer, seconds=304)
    assert seen(hass, lost.serial, "pv_power") == STATE_UNAVAILABLE
    assert counted(hass, kept.serial, "pv_power") > 0
    sim.faults.clear()
    for _ in range(2):
        await async_pass(hass, freezer, seconds=304)
    assert too_frequent(sim) == []


@pytest.mark.parametrize("model", ["MIC", "MIN", "INV", "MAX"])
@pytest.mark.parametrize("at_night", [True, False], ids=["set up at night", "by day"])
async def test_pv_sleeps(
    hass: HomeAssistant,
    simulate: Simulate,
    freezer: FrozenDateTimeFactory,
    model: str,
    at_night: bool,
) -> None:
    """What has only PV is off at night: 0 W, its counters hold, and it is no problem."""
    sim = await simulate(growatt=(model,))
    entry = make_growatt_entry(sim)
    freezer.move_to((NIGHT - timedelta(hours=4), NIGHT)[at_night])
    await async_set_up(hass, entry)
    freezer.move_to(NIGHT)
    for _ in range(6):
        await async_pass(hass, freezer, minutes=15)
    (device,) = sim.growatt.inverters
    assert device.sleeping
    assert seen(hass, device.serial, "status") == "sleeping"
    for key in ("pv_power", "inverter_power"):
        assert counted(hass, device.serial, key) == 0
    night = counted(hass, device.serial, "pv_energy")
    assert night == pytest.approx(device.unit.ledger.pv, abs=0.2)
    freezer.move_to(MORNING)
    for _ in range(3):
        await async_pass(hass, freezer, minutes=10)
    assert seen(hass, device.serial, "status") == "running"
    assert seen(hass, device.serial, "problem") == "off"
    assert seen(hass, device.serial, "online") == "on"
    assert counted(hass, device.serial, "pv_power") > 0
    gained = device.unit.ledger.pv - night
    assert counted(hass, device.serial, "pv_energy") - night == pytest.approx(
        gained, abs=3
    )
    assert too_frequent(sim) == []


async def test_night_of_a_hybrid(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """A battery goes on sending: PV is 0 W, and the house lives on."""
    sim = await simulate(growatt=("MIN-XH",))
    await async_set_up(hass, make_growatt_entry(sim))
    freezer.move_to(NIGHT)
    for _ in range(3):
        await async_pass(hass, freezer, minutes=10)
    serial = sim.growatt.first("MIN-XH").serial
    assert counted(hass, serial, "pv_power") == 0
    assert counted(hass, serial, "load_power") > 0
    assert seen(hass, serial, "status") == "running"
    assert seen(hass, serial, "online") == "on"


async def test_lost_device(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """What is out of touch is offline and has no power, but keeps its energies a while."""
    sim = await simulate(growatt=("SPH",))
    await async_set_up(hass, make_growatt_entry(sim))
    serial = sim.growatt.first("SPH").serial
    before = counted(hass, serial, "pv_energy")
    sim.faults.add(Fault(vendor="growatt", kind="offline", value=serial))
    for _ in range(5):
        await async_pass(hass, freezer, seconds=304)
    assert seen(hass, serial, "online") == "off"
    assert seen(hass, serial, "pv_power") == STATE_UNAVAILABLE
    assert counted(hass, serial, "pv_energy") >= before
    sim.faults.clear()
    for _ in range(3):
        await async_pass(hass, freezer, seconds=304)
    assert seen(hass, serial, "online") == "on"
    assert counted(hass, serial, "pv_power") >= 0


async def test_new_device(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """A device that is not in the lists any more goes, one that comes is found."""
    sim = await simulate(growatt=("MIN-XH+SPH",))
    sph = sim.growatt.first("SPH")
    hidden = Fault(vendor="growatt", kind="missing_device", value=sph.serial)
    sim.faults.add(hidden)
    await async_set_up(hass, make_growatt_entry(sim))
    assert keys_of(hass, sph) == set()
    sim.faults.clear()
    for _ in range(26):
        await async_pass(hass, freezer, minutes=30)
    assert counted(hass, sph.serial, "battery_soc") > 0
    assert too_frequent(sim) == []


@pytest.mark.usefixtures("all_enabled")
async def test_signal_of_a_logger(hass: HomeAssistant, simulate: Simulate) -> None:
    """A data logger tells its signal through what is behind it."""
    sim = await simulate(growatt=("MIN+ENV", "METER"))
    await async_set_up(hass, make_growatt_entry(sim))
    assert asked(sim, "getWiFiSignalByDevice") == 1
    assert counted(hass, "XGD0000001", "signal_strength") < 0


async def test_calls_by_name(hass: HomeAssistant, simulate: Simulate) -> None:
    """Any documented call can be made by its name."""
    sim = await simulate(growatt=("MIN-XH",))
    entry = make_growatt_entry(sim)
    await async_set_up(hass, entry)
    told: Any = await hass.services.async_call(
        DOMAIN,
        "call_api",
        {
            "config_entry": entry.entry_id,
            "endpoint": "plant_data",
            "parameters": {"plant_id": "1234567"},
        },
        blocking=True,
        return_response=True,
    )
    assert float(told["result"]["total_energy"]) > 0


async def test_no_settings(hass: HomeAssistant, simulate: Simulate) -> None:
    """What cannot be set at all says so, and is not asked."""
    sim = await simulate(growatt=("PCS",))
    await async_set_up(hass, make_growatt_entry(sim))
    with pytest.raises(HomeAssistantError) as raised:
        await async_act(
            hass, sim.growatt.first("PCS"), "set_schedule", periods=[CHARGE]
        )
    assert raised.value.translation_domain == DOMAIN
    assert writes(sim) == []


async def test_unknown_for_a_while(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """A lone device that the cloud does not know for a while is read as soon as it does."""
    sim = await simulate(growatt=("MIN-XH",))
    await async_set_up(hass, make_growatt_entry(sim))
    serial = sim.growatt.first("MIN-XH").serial
    sim.faults.add(Fault(vendor="growatt", kind="missing_device", value=serial))
    for _ in range(5):
        await async_pass(hass, freezer, seconds=304)
    assert seen(hass, serial, "pv_power") == STATE_UNAVAILABLE
    sim.faults.clear()
    for _ in range(4):
        await async_pass(hass, freezer, seconds=304)
    assert counted(hass, serial, "pv_power") > 0
