"""The actions that set up the energy page: what they say, what they do, what they leave."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util

from .actions import device_id
from .energy_page import (
    BATTERY,
    GAS,
    GRID,
    RESTORE,
    SETUP,
    SOLAR,
    EnergyPage,
    ask,
    deeds,
    energies,
    left_out,
    put,
)
from .imports import with_all_recorded

pytestmark = pytest.mark.usefixtures(
    "recorder_mock", "enable_custom_integrations", "loaded"
)

KH8 = "sensor.fox_ess_kh8"
OURS: dict[str, dict[str, Any]] = {
    "battery": {
        "type": "battery",
        "stat_energy_from": f"{KH8}_battery_energy_discharged",
        "stat_energy_to": f"{KH8}_battery_energy_charged",
        "stat_rate": f"{KH8}_battery_power",
        "power_config": {"stat_rate": f"{KH8}_battery_power"},
        "stat_soc": f"{KH8}_battery_soc",
        "capacity": 9.324,
        "name": "Fox ESS KH8",
    },
    "solar": {
        "type": "solar",
        "stat_energy_from": f"{KH8}_pv_energy",
        "stat_rate": f"{KH8}_pv_power",
        "config_entry_solar_forecast": None,
        "name": "Fox ESS KH8",
    },
    "grid": {
        "type": "grid",
        "stat_energy_from": f"{KH8}_grid_energy_imported",
        "stat_energy_to": f"{KH8}_grid_energy_exported",
        "stat_rate": f"{KH8}_grid_power",
        "power_config": {"stat_rate": f"{KH8}_grid_power"},
        "stat_cost": None,
        "entity_energy_price": None,
        "number_energy_price": None,
        "stat_compensation": None,
        "entity_energy_price_export": None,
        "number_energy_price_export": None,
        "cost_adjustment_day": 0.0,
    },
}


@pytest.fixture
def kh8(hass: HomeAssistant, loaded: MockConfigEntry) -> str:
    """Return the id of the system."""
    return device_id(hass, loaded)


async def test_dry_run(hass: HomeAssistant, page: EnergyPage, kh8: str) -> None:
    """Unless told otherwise, it is only said what would be there."""
    response = await ask(hass, device_id=kh8)
    assert (response["dry_run"], response["changed"]) == (True, True)
    assert response["left_out"] == []
    assert [step["action"] for step in response["sources"]] == ["add"] * 3
    assert response["preferences"]["energy_sources"] == list(OURS.values())
    assert [step["source"] for step in response["sources"]] == list(OURS.values())
    assert {step["device_id"] for step in response["sources"]} == {kh8}
    assert await page.preferences() is None


async def test_set_up(hass: HomeAssistant, page: EnergyPage, kh8: str) -> None:
    """Everything is linked as the page wants it, and once more changes nothing."""
    response = await put(hass, kh8)
    assert response["changed"] is True
    assert await page.sources() == list(OURS.values())
    response = await put(hass, kh8)
    assert response["changed"] is False
    assert [step["action"] for step in response["sources"]] == ["present"] * 3
    assert await page.sources() == list(OURS.values())
    # The second time nothing was given up that could be put back.
    assert len((await ask(hass, RESTORE))["backups"]) == 1
    assert await page.sources() == []


@with_all_recorded
async def test_core_finds_no_fault(
    hass: HomeAssistant, page: EnergyPage, kh8: str
) -> None:
    """Home Assistant has nothing against the sources, once it has statistics."""
    await put(hass, kh8, import_price=0.3, export_price="0.08")
    await async_wait_recording_done(hass)
    start = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    do_adhoc_statistics(hass, start=start)
    await async_wait_recording_done(hass)
    assert await page.faults() == [[], [], []]


async def test_others_stay(hass: HomeAssistant, page: EnergyPage, kh8: str) -> None:
    """Gas, devices and water are nobody's business here."""
    devices = [{"stat_consumption": "sensor.washer", "name": "Washer"}]
    water = [{"stat_consumption": "sensor.tap"}]
    await page.save(GAS, device_consumption=devices, device_consumption_water=water)
    await put(hass, kh8)
    preferences = await page.preferences()
    assert preferences == {
        "energy_sources": [GAS, *OURS.values()],
        "device_consumption": devices,
        "device_consumption_water": water,
    }


