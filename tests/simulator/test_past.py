"""What the control server tells of the houses' past."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from .client import Client
from .conftest import Connect

MODELS = {
    "growatt": ("MIN-XH+SPH", "NOAH+METER"),
    "eaton": ("AC",),
    "voltstorage": ("SMART+SMART",),
}
HALF_HOUR = timedelta(minutes=30)
COUNTERS = ("imported", "exported", "load", "pv", "charge", "discharge")


async def ask(client: Client, vendor: str) -> tuple[int, Any]:
    """Ask for the past of a vendor's devices."""
    async with client.session.get(
        f"{client.sim.control_url}/past", params={"vendor": vendor}
    ) as response:
        return response.status, await response.json()


@pytest.mark.parametrize("vendor", ["foxess", *MODELS])
async def test_half_hours_of_days(connect: Connect, vendor: str) -> None:
    """Each device tells of every half hour since its house stands, and of now; counters never fall."""
    client = await connect(history_days=3, **MODELS)
    status, past = await ask(client, vendor)
    assert status == 200
    assert past
    for rows in past.values():
        moments = [datetime.fromisoformat(row["at"]) for row in rows]
        *marks, now = moments
        begun = marks[0]
        assert marks == [begun + HALF_HOUR * count for count in range(len(marks))]
        assert abs(now - begun - timedelta(days=3, hours=12)) < timedelta(minutes=1)
        for counter in COUNTERS:
            counted = [row[counter] for row in rows]
            assert counted == sorted(counted)


async def test_is_the_ledger(connect: Connect) -> None:
    """The last row is what the ledgers hold."""
    client = await connect(**MODELS, speed=0)
    _, past = await ask(client, "growatt")
    device = client.sim.growatt.first("MIN-XH")
    ledger, meter = device.unit.ledger, device.house.ledger
    assert past[device.serial][-1] == {
        "at": device.house.at.isoformat(),
        "imported": pytest.approx(meter.imported),
        "exported": pytest.approx(meter.exported),
        "load": pytest.approx(ledger.load),
        "pv": pytest.approx(ledger.pv),
        "charge": pytest.approx(ledger.charge),
        "discharge": pytest.approx(ledger.discharge),
        "soc": pytest.approx(device.soc),
    }


@pytest.mark.parametrize(
    ("vendor", "units"),
    [
        ("growatt", {"1234567": ["SGMINXH001", "SGSPH00002"]}),
        ("voltstorage", {"64": ["77", "190"]}),
    ],
)
async def test_house(
    connect: Connect, vendor: str, units: dict[str, list[str]]
) -> None:
    """A house has the batteries of its devices, and what it takes in goes out again."""
    client = await connect(history_days=3, **MODELS)
    _, past = await ask(client, vendor)
    for house, parts in units.items():
        first, *_, last = past[house]
        grown = {counter: last[counter] - first[counter] for counter in COUNTERS}
        for counter in ("charge", "discharge"):
            assert grown[counter] == pytest.approx(
                sum(past[part][-1][counter] - past[part][0][counter] for part in parts),
                abs=1e-3,
            )
        inwards = grown["pv"] + grown["imported"] + grown["discharge"]
        outwards = grown["load"] + grown["exported"] + grown["charge"]
        # Inverters lose up to 6 % on the way.
        assert outwards <= inwards + 1e-3
        assert outwards == pytest.approx(inwards, rel=0.06)
        socs = [past[part][-1]["soc"] for part in parts]
        assert min(socs) <= last["soc"] <= max(socs)


async def test_meter_has_no_battery(connect: Connect) -> None:
    """A meter tells of the grid and of the household."""
    client = await connect(**MODELS)
    _, past = await ask(client, "growatt")
    (meter,) = (rows for key, rows in past.items() if key.startswith("XGD"))
    plant = past["1234568"]
    assert [row["imported"] for row in meter] == [row["imported"] for row in plant]
    assert [row["load"] for row in meter] == [row["load"] for row in plant]
    assert {row["soc"] for row in meter} == {None}
    assert {row["pv"] for row in meter} == {0}


async def test_unknown_vendor(client: Client) -> None:
    """A vendor that is not simulated is refused in words."""
    status, answer = await ask(client, "growatt")
    assert status == 400
    assert answer == {"error": "vendor must be one of foxess"}
