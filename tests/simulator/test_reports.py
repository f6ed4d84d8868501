"""Energy reports, generation and faults."""

from datetime import UTC, datetime, timedelta

import pytest

from .client import Client
from .conftest import Connect

REPORT = "/op/v0/device/report/query"
ALL = [
    "generation",
    "feedin",
    "gridConsumption",
    "chargeEnergyToTal",
    "dischargeEnergyToTal",
    "loads",
    "PVEnergyTotal",
]


async def report(
    client: Client, dimension: str, day: datetime, *variables: str
) -> dict[str, list[float]]:
    """Return the values of a report by variable."""
    body = {
        "sn": client.serial,
        "dimension": dimension,
        "variables": list(variables or ALL),
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }
    answer = await client.post(REPORT, body)
    assert answer.errno == 0
    assert {row["unit"] for row in answer.result} == {"kWh"}
    return {row["variable"]: row["values"] for row in answer.result}


async def test_hours_days_and_months_agree(client: Client) -> None:
    """Hours add up to the day, and days to the month."""
    client.sim.clock.advance(4 * 86400)
    day = datetime(2026, 6, 17, tzinfo=UTC)
    hours = await report(client, "day", day)
    days = await report(client, "month", day)
    months = await report(client, "year", day)
    for name in ALL:
        assert (len(hours[name]), len(days[name]), len(months[name])) == (24, 30, 12)
        assert sum(hours[name]) == pytest.approx(days[name][16])
        assert sum(days[name]) == pytest.approx(months[name][5])
        assert sum(months[name][6:]) == 0
    assert days["PVEnergyTotal"][16] > 5
    assert hours["PVEnergyTotal"][1] == 0
    assert days["PVEnergyTotal"][20:] == [0.0] * 10


async def test_reports_agree_with_the_counters(client: Client) -> None:
    """What a report counts is what the lifetime counters have risen by."""
    client.sim.clock.advance(14 * 3600)
    before = await client.latest()
    client.sim.clock.advance(86400)
    after = await client.latest()
    day = await report(client, "day", datetime(2026, 6, 16, tzinfo=UTC))
    assert after["loads"] - before["loads"] == pytest.approx(sum(day["loads"]), abs=2)
    assert after["PVEnergyTotal"] - before["PVEnergyTotal"] == pytest.approx(
        sum(day["PVEnergyTotal"]), abs=2
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"dimension": "week"},
        {"variables": ["SoC"]},
        {"variables": []},
        {"year": 2019},
        {"year": "2026"},
        {"month": 13},
        {"month": None},
        {"day": 31},
        {"day": 0},
        {"day": None},
        {"hour": 1},
    ],
)
async def test_report_refused(client: Client, changes: dict[str, object]) -> None:
    """A report is asked for exactly."""
    body: dict[str, object] = {
        "sn": client.serial,
        "dimension": "day",
        "variables": ["generation"],
        "year": 2026,
        "month": 6,
        "day": 15,
    }
    body = {key: value for key, value in (body | changes).items() if value is not None}
    assert (await client.post(REPORT, body)).errno == 40257


async def test_yearly_names_may_be_wrong(connect: Connect) -> None:
    """The yearly report of some devices has the right values under the wrong names."""
    client = await connect("H3-V1")
    day = datetime(2026, 6, 15, tzinfo=UTC)
    month = await report(client, "month", day, "generation", "loads")
    year = await report(client, "year", day, "generation", "loads")
    assert sum(year["loads"]) == pytest.approx(sum(month["generation"]))


async def test_without_a_meter_only_the_yield_is_kept(connect: Connect) -> None:
    """The cloud keeps no statistics of what a device without a battery does not measure."""
    client = await connect("PV")
    day = await report(client, "day", datetime(2026, 6, 14, tzinfo=UTC))
    assert sum(day["generation"]) > 1
    for name in ("feedin", "gridConsumption", "loads", "PVEnergyTotal"):
        assert sum(day[name]) == 0


async def test_generation_of_today(client: Client) -> None:
    """Until the first upload of a day, today is still yesterday."""
    path = "/op/v0/device/generation"
    day = (await client.get(path, sn=client.serial)).result
    assert 0 < day["today"] < day["month"] < day["cumulative"]
    midnight = datetime(2026, 6, 15, 22, tzinfo=UTC)
    client.sim.clock.advance(
        (midnight - client.sim.clock.house_now()).total_seconds() - 1
    )
    stale = (await client.get(path, sn=client.serial)).result
    assert stale["today"] > 5
    client.sim.clock.advance(360)
    assert (await client.get(path, sn=client.serial)).result["today"] < 1


async def test_fault_codes(client: Client) -> None:
    """A fault shows in the record, in the status, and in the history of its day."""
    body = {"serial": client.serial, "faults": ["4001"]}
    async with client.session.post(
        client.sim.control_url + "/house", json=body
    ) as response:
        assert response.status == 200
    client.sim.clock.advance(330)
    values = await client.latest()
    assert (values["currentFault"], values["currentFaultCount"]) == ("4001", "1")
    assert values["runningState"] == "165"
    assert client.sim.foxess.inverters[0].status == 2
    table = (await client.get("/op/v0/device/fault/get")).result
    assert {"4001"} <= {code for entry in table for code in entry}
    path = "/op/v0/device/fault/history"
    today = await client.post(path, {"sn": client.serial, "date": "2026-06-15"})
    assert [fault["faultCode"] for fault in today.result["faults"]] == ["4001"]
    yesterday = await client.post(path, {"sn": client.serial, "date": "2026-06-14"})
    assert yesterday.result == {"sn": client.serial, "faults": []}
    assert (
        await client.post(path, {"sn": client.serial, "date": "14.06.2026"})
    ).errno == 40257


@pytest.mark.parametrize(
    ("month", "day", "empty", "double"),
    [(3, 29, 2, None), (10, 25, None, 2)],
)
async def test_change_of_the_clocks(
    connect: Connect, month: int, day: int, empty: int | None, double: int | None
) -> None:
    """A day has 24 wall-clock hours, one of them empty or twice as long when the clocks change."""
    client = await connect(
        start=datetime(2026, month, day, 20, tzinfo=UTC) - timedelta(days=1)
    )
    serial = client.serial
    async with client.session.post(
        client.sim.control_url + "/house",
        json={"serial": serial, "load": 1000, "pv": 0},
    ) as response:
        assert response.status == 200
    client.sim.clock.advance(28 * 3600)
    hours = (
        await report(client, "day", datetime(2026, month, day, tzinfo=UTC), "loads")
    )["loads"]
    for hour, value in enumerate(hours[:22]):
        expected = 0 if hour == empty else 2 if hour == double else 1
        assert value == pytest.approx(expected, abs=0.11), hour
    names = {
        sample["time"].split(" ")[2]
        for sample in (
            await client.post(
                "/op/v0/device/history/query", {"sn": serial, "variables": ["SoC"]}
            )
        ).result[0]["datas"][0]["data"]
    }
    assert names == {"CET+0100", "CEST+0200"}
