"""What people see: the entities of each kind of device."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from homeassistant.const import STATE_UNAVAILABLE, EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulator import Simulation
from simulator.faults import Fault
from simulator.foxess.variables import VARIABLES, Variable, variables_of

from .conftest import Simulate, async_pass, async_set_up, make_entry, patch_platforms
from .controls import number, state

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

READINGS = "*/real/query"
CALLS_LEFT = "sensor.fox_ess_account_calls_left"


def reports(hass: HomeAssistant) -> dict[str, datetime]:
    """Return when each entity was last written."""
    return {state.entity_id: state.last_reported for state in hass.states.async_all()}


@pytest.mark.usefixtures("all_enabled")
@pytest.mark.parametrize(
    "platform",
    [
        Platform.BINARY_SENSOR,
        Platform.NUMBER,
        Platform.SELECT,
        Platform.SENSOR,
        Platform.SWITCH,
        Platform.TIME,
    ],
)
async def test_entities(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
    entry: MockConfigEntry,
    platform: Platform,
) -> None:
    """A KH8 has these entities."""
    with patch_platforms(platform):
        await async_set_up(hass, entry)
        await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_devices(
    device_registry: dr.DeviceRegistry,
    snapshot: SnapshotAssertion,
    loaded: MockConfigEntry,
) -> None:
    """A KH8 and its house are these devices."""
    devices = dr.async_entries_for_config_entry(device_registry, loaded.entry_id)
    assert devices == snapshot


@pytest.mark.parametrize("model", ["EVO", "H1-V0", "H3-V1", "KH10-V2", "PV"])
async def test_models(
    hass: HomeAssistant,
    simulate: Simulate,
    snapshot: SnapshotAssertion,
    model: str,
) -> None:
    """Each kind of device shows what it has, and nothing that it has not."""
    sim = await simulate(model)
    await async_set_up(hass, make_entry(sim))
    assert {state.entity_id: state.state for state in hass.states.async_all()} == (
        snapshot
    )


@pytest.fixture
def odd_variable() -> Iterator[None]:
    """Have the simulated inverters send a variable that no document names."""
    odd = Variable(name="oddThing", unit="furlong", title="Odd", value=lambda _: 7.5)
    with patch("simulator.foxess.variables.VARIABLES", (*VARIABLES, odd)):
        variables_of.cache_clear()
        yield
    variables_of.cache_clear()


@pytest.mark.usefixtures("all_enabled", "odd_variable")
async def test_variable_that_nobody_knows(
    hass: HomeAssistant, entity_registry: er.EntityRegistry, entry: MockConfigEntry
) -> None:
    """What the vendor adds one day is there under the vendor's name, without a unit."""
    await async_set_up(hass, entry)
    found = hass.states.get("sensor.fox_ess_kh8_foxess_oddthing")
    assert found is not None
    assert found.state == "7.5"
    assert found.name == "Fox ESS KH8 Field oddthing"
    assert "unit_of_measurement" not in found.attributes
    registered = entity_registry.async_get(found.entity_id)
    assert registered is not None
    assert registered.entity_category is EntityCategory.DIAGNOSTIC


