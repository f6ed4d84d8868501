"""Tokens that may not all, or nothing any more (Growatt notes, 1.9)."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from simulator import Simulation
from simulator.faults import Fault
from tests.conftest import Simulate, async_live, async_pass, async_set_up

from .entries import (
    asked,
    async_choose,
    counted,
    keys_of,
    make_growatt_entry,
    too_frequent,
)

pytestmark = pytest.mark.usefixtures(
    "enable_custom_integrations", "in_berlin", "all_enabled"
)

V4_READS = "*/new-api/query*"


def refuse(sim: Simulation, *paths: str) -> None:
    """Let the token read none of these."""
    for path in paths:
        code = 12 if "new-api" in path else 10011
        sim.faults.add(Fault(vendor="growatt", kind="errno", path=path, value=code))


def denied(sim: Simulation) -> list[str]:
    """Return the paths of calls that the server refused for want of permission."""
    return [call.path for call in sim.growatt.calls if call.errno in {10011, 12, 3}]


@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("MIN-XH", "max_soc"),
        ("MIN", "export_limit_mode"),
        ("SPH", "charge_stop_soc"),
        ("INV", "on_off"),
    ],
)
async def test_end_user(
    hass: HomeAssistant,
    simulate: Simulate,
    freezer: FrozenDateTimeFactory,
    model: str,
    key: str,
) -> None:
    """The matrix that was measured: readings are all there, and settings one by one."""
    sim = await simulate(growatt=(model,))
    sim.growatt.permit("end_user")
    entry = make_growatt_entry(sim)
    await async_set_up(hass, entry)
    device = sim.growatt.inverters[0]
    assert entry.state is ConfigEntryState.LOADED
    assert counted(hass, device.serial, "pv_power") > 0
    assert key in keys_of(hass, device)
    first = len(denied(sim))
    for _ in range(6):
        await async_pass(hass, freezer, minutes=30)
    assert counted(hass, device.serial, "pv_power") > 0
    assert len(denied(sim)) == first
    assert hass.config_entries.flow.async_progress() == []
    assert too_frequent(sim) == []


async def test_end_user_sets(hass: HomeAssistant, simulate: Simulate) -> None:
    """What can be read one by one can be set, and is confirmed."""
    sim = await simulate(growatt=("MIN-XH",))
    sim.growatt.permit("end_user")
    await async_set_up(hass, make_growatt_entry(sim))
    device = sim.growatt.inverters[0]
    await async_choose(hass, device.serial, "max_soc", 85)
    assert counted(hass, device.serial, "max_soc") == 85
    assert int(device.settings["wchargeSOCLowLimit"]) == 85


async def async_see_settings(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, sim: Simulation
) -> None:
    """Have a setting changed here and by somebody else, and see both."""
    device = sim.growatt.inverters[0]
    await async_choose(hass, device.serial, "max_soc", 85)
    assert counted(hass, device.serial, "max_soc") == 85
    assert int(device.settings["wchargeSOCLowLimit"]) == 85
    device.settings["wchargeSOCLowLimit"] = 95
    # What is read one by one is read every few hours.
    await async_live(hass, freezer, hours=4.5)
    assert counted(hass, device.serial, "max_soc") == 95
    assert too_frequent(sim) == []


async def test_record_with_a_gap(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """A record that was empty for hours is told again, and can be changed."""
    sim = await simulate(growatt=("MIN-XH",))
    await async_set_up(hass, make_growatt_entry(sim))
    sim.faults.add(Fault(vendor="growatt", kind="no_result"))
    await async_live(hass, freezer, hours=2)
    sim.faults.clear()
    await async_live(hass, freezer, hours=1)
    await async_see_settings(hass, freezer, sim)


async def test_record_that_ends(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """A record that is told no more does not stand before what the device says itself."""
    sim = await simulate(growatt=("MIN-XH",))
    await async_set_up(hass, make_growatt_entry(sim))
    sim.growatt.permit("end_user")
    await async_live(hass, freezer, hours=25)
    await async_see_settings(hass, freezer, sim)


@pytest.mark.parametrize("model", ["MIN-XH", "SPH", "SPA", "INV", "MAX", "STORAGE"])
async def test_without_version_4(
    hass: HomeAssistant,
    simulate: Simulate,
    freezer: FrozenDateTimeFactory,
    model: str,
) -> None:
    """Where v4 tells nothing v1 does, and v4 is left alone for a day."""
    sim = await simulate(growatt=(model,))
    refuse(sim, V4_READS)
    await async_set_up(hass, make_growatt_entry(sim))
    serial = sim.growatt.inverters[0].serial
    for _ in range(3):
        await async_pass(hass, freezer, seconds=304)
    assert counted(hass, serial, "inverter_power") == pytest.approx(
        sim.growatt.inverters[0].records[-1].generation, abs=2
    )
    assert asked(sim, "queryLastData") <= 1
    sim.faults.clear()
    freezer.tick(timedelta(days=1))
    for _ in range(3):
        await async_pass(hass, freezer, seconds=304)
    assert asked(sim, "queryLastData") > 1
    assert hass.config_entries.flow.async_progress() == []
    assert too_frequent(sim) == []


@pytest.mark.parametrize("model", ["MIN-XH", "SPH", "INV"])
async def test_without_lists_of_version_1(
    hass: HomeAssistant, simulate: Simulate, model: str
) -> None:
    """Devices are found by the list of v4 alone."""
    sim = await simulate(growatt=(model,))
    refuse(sim, "/v1/device/list", "/v1/device/datalogger/list", "/v1/plant/details")
    await async_set_up(hass, make_growatt_entry(sim))
    serial = sim.growatt.inverters[0].serial
    assert counted(hass, serial, "pv_power") > 0
    assert counted(hass, "plant_1234567", "pv_power") > 0
    assert hass.config_entries.flow.async_progress() == []


async def test_only_plants_and_lists(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """Without any record the devices are there with nothing to show, and no one is asked."""
    sim = await simulate(growatt=("INV",))
    refuse(sim, V4_READS, "/v1/device/inverter/*", "/v1/read*", "*/new-api/readPower")
    entry = make_growatt_entry(sim)
    await async_set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    sim.growatt.calls.clear()
    for _ in range(6):
        await async_pass(hass, freezer, seconds=304)
    assert denied(sim) == []
    assert hass.config_entries.flow.async_progress() == []


async def test_refused_in_a_poll(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """A token that is really refused is asked for again; a new one brings all back."""
    sim = await simulate(growatt=("MIN-XH",))
    entry = make_growatt_entry(sim)
    await async_set_up(hass, entry)
    serial = sim.growatt.inverters[0].serial
    token = sim.growatt.rotate_token()
    await async_pass(hass, freezer, seconds=304)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "growatt_reauth"
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"token": token}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["reason"] == "reauth_successful"
    assert entry.data["token"] == token
    await async_pass(hass, freezer, seconds=304)
    assert counted(hass, serial, "pv_power") > 0
    assert too_frequent(sim) == []


async def test_refused_at_the_start(hass: HomeAssistant, simulate: Simulate) -> None:
    """A token that is refused from the start is asked for again."""
    sim = await simulate(growatt=("MIN-XH",))
    entry = make_growatt_entry(sim, token="0" * 32)
    await async_set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert len(hass.config_entries.flow.async_progress()) == 1


async def test_token_that_version_4_doubts(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """One call that calls the token bad is no proof while the lists take it."""
    sim = await simulate(growatt=("MIN-XH",))
    await async_set_up(hass, make_growatt_entry(sim))
    serial = sim.growatt.inverters[0].serial
    sim.faults.add(
        Fault(vendor="growatt", kind="errno", path="*/queryLastData", value=2)
    )
    for _ in range(4):
        await async_pass(hass, freezer, seconds=304)
    assert asked(sim, "queryLastData") > 1
    assert hass.config_entries.flow.async_progress() == []
    sim.faults.clear()
    await async_pass(hass, freezer, seconds=304)
    assert counted(hass, serial, "pv_power") > 0
    assert too_frequent(sim) == []


@pytest.mark.parametrize("path", ["/v1/device/list", "/v1/plant/details"])
async def test_list_that_hiccups(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory, path: str
) -> None:
    """A list that cannot be had for once makes no device go, and no meter either."""
    sim = await simulate(growatt=("MIN-XH+INV+METER", "SPH"))
    await async_set_up(hass, make_growatt_entry(sim))
    before = sorted(one.name or "" for one in dr.async_get(hass).devices)
    for hiccup in (path, "*/queryDeviceList", "/v1/device/ammeter/meter_list"):
        sim.faults.add(Fault(vendor="growatt", kind="status", path=hiccup, value=503))
    for _ in range(3):
        await async_pass(hass, freezer, hours=12, minutes=1)
    assert sorted(one.name or "" for one in dr.async_get(hass).devices) == before
    sim.faults.clear()
    await async_pass(hass, freezer, hours=12, minutes=1)
    assert counted(hass, sim.growatt.first("SPH").serial, "battery_soc") > 0


async def test_device_comes_back_after_a_failed_list(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """A list that fails is asked for again soon, however seldom it is asked for."""
    sim = await simulate(growatt=("MIN-XH", "SPH"))
    await async_set_up(hass, make_growatt_entry(sim))
    serial = sim.growatt.first("SPH").serial
    sim.faults.add(Fault(vendor="growatt", kind="missing_device", value=serial))
    await async_pass(hass, freezer, hours=12, minutes=1)
    sim.faults.clear()
    sim.faults.add(Fault(vendor="growatt", kind="html"))
    await async_pass(hass, freezer, hours=12, minutes=1)
    sim.faults.clear()
    await async_live(hass, freezer, hours=1)
    assert counted(hass, serial, "battery_soc") > 0
    assert too_frequent(sim) == []


async def test_one_of_a_batch_is_not_permitted(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """What v4 refuses about many it is asked one by one, and v1 about what is left."""
    sim = await simulate(growatt=("INV+INV",))
    await async_set_up(hass, make_growatt_entry(sim))
    sim.faults.add(
        Fault(vendor="growatt", kind="errno", path="*/queryLastData", value=12, count=2)
    )
    for _ in range(3):
        await async_pass(hass, freezer, seconds=304)
    for device in sim.growatt.inverters:
        assert counted(hass, device.serial, "pv_power") > 0
    sim.growatt.calls.clear()
    for _ in range(3):
        await async_pass(hass, freezer, seconds=304)
    (body,) = (call.body for call in sim.growatt.calls if "Last" in call.path)
    assert str(body).count("INV0000") == 1
    assert asked(sim, "invs_data") + asked(sim, "last_new_data") > 2
    assert denied(sim) == []


async def test_plants_of_what_version_4_knows_alone(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """A device that only v4 lists is put into its plant, which v1 is asked for."""
    sim = await simulate(growatt=("MIN", "WIT", "SPH-S"))
    await async_set_up(hass, make_growatt_entry(sim))
    for model, plant in (("WIT", "Plant 2"), ("SPH-S", "Plant 3")):
        registered = list(dr.async_get(hass).devices)
        (device,) = (one for one in registered if one.model == model)
        (house,) = (one for one in registered if one.id == device.via_device_id)
        assert house.name == plant
    assert asked(sim, "sn_plant") == 2


async def test_a_nameplate_that_cannot_be_had(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """What is not told of a device is left out, and comes later."""
    sim = await simulate(growatt=("MIN-XH",))
    paths = ("/v1/device/check/sn", "*/queryDeviceInfoParam")
    for path in paths:
        sim.faults.add(Fault(vendor="growatt", kind="status", path=path, value=503))
    await async_set_up(hass, make_growatt_entry(sim))
    device = sim.growatt.inverters[0]
    assert "inverter_rated_power" not in keys_of(hass, device)
    sim.faults.clear()
    for _ in range(2):
        await async_pass(hass, freezer, hours=12, minutes=1)
    assert counted(hass, device.serial, "inverter_rated_power") == 6000
