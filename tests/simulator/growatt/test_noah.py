"""NOAH and NEXA (notes 1.7 and 1.8)."""

from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from .client import Answer, Client
from .conftest import Connect
from .writes import set_house


@pytest.fixture
async def noah(connect: Connect) -> Client:
    """Return a client of a NOAH."""
    return await connect("NOAH")


async def segment(client: Client, index: int, mode: int, power: int) -> Answer:
    """Write a segment that lasts all day."""
    return await write_segment(
        client, {"type": str(index), "mode": str(mode), "power": str(power)}
    )


async def write_segment(client: Client, changes: dict[str, str]) -> Answer:
    """Write a segment that is as usual but for some parts."""
    usual = {
        "type": "1",
        "startTime": "00:00",
        "endTime": "23:59",
        "mode": "0",
        "power": "100",
        "enable": "1",
    }
    return await client.about("setTimeSegment", client.device, **{**usual, **changes})


async def app(client: Client, name: str, **form: str) -> Any:
    """Ask as the app does."""
    word = client.device.profile.model.split()[0].lower()
    answer = await client.call(
        "POST",
        f"/v4/noahDeviceApi/{word}/{name}",
        form={"deviceSn": client.device.serial, **form},
    )
    return answer.data


async def test_default_power(noah: Client) -> None:
    """Load first gives a fixed power to the house, from sun and battery; the rest charges."""
    set_house(noah.device, soc=50, load=600, pv=900)
    assert (await noah.about("setPower", value="350")).code == 0
    noah.pass_time(minutes=2)
    record = await noah.latest()
    assert record["pac"] == pytest.approx(350, abs=1)
    assert record["totalBatteryPackChargingStatus"] == 1
    assert record["totalBatteryPackChargingPower"] > 500
    assert record["ctSelfPower"] == pytest.approx(250, abs=1)
    assert (await noah.about("readPower")).data == 350
    set_house(noah.device, soc=50, load=600, pv=0)
    noah.pass_time(minutes=2)
    record = await noah.latest()
    assert record["totalBatteryPackChargingStatus"] == 2
    assert record["totalBatteryPackChargingPower"] < -350


@pytest.mark.parametrize(
    ("mode", "output"), [(0, 150), (1, 0), (2, 600)], ids=["load", "battery", "smart"]
)
async def test_segments(noah: Client, mode: int, output: int) -> None:
    """0 gives a fixed power, 1 charges the battery first, 2 gives what the house needs."""
    set_house(noah.device, soc=50, load=600, pv=900)
    assert (await segment(noah, 4, mode, 150)).code == 0
    noah.pass_time(minutes=2)
    record = await noah.latest()
    assert record["pac"] == pytest.approx(output, abs=1)
    assert record["workMode"] == mode
    info = await noah.about("queryDeviceInfo")
    row = info.data["noah"][0]
    assert (row["time4Start"], row["time4End"], row["time4Mode"]) == (
        "0:0",
        "23:59",
        mode,
    )
    assert (row["time4Power"], row["time4Enable"]) == (150, 1)
    shown = (await app(noah, "getNoahInfoBySn"))["noah"]["time_segment"]
    assert shown == [{"time_segment4": f"{mode}_0:0_23:59_150_0"}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "10"},
        {"mode": "3"},
        {"power": "801"},
        {"startTime": "7:0:0"},
        {"endTime": ""},
        {"startTime": "10:00", "endTime": "09:59"},
        {"enable": "2"},
    ],
)
async def test_wrong_segments(noah: Client, wrong: dict[str, str]) -> None:
    """A value that is wrong is refused."""
    assert (await write_segment(noah, wrong)).code == 14


async def test_soc_limits(noah: Client) -> None:
    """The battery stays within its limits."""
    assert (await noah.about("setHighLimitSoc", value="55")).code == 0
    assert (await noah.about("setLowLimitSoc", value="45")).code == 0
    set_house(noah.device, soc=50, load=300, pv=1500)
    noah.pass_time(hours=2)
    record = await noah.latest()
    assert record["totalBatteryPackSoc"] == 55
    assert (record["chargeSocLimit"], record["dischargeSocLimit"]) == (55, 45)
    set_house(noah.device, load=300, pv=0)
    noah.pass_time(hours=6)
    assert (await noah.latest())["totalBatteryPackSoc"] == 45


