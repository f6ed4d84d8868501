"""The unit's own schedule."""

from typing import Any

import pytest

from .client import Client

# The simulations begin on a Monday at 12:00.
NIGHT = {
    "command": "SET_CHARGE",
    "startTime": 30,
    "endTime": 430,
    "recurrence": "EVERYDAY",
    "parameters": {"power": 50, "soc": 95, "action": "ACTION_CHARGE"},
}


async def create(client: Client, **changes: Any) -> Any:
    """Create an event."""
    return await client.call("POST", "schedule/event", {**NIGHT, **changes})


async def test_round(client: Client) -> None:
    """An event is created, listed, read, changed and deleted."""
    assert await client.get("schedule/") == {"results": []}
    client.pass_time(minutes=1)
    stored = (await create(client)).result
    assert {key: stored[key] for key in NIGHT} == NIGHT
    assert await client.get("schedule/") == {"results": [stored]}
    path = f"schedule/event/{stored['id']}"
    assert await client.get(path) == stored
    changed = (await client.call("PUT", path, {**NIGHT, "endTime": 500})).result
    assert (changed["id"], changed["endTime"]) == (stored["id"], 500)
    told = (await client.get("device"))["deviceLastScheduleUpdate"]
    assert told == changed["updatedAt"] // 1000
    assert (await client.call("DELETE", path)).result is None
    assert await client.get("schedule/") == {"results": []}
    for method, body in (("GET", None), ("PUT", NIGHT), ("DELETE", None)):
        assert (await client.call(method, path, body)).status == 404


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"startTime": 400, "endTime": 600}, 400),
        ({"startTime": 100, "endTime": 200, "recurrence": "WEEKENDS"}, 400),
        ({"startTime": 0, "endTime": 31}, 400),
        ({"startTime": 430, "endTime": 600}, 200),
        ({"startTime": 0, "endTime": 30}, 200),
    ],
)
async def test_overlap(client: Client, other: dict[str, Any], status: int) -> None:
    """Events do not overlap on any day; one may begin where another ends."""
    await create(client)
    answer = await create(client, **other)
    assert answer.status == status
    assert len((await client.get("schedule/"))["results"]) == 1 + (status == 200)


async def test_overlap_says_so(client: Client) -> None:
    """An overlap has a code of its own, also when an event moves, and never with itself."""
    first = (await create(client)).result
    second = (await create(client, startTime=600, endTime=700)).result
    answer = await create(client)
    assert answer.error["errCode"] == "err_schedule_add_event_overlap"
    for stored, status in ((first, 200), (second, 400)):
        path = f"schedule/event/{stored['id']}"
        assert (await client.call("PUT", path, NIGHT)).status == status


async def test_weekdays_and_weekends_do_not_meet(client: Client) -> None:
    """The same hours may differ between weekdays and weekends."""
    assert (await create(client, recurrence="WEEK_DAYS")).status == 200
    assert (await create(client, recurrence="WEEKENDS")).status == 200
    assert (await create(client)).status == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"startTime": 2300, "endTime": 300},
        {"startTime": 100, "endTime": 100},
        {"startTime": 100, "endTime": 129},
        {"startTime": 100, "endTime": 2400},
        {"startTime": 160, "endTime": 300},
        {"startTime": -1},
        {"startTime": "30"},
        {"recurrence": "DAILY"},
        {"recurrence": ""},
        {"command": "SET_NOTHING"},
        {"parameters": {}},
    ],
)
async def test_refused(client: Client, changes: dict[str, Any]) -> None:
    """An event ends on the day it begins, half an hour later at the earliest."""
    assert (await create(client, **changes)).status == 400
    assert await client.get("schedule/") == {"results": []}


async def test_runs(client: Client) -> None:
    """An event runs at its time, below a command and above the default mode."""
    stored = (await create(client, startTime=1300, endTime=1500)).result
    seen = []
    for hours in (0.5, 1, 1, 1):
        client.pass_time(hours=hours)
        mode = (await client.status())["currentMode"]
        seen.append((mode["type"], mode["recurrence"], mode["startTime"]))
    assert seen == [
        ("DEFAULT", "DEFAULT_EVENT", None),
        ("SCHEDULE", "EVERYDAY", 1300),
        ("SCHEDULE", "EVERYDAY", 1300),
        ("DEFAULT", "DEFAULT_EVENT", None),
    ]
    client.pass_time(hours=22)
    mode = (await client.status())["currentMode"]
    assert (mode["id"], mode["parameters"]) == (stored["id"], NIGHT["parameters"])
    await client.command("SET_BASIC_MODE")
    assert (await client.status())["currentMode"]["type"] == "MANUAL"


@pytest.mark.parametrize(
    ("recurrence", "days"),
    [("EVERYDAY", 7), ("WEEK_DAYS", 5), ("WEEKENDS", 2)],
)
async def test_days(client: Client, recurrence: str, days: int) -> None:
    """An event runs on its days."""
    await create(client, startTime=1200, endTime=1300, recurrence=recurrence)
    seen = []
    for _ in range(7):
        client.pass_time(minutes=10)
        seen.append(client.unit.mode.type)
        client.pass_time(hours=23, minutes=50)
    assert seen.count("SCHEDULE") == days


async def test_charges_at_night(client: Client) -> None:
    """The battery is charged by morning, to the target."""
    client.unit.house.load_override_w = 1500
    await create(client)
    client.pass_time(hours=12.5)
    before = client.battery.soc
    client.pass_time(hours=4)
    assert client.battery.soc > before
    assert client.battery.soc == pytest.approx(95, abs=0.5)
