"""Metrics: samples, days, weeks and downloads."""

import csv
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from .client import Client

KEYS = {
    "totalHouseConsumption",
    "totalGridInjection",
    "criticalLoads",
    "nonCriticalLoads",
    "photovoltaicProduction",
    "batteryStateOfCharge",
    "selfConsumption",
    "selfSufficiency",
    "time",
    "month",
    "year",
    "week",
}


def span(client: Client, begin: datetime, hours: float) -> str:
    """Return a query for some hours."""
    end = begin + timedelta(hours=hours)
    return f"from={begin.timestamp() * 1000:.0f}&to={end.timestamp() * 1000:.0f}"


def midnight(client: Client) -> datetime:
    """Return today's midnight on the unit's clock."""
    return client.local().replace(hour=0, minute=0, second=0, microsecond=0)


async def test_five_minutes(client: Client) -> None:
    """There is a sample of powers for every full five minutes."""
    begin = midnight(client)
    told = await client.get(f"metrics/?{span(client, begin, 12)}")
    times = [row["time"] for row in told["metrics"]]
    first = int(begin.timestamp()) * 1000
    assert times == [first + 300_000 * index for index in range(145)]
    assert {frozenset(row) for row in told["metrics"]} == {frozenset(KEYS)}
    assert told["averages"].keys() == KEYS - {"time", "month", "year", "week"}
    assert await client.get(f"metrics?{span(client, begin, 12)}") == told


async def test_days_are_energies(client: Client) -> None:
    """A day is in Wh what its samples are in W."""
    begin = midnight(client) - timedelta(days=1)
    samples = (await client.get(f"metrics/?{span(client, begin, 23.99)}"))["metrics"]
    told = await client.get(f"metrics/daily?{span(client, begin, 23.99)}")
    (day,) = told["metrics"]
    assert day["time"] == int(begin.timestamp()) * 1000
    for key in ("totalHouseConsumption", "photovoltaicProduction"):
        energy = sum(row[key] for row in samples) / 12
        assert day[key] == pytest.approx(energy, rel=0.001)
        assert told["total"][key] == pytest.approx(energy, rel=0.001)


@pytest.mark.parametrize(("path", "rows"), [("daily", 3), ("weekly", 2)])
async def test_periods(client: Client, path: str, rows: int) -> None:
    """Days and weeks begin at midnight; a simulation has lived two days before, the end of a week."""
    begin = midnight(client) - timedelta(days=9)
    told = (await client.get(f"metrics/{path}?{span(client, begin, 240)}"))["metrics"]
    assert len(told) == rows
    begins = [
        datetime.fromtimestamp(row["time"] / 1000, client.local().tzinfo)
        for row in told
    ]
    assert {(begin.hour, begin.minute) for begin in begins} == {(0, 0)}


@pytest.mark.parametrize(
    "path",
    [
        "metrics",
        "metrics/",
        "metrics/daily",
        "metrics/weekly?from=0",
        "metrics/?from=a&to=b",
        "metrics/export?field=DATE",
        "metrics/export?from=0&to=1",
        "metrics/export?from=0&to=1&field=GRID_INJECTION,DATE",
        "metrics/export?from=0&to=1&field=DATE,NOTHING",
        "metrics/export/monthly?from=0&to=1&field=DATE",
    ],
)
async def test_refused(client: Client, path: str) -> None:
    """Beginning and end have to be named, and a download's fields begin with the date."""
    answer = await client.call("GET", path)
    assert answer.status == 400
    assert answer.body["result"]["errors"][0]["code"]


async def download(client: Client, path: str) -> list[list[str]]:
    """Return the rows of a download, which asks for no token."""
    url: Any = (await client.get(path))["url"]
    async with client.session.get(client.card.base_url + url, ssl=False) as answer:
        assert answer.content_type == "text/csv"
        return list(csv.reader(StringIO(await answer.text())))


@pytest.mark.parametrize(
    ("frequency", "rows"), [("", 145), ("/daily", 1), ("/weekly", 1)]
)
async def test_download(client: Client, frequency: str, rows: int) -> None:
    """A download is prepared, and fetched by its address."""
    query = span(client, midnight(client), 12)
    path = f"metrics/export{frequency}?{query}&field=DATE,BATTERY_STATE_OF_CHARGE"
    head, *lines = await download(client, path)
    assert head == ["DATE", "BATTERY_STATE_OF_CHARGE"]
    assert len(lines) == rows
    assert lines[0][0] == "2026-06-15 00:00:00"


async def test_download_by_meters(client: Client) -> None:
    """Who asks for all of the sun gets its meters, too."""
    query = span(client, midnight(client), 1)
    path = (
        f"metrics/export?{query}&field=DATE,PHOTOVOLTAIC_PRODUCTION_AGG,CRITICAL_LOADS"
    )
    head, *_ = await download(client, path)
    assert head == [
        "DATE",
        "PHOTOVOLTAIC_PRODUCTION_AGG",
        "PHOTOVOLTAIC_PRODUCTION_METER_1",
        "PHOTOVOLTAIC_PRODUCTION_METER_2",
        "CRITICAL_LOADS",
    ]
