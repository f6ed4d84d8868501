"""The export: its options, its quirks and what it refuses."""

from datetime import datetime, timedelta
import itertools
from typing import Any

from hypothesis import given, strategies as st
import pytest

from simulator import Fault
from simulator.voltstorage.export import COLUMNS, COMPONENTS, component_id, digits

from .client import Answer, Client
from .conftest import Connect

HEADER = "Time,Power_Grid,Power_Household,inverterPower,Power_PV,Power_Power Electronics,SOC_State of Charge,Status"


async def export(client: Client, kind: str = "csv", /, **options: Any) -> Answer:
    """Export the last two hours, unless told otherwise."""
    now = client.sim.clock.house_now().timestamp()
    query = {"productId": client.product.id, "from": now - 7200, **options}
    given = {name: value for name, value in query.items() if value is not None}
    return await client.get(f"/data/export.{kind}", **given)


def cells(answer: Answer) -> list[list[str]]:
    """Return the cells of the rows."""
    return [line.split(",") for line in answer.text.split("\r\n")[2:-1]]


async def test_form(client: Client) -> None:
    """A line names the separator, another the columns; the first row is full, the others are sparse."""
    answer = await export(client)
    lines = answer.text.split("\r\n")
    assert lines[:2] == ["sep=,", HEADER]
    rows = cells(answer)
    assert {len(row) for row in rows} == {8}
    assert all(rows[0])
    assert any(not all(row) for row in rows[1:])
    assert all(row[1] for row in rows)
    times = [datetime.fromisoformat(row[0]) for row in rows]
    assert times == sorted(times)
    assert rows[0][0].endswith("+00:00") and rows[0][0][-10] == "."
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert max(gaps) < timedelta(minutes=2)


@pytest.mark.parametrize(
    ("bug", "inside"), [(True, ","), (False, ";")], ids=["bug", "mended"]
)
async def test_separator(client: Client, bug: bool, inside: str) -> None:
    """Another separator is only for the two lines on top, as long as the bug lives."""
    client.cloud.separator_bug = bug
    lines = (await export(client, separator=";")).text.split("\r\n")
    assert lines[:2] == ["sep=;", HEADER.replace(",", ";")]
    assert {line.count(inside) for line in lines[2:-1]} == {7}


async def test_other_columns(client: Client) -> None:
    """Columns come and go with the years, and may stand in another order."""
    older = client.cloud.columns = tuple(reversed(COLUMNS[:-1]))
    lines = (await export(client)).text.split("\r\n")
    assert lines[1].split(",") == ["Time", *older]
    assert {line.count(",") for line in lines[2:-1]} == {6}


async def test_range(client: Client) -> None:
    """Both ends of a range belong to it, to the millisecond, and rows come once each."""
    rows = cells(await export(client))
    moments = [datetime.fromisoformat(row[0]).timestamp() for row in rows]
    part = cells(await export(client, **{"from": moments[3], "to": moments[6]}))
    assert [row[0] for row in part] == [row[0] for row in rows[3:7]]
    assert all(part[0])


async def test_options(client: Client) -> None:
    """Fields, zone and precision are as asked for."""
    rows = cells(
        await export(client, fields="Power_PV,Power_Grid", tz=-90, precision=3)
    )
    assert {len(row) for row in rows} == {3}
    assert all(row[0].endswith("-01:30") for row in rows)
    plain = cells(await export(client))
    same = datetime.fromisoformat(rows[0][0])
    assert same == datetime.fromisoformat(plain[0][0])
    figures = [cell.strip("-0.") for row in rows for cell in row[1:]]
    assert max(len(cell.replace(".", "")) for cell in figures) == 3


async def test_tolerance(client: Client) -> None:
    """A tolerance leaves fewer values, and lines between them that stay near."""
    full = cells(await export(client, fields="SOC_State of Charge"))
    few = cells(await export(client, fields="SOC_State of Charge", tolerance=0.01))
    assert 2 <= len(few) < len(full) / 2
    assert (few[0], few[-1]) == (full[0], full[-1])
    none = cells(await export(client, fields="SOC_State of Charge", tolerance=0))
    assert none == full


