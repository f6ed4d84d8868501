"""The calendar: what a system will do, and what people are shown of it."""

from dataclasses import replace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from simulator import Simulation
from simulator.faults import Fault

from .actions import CHARGE, act, device_id, writes
from .conftest import (
    Simulate,
    async_live,
    async_pass,
    async_set_up,
    half_full,
    make_entry,
)

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

CALENDAR = "calendar.fox_ess_kh8_schedule"


@pytest.fixture
async def sim(
    hass: HomeAssistant, sim: Simulation, freezer: FrozenDateTimeFactory
) -> Simulation:
    """Return a house with half a battery and no sun, seen from where it stands."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    half_full(sim, freezer)
    return sim


def shown(hass: HomeAssistant) -> State:
    """Return the calendar as it is."""
    found = hass.states.get(CALENDAR)
    assert found is not None
    return found


async def events(
    hass: HomeAssistant, start: str, end: str, entity_id: str = CALENDAR
) -> list[dict[str, Any]]:
    """Return the events of a range, as Home Assistant tells automations."""
    response: Any = await hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": entity_id, "start_date_time": start, "end_date_time": end},
        blocking=True,
        return_response=True,
    )
    return response[entity_id]["events"]


def in_short(found: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Return start, end and title of events."""
    return [(one["start"][5:16], one["end"][5:16], one["summary"]) for one in found]


