"""Real-time data and history."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from .client import Client
from .conftest import START, Connect

V0 = "/op/v0/device/real/query"
V1 = "/op/v1/device/real/query"
HISTORY = "/op/v0/device/history/query"


async def test_record(client: Client) -> None:
    """A record has a time with a zone, and values with units."""
    answer = await client.post(V1, {"sns": [client.serial]})
    record = answer.result[0]
    assert record["deviceSN"] == client.serial
    assert record["time"].startswith("2026-06-15 11:5") or record["time"].startswith(
        "2026-06-15 12:0"
    )
    assert record["time"].endswith(" CEST+0200")
    datas = {datum["variable"]: datum for datum in record["datas"]}
    assert datas["pvPower"]["unit"] == "kW"
    assert isinstance(datas["SoC"]["value"], float)
    assert datas["ResidualEnergy"] == {
        "unit": "0.01kWh",
        "name": "Battery Residual Energy",
        "variable": "ResidualEnergy",
        "value": 10.36,
    }
    assert datas["runningState"] == {
        "name": "Running State",
        "variable": "runningState",
        "value": "163",
    }
    assert (datas["currentFault"]["value"], datas["currentFaultCount"]["value"]) == (
        "",
        "0",
    )
    assert datas["pv5Volt"]["value"] == 3.4
    assert "pv6Volt" not in datas


async def test_balance_of_a_record(client: Client) -> None:
    """The load is what the inverter puts out and the grid adds."""
    for _ in range(30):
        client.sim.clock.advance(2000)
        values = await client.latest()
        assert values["loadsPower"] == pytest.approx(
            values["generationPower"]
            + values["gridConsumptionPower"]
            - values["feedinPower"]
        )
        assert values["meterPower"] == pytest.approx(
            values["gridConsumptionPower"] - values["feedinPower"]
        )
        assert values["invBatPower"] == pytest.approx(
            values["batDischargePower"] - values["batChargePower"]
        )
        assert min(values["feedinPower"], values["gridConsumptionPower"]) == 0


async def test_chosen_variables(client: Client) -> None:
    """Only what is asked for is sent, and what the device lacks is left out."""
    body = {
        "sns": [client.serial],
        "variables": ["SoC", "pvPower", "SoC_1", "noSuchThing"],
    }
    datas = (await client.post(V1, body)).result[0]["datas"]
    assert [datum["variable"] for datum in datas] == ["SoC", "pvPower"]


async def test_uploads_every_five_minutes(client: Client) -> None:
    """Between two uploads the record stays the same."""
    times = []
    for _ in range(120):
        answer = await client.post(V1, {"sns": [client.serial]}, wait=30)
        times.append(
            datetime.strptime(
                answer.result[0]["time"][:19], "%Y-%m-%d %H:%M:%S"
            ).replace(tzinfo=UTC)
        )
    distinct = sorted(set(times))
    assert times == sorted(times)
    assert 11 <= len(distinct) <= 13
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(distinct)]
    assert all(276 <= gap <= 324 for gap in gaps)
    assert len(set(gaps)) > 1


async def test_devices_upload_at_different_moments(connect: Connect) -> None:
    """Every device has a phase of its own."""
    client = await connect("KH8", "KH8", "KH8")
    sns = [inverter.serial for inverter in client.sim.foxess.inverters]
    records = (await client.post(V1, {"sns": sns})).result
    assert [record["deviceSN"] for record in records] == sns
    assert len({record["time"] for record in records}) > 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"sns": []},
        {"sns": "SIMKH8000000001"},
        {"sns": [1]},
        {"sn": "SIMKH8000000001"},
        {"sns": [f"SIM{number:012d}" for number in range(51)]},
        {"sns": ["SIMKH8000000001"], "variables": "SoC"},
    ],
)
async def test_v1_refuses(client: Client, body: dict[str, object]) -> None:
    """The batch query takes up to 50 serial numbers and nothing else."""
    assert (await client.post(V1, body)).errno == 40257


async def test_v1_leaves_out_the_unknown(client: Client) -> None:
    """Among known devices an unknown one is silently left out; alone it is refused."""
    answer = await client.post(V1, {"sns": ["SIM000000000000", client.serial]})
    assert [record["deviceSN"] for record in answer.result] == [client.serial]
    assert (await client.post(V1, {"sns": ["SIM000000000000"]})).errno == 41930


async def test_v0_of_all_devices(connect: Connect) -> None:
    """Without a serial number the old query answers for all devices."""
    client = await connect("KH8", "EVO")
    answer = await client.post(V0, {"variables": ["SoC"]})
    assert len(answer.result) == 2
    one = await client.post(V0, {"sn": client.serial})
    assert one.result[0]["deviceSN"] == client.serial
    assert (await client.post(V0, {"sns": [client.serial]})).errno == 40257


async def test_two_packs(connect: Connect) -> None:
    """With two packs a plain name means the first."""
    client = await connect("H3-V1")
    body = {
        "sns": [client.serial],
        "variables": ["SoC", "batTemperature", "invBatPower"],
    }
    datas = (await client.post(V1, body)).result[0]["datas"]
    assert [datum["variable"] for datum in datas] == [
        "SoC_1",
        "batTemperature_1",
        "invBatPower_1",
    ]
    values = await client.latest()
    assert {"SoC_1", "Soc_2", "batVolt_1", "batVolt_2", "TPower"} <= values.keys()
    assert "SoC" not in values
    assert values["invBatPower_1"] + values["invBatPower_2"] == pytest.approx(
        values["batDischargePower"] - values["batChargePower"], abs=0.002
    )


async def test_too_wide_a_query(connect: Connect) -> None:
    """Some models fail when too much is asked for by name, but not when everything is."""
    client = await connect("EVO")
    wide = [f"pv{number}Power" for number in range(1, 62)]
    assert (
        await client.post(V1, {"sns": [client.serial], "variables": wide})
    ).errno == 41200
    assert (await client.post(V1, {"sns": [client.serial]})).errno == 0


async def test_pv_inverter_sleeps(connect: Connect) -> None:
    """An inverter without a battery is offline at night and leaves an old record behind."""
    client = await connect("PV")
    day = await client.latest()
    assert day["pvPower"] > 0
    assert (day["loadsPower"], day["gridConsumptionPower"], day["loads"]) == (0, 0, 0)
    assert (
        not {"SoC", "batChargePower", "chargeEnergyToTal", "PVEnergyTotal"} & day.keys()
    )
    client.sim.clock.advance(14 * 3600)
    answer = await client.post(V1, {"sns": [client.serial]})
    assert "2026-06-15 21:" in answer.result[0]["time"]
    values = await client.latest()
    assert values["runningState"] == "161"
    listed = await client.post("/op/v0/device/list", {"currentPage": 1, "pageSize": 10})
    assert listed.result["data"][0]["status"] == 3
    client.sim.clock.advance(9 * 3600)
    assert client.sim.foxess.inverters[0].status == 1


async def test_history_of_a_day(client: Client) -> None:
    """History has a sample for every upload of at most a day."""
    begin, end = START - timedelta(days=1), START
    body = {
        "sn": client.serial,
        "variables": ["pvPower", "runningState", "nonsense"],
        "begin": int(begin.timestamp() * 1000),
        "end": int(end.timestamp() * 1000),
    }
    result = (await client.post(HISTORY, body)).result[0]
    assert result["deviceSN"] == client.serial
    power, state = result["datas"]
    assert (power["variable"], power["unit"]) == ("pvPower", "kW")
    assert "unit" not in state
    assert 286 <= len(power["data"]) <= 289
    assert {sample["value"] for sample in state["data"]} == {"163"}
    assert power["data"][0]["time"].startswith("2026-06-14 12:0")


async def test_history_without_times(client: Client) -> None:
    """Without times history holds the last three days."""
    client.sim.clock.advance(5 * 86400)
    result = (
        await client.post(HISTORY, {"sn": client.serial, "variables": ["SoC"]})
    ).result[0]
    assert 860 <= len(result["datas"][0]["data"]) <= 868


@pytest.mark.parametrize(
    ("begin", "end"),
    [(0, 86_400_001), (10, 5), (0, None), (None, 0), ("0", 5), (0, True)],
)
async def test_history_refused(client: Client, begin: object, end: object) -> None:
    """History wants both times or none, in order, and no more than a day."""
    body: dict[str, object] = {"sn": client.serial, "variables": ["SoC"]}
    body |= {} if begin is None else {"begin": begin}
    body |= {} if end is None else {"end": end}
    assert (await client.post(HISTORY, body)).errno == 40257


async def test_variable_table(client: Client) -> None:
    """The table names every variable, its unit, and the states of an inverter."""
    rows = (await client.get("/op/v0/device/variable/get")).result
    table = {name: row for entry in rows for name, row in entry.items()}
    assert table["pvPower"]["unit"] == "kW"
    assert table["SoC"] == {
        "unit": "%",
        "name": {"en": "SoC"},
        "Grid-tied inverter": False,
        "Energy-storage inverter": True,
    }
    assert table["runningState"]["enum"]["163"] == "on-grid"
    assert "unit" not in table["batStatus"]
    assert set(await client.latest()) <= table.keys()


async def test_time_with_another_zone(connect: Connect) -> None:
    """A zone may have a number for a name."""
    client = await connect(time_zone="Europe/Istanbul")
    answer = await client.post(V1, {"sns": [client.serial]})
    assert answer.result[0]["time"].endswith(" +03+0300")
