"""Tests of the blueprints that steer a battery while something is on."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant

from .conftest import AddBlueprint, Battery

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 15, 22, 10, tzinfo=BERLIN)
CHARGE = ("force_charge", {"target_soc": 100, "end": "2026-06-16T05:00:00+02:00"})
HOLD = ("hold", {"end": "2026-06-16T11:00:00+02:00"})
STOP: tuple[str, dict[str, Any]] = ("stop_override", {})


@pytest.fixture(autouse=True)
def frozen(freezer: FrozenDateTimeFactory) -> None:
    """Freeze time in the evening."""
    freezer.move_to(NOW)


async def change(hass: HomeAssistant, entity_id: str, *states: str) -> None:
    """Change a state, once or several times."""
    for state in states:
        hass.states.async_set(entity_id, state)
        await hass.async_block_till_done()


async def later(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let a quarter of an hour pass."""
    freezer.tick(timedelta(minutes=15))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()


async def start(hass: HomeAssistant) -> None:
    """Bring Home Assistant to where it has started."""
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("inputs", "soc", "override", "states", "expected"),
    [
        ({}, 40, "none", ("on",), [CHARGE]),
        ({}, 40, "hold", ("on",), [CHARGE]),
        ({}, 40, "none", ("on", "unavailable", "on"), [CHARGE, CHARGE]),
        ({}, 97, "none", ("on",), []),
        ({}, 40, "force_charge", ("on",), []),
        ({}, 40, "force_charge", ("on", "off"), [STOP]),
        ({}, 40, "hold", ("off",), []),
        ({}, 40, "none", ("unavailable", "unknown"), []),
        (
            {"power": 2000, "target_soc": 80, "longest": 1},
            40,
            "none",
            ("on",),
            [
                (
                    "force_charge",
                    {
                        "target_soc": 80,
                        "power": 2000,
                        "end": "2026-06-16T00:00:00+02:00",
                    },
                )
            ],
        ),
    ],
)
async def test_battery_charges_while_power_is_cheap(
    hass: HomeAssistant,
    add_automation: AddBlueprint,
    battery: Battery,
    inputs: dict[str, Any],
    soc: float,
    override: str,
    states: tuple[str, ...],
    expected: list[tuple[str, dict[str, Any]]],
) -> None:
    """It begins and ends with what says so, and repeats only what means the same."""
    battery.status["battery_soc"] = soc
    battery.status["override"] = override
    await add_automation(
        "charge_while_cheap",
        battery=battery.device_id,
        cheap="binary_sensor.off_peak",
        **inputs,
    )
    await change(hass, "binary_sensor.off_peak", *states)
    assert battery.told == expected


@pytest.mark.parametrize(
    ("inputs", "override", "states", "expected"),
    [
        ({}, "none", ("on",), [HOLD]),
        ({}, "none", ("charging",), [HOLD]),
        ({}, "none", ("connected", "11000"), [HOLD]),
        ({}, "none", ("connected", "200"), []),
        ({}, "hold", ("11000", "10900", "0"), [STOP]),
        ({}, "hold", ("11000", "unavailable"), []),
        ({}, "force_charge", ("off",), []),
        ({"words": ["lädt"]}, "none", ("lädt",), [HOLD]),
        ({"watts": 100}, "none", ("200",), [HOLD]),
    ],
)
async def test_battery_holds_while_a_car_charges(
    hass: HomeAssistant,
    add_automation: AddBlueprint,
    battery: Battery,
    inputs: dict[str, Any],
    override: str,
    states: tuple[str, ...],
    expected: list[tuple[str, dict[str, Any]]],
) -> None:
    """A car is known by a state, a word or a power, and what others do is left alone."""
    battery.status["override"] = override
    await add_automation(
        "hold_while_car_charges",
        battery=battery.device_id,
        car="sensor.wallbox",
        **inputs,
    )
    await change(hass, "sensor.wallbox", *states)
    assert battery.told == expected