@pytest.mark.parametrize(
    ("there", "kind"), [(BATTERY, "battery"), (SOLAR, "solar")], ids=str
)
async def test_conflict(
    hass: HomeAssistant,
    page: EnergyPage,
    kh8: str,
    there: dict[str, Any],
    kind: str,
) -> None:
    """What is there from elsewhere is shown, and nothing happens until it is decided."""
    await page.save(there)
    response = await ask(hass, device_id=kh8)
    (step,) = (one for one in response["sources"] if one["type"] == kind)
    assert step["action"] == "conflict"
    assert step["existing"] == [there]
    assert step["choices"] == ["keep", "replace", "add"]
    assert OURS[kind] not in response["preferences"]["energy_sources"]
    with pytest.raises(ServiceValidationError) as raised:
        await put(hass, kh8)
    assert raised.value.translation_key == "energy_conflict"
    named = (raised.value.translation_placeholders or {})["conflicts"]
    assert named.startswith(f"{kind}: ")
    assert there["stat_energy_from"] in named
    assert await page.sources() == [there]


@pytest.mark.parametrize("there", [BATTERY, SOLAR, GRID], ids=lambda one: one["type"])
@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("keep", [(True, "keep"), (False, "keep")]),
        ("replace", [(False, "replace"), (True, "replace")]),
        ("add", [(True, "add"), (True, "add")]),
    ],
)
async def test_choice(
    hass: HomeAssistant,
    page: EnergyPage,
    kh8: str,
    there: dict[str, Any],
    choice: str,
    expected: list[tuple[bool, str]],
) -> None:
    """What was chosen is done: theirs, ours, or both; and once more changes nothing."""
    kind = there["type"]
    await page.save(there, GAS)
    response = await put(hass, kh8, **{kind: choice})
    (step,) = (one for one in response["sources"] if one["type"] == kind)
    sources = await page.sources()
    known = [energy for _, energy in energies(sources)]
    assert [
        (there["stat_energy_from"] in known, step["action"]),
        (OURS[kind]["stat_energy_from"] in known, step["action"]),
    ] == expected
    assert GAS in sources
    again = await put(hass, kh8, **{kind: choice})
    assert again["changed"] is False
    assert await page.sources() == sources


async def test_replaced_in_its_place(
    hass: HomeAssistant, page: EnergyPage, kh8: str
) -> None:
    """Ours stands where the other one stood, and has its prices and forecasts."""
    second = {**SOLAR, "stat_energy_from": "sensor.roof"}
    forecasts = ["01FORECAST", "01OTHER"]
    second["config_entry_solar_forecast"] = forecasts
    await page.save(GRID, SOLAR, GAS, second)
    await put(hass, kh8, grid="replace", solar="replace")
    grid, solar, gas, battery = await page.sources()
    assert grid == OURS["grid"] | {
        "entity_energy_price": "sensor.tariff",
        "stat_compensation": "sensor.old_income",
        "cost_adjustment_day": 0.5,
    }
    assert solar == OURS["solar"] | {"config_entry_solar_forecast": forecasts}
    assert (gas, battery) == (GAS, OURS["battery"])


async def test_grid_is_kept(hass: HomeAssistant, page: EnergyPage, kh8: str) -> None:
    """A home has one grid: a meter that is there stays, and that is said."""
    await page.save(GRID)
    response = await put(hass, kh8)
    (step,) = (one for one in response["sources"] if one["type"] == "grid")
    assert (step["action"], step["existing"]) == ("keep", [GRID])
    assert await page.sources() == [GRID, OURS["battery"], OURS["solar"]]


async def test_replaced_beside_ours(
    hass: HomeAssistant, page: EnergyPage, kh8: str
) -> None:
    """Whoever had both can do with ours later, which takes over what it lacks."""
    await page.save(*OURS.values(), BATTERY, SOLAR, GRID)
    assert (await ask(hass, device_id=kh8))["changed"] is False
    choices = dict.fromkeys(("battery", "solar", "grid"), "replace")
    response = await put(hass, kh8, **choices)
    assert [step["action"] for step in response["sources"]] == ["replace"] * 3
    battery, solar, grid = await page.sources()
    assert battery == OURS["battery"]
    assert solar["config_entry_solar_forecast"] == ["01FORECAST"]
    assert grid["entity_energy_price"] == "sensor.tariff"
    # A day's adjustment of its own it has already.
    assert grid["cost_adjustment_day"] == 0


