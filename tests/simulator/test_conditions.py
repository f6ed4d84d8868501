"""What is peculiar to some days, models and houses."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator import Fault

from .client import Client
from .conftest import Connect

REAL = "/op/v1/device/real/query"
HISTORY = "/op/v0/device/history/query"
GENERATION = "/op/v0/device/generation"


@pytest.mark.parametrize(
    ("model", "strings", "shown"),
    [
        ("PV", 1, 2),
        ("MICRO", 2, 3),
        ("KH8", 4, 5),
        ("H3-PRO", 8, 9),
        ("R75", 24, 24),
    ],
)
async def test_pv_strings(
    connect: Connect, model: str, strings: int, shown: int
) -> None:
    """A device shows its strings and one input with noise, where there is one left."""
    values = await (await connect(model)).latest()
    numbers = {number for number in range(1, 30) if f"pv{number}Power" in values}
    assert numbers == set(range(1, shown + 1))
    powers = [values[f"pv{number}Power"] for number in range(1, strings + 1)]
    assert min(powers) > 0
    assert sum(powers) == pytest.approx(values["pvPower"], abs=0.02)
    if shown > strings:
        assert (values[f"pv{shown}Power"], values[f"pv{shown}Volt"]) == (0, 3.4)


@pytest.mark.parametrize("model", ["MICRO", "R75"])
async def test_inverter_without_battery(connect: Connect, model: str) -> None:
    """Micro and string inverters are listed like others, and have nothing of a battery."""
    client = await connect(model)
    detail = (await client.get("/op/v1/device/detail", sn=client.serial)).result
    assert (detail["hasBattery"], detail["batteryList"]) == (False, None)
    values = await client.latest()
    assert not {"SoC", "meterPower", "invBatPower"} & values.keys()
    flag = {"deviceSN": client.serial}
    answer = await client.post("/op/v1/device/scheduler/get/flag", flag)
    assert answer.result["support"] is False


@pytest.mark.parametrize("model", ["H3-V1", "H3-PRO"])
async def test_second_pack(connect: Connect, model: str) -> None:
    """With two packs everything of a battery is numbered, once in another spelling."""
    client = await connect(model)
    values = await client.latest()
    for name in ("invBatPower", "batVolt", "batCurrent", "batTemperature"):
        assert {f"{name}_1", f"{name}_2"} <= values.keys()
        assert name not in values
    assert {"SoC_1", "Soc_2"} <= values.keys()
    assert not {"SoC", "SoC_2"} & values.keys()
    listed = (await client.get("/op/v1/device/detail", sn=client.serial)).result
    packs = [part for part in listed["batteryList"] if part["type"] == "bmu"]
    assert len({part["batterySN"] for part in packs}) == 2


async def test_master_and_slave(connect: Connect) -> None:
    """Two inverters of one station tell of the same meter, and not of the same output."""
    client = await connect("H3-V1+H3-V1")
    first, second = client.sim.foxess.inverters
    for inverter, soc in ((first, 60), (second, 10)):
        async with client.session.post(
            client.sim.control_url + "/house",
            json={"serial": inverter.serial, "soc": soc, "pv": 0, "load": 14000},
        ) as response:
            assert response.status == 200
    client.sim.clock.advance(660)
    records = (await client.post(REAL, {"sns": [first.serial, second.serial]})).result
    master, slave = (
        {datum["variable"]: datum["value"] for datum in record["datas"]}
        for record in records
    )
    assert master["meterPower"] == slave["meterPower"] > 4
    assert master["meterPower"] == pytest.approx(3 * master["meterPowerR"], abs=0.01)
    assert (master["generationPower"], slave["generationPower"]) == (
        pytest.approx(8.73),
        0,
    )
    assert (
        pytest.approx(
            master["generationPower"] + slave["generationPower"] + master["meterPower"]
        )
        == 14
    )
    assert first.station_id == second.station_id


@pytest.mark.parametrize(("model", "hours"), [("KH8", 1), ("PV", 8)])
async def test_morning(connect: Connect, model: str, hours: int) -> None:
    """Today is yesterday's until the first upload, which an inverter without a battery makes at dawn."""
    client = await connect(model, start=datetime(2026, 6, 15, 21, 59, tzinfo=UTC))
    evening = (await client.get(GENERATION, sn=client.serial)).result
    client.sim.clock.advance(65)
    stale = (await client.get(GENERATION, sn=client.serial)).result
    assert stale["today"] == pytest.approx(evening["today"], abs=0.2)
    assert stale["today"] > 3
    client.sim.clock.advance(hours * 3600)
    morning = (await client.get(GENERATION, sn=client.serial)).result
    assert 0 <= morning["today"] < 3
    assert morning["cumulative"] >= stale["cumulative"]


async def test_glitch(client: Client) -> None:
    """A glitch fills the upper half of counters and powers, and nothing else, and is over at once."""
    before = await client.latest()
    client.sim.faults.add(Fault(vendor="foxess", kind="glitch", path=REAL, count=1))
    bad = await client.latest()
    after = await client.latest()
    risen = {name for name in bad if bad[name] != before[name]}
    powers = {name for name in risen if "power" in name.lower()}
    assert powers > {"pvPower", "loadsPower", "invBatPower"}
    assert {round(bad[name] - before[name], 3) for name in powers} == {65.536}
    assert risen - powers == {
        "todayYield",
        "generation",
        "feedin",
        "gridConsumption",
        "loads",
        "chargeEnergyToTal",
        "dischargeEnergyToTal",
        "PVEnergyTotal",
        "energyThroughput",
    }
    assert all(bad[name] > 26_000_000 for name in risen - powers)
    assert after == before


@pytest.mark.parametrize(
    ("day", "hours", "names"),
    [
        (datetime(2026, 3, 29), 23, ["CET+0100", "CEST+0200"]),
        (datetime(2026, 10, 25), 25, ["CEST+0200", "CET+0100"]),
    ],
)
async def test_history_when_the_clocks_change(
    connect: Connect, day: datetime, hours: int, names: list[str]
) -> None:
    """A day of 23 or 25 hours has samples for each, in order, with the zone that then held."""
    client = await connect(start=day + timedelta(days=1, hours=2))
    zone = client.sim.foxess.inverters[0].house.time_zone
    begin = day.replace(tzinfo=zone)
    middle = begin.astimezone(UTC) + timedelta(hours=12)
    end = (day + timedelta(days=1)).replace(tzinfo=zone)
    assert (end.astimezone(UTC) - begin.astimezone(UTC)) == timedelta(hours=hours)
    times: list[str] = []
    for start, stop in ((begin, middle), (middle, end)):
        body = {
            "sn": client.serial,
            "variables": ["SoC"],
            "begin": int(start.timestamp() * 1000),
            "end": int(stop.timestamp() * 1000) - 1,
        }
        (answer,) = (await client.post(HISTORY, body)).result
        times += [sample["time"] for sample in answer["datas"][0]["data"]]
    assert len(times) == pytest.approx(hours * 12, abs=1)
    moments = [
        datetime.strptime(f"{time[:19]}{time[-5:]}", "%Y-%m-%d %H:%M:%S%z")
        for time in times
    ]
    assert moments == sorted(moments)
    assert list(dict.fromkeys(time[20:] for time in times)) == names