BOTH = pytest.mark.parametrize(
    ("name", "inputs", "word", "told"),
    [
        ("charge_while_cheap", {"cheap": "switch.it"}, "force_charge", CHARGE),
        ("hold_while_car_charges", {"car": "switch.it"}, "hold", HOLD),
    ],
)


@BOTH
async def test_what_did_not_get_through_is_told_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
    name: str,
    inputs: dict[str, Any],
    word: str,
    told: tuple[str, dict[str, Any]],
) -> None:
    """Until the battery does it, the very same is told; afterwards nothing."""
    await add_automation(name, battery=battery.device_id, **inputs)
    await change(hass, "switch.it", "on")
    await later(hass, freezer)
    assert battery.told == [told, told]
    battery.status["override"] = word
    await later(hass, freezer)
    assert battery.told == [told, told]


@BOTH
async def test_what_a_person_does_meanwhile_stays(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
    name: str,
    inputs: dict[str, Any],
    word: str,
    told: tuple[str, dict[str, Any]],
) -> None:
    """An override that somebody begins while nothing is on is not stopped."""
    hass.states.async_set("switch.it", "off")
    await add_automation(name, battery=battery.device_id, **inputs)
    battery.status["override"] = word
    await later(hass, freezer)
    assert battery.told == []


@pytest.mark.parametrize(
    ("name", "inputs", "word", "states"),
    [
        ("charge_while_cheap", {"cheap": "sensor.it"}, "force_charge", ("off", "on")),
        ("hold_while_car_charges", {"car": "sensor.it"}, "hold", ("off", "on")),
        ("hold_while_car_charges", {"car": "sensor.it"}, "hold", ("0", "7000")),
    ],
)
@pytest.mark.parametrize("event", ["cancelled", "superseded"])
async def test_stopped_by_somebody(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_automation: AddBlueprint,
    battery: Battery,
    name: str,
    inputs: dict[str, Any],
    word: str,
    states: tuple[str, str],
    event: str,
) -> None:
    """What somebody stops is not begun again before it has ended and begins anew."""
    await add_automation(name, battery=battery.device_id, **inputs)
    await change(hass, "sensor.it", *states)
    assert [name for name, _ in battery.told] == [word]
    freezer.tick(timedelta(minutes=5))
    hass.states.async_set(
        "event.cellar_override",
        datetime.now(BERLIN).isoformat(),
        {"event_type": event, "mode": word},
    )
    await later(hass, freezer)
    await change(hass, "sensor.it", states[1].replace("7000", "7100"))
    assert [name for name, _ in battery.told] == [word]
    await change(hass, "sensor.it", *states)
    assert [name for name, _ in battery.told] == [word, word]


@BOTH
async def test_end_that_was_missed(
    hass: HomeAssistant,
    add_automation: AddBlueprint,
    battery: Battery,
    name: str,
    inputs: dict[str, Any],
    word: str,
    told: tuple[str, dict[str, Any]],
) -> None:
    """What ended while Home Assistant was down is stopped when it starts."""
    hass.set_state(CoreState.starting)
    hass.states.async_set("switch.it", "off")
    battery.status["override"] = word
    await add_automation(name, battery=battery.device_id, **inputs)
    assert battery.told == []
    await start(hass)
    assert battery.told == [STOP]


@BOTH
async def test_beginning_that_was_missed(
    hass: HomeAssistant,
    add_automation: AddBlueprint,
    battery: Battery,
    name: str,
    inputs: dict[str, Any],
    word: str,
    told: tuple[str, dict[str, Any]],
) -> None:
    """What began while Home Assistant was down is told when it starts."""
    hass.set_state(CoreState.starting)
    hass.states.async_set("switch.it", "on")
    await add_automation(name, battery=battery.device_id, **inputs)
    await start(hass)
    assert battery.told == [told]
