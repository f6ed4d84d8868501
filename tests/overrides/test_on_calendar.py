"""The calendar of each brand: the schedule, and what lies over it."""

from typing import Any

import pytest

from .brands import BRANDS
from .stage import Stage

every_brand = pytest.mark.parametrize("stage", BRANDS, ids=str, indirect=True)


async def events(stage: Stage) -> list[tuple[str, str, str]]:
    """Return start, end and title of all that is on the calendar today."""
    entity_id = stage.entity_id("calendar", "schedule")
    response: Any = await stage.hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": entity_id,
            "start_date_time": "2026-06-15 01:00:00",
            "end_date_time": "2026-06-15 23:00:00",
        },
        blocking=True,
        return_response=True,
    )
    return [
        (one["start"][11:16], one["end"][11:16], one["summary"])
        for one in response[entity_id]["events"]
    ]


@every_brand
async def test_schedule_and_override(stage: Stage) -> None:
    """An override takes the place of what it covers, and gives it back."""
    base = await events(stage)
    assert ("12:10", "13:10", "Force charge") not in base
    await stage.act("force_charge", end="13:10", target_soc=100)
    assert ("12:10", "13:10", "Force charge") in await events(stage)
    assert stage.value("calendar", "schedule") == "on"
    await stage.act("stop_override")
    assert await events(stage) == base


@every_brand
async def test_schedule_that_a_person_sets(stage: Stage) -> None:
    """What the action takes is what the calendar shows."""
    period = {"start": "14:00", "end": "16:00", "mode": "force_charge", "power": 500}
    held = await stage.act("get_schedule")
    mode = next(
        mode
        for mode in ("force_charge", "growatt_load_first")
        if mode in held["capabilities"]["modes"]
    )
    await stage.act("set_schedule", periods=[{**period, "mode": mode}])
    (found,) = await events(stage)
    assert found[:2] == ("14:00", "16:00")
    assert stage.value("calendar", "schedule") == "off"