async def test_schedule_is_on_the_calendar(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """Each period is an event every day, with its mode and its numbers in words."""
    assert await events(hass, "2026-06-15", "2026-06-22") == []
    assert shown(hass).state == "off"
    assert "message" not in shown(hass).attributes
    rest = {"start": "22:00", "end": "01:00", "mode": "self_consumption"}
    await act(hass, loaded, "set_schedule", periods=[CHARGE, {**rest, "min_soc": 20}])
    found = await events(hass, "2026-06-15 12:00:00", "2026-06-16 23:00:00")
    assert in_short(found) == [
        ("06-15T22:00", "06-16T01:00", "Self-consumption"),
        ("06-16T02:00", "06-16T05:00", "Force charge"),
        ("06-16T22:00", "06-17T01:00", "Self-consumption"),
    ]
    assert found[1]["description"] == (
        "Power 3000 W · Target 90% · At least 10% · At most 100%"
    )
    assert "At least 20%" in found[0]["description"]
    assert shown(hass).attributes["message"] == "Self-consumption"


async def test_is_on_while_something_runs(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It is on from the minute in which a period begins to that in which it is over."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    assert shown(hass).state == "off"
    assert shown(hass).attributes["start_time"] == "2026-06-16 02:00:00"
    freezer.move_to("2026-06-15 23:59:00+00:00")
    await async_pass(hass, freezer, minutes=1)
    assert shown(hass).state == "on"
    freezer.move_to("2026-06-16 02:59:00+00:00")
    await async_pass(hass, freezer, minutes=1)
    assert shown(hass).state == "off"
    assert shown(hass).attributes["start_time"] == "2026-06-17 02:00:00"


async def test_schedule_that_is_off(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """What the device does not follow is not on the calendar."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE], enabled=False)
    assert await events(hass, "2026-06-15", "2026-06-22") == []


async def test_override_lies_over_the_schedule(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An override is an event of its own, shown at once, and cuts what it covers."""
    rest = {"start": "12:00", "end": "14:00", "mode": "self_consumption"}
    await act(hass, loaded, "set_schedule", periods=[rest])
    before = len(writes(sim))
    await act(hass, loaded, "force_charge", power=2000, target_soc=95, end="13:00")
    assert len(writes(sim)) == before + 1
    found = await events(hass, "2026-06-15 00:00:00", "2026-06-15 23:00:00")
    assert in_short(found) == [
        ("06-15T12:00", "06-15T12:10", "Self-consumption"),
        ("06-15T12:10", "06-15T13:00", "Force charge"),
        ("06-15T13:00", "06-15T14:00", "Self-consumption"),
    ]
    assert found[1]["description"] == "Override · Power 2000 W · Target 95%"
    assert shown(hass).state == "on"
    assert shown(hass).attributes["message"] == "Force charge"
    await act(hass, loaded, "stop_override")
    assert shown(hass).attributes["message"] == "Self-consumption"
    assert in_short(
        await events(hass, "2026-06-15 00:00:00", "2026-06-15 23:00:00")
    ) == [("06-15T12:00", "06-15T14:00", "Self-consumption")]


async def test_override_that_is_planned(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """What begins later is there as soon as it is planned."""
    await act(hass, loaded, "hold", start="18:00", end="20:00")
    found = await events(hass, "2026-06-15", "2026-06-22")
    assert in_short(found) == [("06-15T18:00", "06-15T20:00", "Hold")]
    assert shown(hass).state == "off"


async def test_override_without_an_end(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It is shown as far as the device goes on, and further as that is moved."""
    await act(hass, loaded, "force_discharge", power=100)
    (found,) = await events(hass, "2026-06-15", "2026-06-17")
    assert found["end"][5:16] == "06-15T16:11"
    assert found["description"] == "Override · Until it is stopped · Power 100 W"
    await async_live(hass, freezer, hours=3.25)
    (found,) = await events(hass, "2026-06-15", "2026-06-17")
    assert found["start"][5:16] == "06-15T12:10"
    assert found["end"][5:16] > "06-15T19:00"


async def test_days_of_the_week_and_other_zones(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """The wall clock is the system's, wherever Home Assistant is."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    await hass.config.async_set_time_zone("America/Los_Angeles")
    found = await events(hass, "2026-06-15 00:00:00", "2026-06-16 00:00:00")
    assert [one["start"] for one in found] == ["2026-06-15T17:00:00-07:00"]


async def test_hour_that_comes_twice(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """An event that would be over before it began by the clock is left out, not all."""
    periods = [
        {"start": "02:30", "end": "03:00", "mode": "self_consumption"},
        {"start": "04:00", "end": "05:00", "mode": "self_consumption"},
    ]
    await act(hass, loaded, "set_schedule", periods=periods)
    found = await events(hass, "2026-10-25 00:00:00", "2026-10-25 23:00:00")
    assert [(one["start"], one["end"]) for one in found] == [
        ("2026-10-25T02:30:00+01:00", "2026-10-25T03:00:00+01:00"),
        ("2026-10-25T04:00:00+01:00", "2026-10-25T05:00:00+01:00"),
    ]


async def test_language(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Titles and descriptions are in Home Assistant's language, ids are not."""
    hass.config.language = "de"
    await async_set_up(hass, entry)
    await act(hass, entry, "set_schedule", periods=[CHARGE])
    assert shown(hass).name == "Fox ESS KH8 Zeitplan"
    assert shown(hass).attributes["message"] == "Zwangsladung"
    assert (
        shown(hass).attributes["description"].startswith("Leistung 3000 W · Ziel 90 %")
    )


async def test_mode_without_a_word(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """A mode that only the device knows has the vendor's name."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    (inverter,) = sim.foxess.inverters
    (group,) = inverter.scheduler.groups
    inverter.scheduler.groups = [replace(group, work_mode="TideMode")]
    await loaded.runtime_data.settings.async_refresh()
    await hass.async_block_till_done()
    assert shown(hass).attributes["message"] == "foxess_tide_mode"


async def test_only_watching(
    hass: HomeAssistant, sim: Simulation, entry: MockConfigEntry
) -> None:
    """Who only watches sees it as well, and nothing is written for it."""
    await async_set_up(hass, make_entry(sim, control="watch"))
    assert shown(hass).state == "off"
    assert writes(sim) == []


async def test_system_without_schedule(hass: HomeAssistant, simulate: Simulate) -> None:
    """What has no schedule has no calendar."""
    sim = await simulate("PV")
    await async_set_up(hass, make_entry(sim))
    assert hass.states.async_entity_ids("calendar") == []


async def test_unavailable_without_news(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A schedule that could not be read for more than an hour is not shown."""
    sim.faults.add(Fault(vendor="foxess", kind="status", value=503))
    await async_live(hass, freezer, hours=0.8)
    assert shown(hass).state == "off"
    await async_live(hass, freezer, hours=0.8)
    assert shown(hass).state == STATE_UNAVAILABLE
    sim.faults.clear()
    await async_live(hass, freezer, hours=0.6)
    assert shown(hass).state == "off"


async def test_events_have_an_identity(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    entity_registry: er.EntityRegistry,
    hass_client: Any,
) -> None:
    """An event is the same one in every answer."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    client = await hass_client()
    found = []
    for start in ("2026-06-15T12:00:00Z", "2026-06-16T01:00:00Z"):
        answer = await client.get(
            f"/api/calendars/{CALENDAR}",
            params={"start": start, "end": "2026-06-17T23:00:00Z"},
        )
        found.append([one["uid"] for one in await answer.json()])
    assert found[0] == found[1]
    registered = entity_registry.async_get(CALENDAR)
    assert registered is not None
    assert registered.unique_id.endswith("_schedule")
    assert found[0] == [
        f"{registered.unique_id}_20260616T000000Z",
        f"{registered.unique_id}_20260617T000000Z",
    ]
    assert registered.device_id == device_id(hass, loaded)


async def test_after_a_restart(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """It is there from the start, and shows what is read soon after."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    sim.faults.add(
        Fault(vendor="foxess", path="*/scheduler/*", kind="status", value=503)
    )
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass).state == STATE_UNAVAILABLE
    sim.faults.clear()
    await loaded.runtime_data.settings.async_refresh()
    await hass.async_block_till_done()
    assert shown(hass).attributes["message"] == "Force charge"
