"""An EMS, its settings, and what they do to its two inverters."""

from typing import Any

import pytest

from simulator import Fault

from .client import Client
from .conftest import START, Connect

PAGE = {"currentPage": 1, "pageSize": 10}
EMS = "/op/v0/ems/"
SETTING = EMS + "setting/"
NAMES = ["totalFeedinPower", "totalLoadsPower"]
FIRST: dict[str, dict[str, str]] = {
    "acOutput": {
        "drmEnable": "enable",
        "rippleControl": "enable",
        "rippleControlPiecewise1": "12.5",
        "rippleControlPiecewise2": "30",
        "rippleControlPiecewise3": "60",
        "rippleControlPiecewise4": "100",
    },
    "gen": {
        "genEnable": "enable",
        "startSoc": "15",
        "stopSoc": "85",
        "genCharge": "4000",
        "judgeTime": "20",
        "minimumResetTime": "30",
    },
    "more": {
        "controlMode": "singlePhase",
        "controlCycle": "500",
        "gridExportControlDelta": "-100",
    },
    "powerLimit": {
        "powerLimitEnable": "enable",
        "gridExportLimit": "4000",
        "gridImportLimit": "9000",
        "gridExportLimitForPeakShaving": "3000",
        "batterySocLimitForPeakShaving": "40",
        "acOutputExportLimit": "20000",
    },
}
SYSTEM: dict[str, dict[str, Any]] = {
    "general": {"drm": True, "rippleControl": False, "dataReportingCycle": 500},
    "parallelControl": {
        "enable": True,
        "controlMode": "maximumSinglePowerControl",
        "controlPercentage": 80,
        "dataReportingCycle": 0.5,
    },
    "powerLimit": {
        "enable": True,
        "exportPowerLimit": 2500,
        "importPowerLimit": 8000,
        "feedinPowerLimit": 5000,
    },
}


@pytest.fixture
async def client(connect: Connect) -> Client:
    """Return a client of a house with an EMS."""
    return await connect("EMS")


def serial(client: Client) -> str:
    """Return the EMS's serial number."""
    return client.sim.foxess.ems[0].serial


async def sunny(client: Client, **changes: Any) -> float:
    """Return the grid power in W that the house settles to at noon with full batteries."""
    house = {"soc": 100, "load": 0, "pv": 9000, **changes}
    for inverter in client.sim.foxess.inverters:
        async with client.session.post(
            client.sim.control_url + "/house",
            json={"serial": inverter.serial, **house},
        ) as response:
            assert response.status == 200
    client.sim.clock.advance(300)
    return client.sim.foxess.inverters[0].house.grid_w


async def test_list(client: Client) -> None:
    """An EMS is listed with a status that is a string and counts the other way round."""
    (ems,) = client.sim.foxess.ems
    row = {
        "emsID": ems.ems_id,
        "emsSN": ems.serial,
        "plantID": ems.station_id,
        "productType": "EMS",
        "status": "0",
    }
    assert (await client.post(EMS + "list", PAGE)).result["data"] == [row]
    client.sim.faults.add(Fault(vendor="foxess", kind="offline", value=ems.serial))
    assert (await client.post(EMS + "list", PAGE)).result["data"] == [
        {**row, "status": "1"}
    ]
    devices = (await client.post("/op/v0/device/list", PAGE)).result["data"]
    assert [device["deviceType"] for device in devices] == ["H3-15.0-Smart"] * 2
    assert {device["stationID"] for device in devices} == {ems.station_id}


async def test_real(client: Client) -> None:
    """Readings are strings, of the whole house, at a time in UTC."""
    await sunny(client)
    client.sim.clock.advance(330)
    body = {"sns": [serial(client)], "variables": [*NAMES, "SoC", "noSuch"]}
    (device,) = (await client.post(EMS + "real/query", body)).result
    values = {datum["variable"]: datum["value"] for datum in device["datas"]}
    assert values == {
        "totalFeedinPower": "17.46",
        "totalLoadsPower": "0.0",
        "SoC": "100.0",
    }
    assert device["time"].startswith("2026-06-15 10:")
    assert device["time"].endswith(" UTC+0000")
    assert client.sim.foxess.ems[0].records[-1].values["totalPVPower"] == 18


@pytest.mark.parametrize(
    ("changes", "errno"),
    [
        ({"variables": None}, 40257),
        ({"variables": []}, 40257),
        ({"variables": "SoC"}, 40257),
        ({"sns": []}, 40257),
        ({"sns": ["X"] * 51}, 40257),
        ({"sns": ["SIMH3PRO0000001"]}, 41930),
    ],
)
async def test_real_refused(
    client: Client, changes: dict[str, object], errno: int
) -> None:
    """The variables must be named, and only an EMS is one."""
    body = {"sns": [serial(client)], "variables": NAMES} | changes
    body = {key: value for key, value in body.items() if value is not None}
    assert (await client.post(EMS + "real/query", body)).errno == errno


async def test_history(client: Client) -> None:
    """History has numbers, five minutes apart, of at most a day."""
    now = int(START.timestamp() * 1000)
    body = {
        "sn": serial(client),
        "variables": NAMES,
        "begin": now - 3_600_000,
        "end": now,
    }
    (device,) = (await client.post(EMS + "history/query", body)).result
    assert [series["variable"] for series in device["datas"]] == NAMES
    assert len(device["datas"][0]["data"]) == 12
    assert isinstance(device["datas"][0]["data"][0]["value"], float)
    body["begin"] = now - 86_400_001
    assert (await client.post(EMS + "history/query", body)).errno == 40257
    unnamed = {"sn": serial(client)}
    assert (await client.post(EMS + "history/query", unnamed)).errno == 40257


