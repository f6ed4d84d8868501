"""Tests of the blueprints that change a limit and put it back."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import CoreState, HomeAssistant

from .conftest import AddBlueprint, Battery
from .test_while import change, later, start

RAISED = ("set_soc_limits", {"min_soc_on_grid": 80})
USUAL = ("set_soc_limits", {"min_soc_on_grid": 10})
CHARGE = ("force_charge", {"target_soc": 80, "duration": 720})
ZERO = ("set_value", {"entity_id": ["number.cellar_export_limit"], "value": 0})
FULL = ("set_value", {"entity_id": ["number.cellar_export_limit"], "value": 8000})


@pytest.mark.parametrize(
    ("inputs", "held", "states", "expected"),
    [
        ({}, "10", ("on",), [RAISED]),
        ({}, "80", ("on", "off"), [RAISED, USUAL]),
        ({}, "unknown", ("off",), [USUAL]),
        # Somebody chose another one meanwhile.
        ({}, "50", ("on", "off"), [RAISED]),
        ({}, "80", ("on", "unavailable"), [RAISED]),
        ({"charge": True}, "10", ("on",), [RAISED, CHARGE]),
        ({"charge": True, "reserve": 40}, "10", ("off",), []),
    ],
)
async def test_storm_reserve(
    hass: HomeAssistant,
    add_automation: AddBlueprint,
    battery: Battery,
    inputs: dict[str, Any],
    held: str,
    states: tuple[str, ...],
    expected: list[tuple[str, dict[str, Any]]],
) -> None:
    """The reserve is raised with a warning and put back after it."""
    hass.states.async_set("number.cellar_min_soc_on_grid", held)
    await add_automation(
        "storm_reserve",
        battery=battery.device_id,
        warning="binary_sensor.storm",
        **inputs,
    )
    await change(hass, "binary_sensor.storm", *states)
    assert battery.told == expected


@pytest.mark.parametrize(("held", "expected"), [("80", [USUAL]), ("10", [])])
async def test_storm_that_went_by_unseen(
    hass: HomeAssistant,
    add_automation: AddBlueprint,
    battery: Battery,
    held: str,
    expected: list[tuple[str, dict[str, Any]]],
) -> None:
    """A reserve that was left behind is put back at the start, and nothing else."""
    hass.set_state(CoreState.starting)
    hass.states.async_set("binary_sensor.storm", "off")
    hass.states.async_set("number.cellar_min_soc_on_grid", held)
    await add_automation(
        "storm_reserve", battery=battery.device_id, warning="binary_sensor.storm"
    )
    await start(hass)
    assert battery.told == expected


@pytest.mark.usefixtures("battery")
async def test_reserve_for_an_outage_is_not_touched(
    hass: HomeAssistant, add_automation: AddBlueprint, battery: Battery
) -> None:
    """Whatever is told, it is not the minimum SOC off grid."""
    hass.states.async_set("number.cellar_min_soc_on_grid", "80")
    await add_automation(
        "storm_reserve",
        battery=battery.device_id,
        warning="binary_sensor.storm",
        charge=True,
    )
    await change(hass, "binary_sensor.storm", "on", "off")
    assert len(battery.told) == 3
    assert all("min_soc" not in data for _, data in battery.told)


@pytest.mark.parametrize(
    ("inputs", "held", "states", "expected"),
    [
        ({}, "6000", ("-0.01",), [ZERO]),
        ({}, "0", ("-0.01", "-0.5"), []),
        ({}, "0", ("0.05",), [FULL]),
        # Somebody chose another one meanwhile.
        ({}, "5000", ("0.05",), []),
        ({}, "8000", ("0", "0.05"), []),
        ({}, "0", ("unavailable", "unknown"), []),
        ({}, "unavailable", ("-0.01",), []),
        ({"below": 0.03}, "8000", ("0.02",), [ZERO]),
    ],
)
async def test_no_export_below_a_price(
    hass: HomeAssistant,
    add_automation: AddBlueprint,
    battery: Battery,
    inputs: dict[str, Any],
    held: str,
    states: tuple[str, ...],
    expected: list[tuple[str, dict[str, Any]]],
) -> None:
    """The limit goes down with the price, and comes back with it."""
    hass.states.async_set("number.cellar_export_limit", held)
    await add_automation(
        "zero_export",
        export_limit="number.cellar_export_limit",
        price="sensor.price",
        usual=8000,
        **inputs,
    )
    await change(hass, "sensor.price", *states)
    assert battery.told == expected


async def test_limit_that_did_not_get_through(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
) -> None:
    """Until the inverter holds the limit, it is told again; afterwards not."""
    hass.states.async_set("sensor.price", "-0.01")
    await add_automation(
        "zero_export",
        export_limit="number.cellar_export_limit",
        price="sensor.price",
        usual=8000,
    )
    await later(hass, freezer)
    await later(hass, freezer)
    assert battery.told == [ZERO, ZERO]
    hass.states.async_set("number.cellar_export_limit", "0")
    await later(hass, freezer)
    assert battery.told == [ZERO, ZERO]