@pytest.mark.parametrize(
    ("given", "entity", "number"),
    [
        (0.31, None, 0.31),
        ("0.31", None, 0.31),
        ("sensor.tariff", "sensor.tariff", None),
    ],
)
async def test_prices(
    hass: HomeAssistant,
    page: EnergyPage,
    kh8: str,
    given: str | float,
    entity: str | None,
    number: float | None,
) -> None:
    """A price is a number or an entity, and takes the place of what was there."""
    hass.states.async_set("sensor.tariff", "0.3")
    await page.save(GRID)
    for _ in range(2):
        await put(hass, kh8, grid="replace", import_price=given, export_price=given)
        (grid,) = (one for one in await page.sources() if one["type"] == "grid")
        assert (grid["stat_cost"], grid["stat_compensation"]) == (None, None)
        assert grid["entity_energy_price"] == entity
        assert grid["entity_energy_price_export"] == entity
        assert grid["number_energy_price"] == number
        assert grid["number_energy_price_export"] == number


async def test_unknown_price(hass: HomeAssistant, page: EnergyPage, kh8: str) -> None:
    """An entity that is not there tells no price."""
    with pytest.raises(ServiceValidationError) as raised:
        await ask(hass, device_id=kh8, import_price="sensor.nowhere")
    assert raised.value.translation_key == "unknown_price"


@pytest.mark.parametrize("price", ["nan", "inf", "cheap", None])
async def test_no_price(
    hass: HomeAssistant, page: EnergyPage, kh8: str, price: object
) -> None:
    """What is neither number nor entity is refused."""
    with pytest.raises(Exception, match=r"import_price|finite|entity"):
        await ask(hass, device_id=kh8, import_price=price)


async def test_completed(hass: HomeAssistant, page: EnergyPage, kh8: str) -> None:
    """What a person has made by hand stays, and gets what it lacks."""
    by_hand = {
        key: value
        for key, value in OURS["battery"].items()
        if key in ("type", "stat_energy_from", "stat_energy_to")
    }
    inverted = {"stat_rate_inverted": "sensor.my_power"}
    solar = {"type": "solar", "stat_energy_from": OURS["solar"]["stat_energy_from"]}
    await page.save(
        {**by_hand, "name": "Cellar", "power_config": inverted},
        {**solar, "config_entry_solar_forecast": []},
    )
    response = await put(hass, kh8)
    assert [step["action"] for step in response["sources"]] == [
        "complete",
        "complete",
        "add",
    ]
    battery, solar, _ = await page.sources()
    assert (battery["name"], battery["power_config"]) == ("Cellar", inverted)
    assert battery["stat_rate"] == "sensor.my_power_inverted"
    assert battery["stat_soc"] == OURS["battery"]["stat_soc"]
    assert battery["capacity"] == OURS["battery"]["capacity"]
    assert solar["stat_rate"] == OURS["solar"]["stat_rate"]
    assert (await put(hass, kh8))["changed"] is False


async def test_disabled_sensors(
    hass: HomeAssistant,
    page: EnergyPage,
    kh8: str,
    entity_registry: er.EntityRegistry,
) -> None:
    """What a person has disabled is left out, and that is said."""
    disabled = ("battery_soc", "pv_energy", "grid_energy_exported", "grid_power")
    for key in disabled:
        entity_registry.async_update_entity(
            f"{KH8}_{key}", disabled_by=er.RegistryEntryDisabler.USER
        )
    response = await put(hass, kh8)
    name = "Fox ESS KH8"
    assert left_out(response) == {
        ("battery", name, "battery_soc", "disabled"),
        ("solar", name, "pv_energy", "disabled"),
        ("grid", name, "grid_energy_exported", "disabled"),
        ("grid", name, "grid_power", "disabled"),
    }
    assert deeds(response) == [("battery", name, "add"), ("grid", name, "add")]
    battery, grid = await page.sources()
    assert "stat_soc" not in battery
    assert grid["stat_energy_to"] is None
    assert "power_config" not in grid


