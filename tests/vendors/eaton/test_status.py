"""What the unit tells, in common words, at the pace of its status."""

from collections import Counter
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from simulator.eaton import Role
from simulator.faults import Fault
from tests.conftest import async_pass

from .conftest import See
from .entries import Seen

STATUS = "/api/device/status"


def paths(seen: Seen, since: int) -> list[str]:
    """Return what was asked for since a number of calls."""
    return [call.path for call in seen.unit.calls[since:]]


@pytest.mark.parametrize("model", ["AC", "HYBRID", "AC-3P", "NO-PV"])
async def test_powers(see: See, model: str) -> None:
    """Powers have the signs of all vendors, and the house's balance."""
    seen = await see(model)
    unit, house = seen.unit.device.unit, seen.unit.device.house
    high = seen.unit.device.profile.reads_high
    assert seen.number("battery_power") == pytest.approx(
        unit.flow.battery * high, abs=2
    )
    assert seen.number("grid_power") == pytest.approx(house.grid_w, abs=1)
    assert seen.number("battery_soc") == pytest.approx(seen.unit.device.soc, abs=0.6)
    assert seen.value("sensor", "status") == "running"
    assert seen.value("binary_sensor", "online") == "on"


@pytest.mark.usefixtures("all_enabled")
async def test_both_directions(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, see: See
) -> None:
    """Discharging is positive, and so is importing."""
    seen = await see("NO-PV")
    signs = {}
    for mode in ("force_charge", "force_discharge"):
        await seen.set("unit_command_power", 3600)
        await seen.set(
            "unit_command_soc", {"force_charge": 100, "force_discharge": 0}[mode]
        )
        await seen.choose("unit_command", mode)
        await async_pass(hass, freezer, seconds=10)
        signs[mode] = (
            seen.number("battery_power") > 0,
            seen.number("grid_power") > 0,
            seen.value("binary_sensor", "battery_charging"),
        )
    assert signs == {
        "force_charge": (False, True, "on"),
        "force_discharge": (True, False, "off"),
    }


@pytest.mark.usefixtures("all_enabled")
async def test_without_a_meter(see: See) -> None:
    """A unit without a meter at the grid tells 0 W, which is not shown."""
    seen = await see("BARE", role=Role.TECHNICIAN)
    shown = {state.entity_id for state in seen.hass.states.async_all()}
    assert "sensor.xstorage_home_battery_power" in shown
    assert (
        not {
            f"sensor.xstorage_home_{key}"
            for key in (
                *("grid_power", "grid_energy_imported", "load_power", "pv_power"),
                *("pv_energy", "meter_phase_1_power", "pv_string_1_voltage"),
            )
        }
        & shown
    )


@pytest.mark.usefixtures("all_enabled")
async def test_meters_by_phase(see: See) -> None:
    """Meters with three phases tell each, and the grid is their sum."""
    seen = await see("AC-3P", role=Role.TECHNICIAN)
    phases = [seen.number(f"meter_phase_{phase}_power") for phase in (1, 2, 3)]
    assert sum(phases) == pytest.approx(seen.number("grid_power"), abs=3)
    assert seen.number("second_meter_phase_3_voltage") == pytest.approx(235, abs=15)