async def test_json(client: Client) -> None:
    """JSON tells the same rows."""
    rows = cells(await export(client))
    told = (await export(client, "json")).data
    assert [row["Time"] for row in told] == [row[0] for row in rows]
    assert told[0].keys() == {"Time", *COLUMNS}
    assert [
        [digits(row[name], 6) if name in row else "" for name in COLUMNS]
        for row in told
    ] == [row[1:] for row in rows]


@pytest.mark.parametrize("column", COMPONENTS)
async def test_component(client: Client, column: str) -> None:
    """A component is exported by its own number."""
    number = component_id(client.product, column)
    answer = await export(client, productId=None, componentId=number)
    assert answer.text.split("\r\n")[1] == f"Time,{column}"


@pytest.mark.parametrize(
    "options",
    [
        {"from": None},
        {"from": "yesterday"},
        {"from": "nan"},
        {"productId": None},
        {"productId": "x"},
        {"componentId": 773},
        {"productId": None, "componentId": 779},
        {"fields": "Power_Moon"},
        {"fields": ""},
        {"tz": 900},
        {"tz": "Europe/Berlin"},
        {"precision": 0},
        {"precision": 101},
        {"tolerance": -1},
        {"separator": ""},
        {"to": 1},
        {"to": 4102444800},
        {"from": 4102444800},
    ],
)
async def test_refused(client: Client, options: dict[str, Any]) -> None:
    """Wrong parameters and ranges, and the future, are refused with words."""
    answer = await export(client, **options)
    assert answer.status == 400
    assert answer.data["errors"][0]


async def test_day(client: Client) -> None:
    """A day is given at once, the longest one too, and more is refused."""
    end = client.sim.clock.house_now().timestamp()
    day = await export(client, **{"from": end - 86400, "to": end})
    assert 1400 < len(cells(day)) < 1480
    assert (await export(client, **{"from": end - 90000, "to": end})).status == 200
    assert (await export(client, **{"from": end - 90001, "to": end})).status == 400


async def test_before_there_was_anything(client: Client) -> None:
    """From before the installation there are no rows, which is no mistake."""
    begin = client.product.installed.timestamp()
    answer = await export(client, **{"from": begin - 7200, "to": begin - 3600})
    assert (answer.status, cells(answer)) == (200, [])


async def test_offline(client: Client) -> None:
    """What was not sent is a gap, after which everything is told anew as it changes."""
    client.sim.faults.add(Fault(vendor="voltstorage", kind="offline"))
    client.pass_time(hours=1)
    client.sim.faults.clear()
    client.pass_time(minutes=10)
    times = [datetime.fromisoformat(row[0]) for row in cells(await export(client))]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert timedelta(minutes=58) < max(gaps) < timedelta(minutes=63)


@pytest.mark.parametrize(
    ("value", "line"), [(None, "upstream timed out,"), ("<br>", "<br>")]
)
async def test_bad_row(client: Client, value: str | None, line: str) -> None:
    """A line can be none at all."""
    good = await export(client)
    fault = Fault(vendor="voltstorage", kind="bad_row", count=1, value=value)
    client.sim.faults.add(fault)
    bad = (await export(client)).text.split("\r\n")
    assert line in bad
    bad.remove(line)
    assert "\r\n".join(bad) == good.text


async def test_json_refused(connect: Connect) -> None:
    """The JSON export is no proven path."""
    client = await connect(undocumented=False)
    assert (await export(client, "json")).status == 404
    assert (await export(client)).status == 200


@given(
    st.floats(-1e5, 1e5).filter(lambda value: abs(value) > 1e-5 or not value),
    st.integers(1, 12),
)
def test_digits(value: float, places: int) -> None:
    """A number is written with its significant digits and nothing else."""
    text = digits(value, places)
    assert float(text) == pytest.approx(value, rel=0.51 * 10 ** (1 - places), abs=1e-12)
    assert "e" not in text
    whole, point, rest = text.lstrip("-").partition(".")
    assert len((whole + rest).strip("0")) <= places
    assert not point or not rest.endswith("0")