async def test_no_meter(
    hass: HomeAssistant,
    page: EnergyPage,
    kh8: str,
    entity_registry: er.EntityRegistry,
) -> None:
    """Without any of its energies there is no grid."""
    for key in ("grid_energy_imported", "grid_energy_exported"):
        entity_registry.async_update_entity(
            f"{KH8}_{key}", disabled_by=er.RegistryEntryDisabler.USER
        )
    response = await ask(hass, device_id=kh8)
    assert left_out(response) == {("grid", "Fox ESS KH8", None, "disabled")}


async def test_own_names(
    hass: HomeAssistant,
    page: EnergyPage,
    kh8: str,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    """What a person calls things is what stands on the page."""
    device_registry.async_update_device(kh8, name_by_user="Cellar")
    entity_registry.async_update_entity(
        f"{KH8}_pv_energy", new_entity_id="sensor.roof_energy"
    )
    await put(hass, kh8)
    _, solar, _ = await page.sources()
    assert (solar["name"], solar["stat_energy_from"]) == (
        "Cellar",
        "sensor.roof_energy",
    )


async def test_restore(
    hass: HomeAssistant, page: EnergyPage, kh8: str, freezer: FrozenDateTimeFactory
) -> None:
    """What was there comes back, and so does what took its place."""
    devices = [{"stat_consumption": "sensor.washer"}]
    await page.save(GRID, BATTERY, device_consumption=devices)
    before = await page.preferences()
    await put(hass, kh8, battery="replace", grid="replace")
    after = await page.preferences()
    assert after != before
    for expected in (before, after, before):
        freezer.tick(timedelta(minutes=1))
        response = await ask(hass, RESTORE)
        assert response["preferences"] == await page.preferences() == expected
        assert response["backups"] == [dt_util.utcnow().isoformat()]


async def test_many_backups(
    hass: HomeAssistant, page: EnergyPage, kh8: str, freezer: FrozenDateTimeFactory
) -> None:
    """The last ten states are kept, and each can be asked for."""
    for price in range(12):
        freezer.tick(timedelta(minutes=1))
        await put(hass, kh8, import_price=price)
    first = (await ask(hass, RESTORE))["backups"]
    assert len(first) == 10
    assert first == sorted(first, reverse=True)
    response = await ask(hass, RESTORE, time=first[-1])
    (grid,) = (
        source
        for source in response["preferences"]["energy_sources"]
        if source["type"] == "grid"
    )
    assert grid["number_energy_price"] == 1
    assert first[-1] not in response["backups"]


@pytest.mark.parametrize("data", [{}, {"time": "2026-06-15T10:00:00+00:00"}])
async def test_nothing_to_restore(
    hass: HomeAssistant, page: EnergyPage, data: dict[str, str]
) -> None:
    """Where nothing was changed, nothing can be put back."""
    with pytest.raises(ServiceValidationError) as raised:
        await ask(hass, RESTORE, **data)
    assert raised.value.translation_key == "no_energy_backup"


async def test_refused_by_the_page(
    hass: HomeAssistant, page: EnergyPage, kh8: str
) -> None:
    """What the page would not understand is not written, and nothing is lost."""
    mixed = {**GRID, "stat_energy_to": OURS["grid"]["stat_energy_to"]}
    await page.save(mixed)
    with pytest.raises(HomeAssistantError) as raised:
        await put(hass, kh8, grid="add")
    assert raised.value.translation_key == "energy_page_refused"
    assert await page.sources() == [mixed]


@pytest.mark.parametrize("action", [SETUP, RESTORE])
async def test_only_for_administrators(
    hass: HomeAssistant,
    page: EnergyPage,
    kh8: str,
    hass_read_only_user: MockUser,
    action: str,
) -> None:
    """Nobody else may change the page."""
    data = {SETUP: {"device_id": kh8}, RESTORE: {}}[action]
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            "home_battery",
            action,
            data,
            blocking=True,
            return_response=True,
            context=Context(user_id=hass_read_only_user.id),
        )


@pytest.mark.parametrize("action", [SETUP, RESTORE])
async def test_without_an_energy_page(
    hass: HomeAssistant, kh8: str, action: str
) -> None:
    """Where Home Assistant has no energy page, that is said."""
    data = {SETUP: {"device_id": kh8}, RESTORE: {}}[action]
    with pytest.raises(ServiceValidationError) as raised:
        await ask(hass, action, **data)
    assert raised.value.translation_key == "no_energy_page"
