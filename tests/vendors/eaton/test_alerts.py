"""Alerts: what is wrong, what has happened, and the words for all of it."""

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.home_battery.vendors.eaton.alerts import KINDS
from homeassistant.core import HomeAssistant
from tests.conftest import async_pass
from tests.texts import LANGUAGES

from .entries import Seen


async def test_fault_comes_and_goes(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """A customer is told of a fault, and of its end."""
    assert seen.value("binary_sensor", "problem") == "off"
    assert seen.value("sensor", "fault") == "none"
    assert seen.value("event", "alert") == "unknown"
    seen.unit.raise_alert("BATTERY_VOLTAGE_LOW")
    await async_pass(hass, freezer, seconds=60)
    assert seen.value("binary_sensor", "problem") == "on"
    assert seen.value("sensor", "fault") == "BATTERY_VOLTAGE_LOW"
    assert seen.value("sensor", "last_fault") == "BATTERY_VOLTAGE_LOW"
    raised = seen.state("event", "alert")
    assert {
        key: raised.attributes[key] for key in ("event_type", "level", "resolved")
    } == {"event_type": "battery_voltage_low", "level": "critical", "resolved": False}
    seen.unit.resolve_alert("BATTERY_VOLTAGE_LOW")
    await async_pass(hass, freezer, seconds=60)
    assert seen.value("binary_sensor", "problem") == "off"
    assert seen.value("sensor", "fault") == "none"
    assert seen.value("sensor", "last_fault") == "BATTERY_VOLTAGE_LOW"
    over = seen.state("event", "alert")
    assert over.state > raised.state
    assert over.attributes["resolved"] is True


async def test_reading_resolves_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """An alert that somebody has read is as active as before."""
    seen.unit.raise_alert("FAN_LOCK")
    await async_pass(hass, freezer, seconds=60)
    assert seen.value("sensor", "unread_alerts") == "1"
    await seen.do("button", "press", "read_alerts")
    await async_pass(hass, freezer, seconds=60)
    assert seen.value("sensor", "unread_alerts") == "0"
    assert seen.value("binary_sensor", "problem") == "on"


@pytest.mark.parametrize(
    ("code", "kind"), [("ZPV_PE_FAIL", "zpv_pe_fail"), ("MOON_FAIL", "unknown_fault")]
)
async def test_kind(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    seen: Seen,
    code: str,
    kind: str,
) -> None:
    """A kind that nobody knows is told by its code."""
    seen.unit.raise_alert(code)
    await async_pass(hass, freezer, seconds=60)
    attributes = seen.state("event", "alert").attributes
    assert (attributes["event_type"], attributes["code"]) == (kind, code)


async def test_old_alerts_alarm_nobody(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seen: Seen
) -> None:
    """What was told before a reload is not told again."""
    seen.unit.raise_alert("FAN_LOCK")
    await async_pass(hass, freezer, seconds=60)
    told = seen.value("event", "alert")
    await hass.config_entries.async_reload(seen.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await async_pass(hass, freezer, seconds=60)
    assert seen.value("event", "alert") in {told, "unknown"}
    assert seen.value("binary_sensor", "problem") == "on"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_alert_has_words(language: str) -> None:
    """Each alert that the unit knows is said in words of each language."""
    event = LANGUAGES[language]["entity"]["event"]["alert"]
    words = event["state_attributes"]["event_type"]["state"]
    assert words.keys() == set(KINDS)
    assert len(KINDS) == 51