@pytest.mark.parametrize("group", list(FIRST))
async def test_group(client: Client, group: str) -> None:
    """A group is set whole and as strings, and read with ranges or options."""
    body = {"sn": serial(client), **FIRST[group]}
    path = f"{SETTING}{group}/"
    assert (await client.post(path + "set", body)).result == body
    read = (await client.get(path + "get", sn=serial(client))).result
    assert (
        FIRST[group].items()
        <= {name: entry["value"] for name, entry in read.items()}.items()
    )
    for entry in read.values():
        assert ("range" in entry) is not ("enumList" in entry)
    for name, value in FIRST[group].items():
        for wrong in (1, "", "x", None):
            changed = {**body, name: wrong}
            assert (await client.post(path + "set", changed)).errno == 40257
        shorter = {key: held for key, held in body.items() if key != name}
        assert (await client.post(path + "set", shorter)).errno == 40257
        assert client.sim.foxess.ems[0].settings[group][name] == value


@pytest.mark.parametrize("group", list(FIRST))
async def test_group_of_another_device(client: Client, group: str) -> None:
    """Settings are those of an EMS that answers."""
    inverter = client.sim.foxess.inverters[0].serial
    path = f"{SETTING}{group}/"
    assert (await client.get(path + "get", sn=inverter)).errno == 41930
    assert (await client.get(path + "get", emsID=serial(client))).errno == 40257
    client.sim.faults.add(Fault(vendor="foxess", kind="offline"))
    assert (await client.get(path + "get", sn=serial(client))).errno == 41203
    body = {"sn": serial(client), **FIRST[group]}
    assert (await client.post(path + "set", body)).errno == 44098


async def test_limits_hold_in_the_house(client: Client) -> None:
    """What the EMS permits holds for both inverters together."""
    assert await sunny(client) == pytest.approx(-17460)
    limits = {"sn": serial(client), **FIRST["powerLimit"]}
    path = SETTING + "powerLimit/set"
    assert (await client.post(path, limits)).errno == 0
    assert await sunny(client) == pytest.approx(-4000)
    roomy = {**limits, "gridExportLimit": "100000", "acOutputExportLimit": "10000"}
    assert (await client.post(path, roomy)).errno == 0
    assert await sunny(client) == pytest.approx(-10000)
    assert (
        await client.post(path, {**limits, "powerLimitEnable": "disable"})
    ).errno == 0
    assert await sunny(client) == pytest.approx(-17460)


async def test_system(client: Client) -> None:
    """The system is asked for by id, is typed, and limits too."""
    ems_id = client.sim.foxess.ems[0].ems_id
    body = {"emsID": ems_id, **SYSTEM}
    assert (await client.post(SETTING + "system/set", body)).result == body
    assert (await client.get(SETTING + "system/get", emsID=ems_id)).result == SYSTEM
    assert await sunny(client) == pytest.approx(-2500)
    assert (await client.get(SETTING + "system/get", sn=ems_id)).errno == 40257
    unknown = await client.get(SETTING + "system/get", emsID=serial(client))
    assert unknown.errno == 41930
    for part, name, wrong in (
        ("general", "drm", "true"),
        ("general", "dataReportingCycle", 199),
        ("parallelControl", "controlMode", "none"),
        ("parallelControl", "controlPercentage", 101),
        ("parallelControl", "dataReportingCycle", 0),
        ("powerLimit", "enable", 1),
        ("powerLimit", "exportPowerLimit", "2500"),
        ("powerLimit", "colour", 1),
    ):
        changed = {**body, part: {**SYSTEM[part], name: wrong}}
        assert (await client.post(SETTING + "system/set", changed)).errno == 40257


async def test_rate(client: Client) -> None:
    """A serial port is asked for by id and number."""
    port = {"emsID": client.sim.foxess.ems[0].ems_id, "port": 2}
    rate = {"rate": 19200, "dataBit": 7, "stopBit": 1.5, "parityBit": 2}
    body = {**port, **rate}
    assert (await client.post(SETTING + "rate/set", body)).result == body
    assert (await client.post(SETTING + "rate/get", port)).result == rate
    other = (await client.post(SETTING + "rate/get", {**port, "port": 1})).result
    assert other["rate"] == 9600
    assert (await client.post(SETTING + "rate/get", {**port, "port": 4})).errno == 40257
    for changes in (
        {"rate": 9601},
        {"rate": 4800},
        {"dataBit": 9},
        {"stopBit": 3},
        {"parityBit": "2"},
        {"port": "2"},
    ):
        changed = {**body, **changes}
        assert (await client.post(SETTING + "rate/set", changed)).errno == 40257


async def test_master_of_other_inverters(connect: Connect) -> None:
    """Joined to inverters, an EMS is their master and brings none."""
    client = await connect("KH8+EMS")
    (ems,) = client.sim.foxess.ems
    assert list(ems.inverters) == client.sim.foxess.inverters
    assert [inverter.model for inverter in ems.inverters] == ["KH8"]


async def test_state(client: Client) -> None:
    """The control server shows the EMS."""
    async with client.session.get(client.sim.control_url + "/state") as response:
        state = (await response.json())["foxess"]
    (part,) = state["parts"]
    assert (part["kind"], part["serial"]) == ("Ems", serial(client))
    assert part["settings"]["more"]["controlMode"] == "threePhase"
    assert state["plants"][0]["parts"] == [serial(client)]
    told: Any = client.sim.describe()
    assert told["foxess"]["parts"][0]["serial"] == serial(client)