async def test_at_most_about_forty_entities(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Nobody is buried under entities of a system."""
    entity_ids = hass.states.async_entity_ids()
    assert 30 < len([one for one in entity_ids if ".fox_ess_kh8_" in one]) <= 50


async def test_house_sums_its_systems(hass: HomeAssistant, simulate: Simulate) -> None:
    """A house of two systems has their sum, one meter, and the load by balance."""
    sim = await simulate("KH8+EVO")
    await async_set_up(hass, make_entry(sim))
    for key in ("battery_power", "pv_power", "pv_energy", "battery_capacity"):
        assert number(hass, key, "house_1") == pytest.approx(
            number(hass, key) + number(hass, key, "fox_ess_evo_10_5_h"), abs=0.01
        )
    assert number(hass, "grid_power", "house_1") in (
        number(hass, "grid_power"),
        number(hass, "grid_power", "fox_ess_evo_10_5_h"),
    )
    assert number(hass, "load_power", "house_1") == pytest.approx(
        number(hass, "grid_power", "house_1")
        + number(hass, "pv_power", "house_1")
        + number(hass, "battery_power", "house_1")
    )


async def test_repeated_record_touches_nothing(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Only a new record of a device writes its states, whatever the call cost."""
    sim.faults.add(Fault(vendor="foxess", kind="stale"))
    before = reports(hass)
    await async_pass(hass, freezer, minutes=5)
    assert reports(hass).items() ^ before.items() == {
        (CALLS_LEFT, before[CALLS_LEFT]),
        (CALLS_LEFT, reports(hass)[CALLS_LEFT]),
    }
    sim.faults.clear()
    await async_pass(hass, freezer, minutes=6)
    after = reports(hass)
    assert (
        after["sensor.fox_ess_kh8_battery_soh"]
        > before["sensor.fox_ess_kh8_battery_soh"]
    )


async def test_stale_device_is_offline(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A device that stops sending loses its powers first, then all, and returns."""
    sim.faults.add(Fault(vendor="foxess", kind="stale"))
    for _ in range(4):
        await async_pass(hass, freezer, minutes=5)
    assert state(hass, "binary_sensor.fox_ess_kh8_online") == "off"
    assert state(hass, "sensor.fox_ess_kh8_pv_power") == STATE_UNAVAILABLE
    assert number(hass, "pv_energy") > 0
    for _ in range(10):
        await async_pass(hass, freezer, minutes=5)
    assert state(hass, "sensor.fox_ess_kh8_pv_energy") == STATE_UNAVAILABLE
    assert state(hass, "number.fox_ess_kh8_min_soc") != STATE_UNAVAILABLE
    sim.faults.clear()
    await async_pass(hass, freezer, minutes=6)
    assert state(hass, "binary_sensor.fox_ess_kh8_online") == "on"
    assert number(hass, "pv_power") >= 0


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "value": 503},
        {"kind": "html"},
        {"kind": "truncated"},
        {"kind": "reset_in_body"},
        {"kind": "errno", "value": 41203},
    ],
    ids=str,
)
async def test_cloud_down(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    fault: dict[str, Any],
) -> None:
    """While the cloud is down values stand for a while; it is said once, and once when over."""
    sim.faults.add(Fault(vendor="foxess", path=READINGS, **fault))
    await async_pass(hass, freezer, minutes=6)
    assert number(hass, "pv_power") > 0
    for _ in range(3):
        await async_pass(hass, freezer, minutes=5)
    assert state(hass, "sensor.fox_ess_kh8_pv_power") == STATE_UNAVAILABLE
    assert state(hass, "binary_sensor.fox_ess_kh8_online") == STATE_UNAVAILABLE
    assert number(hass, "pv_energy") > 0
    sim.faults.clear()
    await async_pass(hass, freezer, minutes=5)
    assert number(hass, "pv_power") > 0
    assert state(hass, "binary_sensor.fox_ess_kh8_online") == "on"
    ours = [r for r in caplog.records if r.name.startswith("custom_components.home")]
    assert len([r for r in ours if "Error fetching Fox ESS readings" in r.message]) == 1
    assert len([r for r in ours if "readings data recovered" in r.message]) == 1


async def test_nulls_are_not_zero(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What the device does not send keeps its value for a while, and is never 0."""
    power = number(hass, "pv_power")
    sim.faults.add(Fault(vendor="foxess", kind="nulls", path=READINGS, value="value"))
    await async_pass(hass, freezer, minutes=6)
    assert number(hass, "pv_power") == power
    for _ in range(3):
        await async_pass(hass, freezer, minutes=5)
    assert state(hass, "sensor.fox_ess_kh8_pv_power") == STATE_UNAVAILABLE


async def test_glitch_is_dropped(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A counter with its high bits set wrongly never reaches a state."""
    before = number(hass, "grid_energy_exported")
    sim.faults.add(Fault(vendor="foxess", kind="glitch"))
    await async_pass(hass, freezer, minutes=6)
    assert number(hass, "grid_energy_exported") == before
    sim.faults.clear()
    await async_pass(hass, freezer, minutes=6)
    assert before < number(hass, "grid_energy_exported") < before + 5


async def test_today_starts_anew_at_the_systems_midnight(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The day is the house's, not Home Assistant's, and needs no record to end."""
    await hass.config.async_set_time_zone("America/Los_Angeles")
    for _ in range(3):
        await async_pass(hass, freezer, hours=1)
    today = number(hass, "pv_energy_today")
    assert today > 1
    freezer.move_to("2026-06-15 21:57:00+00:00")
    await async_pass(hass, freezer, minutes=1)
    assert number(hass, "pv_energy_today") >= today
    sim.faults.add(Fault(vendor="foxess", kind="stale"))
    freezer.tick(timedelta(minutes=2))
    await async_pass(hass, freezer, seconds=61)
    assert number(hass, "pv_energy_today") == 0


async def test_energies_survive_a_restart(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What was counted today is known again after a restart."""
    await async_pass(hass, freezer, hours=2)
    before = number(hass, "pv_energy_today")
    assert before > 1
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert number(hass, "pv_energy_today") == before


async def test_sleeping_inverter_is_no_problem(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """At night an inverter without a battery sleeps, and loses no entity."""
    await hass.config.async_update(latitude=52.5, longitude=13.4)
    sim = await simulate("PV")
    await async_set_up(hass, make_entry(sim))
    pv_power = next(
        state.entity_id
        for state in hass.states.async_all("sensor")
        if state.entity_id.endswith("_pv_power")
    )
    device = pv_power.removeprefix("sensor.").removesuffix("_pv_power")
    assert number(hass, "pv_power", device) > 0
    freezer.move_to("2026-06-15 23:30:00+00:00")
    for _ in range(5):
        await async_pass(hass, freezer, minutes=5)
    assert number(hass, "pv_power", device) == 0
    assert number(hass, "pv_energy", device) > 0
    assert state(hass, f"sensor.{device}_status") == "sleeping"
    freezer.move_to("2026-06-16 08:00:00+00:00")
    await async_pass(hass, freezer, minutes=5)
    assert number(hass, "pv_power", device) > 0
    assert state(hass, f"sensor.{device}_status") == "running"


async def test_house_tells_no_partial_sum(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """Without one of its systems a house says nothing rather than too little."""
    sim = await simulate("KH8+EVO")
    await async_set_up(hass, make_entry(sim))
    energy = number(hass, "pv_energy", "house_1")
    sim.faults.add(
        Fault(vendor="foxess", kind="stale", value=sim.foxess.inverters[1].serial)
    )
    for _ in range(7):
        await async_pass(hass, freezer, minutes=5)
    assert state(hass, "sensor.house_1_pv_power") == STATE_UNAVAILABLE
    assert number(hass, "pv_energy", "house_1") >= energy
    assert number(hass, "pv_power") > 0


async def test_token_expires(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A refused token starts reauth, once."""
    sim.foxess.rotate_token()
    await async_pass(hass, freezer, minutes=6)
    await async_pass(hass, freezer, minutes=30)
    assert [
        flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()
    ] == ["reauth"]


async def test_signature_refused_now_and_then(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A hiccup of signatures is no reason to ask for a new token."""
    sim.faults.add(
        Fault(vendor="foxess", kind="errno", value=40256, path=READINGS, count=2)
    )
    for _ in range(3):
        await async_pass(hass, freezer, minutes=5)
    assert hass.config_entries.flow.async_progress() == []
    assert number(hass, "pv_power") > 0


async def test_device_comes(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulate: Simulate,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An inverter that joins the account is shown without a restart."""
    bigger = await simulate("KH8", "EVO")
    missing = bigger.foxess.inverters[1].serial
    bigger.faults.add(Fault(vendor="foxess", kind="missing_device", value=missing))
    hass.config_entries.async_update_entry(
        loaded,
        data={
            **loaded.data,
            "token": bigger.foxess.token,
            "base_url": bigger.foxess.base_url,
        },
    )
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.states.get("sensor.fox_ess_evo_10_5_h_battery_soc") is None
    bigger.faults.clear()
    await async_pass(hass, freezer, hours=13)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert number(hass, "battery_soc", "fox_ess_evo_10_5_h") >= 0
