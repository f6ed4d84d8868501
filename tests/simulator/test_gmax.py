"""GMAX: a battery that follows its own plan."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from simulator import Fault

from .client import Client
from .conftest import START, Connect

PAGE = {"currentPage": 1, "pageSize": 10}
GMAX = "/op/v0/gmax/"
PLAN = GMAX + "peakValleyPower/"
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3600


@pytest.fixture
async def client(connect: Connect) -> Client:
    """Return a client of a GMAX in a house of its own."""
    return await connect("GMAX")


def serial(client: Client) -> str:
    """Return the GMAX's serial number."""
    return client.sim.foxess.gmaxes[0].serial


def period(start: str, end: str, power: float, **changes: Any) -> dict[str, Any]:
    """Return a period on Monday the 15th, by local clock."""
    begin, finish = (
        int(
            datetime.fromisoformat(f"2026-06-15T{clock}")
            .replace(tzinfo=BERLIN)
            .timestamp()
        )
        for clock in (start, end)
    )
    return {
        "enable": True,
        "peakWorkMode": 0,
        "peakWeek": 1,
        "peakStopSoc": 90 if power < 0 else 20,
        "peakPower": power,
        "peakStartTime": begin,
        "peakEndTime": finish,
        **changes,
    }


async def plan(client: Client, *periods: Any, **changes: Any) -> int | None:
    """Set the plan, and return the code of the answer."""
    body = {
        "sn": serial(client),
        "peakEnable": True,
        "datas": list(periods),
        **changes,
    }
    return (await client.post(PLAN + "set", body)).errno


async def power_after(client: Client, seconds: float) -> float:
    """Return the battery power in kW some time later, + discharging."""
    client.sim.clock.advance(seconds)
    return client.sim.foxess.gmaxes[0].unit.flow.battery / 1000


async def test_list(client: Client) -> None:
    """A GMAX is listed with the serial numbers of its parts."""
    (row,) = (await client.post(GMAX + "list", PAGE)).result["data"]
    assert row["sn"] == serial(client)
    assert row["plantID"] == client.sim.foxess.gmaxes[0].station_id
    assert row["communication"] == 1
    assert {"gmaxID", "gmaxSN", "pcsSN", "bmsSN", "packSN"} <= row.keys()
    client.sim.faults.add(Fault(vendor="foxess", kind="offline"))
    (row,) = (await client.post(GMAX + "list", PAGE)).result["data"]
    assert row["communication"] == 3
    (station,) = (await client.post("/op/v0/plant/list", PAGE)).result["data"]
    assert station["ianaTimezone"] == "Europe/Berlin"
    assert (await client.post("/op/v0/device/list", PAGE)).result["data"] == []


async def test_plan_is_obeyed(client: Client) -> None:
    """The battery charges, stands by and discharges as planned, and stops at its SOC."""
    held = [
        period("12:30", "13:30", -50),
        period("14:00", "15:00", 30.5),
    ]
    assert await plan(client, *held) == 0
    read = (await client.post(PLAN + "get", {"sn": serial(client)})).result
    assert (read["peakEnable"], read["datas"]) == (True, held)
    assert read["timestamp"] == pytest.approx(START.timestamp(), abs=10)
    assert await power_after(client, 600) == 0
    assert await power_after(client, HOUR) == -50
    soc = client.sim.foxess.gmaxes[0].soc
    assert soc > 60
    assert await power_after(client, HOUR / 2) == 0
    assert await power_after(client, HOUR / 2) == 30.5
    real = (await client.post(GMAX + "real/query", {"sn": serial(client)})).result
    assert (real["chargingPower"], real["dischargingPower"]) == ("0.0", "30.5")
    assert (real["status"], real["soh"]) == ("2", 100.0)
    assert await power_after(client, HOUR) == 0


async def test_stop_soc(client: Client) -> None:
    """At its SOC a period is over."""
    stop = client.sim.foxess.gmaxes[0].soc - 5
    assert await plan(client, period("12:00", "18:00", 100, peakStopSoc=stop)) == 0
    assert await power_after(client, 60) == 100
    assert await power_after(client, 2 * HOUR) == 0
    assert client.sim.foxess.gmaxes[0].soc == pytest.approx(stop)


