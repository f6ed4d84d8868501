"""The same day is told in the same way by everyone, whoever looks when."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from simulator import Fault

from .client import Client
from .conftest import Connect

DAY = 86400
KWH = 3_600_000
# The UTC day before that on which the simulations begin.
YESTERDAY = datetime(2026, 6, 14, tzinfo=UTC).timestamp()


async def rows(client: Client, product: int, begin: float) -> list[dict[str, float]]:
    """Return the rows of a day with all blanks filled, and when each was told."""
    answer = await client.get(
        "/data/export.csv",
        productId=product,
        precision=12,
        **{"from": begin, "to": begin + DAY},
    )
    _, header, *lines, _ = answer.text.split("\r\n")
    names = header.split(",")[1:]
    known: dict[str, float] = {}
    filled = []
    for line in lines:
        time, *figures = line.split(",")
        known |= {
            name: float(figure)
            for name, figure in zip(names, figures, strict=True)
            if figure
        }
        known["at"] = datetime.fromisoformat(time).timestamp()
        filled.append(dict(known))
    return filled


def kwh(told: Sequence[dict[str, float]], name: str, sign: int) -> float:
    """Return the energy below straight lines between all that is told, of one direction."""
    return sum(
        (max(0.0, sign * first[name]) + max(0.0, sign * second[name]))
        / 2
        * (second["at"] - first["at"])
        / KWH
        for first, second in pairwise(told)
    )


async def test_balance(connect: Connect) -> None:
    """What a house draws is what meter, panels and all batteries give (VoltStorage notes 2)."""
    client = await connect("SMART+SMART")
    first, second = [product.id for product in client.cloud.inverters]
    client.pass_time(hours=1)
    for product in client.cloud.inverters:
        values = product.values
        others = sum(
            other.unit.flow.generation
            for other in client.cloud.inverters
            if other is not product
        )
        given = values["Power_Grid"] + values["Power_PV"] + values["inverterPower"]
        assert values["Power_Household"] == pytest.approx(given + others, abs=5)
    one, two = [await rows(client, number, YESTERDAY) for number in (first, second)]
    for name in ("Power_Grid", "Power_PV", "Power_Household"):
        assert kwh(one, name, 1) == pytest.approx(kwh(two, name, 1), rel=0.01, abs=0.02)


@pytest.mark.parametrize(
    ("name", "sign", "total"),
    [
        ("Power_Household", 1, "consumption-total"),
        ("Power_PV", 1, "pv-total"),
        ("inverterPower", 1, "storage-total-released"),
        ("inverterPower", -1, "storage-total-stored"),
    ],
)
async def test_energies(client: Client, name: str, sign: int, total: str) -> None:
    """The powers of a day's export add up to the day's statistics, in watt-seconds."""
    told = await rows(client, client.product.id, YESTERDAY)
    answer = await client.get(
        "/data/statistics",
        productId=client.product.id,
        tstart=int(YESTERDAY),
        tend=int(YESTERDAY) + DAY,
        timespan="day",
    )
    (day,) = answer.data
    assert day["timespan_start"] == YESTERDAY
    assert kwh(told, name, sign) == pytest.approx(day[total] / KWH, rel=0.01, abs=0.02)


async def test_everyone_tells_the_same(client: Client) -> None:
    """Stream, latest data and export tell the same values at the same moments."""
    socket = await client.listen()
    product = client.product
    merged: dict[str, Any] = {}
    begin = client.sim.clock.house_now().timestamp()
    before = len(product.records)
    client.pass_time(hours=1)
    for _ in product.records[before:]:
        message = await socket.receive_json(timeout=5)
        merged |= message["data"]
    latest = await client.get(f"/products/{product.id}/data", includeTime="true")
    assert latest.data["time"] == message["time"]
    assert merged == {name: latest.data["data"][name] for name in merged}
    answer = await client.get(
        "/data/export.csv", productId=product.id, **{"from": begin}
    )
    last = answer.text.split("\r\n")[-2].split(",")
    assert int(datetime.fromisoformat(last[0]).timestamp()) == message["time"]
    assert float(last[1]) == latest.data["data"]["gridPower"]
    await socket.close()


async def test_looking_changes_nothing(connect: Connect) -> None:
    """A day is the same, whether someone looked all the time or only afterwards."""
    patient, curious = await connect(), await connect()
    for _ in range(97):
        curious.pass_time(minutes=15.37)
    patient.pass_time(minutes=15.37 * 97)
    begin = YESTERDAY + DAY
    assert await rows(patient, 77, begin) == await rows(curious, 77, begin)


async def test_days_before(connect: Connect) -> None:
    """The houses can have lived longer, and their days stay the same, asked for once or twice."""
    client = await connect(history_days=12)
    begin = YESTERDAY - 10 * DAY
    told = await rows(client, 77, begin)
    assert len(told) > 1400
    client.pass_time(hours=30)
    assert await rows(client, 77, begin) == told
    assert client.product.installed == datetime(2026, 6, 2, 22, tzinfo=UTC)


async def test_idle(client: Client) -> None:
    """A battery that is broken lets its house export what it should take."""
    product = client.product
    assert product.unit.battery is not None
    product.unit.battery.soc = 40
    product.set_pv(4000)
    product.house.load_override_w = 500
    client.sim.faults.add(Fault(vendor="voltstorage", kind="idle"))
    client.pass_time(minutes=20)
    assert product.values["Power_Grid"] == pytest.approx(
        500 - product.values["Power_PV"]
    )
    assert product.values["inverterPower"] == 0
    client.sim.faults.clear()
    client.pass_time(minutes=3)
    assert client.product.values["inverterPower"] < -1000


async def test_self_consumption(client: Client) -> None:
    """The battery takes what is left over, and gives what is needed, as far as it can."""
    told = await rows(client, client.product.id, YESTERDAY)
    assert {row["Status"] for row in told} == {0, 1, 2}
    socs = [row["SOC_State of Charge"] for row in told]
    assert 0 < min(socs) < max(socs) <= 1
    for row in told:
        assert -1500 <= row["inverterPower"] <= 1500
        assert row["inverterPower"] * row["Power_Grid"] >= -5 * 1500
    charging = kwh(told, "inverterPower", -1)
    assert charging > 1
