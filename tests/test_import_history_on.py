"""The past on its way: over restarts, within the day's calls, cancelled, and what is in its way."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from simulator import Simulation
from simulator.faults import Fault

from .conftest import START, Simulate, async_pass, async_set_up, make_entry
from .imports import (
    HOUR,
    async_add_up,
    async_bring,
    async_changes,
    async_live_on,
    async_rows,
    async_settle,
    sensor,
    with_all_recorded,
)
from .options import choose, open_options
from .past import HISTORY, REPORT, asked, device_ids

pytestmark = pytest.mark.usefixtures("recorder_mock", "enable_custom_integrations")

DAYS = "2026-06-11"
KEY = "load_energy"


@pytest.fixture
async def sim(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> Simulation:
    """Return a house of five days, whose account was just added."""
    sim = await simulate(history_days=5)
    await async_set_up(hass, make_entry(sim))
    await async_live_on(hass, freezer, minutes=5)
    sim.foxess.calls.clear()
    return sim


def entry_of(hass: HomeAssistant) -> MockConfigEntry:
    """Return the entry."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert isinstance(entry, MockConfigEntry)
    return entry


def days(sim: Simulation) -> list[int]:
    """Return the days whose hours the vendor was asked for."""
    reports = [body for body in asked(sim) if "dimension" in body]
    return [body["day"] for body in reports if body["dimension"] == "day"]


def progress(hass: HomeAssistant) -> str:
    """Return what the sensor shows."""
    state = hass.states.get(sensor(hass, "import_progress"))
    assert state is not None
    return state.state


async def bring(hass: HomeAssistant, sim: Simulation, **data: Any) -> Any:
    """Bring in the energy of the house."""
    (device,) = device_ids(hass, sim)
    return await async_bring(hass, device, **{"start": DAYS, "keys": [KEY], **data})


def broken(sim: Simulation, path: str = REPORT, **fault: Any) -> None:
    """Let calls for the past fail until that is repaired."""
    sim.faults.add(Fault(vendor="foxess", kind="status", value=500, path=path, **fault))


async def all_hours(hass: HomeAssistant) -> dict[Any, float]:
    """Return what is there once it has been brought in whole."""
    changes = await async_changes(hass, sensor(hass, KEY))
    first = min(changes)
    past = {start: change for start, change in changes.items() if start < START}
    assert list(past) == [first + index * HOUR for index in range(108)]
    return past


async def test_restart(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, sim: Simulation
) -> None:
    """After a restart it goes on where it was, and comes to the same."""
    await bring(hass, sim, start="2026-06-13")
    assert progress(hass) == "100"
    broken(sim)
    await bring(hass, sim)
    assert progress(hass) == "0"
    entry = entry_of(hass)
    await hass.config_entries.async_unload(entry.entry_id)
    sim.faults.clear()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await async_settle(hass)
    assert progress(hass) == "100"
    resumed = await all_hours(hass)
    assert days(sim)[:3] == [15, 14, 13]
    assert days(sim)[-3:] == [13, 12, 11]
    points = await told(hass, sim)
    assert resumed == pytest.approx(points, abs=0.1001)


async def told(hass: HomeAssistant, sim: Simulation) -> dict[Any, float]:
    """Return the hours as the ledger of the house has them."""
    inverter = sim.foxess.inverters[0]
    start = START - 108 * HOUR
    hours = [start + index * HOUR for index in range(108)]
    return {
        at: inverter.energies_at(at + HOUR).load - inverter.energies_at(at).load
        for at in hours
    }


async def test_restart_while_waiting(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, sim: Simulation
) -> None:
    """A vendor that fails is asked again later, and nothing is there twice."""
    broken(sim, count=30)
    await bring(hass, sim)
    assert progress(hass) == "0"
    sim.faults.clear()
    await async_pass(hass, freezer, minutes=16)
    await async_settle(hass)
    assert progress(hass) == "100"
    await all_hours(hass)