@pytest.mark.parametrize(
    ("changes", "power"),
    [
        ({}, 10),
        ({"enable": False}, 0),
        ({"peakWeek": 2}, 0),
        ({"peakWorkMode": -1}, 0),
        ({"peakWorkMode": 1}, 10),
        ({"peakWorkMode": 2}, 10),
    ],
)
async def test_which_days(
    client: Client, changes: dict[str, Any], power: float
) -> None:
    """A period is valid on its week day, and on the dates that its mode makes of its times."""
    assert await plan(client, period("12:00", "13:00", 10, **changes)) == 0
    assert await power_after(client, 300) == power


@pytest.mark.parametrize(
    ("mode", "week", "days", "power"),
    [(0, 3, 30, 0), (1, 3, 30, 10), (2, 3, 30, 0), (0, 1, 7, 0)],
)
async def test_later_days(
    client: Client, mode: int, week: int, days: int, power: float
) -> None:
    """By month a period comes back on the same day of the month; otherwise not."""
    held = period("12:00", "13:00", 10, peakWorkMode=mode, peakWeek=week)
    assert await plan(client, held) == 0
    assert await power_after(client, days * 86400 + 300) == power


async def test_plan_switched_off(client: Client) -> None:
    """Without its switch the plan does nothing."""
    assert await plan(client, period("12:00", "13:00", 10), peakEnable=False) == 0
    assert await power_after(client, 300) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"enable": 1},
        {"peakWorkMode": 3},
        {"peakWeek": 0},
        {"peakStopSoc": 101},
        {"peakPower": 101},
        {"peakPower": "10"},
        {"peakEndTime": int(START.timestamp())},
        {"peakStartTime": int((START - timedelta(hours=20)).timestamp())},
        {"colour": 1},
    ],
)
async def test_period_refused(client: Client, changes: dict[str, Any]) -> None:
    """A period ends after it begins, by date and by clock, and is within its ranges."""
    assert await plan(client, period("12:00", "13:00", 10, **changes)) == 40257


async def test_plan_refused(client: Client) -> None:
    """A plan has one to eight periods."""
    one = period("12:00", "13:00", 10)
    assert await plan(client) == 40257
    assert await plan(client, *[one] * 9) == 40257
    assert await plan(client, *[one] * 8) == 0
    assert await plan(client, one, peakEnable=1) == 40257
    assert await plan(client, one, sn="SIM000000000000") == 41930
    client.sim.faults.add(Fault(vendor="foxess", kind="offline"))
    assert await plan(client, one) == 44098


@pytest.mark.parametrize("as_text", [False, True])
async def test_history(client: Client, as_text: bool) -> None:
    """History is a list of records; its span may come as strings."""
    now = int(START.timestamp() * 1000)
    span: dict[str, Any] = {"begin": now - 3_600_000, "end": now}
    if as_text:
        span = {key: str(value) for key, value in span.items()}
    body = {"sn": serial(client), **span}
    (answer,) = (await client.post(GMAX + "history/query", body)).result
    assert len(answer["datas"]) == 12
    assert answer["datas"][0]["status"] == "3.0"
    assert answer["datas"][0]["time"].startswith("2026-06-15 11:0")
    (whole,) = (
        await client.post(GMAX + "history/query", {"sn": serial(client)})
    ).result
    assert len(whole["datas"]) == 288
    for changes in ({"end": None}, {"begin": now - 90_000_000}, {"end": "soon"}):
        changed = {**body, **changes}
        assert (await client.post(GMAX + "history/query", changed)).errno == 40257


async def test_in_a_house_with_an_inverter(connect: Connect) -> None:
    """A GMAX beside an inverter shares its meter."""
    client = await connect("KH8+GMAX")
    await plan(client, period("12:00", "18:00", -40))
    client.sim.clock.advance(600)
    (inverter,) = client.sim.foxess.inverters
    (gmax,) = client.sim.foxess.gmaxes
    assert inverter.house is gmax.house
    assert inverter.house.load_w == pytest.approx(
        inverter.unit.flow.generation
        + gmax.unit.flow.generation
        + inverter.house.grid_w
    )
    assert inverter.house.grid_w > 35000
