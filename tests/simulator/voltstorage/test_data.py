"""Latest data and statistics, wherever they are served."""

from typing import Any

import pytest

from simulator import Fault

from .client import Client
from .conftest import Connect

MEAN = {"nSamples", "value"}
# As the documents' sample has them.
FIGURES = {
    "timespan_start": None,
    "pv-total": None,
    "pv-activity": None,
    "consumption-total": None,
    "storage-total-released": None,
    "storage-total-stored": None,
    "max-temperature": None,
    "own-consumption": MEAN,
    "electrolyte-temp": MEAN,
    "pump-temp": MEAN,
    "dc-capacity": MEAN,
    "ac-capacity": MEAN,
    "dc-efficiency": MEAN,
    "ac-efficiency": MEAN,
    "self-sufficiency": {"totalWeight", "value"},
}


async def statistics(client: Client, **query: Any) -> list[dict[str, Any]]:
    """Return the statistics of the first product."""
    answer = await client.get("/data/statistics", productId=client.product.id, **query)
    assert answer.status == 200
    rows: list[dict[str, Any]] = answer.data
    return rows


@pytest.mark.parametrize(
    ("query", "default", "keys"),
    [
        ({"includeTime": "true"}, False, {"time", "data"}),
        ({"includeTime": "false"}, True, None),
        ({}, True, {"time", "data"}),
        ({}, False, None),
    ],
)
async def test_latest(
    client: Client, query: dict[str, str], default: bool, keys: set[str] | None
) -> None:
    """Latest data comes with or without its time; what goes without saying is no one's guess."""
    client.cloud.includes_time = default
    client.product.extra_data = {"somethingNew": 12.5}
    data = (await client.get("/products/77/data", **query)).data
    names = {
        "gridPower",
        "householdConsumption",
        "inverterPower",
        "pvPower",
        "stateOfCharge",
        "status",
        "dcVoltage",
        "somethingNew",
    }
    assert data.keys() == (keys or names)
    assert data.get("data", data).keys() == names
    assert 24 < data.get("data", data)["dcVoltage"] < 29


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/products/77/data", {"includeTime": "maybe"}),
        ("/products/x/data", {}),
        ("/data/statistics", {}),
        ("/data/statistics", {"productId": "77.5"}),
        ("/data/statistics", {"productId": 77, "timespan": "week"}),
        ("/data/statistics", {"productId": 77, "tstart": "now"}),
        ("/data/statistics", {"productId": 77, "tend": -1}),
        ("/data/statistics", {"productId": 77, "tstart": 9, "tend": 8}),
    ],
)
async def test_refused(client: Client, path: str, query: dict[str, Any]) -> None:
    """Wrong parameters are refused."""
    assert (await client.get(path, **query)).status == 400


async def test_words(client: Client) -> None:
    """Names that no one knows are another set of names."""
    client.cloud.words = {name: name for name in client.product.values}
    data = (await client.get("/products/77/data")).data
    assert data["Power_Grid"] == client.product.values["Power_Grid"]


async def test_offline(client: Client) -> None:
    """Who is out of reach has the latest data of before."""
    client.sim.faults.add(Fault(vendor="voltstorage", kind="offline"))
    before = (await client.get("/products/77/data", includeTime="true")).data
    client.pass_time(hours=2)
    after = (await client.get("/products/77/data", includeTime="true")).data
    assert before == after


@pytest.mark.parametrize(
    ("span", "starts"),
    [
        ("hour", [1781478000 + 3600 * hour for hour in range(1, 12)]),
        ("day", [1781481600]),
        ("month", [1780272000]),
        ("year", [1767225600]),
        ("lifetime", [1781388000]),
    ],
)
async def test_spans(client: Client, span: str, starts: list[int]) -> None:
    """Each of the five spans has its objects, which begin with hour, day, month and year in UTC."""
    rows = await statistics(client, timespan=span, tstart=1781481600)
    assert [row["timespan_start"] for row in rows] == starts[: len(rows)]
    assert len(rows) == len(starts) or span == "hour"
    for row in rows:
        assert row.keys() == FIGURES.keys()
        for name, keys in FIGURES.items():
            assert keys is None or row[name].keys() == keys
            assert keys is None or row[name]["value"] is not None


async def test_totals(connect: Connect) -> None:
    """Hours add up to days, and days to the lifetime."""
    client = await connect("SMART")
    sums = {
        span: sum(
            row["storage-total-released"]
            for row in await statistics(client, timespan=span)
        )
        for span in ("hour", "day", "month", "year", "lifetime")
    }
    assert sums["lifetime"] > 3_600_000
    assert all(
        total == pytest.approx(sums["lifetime"], abs=50) for total in sums.values()
    )


async def test_figures(client: Client) -> None:
    """A day's figures are within what such a battery can show."""
    day = (await statistics(client, timespan="day"))[1]
    assert 1400 < day["dc-capacity"]["nSamples"] < 1480
    assert (
        4
        < day["ac-capacity"]["value"] / 3.6e6
        < day["dc-capacity"]["value"] / 3.6e6
        < 6.2
    )
    assert day["ac-efficiency"]["value"] == pytest.approx(0.714)
    assert day["dc-efficiency"]["value"] == pytest.approx(0.918)
    assert 0 < day["own-consumption"]["value"] < 1
    assert 0 < day["self-sufficiency"]["value"] <= 1
    assert day["self-sufficiency"]["totalWeight"] == day["consumption-total"]
    assert (
        25
        < day["electrolyte-temp"]["value"]
        < day["max-temperature"]
        < day["pump-temp"]["value"]
        < 45
    )


@pytest.mark.parametrize(
    ("name", "template", "path"),
    [
        ("latest", "/rest/data/latest/{product_id}", "/data/latest/77"),
        ("latest", "/rest/latest", "/latest?productId=77"),
        (
            "statistics",
            "/rest/products/{product_id}/statistics",
            "/products/77/statistics",
        ),
        ("export_json", "/rest/export", "/export?productId=77&from=1781500000"),
    ],
)
async def test_elsewhere(client: Client, name: str, template: str, path: str) -> None:
    """A path that is only guessed is somewhere else, or nowhere."""
    client.cloud.paths.serve(**{name: template})
    assert (await client.get(path)).status == 200
    client.cloud.paths.serve(**{name: None})
    refused = await client.get(path)
    assert (refused.status, list(refused.data)) == (404, ["errors"])


@pytest.mark.parametrize(
    "path", ["/products/77/data", "/data/statistics?productId=77", "/data/export.json"]
)
async def test_only_documented(connect: Connect, path: str) -> None:
    """A cloud of which only the proven paths are served has none of the guessed ones."""
    client = await connect(undocumented=False)
    assert (await client.get(path)).status == 404
    assert client.cloud.stream_url is None
    assert (await client.get("/products")).status == 200