async def test_cancel(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, sim: Simulation
) -> None:
    """What is cancelled goes no further, and what is there stays."""
    (device,) = device_ids(hass, sim)
    await bring(hass, sim, start="2026-06-14")
    rows = await async_rows(hass, sensor(hass, KEY))
    broken(sim)
    await bring(hass, sim)
    assert (await async_bring(hass, device, cancel=True))["cancelled"] is True
    assert (await async_bring(hass, device, cancel=True))["cancelled"] is False
    sim.faults.clear()
    await async_pass(hass, freezer, hours=1)
    await async_settle(hass)
    assert progress(hass) == "0"
    assert await async_rows(hass, sensor(hass, KEY)) == rows
    entry = entry_of(hass)
    await hass.config_entries.async_reload(entry.entry_id)
    await async_settle(hass)
    assert await async_rows(hass, sensor(hass, KEY)) == rows
    await bring(hass, sim)
    await all_hours(hass)


async def test_quota(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, sim: Simulation
) -> None:
    """Half of the day's calls are left alone; the next day it goes on."""
    limiter = entry_of(hass).runtime_data.limiter
    limiter.budget(100, 52, reserved=0.1)
    await bring(hass, sim)
    assert len(days(sim)) == 2
    assert progress(hass) not in ("0", "100")
    await async_pass(hass, freezer, minutes=31)
    assert len(days(sim)) == 2
    limiter.budget(1440, 1400, reserved=0.1)
    await async_pass(hass, freezer, minutes=31)
    await async_settle(hass)
    assert progress(hass) == "100"
    assert len(days(sim)) == 5
    await all_hours(hass)


async def test_quota_gone(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, sim: Simulation
) -> None:
    """When the vendor says that the day is spent, it waits until that is over."""
    limiter = entry_of(hass).runtime_data.limiter
    limiter.quota_gone(3600)
    await bring(hass, sim)
    assert days(sim) == []
    await async_pass(hass, freezer, minutes=61)
    await async_settle(hass)
    assert progress(hass) == "100"
    await all_hours(hass)


async def test_dry_run(hass: HomeAssistant, sim: Simulation) -> None:
    """It is said what would be done, and nothing is."""
    (device,) = device_ids(hass, sim)
    plan = await async_bring(hass, device, start=DAYS, dry_run=True)
    assert plan["start"] == f"{DAYS}T00:00:00+02:00"
    assert plan["calls"] == 10
    (told,) = (one for one in plan["sensors"].values() if one["key"] == KEY)
    assert told == {"key": KEY, "begins": START.isoformat(), "complete": False}
    assert days(sim) == []
    assert min(await async_changes(hass, sensor(hass, KEY)), default=START) >= START


async def test_unit_of_the_statistics(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulate: Simulate,
) -> None:
    """What was recorded in another unit is added to in that."""
    sim = await simulate(history_days=5)
    await async_set_up(hass, make_entry(sim))
    entity_id = sensor(hass, KEY)
    er.async_get(hass).async_update_entity_options(
        entity_id, "sensor", {"unit_of_measurement": "Wh"}
    )
    await async_settle(hass)
    await async_live_on(hass, freezer, minutes=65)
    await bring(hass, sim)
    # The rows are read in kWh, whatever they are kept in.
    past = await all_hours(hass)
    assert past == pytest.approx(await told(hass, sim), abs=0.1001)