async def test_charging_from_the_grid(noah: Client) -> None:
    """Battery first charges from the grid only where that is allowed; off the grid nothing flows."""
    set_house(noah.device, soc=50, load=300, pv=0)
    await segment(noah, 1, 1, 0)
    noah.pass_time(minutes=2)
    assert (await noah.latest())["totalBatteryPackChargingStatus"] == 0
    assert (await noah.about("setGridCharge", value="1")).code == 0
    noah.pass_time(minutes=2)
    assert (await noah.latest())["totalBatteryPackChargingPower"] > 700
    assert (await noah.about("setOffGrid", value="1")).code == 0
    noah.pass_time(minutes=2)
    assert (await noah.latest())["pac"] == 0


async def test_times(noah: Client) -> None:
    """A record every minute has milliseconds, and a wall clock of UTC+8."""
    first, second = [await noah.latest() for _ in range(2)]
    assert second["time"] > first["time"]
    seen = datetime.strptime(second["timeStr"] + "+0800", "%Y-%m-%d %H:%M:%S%z")
    assert 0 <= second["time"] - seen.timestamp() * 1000 < 1000
    times = [record.at for record in noah.device.records][-30:]
    gaps = [(later - at).total_seconds() for at, later in pairwise(times)]
    assert all(30 < gap < 90 for gap in gaps)


async def test_load_turns_over(connect: Connect) -> None:
    """Where another inverter produces, the load falls below zero, and 16 bits turn over."""
    client = await connect("INV+NOAH")
    noah, other = (client.sim.growatt.first(model) for model in ("NOAH", "INV"))
    set_house(noah, soc=50, load=300, pv=0)
    other.unit.pv_override_w = 2000
    client.pass_time(minutes=2)
    record = await client.latest(noah)
    load = record["householdLoadApartFromGroplug"]
    assert load < -1000
    assert record["totalHouseholdLoad"] == load + 65536
    assert record["ctSelfPower"] < -1000


async def test_only_v4_knows_it(noah: Client) -> None:
    """A NOAH is in no v1 list, and types of v4 calls that are not its own are refused."""
    listed = await noah.get("device/list", plant_id=noah.plant_id)
    assert listed.data["devices"] == []
    assert (await noah.v4("queryDeviceList", page="1")).data["data"][0][
        "deviceType"
    ] == "noah"
    assert (await noah.about("setOnOrOff", value="1")).code == 7
    check = await noah.get("device/check/sn", dataloggerSn=noah.device.serial)
    assert (check.root["deviceType"], check.root["model"]) == (1000, "Noah 2000")


@pytest.mark.parametrize("model", ["NOAH", "NEXA"])
async def test_app(connect: Connect, model: str) -> None:
    """The app's calls tell the same story in their own words; the path names the model."""
    client = await connect(model)
    word = model.capitalize()
    set_house(client.device, soc=60, load=600, pv=800)
    client.pass_time(minutes=2)
    status = await app(client, "getSystemStatus")
    latest = client.device.latest
    assert latest is not None
    assert status["soc"] == str(round(latest.soc))
    assert int(status["pac"]) == -200
    assert int(status["gridPower"]) == pytest.approx(400, abs=1)
    batteries = await app(client, "getBatteryData")
    assert len(batteries["batter"]) == client.device.profile.packs
    curve = await app(client, f"get{word}ChartData", date="2026-06-15")
    assert len(curve) == 288
    bars = await app(client, "getDataChart", dateTime="2026-06-01", dateType="1")
    assert set(bars) == {"13", "14", "15"}
    upgrade = await app(client, f"checkUpgrade{word}")
    assert upgrade["currVersion"] == upgrade["newVersion"]
    other = {"NOAH": "nexa", "NEXA": "noah"}[model]
    wrong = await client.call(
        "POST",
        f"/v4/noahDeviceApi/{other}/getSystemStatus",
        form={"deviceSn": client.device.serial},
    )
    assert wrong.code != 1


async def test_assigned_inverter(noah: Client) -> None:
    """A NOAH is told what inverter it feeds."""
    value = (
        '{"deviceId": "X1", "deviceModel": "HM-1500", "brandsName": "Hoymiles",'
        ' "modelId": "0x0207", "type": 0}'
    )
    assert (await noah.about("setDevice", value=value)).code == 0
    info = (await noah.about("queryDeviceInfo")).data["noah"][0]
    assert (info["associatedInvSn"], info["modelName"]) == ("X1", "HM-1500")
    assert (await noah.about("setDevice", value="{}")).code == 14
    assert (await noah.about("setDevice", value="X1")).code == 14
