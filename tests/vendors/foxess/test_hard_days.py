"""Days on which the vendor tells half of it, or nonsense: nothing false is shown."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, Platform
from homeassistant.core import HomeAssistant
from simulator import Simulation
from simulator.faults import Fault
from simulator.foxess.variables import VARIABLES, variables_of
from tests.conftest import (
    Simulate,
    async_pass,
    async_set_up,
    make_entry,
    patch_platforms,
)
from tests.controls import number, state
from tests.past import HISTORY, ask

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "all_enabled")

KH8 = "fox_ess_kh8"
PV = "fox_ess_s3000_g2"
COUNTERS = {
    KH8: (
        "battery_energy_charged",
        "battery_energy_discharged",
        "grid_energy_imported",
        "grid_energy_exported",
        "load_energy",
        "pv_energy",
        "inverter_energy",
        "pv_energy_month",
        "inverter_energy_month",
    ),
    PV: ("pv_energy", "inverter_energy", "pv_energy_month", "inverter_energy_month"),
}
# The sun sets at 21:30 and rises at 4:40 by the clock on the wall.
EVENING = datetime(2026, 6, 15, 18, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 6, 15, 22, tzinfo=UTC)
DAWN = datetime(2026, 6, 16, 3, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def berlin(hass: HomeAssistant) -> AsyncIterator[None]:
    """Let Home Assistant be where the houses are, with sensors, numbers and little else."""
    await hass.config.async_update(
        latitude=52.5, longitude=13.4, time_zone="Europe/Berlin"
    )
    with patch_platforms(Platform.BINARY_SENSOR, Platform.NUMBER, Platform.SENSOR):
        yield


@pytest.fixture
def without_yield_of_today() -> Iterator[None]:
    """Have the simulated inverters leave today's yield out of their records."""
    others = tuple(one for one in VARIABLES if one.name != "todayYield")
    with patch("simulator.foxess.variables.VARIABLES", others):
        variables_of.cache_clear()
        yield
    variables_of.cache_clear()


def shown(hass: HomeAssistant, device: str) -> dict[str, float]:
    """Return what the counters of a device show, as far as they show anything."""
    states = {key: state(hass, f"sensor.{device}_{key}") for key in COUNTERS[device]}
    return {
        key: float(value)
        for key, value in states.items()
        if value not in {STATE_UNAVAILABLE, STATE_UNKNOWN}
    }


async def async_until(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    moment: datetime,
    device: str,
    minutes: int = 10,
) -> list[dict[str, float]]:
    """Let time pass, and return what the counters showed on the way."""
    seen = [shown(hass, device)]
    while datetime.now(UTC) < moment:
        await async_pass(hass, freezer, minutes=minutes)
        seen.append(shown(hass, device))
    return seen


def assert_never_fall(seen: list[dict[str, float]]) -> None:
    """Check that no counter ever falls, is 0, or gains more than the sun gives."""
    last: dict[str, float] = {}
    for values in seen:
        for key, value in values.items():
            assert 0 < last.get(key, value) <= value < last.get(key, value) + 60
        last |= values


