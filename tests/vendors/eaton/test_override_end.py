"""An override of whole hours ends as it was meant to, to the minute."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from tests.conftest import async_pass

from .conftest import See
from .entries import Seen

KEPT = ("startTime", "endTime", "recurrence", "command", "parameters")
PEAK = {"start": "18:00", "end": "20:00", "mode": "peak_shaving", "power": 4000}


def events(seen: Seen) -> list[dict[str, Any]]:
    """Return what the unit's schedule says, whatever it calls its events."""
    return [
        {key: value for key, value in event.as_json().items() if key in KEPT}
        for event in seen.unit.device.schedule.events.values()
    ]


async def test_whole_hour(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, see: See
) -> None:
    """The unit counts in whole minutes, and so is done some seconds before us."""
    seen = await see("NO-PV")
    await async_pass(hass, freezer, seconds=40)
    await seen.act("force_charge", duration=60, power=360)
    for _ in range(375):
        await async_pass(hass, freezer, seconds=10)
    assert seen.state("event", "override").attributes["event_type"] == "ended"


async def test_just_in_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, see: See
) -> None:
    """What begins later is in the unit's schedule until then, and nothing is left of it."""
    seen = await see("NO-PV")
    await seen.act("set_schedule", periods=[PEAK])
    before = events(seen)
    soc = seen.number("battery_soc")
    await seen.act(
        "force_charge", target_soc=soc + 15, end="17:00", pace="just_in_time"
    )
    assert len(events(seen)) == len(before) + 1
    for _ in range(295):
        await async_pass(hass, freezer, minutes=1)
    assert seen.number("battery_soc") == pytest.approx(soc + 15, abs=1.5)
    for _ in range(10):
        await async_pass(hass, freezer, minutes=1)
    assert seen.state("event", "override").attributes["event_type"] == "target_reached"
    assert events(seen) == before
