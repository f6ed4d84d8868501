"""Tests of what people can choose in the blueprints for other tools."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.core import HomeAssistant

from ..blueprints.conftest import AddBlueprint, Battery

# A minute past noon in Berlin, so that nothing is looked at by the clock at first.
NOON = "2026-06-15T10:01:00+00:00"
END = "2026-06-15T10:36:00+00:00"
STOP: tuple[str, dict[str, Any]] = ("stop_override", {})
CHARGED: dict[str, Any] = {"duration": 720, "then_hold": True}


def charge(power: float, target_soc: float = 100) -> tuple[str, dict[str, Any]]:
    """Return that a battery is to charge."""
    return ("force_charge", {"power": power, "target_soc": target_soc, "end": END})


def discharge(power: float, target_soc: float = 20) -> tuple[str, dict[str, Any]]:
    """Return that a battery is to discharge."""
    return ("force_discharge", {"power": power, "target_soc": target_soc, "end": END})


def hold() -> tuple[str, dict[str, Any]]:
    """Return that a battery is to rest."""
    return ("hold", {"direction": "both", "end": END})


@pytest.mark.parametrize(
    ("inputs", "power", "override", "expected"),
    [
        ({}, -1000, "none", [charge(1000)]),
        ({}, 1000, "none", [discharge(1000)]),
        ({}, 1090, "force_charge", [discharge(1000)]),
        ({}, -9000, "none", [charge(5000)]),
        ({"most": 3100}, -9000, "none", [charge(3000)]),
        ({"dead_band": 500}, 1700, "none", [discharge(1500)]),
        ({"dead_band": 500}, 499, "force_charge", [STOP]),
        ({"positive": "charge"}, 1000, "none", [charge(1000)]),
        ({"charge_to": 80}, -1000, "none", [charge(1000, 80)]),
        ({"discharge_to": 40}, 1000, "none", [discharge(1000, 40)]),
        ({}, 0, "none", []),
        ({}, 0, "hold", []),
        ({}, 0, "force_discharge", [STOP]),
        ({"at_zero": "hold"}, -199, "none", [hold()]),
        ({}, "unknown", "force_charge", []),
        ({}, "unavailable", "force_charge", []),
    ],
)
async def test_power(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
    inputs: dict[str, Any],
    power: float | str,
    override: str,
    expected: list[tuple[str, dict[str, Any]]],
) -> None:
    """A power becomes a call with bounds and an end."""
    freezer.move_to(NOON)
    battery.status["override"] = override
    await add_automation(
        "power_set_point",
        battery=battery.device_id,
        set_point="sensor.power",
        **inputs,
    )
    hass.states.async_set("sensor.power", str(power))
    await hass.async_block_till_done()
    assert battery.told == expected


@pytest.mark.parametrize(
    ("event", "minutes", "powers"),
    [
        ("started", 5, {1000}),
        ("started", 15, {1000, 2000}),
        ("target_unreachable", 5, {1000}),
        ("cancelled", 5, {1000, 2000}),
    ],
)
async def test_least_interval(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
    event: str,
    minutes: int,
    powers: set[float],
) -> None:
    """Another power is told only some time after the last; the first one at once."""
    freezer.move_to(NOON)
    await add_automation(
        "power_set_point", battery=battery.device_id, set_point="sensor.power"
    )
    hass.states.async_set("sensor.power", "-1000")
    await hass.async_block_till_done()
    hass.states.async_set("event.cellar_override", NOON, {"event_type": event})
    freezer.tick(timedelta(minutes=minutes))
    hass.states.async_set("sensor.power", "-2000")
    await hass.async_block_till_done()
    assert {data["power"] for _, data in battery.told} == powers


async def test_power_is_old(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
) -> None:
    """A power is told again until it is old, always with the same end."""
    freezer.move_to(NOON)
    await add_automation(
        "power_set_point", battery=battery.device_id, set_point="sensor.power"
    )
    hass.states.async_set("sensor.power", "-1000")
    for _ in range(24):
        freezer.tick(timedelta(minutes=5))
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
    assert battery.told == [charge(1000)] * 7


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"battery_mode": "normal"}, [STOP]),
        ({"battery_mode": "hold"}, [("hold", {"duration": 720})]),
        ({"battery_mode": "hold", "longest": 2}, [("hold", {"duration": 120})]),
        (
            {"battery_mode": "holdcharge"},
            [("hold", {"duration": 720, "direction": "charge"})],
        ),
        (
            {"battery_mode": "charge"},
            [("force_charge", {**CHARGED, "target_soc": 100})],
        ),
        (
            {"battery_mode": "charge", "target_soc": 60, "power": 2000},
            [("force_charge", {**CHARGED, "target_soc": 60, "power": 2000})],
        ),
        ({"battery_mode": "discharge"}, [("force_discharge", {"duration": 720})]),
        (
            {"battery_mode": "discharge", "power": 2000},
            [("force_discharge", {"duration": 720, "power": 2000})],
        ),
    ],
)
async def test_mode_of_evcc(
    hass: HomeAssistant,
    add_script: AddBlueprint,
    battery: Battery,
    inputs: dict[str, Any],
    expected: list[tuple[str, dict[str, Any]]],
) -> None:
    """Each mode is one call, with an end."""
    await add_script("evcc_battery_mode", battery=battery.device_id, **inputs)
    await hass.services.async_call("script", "evcc_battery_mode", {}, blocking=True)
    assert battery.told == expected