async def test_left_out(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> None:
    """A sensor that is never recorded holds nothing up for long."""
    sim = await simulate()
    await async_set_up(hass, make_entry(sim))
    await bring(hass, sim, start="2026-06-14")
    assert progress(hass) == "0"
    assert days(sim) == []
    for _ in range(25):
        await async_pass(hass, freezer, minutes=1)
    await async_settle(hass)
    assert progress(hass) == "100"
    (device,) = entry_of(hass).runtime_data.inventory.with_role("system")
    bringing = entry_of(hass).runtime_data.imports.of(device)
    assert bringing is not None
    assert bringing.left_out == (KEY,)


@pytest.mark.parametrize("gone", ["unavailable", None])
async def test_sensor_that_shows_nothing(
    hass: HomeAssistant, sim: Simulation, gone: str | None
) -> None:
    """What was recorded last counts where there is nothing to see now."""
    entity_id = sensor(hass, KEY)
    hass.states.async_remove(entity_id)
    for state in filter(None, (gone,)):
        hass.states.async_set(entity_id, state)
    await bring(hass, sim)
    assert await all_hours(hass) == pytest.approx(await told(hass, sim), abs=0.1001)


async def test_hour_that_is_not_added_up(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, sim: Simulation
) -> None:
    """Between an hour's end and its sum it waits."""
    await async_live_on(hass, freezer, minutes=50)
    await async_pass(hass, freezer, minutes=6)
    await bring(hass, sim)
    assert progress(hass) == "0"
    assert days(sim) == []
    await async_add_up(hass)
    await async_pass(hass, freezer, minutes=2)
    await async_settle(hass)
    assert progress(hass) == "100"
    first = min(await async_changes(hass, sensor(hass, KEY)))
    assert first == START - 108 * HOUR


async def test_nothing_older(hass: HomeAssistant, sim: Simulation) -> None:
    """After a month of nothing, nothing older is asked for."""
    await bring(hass, sim, start="2024-01-01")
    assert progress(hass) == "100"
    assert len(days(sim)) == pytest.approx(6 + 31, abs=1)


async def test_lost_device(hass: HomeAssistant, sim: Simulation) -> None:
    """What is stored of a device that is gone ends by itself."""
    broken(sim)
    await bring(hass, sim)
    entry = entry_of(hass)
    store = entry.runtime_data.store
    store.bringing = {"inverter_GONE": next(iter(store.bringing.values()))}
    await hass.config_entries.async_reload(entry.entry_id)
    await async_settle(hass)
    (gone,) = entry.runtime_data.store.bringing.values()
    assert gone.ended == "cancelled"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"keys": ["moon_power"]}, "unknown_import_key"),
        ({"start": "2027-01-01"}, "history_in_future"),
    ],
)
async def test_refused(
    hass: HomeAssistant, sim: Simulation, data: dict[str, Any], problem: str
) -> None:
    """What cannot be brought in is said, and nothing begins."""
    with pytest.raises(ServiceValidationError) as caught:
        await bring(hass, sim, **data)
    assert caught.value.translation_key == problem
    assert days(sim) == []


async def test_one_of_several(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> None:
    """What one of several devices tells is not what their house comes to."""
    sim = await simulate("KH8+PV")
    await async_set_up(hass, make_entry(sim))
    await async_live_on(hass, freezer, minutes=5)
    registry = er.async_get(hass)
    for device in device_ids(hass, sim):
        plan = await async_bring(hass, device, start="2026-06-14", dry_run=True)
        assert {
            registry.entities[entity_id].device_id for entity_id in plan["sensors"]
        } == {device}


async def test_house_has_no_past(hass: HomeAssistant, sim: Simulation) -> None:
    """Of a house the vendor keeps nothing."""
    entry = entry_of(hass)
    runtime = entry.runtime_data
    (house,) = runtime.inventory.with_role("house")
    with pytest.raises(ServiceValidationError) as caught:
        await async_bring(hass, runtime.device_ids[house.key])
    assert caught.value.translation_key == "no_history"


@with_all_recorded
async def test_options(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, sim: Simulation
) -> None:
    """After set-up it is offered, with what it costs."""
    entry = entry_of(hass)
    form = await choose(hass, await open_options(hass, entry), "history")
    said = dict(form["description_placeholders"] or {})
    assert said["days"] == "31"
    assert said["calls"] == "\n- Fox ESS KH8: 64"
    assert said["running"] == "–"
    broken(sim, path=HISTORY)
    menu = await hass.config_entries.options.async_configure(
        form["flow_id"], {"days": 4}
    )
    assert menu["step_id"] == "init"
    await async_settle(hass)
    form = await choose(hass, menu, "history")
    said = dict(form["description_placeholders"] or {})
    assert said["running"] == "\n- Fox ESS KH8: 0 %"
    sim.faults.clear()
    await async_pass(hass, freezer, minutes=16)
    await async_settle(hass)
    changes = await async_changes(hass, sensor(hass, KEY))
    assert len([at for at in changes if at < START]) == 108
    assert START - min(changes) == timedelta(hours=108)