async def test_night_of_a_hybrid(
    hass: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """It goes on sending: no PV is 0 W, and what belongs to a day begins anew."""
    freezer.move_to(EVENING)
    seen = await async_until(hass, freezer, MIDNIGHT, KH8)
    # The latest record is a minute old, and of yesterday.
    assert state(hass, f"sensor.{KH8}_inverter_energy_today") == STATE_UNAVAILABLE
    seen += await async_until(hass, freezer, DAWN.replace(hour=1), KH8)
    assert number(hass, "pv_power") == 0
    assert number(hass, "load_power") > 0
    assert number(hass, "battery_power") > 0
    assert state(hass, f"sensor.{KH8}_status") == "running"
    assert state(hass, f"binary_sensor.{KH8}_online") == "on"
    assert state(hass, f"binary_sensor.{KH8}_problem") == "off"
    assert number(hass, "pv_energy_today") == 0
    assert 0 < number(hass, "load_energy_today") < 5
    assert 0 < number(hass, "inverter_energy_today") < 5
    assert_never_fall(seen)
    assert all(len(values) == len(COUNTERS[KH8]) for values in seen)


async def test_night_of_a_pv_inverter(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """It sleeps: 0 W and no problem, its counters hold till dawn, over a restart too."""
    sim = await simulate("PV")
    entry = make_entry(sim)
    await async_set_up(hass, entry)
    freezer.move_to(EVENING)
    seen = await async_until(hass, freezer, MIDNIGHT.replace(hour=21), PV)
    assert state(hass, f"sensor.{PV}_status") == "sleeping"
    assert number(hass, "inverter_energy_today", PV) > 3
    seen += await async_until(hass, freezer, MIDNIGHT.replace(hour=23), PV)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    seen += await async_until(hass, freezer, DAWN.replace(hour=1), PV)
    assert state(hass, f"sensor.{PV}_status") == "sleeping"
    assert state(hass, f"binary_sensor.{PV}_online") == STATE_UNAVAILABLE
    assert state(hass, f"binary_sensor.{PV}_problem") != "on"
    assert number(hass, "pv_power", PV) == 0
    assert number(hass, "inverter_power", PV) == 0
    assert number(hass, "pv_energy_today", PV) == 0
    assert state(hass, f"sensor.{PV}_inverter_energy_today") == STATE_UNAVAILABLE
    night = number(hass, "pv_energy", PV)
    seen += await async_until(hass, freezer, DAWN.replace(hour=6), PV)
    assert state(hass, f"sensor.{PV}_status") == "running"
    assert 0 < number(hass, "inverter_energy_today", PV) < 3
    assert number(hass, "pv_energy", PV) > night
    assert_never_fall(seen)
    assert all(len(values) == len(COUNTERS[PV]) for values in seen)


@pytest.mark.usefixtures("without_yield_of_today")
@pytest.mark.parametrize(("model", "device"), [("PV", PV), ("KH8", KH8)])
async def test_morning_with_yesterdays_totals(
    hass: HomeAssistant,
    simulate: Simulate,
    freezer: FrozenDateTimeFactory,
    model: str,
    device: str,
) -> None:
    """Until an inverter has sent something today, its yield of today is not known."""
    freezer.move_to(MIDNIGHT.replace(hour=20))
    sim = await simulate(model)
    await async_set_up(hass, make_entry(sim))
    await async_until(hass, freezer, MIDNIGHT.replace(minute=0), device)
    evening = sim.foxess.inverters[0].unit.ledger.generation
    sim.faults.add(Fault(vendor="foxess", kind="offline"))
    today = f"sensor.{device}_inverter_energy_today"
    assert state(hass, today) == STATE_UNAVAILABLE
    await async_until(hass, freezer, DAWN, device, minutes=30)
    assert state(hass, today) == STATE_UNAVAILABLE
    sim.faults.clear()
    await async_until(hass, freezer, DAWN.replace(hour=8), device, minutes=15)
    gained = sim.foxess.inverters[0].unit.ledger.generation - evening
    assert 0 < number(hass, "inverter_energy_today", device) <= gained + 0.2


@pytest.mark.parametrize(("model", "device"), [("PV", PV), ("KH8", KH8)])
async def test_first_of_a_month(
    hass: HomeAssistant,
    simulate: Simulate,
    freezer: FrozenDateTimeFactory,
    model: str,
    device: str,
) -> None:
    """A month's total ends with the month, not with the first record of the next."""
    freezer.move_to("2026-06-30 20:00:00+00:00")
    sim = await simulate(model, history_days=2)
    await async_set_up(hass, make_entry(sim))
    june = number(hass, "pv_energy_month", device)
    assert june > 40
    midnight = datetime(2026, 6, 30, 22, tzinfo=UTC)
    await async_until(hass, freezer, midnight.replace(hour=21, minute=55), device, 5)
    assert number(hass, "pv_energy_month", device) == june
    night = await async_until(hass, freezer, midnight.replace(minute=30), device, 5)
    assert night[-1].get("pv_energy_month", 0) == 0
    noon = datetime(2026, 7, 1, 10, tzinfo=UTC)
    await async_until(hass, freezer, noon, device, minutes=30)
    assert 0 < number(hass, "pv_energy_month", device) < june / 2


async def test_glitch(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """High bits that are noise reach no state, from records and reports alike."""
    before = shown(hass, KH8)
    most = {"W": 40_000, "kWh": 40_000}
    sim.faults.add(Fault(vendor="foxess", kind="glitch"))
    for _ in range(14):
        await async_pass(hass, freezer, minutes=5)
        assert [
            one.entity_id
            for one in hass.states.async_all("sensor")
            if one.state not in {STATE_UNAVAILABLE, STATE_UNKNOWN}
            and (unit := one.attributes.get("unit_of_measurement")) in most
            and float(one.state) > most[unit]
        ] == []
    sim.faults.clear()
    for _ in range(13):
        await async_pass(hass, freezer, minutes=5)
    assert_never_fall([before, shown(hass, KH8)])
    assert number(hass, "pv_power") < 10_000


async def test_glitch_in_the_past(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The past is told without its noise, which is the first of all points."""
    await async_pass(hass, freezer, hours=1)
    keys = ["pv_power", "pv_energy", "battery_soc"]
    data = {"start": "2026-06-15 12:00:00", "resolution": "records", "keys": keys}
    sim.faults.add(Fault(vendor="foxess", kind="glitch", path=HISTORY, count=1))
    noisy, sound = [(await ask(hass, sim, **data))["keys"] for _ in range(2)]
    assert noisy["battery_soc"] == sound["battery_soc"]
    assert noisy["pv_power"] == sound["pv_power"][1:]
    assert noisy["pv_energy"] == sound["pv_energy"][1:]


async def test_offline_day(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Silent, then the cloud down, a restart in it, then back: energies go on as they were."""
    morning = shown(hass, KH8)
    start = sim.foxess.inverters[0].unit.ledger.as_dict()
    online, power = f"binary_sensor.{KH8}_online", f"sensor.{KH8}_load_power"

    sim.faults.add(Fault(vendor="foxess", kind="offline"))
    seen = [morning]
    for _ in range(4):
        await async_pass(hass, freezer, minutes=5)
        seen.append(shown(hass, KH8))
    assert state(hass, online) == "off"
    assert state(hass, power) == STATE_UNAVAILABLE
    assert shown(hass, KH8) == morning
    for _ in range(10):
        await async_pass(hass, freezer, minutes=5)
        seen.append(shown(hass, KH8))
    # What the cloud itself counts is told all the same.
    assert seen[-1].keys() == {"pv_energy_month", "inverter_energy_month"}
    assert state(hass, f"sensor.{KH8}_battery_soc") == STATE_UNAVAILABLE

    sim.faults.add(Fault(vendor="foxess", kind="status", value=503))
    for _ in range(20):
        await async_pass(hass, freezer, minutes=15)
        seen.append(shown(hass, KH8))
    assert state(hass, online) == STATE_UNAVAILABLE
    assert seen[-1] == {}
    await hass.config_entries.async_reload(loaded.entry_id)
    await async_pass(hass, freezer, minutes=15)
    assert shown(hass, KH8) == {}

    sim.faults.clear()
    for _ in range(4):
        await async_pass(hass, freezer, minutes=15)
        seen.append(shown(hass, KH8))
    assert state(hass, online) == "on"
    assert_never_fall(seen)
    gained = sim.foxess.inverters[0].unit.ledger.as_dict()
    for key, name in (("pv_energy", "pv"), ("load_energy", "load")):
        assert number(hass, key) - morning[key] == pytest.approx(
            gained[name] - start[name], abs=1
        )
        assert number(hass, f"{key}_today") == pytest.approx(
            number(hass, key) - morning[key], abs=0.01
        )


async def test_settings_are_not_told(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """They stand for an hour, and not until the next time that they are asked for."""
    sim.faults.add(
        Fault(vendor="foxess", kind="errno", path="*/scheduler/get", value=41203)
    )
    for _ in range(11):
        await async_pass(hass, freezer, minutes=5)
    assert state(hass, f"number.{KH8}_min_soc_on_grid") != STATE_UNAVAILABLE
    await async_pass(hass, freezer, minutes=7)
    assert state(hass, f"number.{KH8}_min_soc_on_grid") == STATE_UNAVAILABLE


async def test_lacking_for_a_day(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What was there and is refused is remembered as lacking, and asked for again a day later."""
    sim.faults.add(
        Fault(vendor="foxess", kind="status", path="*/battery/soc/get", value=404)
    )
    for _ in range(3):
        await async_pass(hass, freezer, minutes=30)
    assert state(hass, f"number.{KH8}_min_soc_on_grid") == STATE_UNAVAILABLE
    sim.faults.clear()
    await async_pass(hass, freezer, hours=22)
    assert state(hass, f"number.{KH8}_min_soc_on_grid") == STATE_UNAVAILABLE
    await async_pass(hass, freezer, hours=2)
    assert state(hass, f"number.{KH8}_min_soc_on_grid") != STATE_UNAVAILABLE