async def test_one_request_a_poll(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """A poll is one request, also where alerts and settings are looked after."""
    since = len(seen.unit.calls)
    for _ in range(60):
        await async_pass(hass, freezer, seconds=10)
    asked = paths(seen, since)
    assert asked.count(STATUS) == 60
    assert {path: asked.count(path) for path in set(asked) - {STATUS}} == {
        "/api/notifications/": 10,
        "/api/settings/": 2,
        "/api/device": 2,
    }


@pytest.mark.usefixtures("all_enabled")
async def test_quicker_after_a_command(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """For half a minute after a command the status is asked for every 5 s."""
    await seen.choose("unit_command", "eaton_basic")
    since = len(seen.unit.calls)
    for _ in range(6):
        await async_pass(hass, freezer, seconds=5)
    assert paths(seen, since).count(STATUS) == 6
    since = len(seen.unit.calls)
    for _ in range(12):
        await async_pass(hass, freezer, seconds=5)
    assert paths(seen, since).count(STATUS) in {6, 7}


async def test_slow_values_once_a_minute(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """Powers are written as they come, energies once a minute at most."""
    written: Counter[str] = Counter()

    @callback
    def count(event: Event[Any]) -> None:
        written[event.data["entity_id"]] += 1

    @callback
    def every(_data: Any) -> bool:
        return True

    for event_type in ("state_changed", "state_reported"):
        hass.bus.async_listen(event_type, count, event_filter=every)
    for _ in range(30):
        await async_pass(hass, freezer, seconds=10)
    assert written["sensor.xstorage_home_battery_power"] >= 30
    for key in ("pv_energy", "battery_energy_charged_today"):
        assert 4 <= written[f"sensor.xstorage_home_{key}"] <= 6, key
    # What is not measured is written only when it changes.
    assert 1 <= written["sensor.xstorage_home_status_text"] <= 6


async def test_energies(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """The unit counts no energy, so powers are integrated, over a reload as well."""
    ledger = seen.unit.device.unit.ledger
    before = ledger.as_dict()
    for _ in range(180):
        await async_pass(hass, freezer, seconds=10)
    high = seen.unit.device.profile.reads_high
    charged = (ledger.as_dict()["charge"] - before["charge"]) * high
    assert seen.number("battery_energy_charged") == pytest.approx(charged, rel=0.05)
    told = seen.number("battery_energy_charged")
    await hass.config_entries.async_reload(seen.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert seen.number("battery_energy_charged") >= told
    assert seen.number("battery_energy_charged_today") >= told


async def test_correction(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, see: See
) -> None:
    """A correction is applied to energies of what reads high, and to no power."""
    plain = await see()
    power = plain.number("pv_power")
    hass.config_entries.async_update_entry(
        plain.entry, options={"control": "control", "correction": 0.5}
    )
    await hass.config_entries.async_reload(plain.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert plain.number("pv_power") == power
    for _ in range(60):
        await async_pass(hass, freezer, seconds=10)
    assert plain.number("pv_energy") == pytest.approx(power / 1000 / 6 / 2, rel=0.1)


async def test_unavailable_after_three_minutes(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """What a silent unit last told stands for a little while, then nothing does."""
    await seen.unit.stop()
    await async_pass(hass, freezer, seconds=170)
    assert seen.value("sensor", "battery_power") != "unavailable"
    await async_pass(hass, freezer, seconds=20)
    await async_pass(hass, freezer, seconds=60)
    assert seen.value("sensor", "battery_power") == "unavailable"
    assert seen.value("sensor", "battery_soc") != "unavailable"
    await seen.unit.start()


async def test_few_entities_at_first(hass: HomeAssistant, see: See) -> None:
    """Most people need few of them."""
    seen = await see("HYBRID", role=Role.TECHNICIAN)
    entries = er.async_entries_for_config_entry(er.async_get(hass), seen.entry.entry_id)
    assert len(entries) > 80
    assert sum(entry.disabled_by is None for entry in entries) <= 52


async def test_zeros_that_are_none(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, see: See, all_enabled: None
) -> None:
    """A 0 by which the unit means that it could not read is left out."""

    seen = await see(role=Role.TECHNICIAN)
    kept = {
        key: seen.value("sensor", key)
        for key in ("battery_temperature", "battery_voltage", "battery_charge_total")
    }
    seen.unit.switchboard.add(Fault(vendor="eaton", kind="glitch"))
    await async_pass(hass, freezer, seconds=61)
    assert {key: seen.value("sensor", key) for key in kept} == kept


async def test_outage(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, see: See
) -> None:
    """The grid's 0 Hz is no failed reading but an outage."""
    seen = await see(role=Role.TECHNICIAN)
    assert seen.value("binary_sensor", "grid_connected") == "on"
    seen.unit.raise_alert("NO_UTILITY")
    await async_pass(hass, freezer, seconds=61)
    assert seen.value("binary_sensor", "grid_connected") == "off"
    assert seen.value("binary_sensor", "problem") == "on"


async def test_off(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """A unit that is switched off says so as its status."""
    await seen.do("switch", "turn_off", "unit_power")
    await async_pass(hass, freezer, seconds=10)
    assert seen.value("sensor", "status") == "off"
