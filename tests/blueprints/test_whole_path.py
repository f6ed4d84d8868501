"""Tests of blueprints from the price to the device, with nothing in between replaced."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator import Simulation

from ..actions import act, device_id, state, writes
from ..conftest import async_pass
from .conftest import AddBlueprint
from .sources import Slot, own
from .test_blueprints import ABOUT
from .test_while import change

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 15, 12, tzinfo=BERLIN)
HOUR = timedelta(hours=1)


@pytest.fixture
def sim(sim: Simulation, freezer: FrozenDateTimeFactory) -> Simulation:
    """Return a house with a good part of a battery and no sun, at ten minutes past noon."""
    (inverter,) = sim.foxess.inverters
    assert inverter.unit.battery is not None
    inverter.unit.battery.soc = 75
    inverter.set_pv(0)
    freezer.tick(timedelta(minutes=10))
    return sim


def periods(sim: Simulation) -> list[tuple[int, int, str]]:
    """Return what the device's schedule holds in force: minutes of the day, and modes."""
    (inverter,) = sim.foxess.inverters
    return [
        (group.start, group.end, group.work_mode)
        for group in inverter.scheduler.groups
        if group.enabled and inverter.scheduler.enabled
    ]


async def live(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, *, hours: float
) -> None:
    """Let time pass in steps of 5 minutes."""
    for _ in range(round(hours * 12)):
        await async_pass(hass, freezer, minutes=5)


@pytest.mark.parametrize(
    ("name", "inputs", "prices", "mode"),
    [
        (
            "charge_cheapest",
            {"earliest": "12:00:00", "latest": "20:00:00", "hours": 2, "power": 500},
            [5, 4, 1, 2, 6, 7, 8, 9],
            "ForceCharge",
        ),
        (
            "discharge_dearest",
            {"earliest": "12:00:00", "latest": "20:00:00", "hours": 2, "power": 500},
            [5, 4, 9, 8, 6, 7, 1, 2],
            "ForceDischarge",
        ),
    ],
)
async def test_by_price(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    add_script: AddBlueprint,
    add_automation: AddBlueprint,
    name: str,
    inputs: dict[str, Any],
    prices: list[float],
    mode: str,
) -> None:
    """The device is told once, with its end, and then is as it was."""
    slots = [
        Slot(NOON + number * HOUR, NOON + (number + 1) * HOUR, price)
        for number, price in enumerate(prices)
    ]
    await add_script("prices", **own(hass, slots, []))
    await add_automation(
        name, battery=device_id(hass, loaded), prices="script.prices", **inputs
    )
    await live(hass, freezer, hours=1.5)
    assert periods(sim) == []
    await live(hass, freezer, hours=1)
    (period,) = periods(sim)
    assert period == (840, 959, mode)
    told = len(writes(sim))
    await live(hass, freezer, hours=1)
    assert len(writes(sim)) == told
    await live(hass, freezer, hours=2)
    assert periods(sim) == []
    assert state(hass, "sensor.fox_ess_kh8_override") == "none"
    assert state(hass, "sensor.fox_ess_kh8_writes_today") == "2"


@pytest.mark.parametrize(
    ("name", "inputs", "override"),
    [
        ("charge_while_cheap", {"cheap": "switch.it", "power": 500}, "force_charge"),
        ("hold_while_car_charges", {"car": "switch.it"}, "hold"),
    ],
)
async def test_while_something_is_on(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    name: str,
    inputs: dict[str, Any],
    override: str,
) -> None:
    """It runs while something is on, for two writes in all."""
    await add_automation(name, battery=device_id(hass, loaded), **inputs)
    await change(hass, "switch.it", "on")
    await live(hass, freezer, hours=1)
    assert state(hass, "sensor.fox_ess_kh8_override") == override
    assert periods(sim)
    await change(hass, "switch.it", "off")
    await live(hass, freezer, hours=0.1)
    assert state(hass, "sensor.fox_ess_kh8_override") == "none"
    assert periods(sim) == []
    assert state(hass, "sensor.fox_ess_kh8_writes_today") == "2"


async def test_storm(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
) -> None:
    """The minimum SOC on grid goes up and comes back; the outage reserve stays."""
    reserve = state(hass, "number.fox_ess_kh8_min_soc")
    await add_automation(
        "storm_reserve",
        battery=device_id(hass, loaded),
        warning="binary_sensor.storm",
        usual=20,
    )
    await change(hass, "binary_sensor.storm", "on")
    await live(hass, freezer, hours=0.1)
    assert float(state(hass, "number.fox_ess_kh8_min_soc_on_grid")) == 80
    await change(hass, "binary_sensor.storm", "off")
    await live(hass, freezer, hours=0.1)
    assert float(state(hass, "number.fox_ess_kh8_min_soc_on_grid")) == 20
    assert state(hass, "number.fox_ess_kh8_min_soc") == reserve


async def test_stopped_by_a_person(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
) -> None:
    """What a person stops is over, until the car charges the next time."""
    await add_automation(
        "hold_while_car_charges", battery=device_id(hass, loaded), car="switch.it"
    )
    await change(hass, "switch.it", "on")
    assert periods(sim)
    await live(hass, freezer, hours=0.2)
    assert await act(hass, loaded, "stop_override") == {"outcome": "stopped"}
    await live(hass, freezer, hours=1)
    assert periods(sim) == []
    await change(hass, "switch.it", "off", "on")
    assert periods(sim)


async def test_full_charge(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
) -> None:
    """The battery is charged once, and then counts as full."""
    await add_automation("full_charge", battery=device_id(hass, loaded))
    await live(hass, freezer, hours=3)
    last_full = datetime.fromisoformat(
        state(hass, "sensor.fox_ess_kh8_battery_last_full")
    )
    assert NOON < last_full < NOON + 2 * HOUR
    assert state(hass, "sensor.fox_ess_kh8_override") == "none"
    assert state(hass, "sensor.fox_ess_kh8_writes_today") == "2"
    assert periods(sim) == []


@pytest.mark.usefixtures("all_enabled")
async def test_filters_find_what_is_meant(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A form that asks for one of our entities offers at least one."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), loaded.entry_id)
    offered = {
        (it.domain, it.device_class or it.original_device_class) for it in entities
    }
    wanted = [
        about["selector"]["entity"]["filter"]
        for blueprint in ABOUT.values()
        for about in blueprint["input"].values()
        if about["selector"].get("entity", {}).get("filter", {}).get("integration")
    ]
    assert len(wanted) == 4
    assert [
        it
        for it in wanted
        if not any(
            it["domain"] == domain and it.get("device_class", kind) == kind
            for domain, kind in offered
        )
    ] == []
