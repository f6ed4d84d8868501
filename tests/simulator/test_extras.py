"""What only some devices have, what is no longer documented, and settings with an effect."""

from base64 import b64decode, b64encode
from typing import Any

import pytest

from simulator import Fault
from simulator.foxess.modbus import checksum

from .client import Client, group, set_house
from .conftest import Connect

SETTING = "/op/v0/device/setting/"
READER = "/op/v0/device/getMeterReader"
SET_READER = "/op/v0/device/setMeterReader"
SLEEP = "/op/v0/device/displaySleep/"
BOARDING = "/op/v0/device/boarding/status"
HEATING = "/op/v0/device/batteryHeating/"
PEAK = "/op/v0/device/peakShaving/"
MODBUS = "/op/v0/module/modbus/commands"
STATISTIC = "/op/v0/device/report/statistic"
BATTERY = "/op/v0/device/battery/real/query"


async def setting(client: Client, key: str, value: str) -> None:
    """Set one setting."""
    body = {"sn": client.serial, "key": key, "value": value}
    assert (await client.post(SETTING + "set", body)).errno == 0


async def powers(client: Client, **house: Any) -> dict[str, float]:
    """Return the powers that a house settles to."""
    await set_house(client, **house)
    client.sim.clock.advance(300)
    (inverter,) = client.sim.foxess.inverters
    flow = inverter.unit.flow
    return {"grid": inverter.house.grid_w, "battery": flow.battery, "pv": flow.pv}


async def test_meter_reader(connect: Connect) -> None:
    """A foreign meter is read where it is known to be; its password travels."""
    client = await connect("MS")
    body = {"sn": client.serial}
    off = (await client.post(READER, body)).result
    assert off == {
        "readerType": 0,
        "readerStatus": 0,
        "readerInfo": {"ip": "", "key": ""},
    }
    reader = {"readerType": 9, "readerInfo": {"ip": "192.0.2.9", "key": "secret"}}
    answer = await client.post(SET_READER, {**body, **reader})
    assert (answer.errno, answer.result) == (0, {**body, **reader})
    read = (await client.post(READER, body)).result
    assert read == {**reader, "readerStatus": 1}
    assert client.sim.foxess.inverters[0].meter_reader.reader_type == 9
    for wrong in (7, 13, -1, "9", True):
        changed = {**body, **reader, "readerType": wrong}
        assert (await client.post(SET_READER, changed)).errno == 40257
    for info in (None, "192.0.2.9", {"host": "x"}, {"ip": 1}):
        changed = {**body, **reader, "readerInfo": info}
        assert (await client.post(SET_READER, changed)).errno == 40257


async def test_display_sleep(connect: Connect) -> None:
    """The display's dark hours are set whole and as strings."""
    client = await connect("MS")
    hours = {
        "displaySleepMode": "true",
        "displaySleepModeStartTimeHour": "22",
        "displaySleepModeStartTimeMin": "30",
        "displaySleepModeEndTimeHour": "6",
        "displaySleepModeEndTimeMin": "0",
    }
    body = {"sn": client.serial, **hours}
    assert (await client.post(SLEEP + "set", body)).result == body
    read = (await client.post(SLEEP + "get", {"sn": client.serial})).result
    assert {name: entry["value"] for name, entry in read.items()} == hours
    assert read["displaySleepModeEndTimeHour"]["range"] == {"min": 0.0, "max": 23.0}
    for changes in (
        {"displaySleepMode": True},
        {"displaySleepMode": "on"},
        {"displaySleepModeStartTimeHour": "24"},
        {"displaySleepModeStartTimeMin": 30},
        {"displaySleepModeSecond": "0"},
    ):
        assert (await client.post(SLEEP + "set", {**body, **changes})).errno == 40257


@pytest.mark.parametrize("path", [READER, SLEEP + "get"])
async def test_extras_of_others(client: Client, path: str) -> None:
    """A device without such a thing says so, and an unknown one is unknown."""
    assert (await client.post(path, {"sn": client.serial})).errno == 42015
    assert (await client.post(path, {"sn": "SIM000000000000"})).errno == 41930
    assert (await client.post(path, {"deviceSN": client.serial})).errno == 40257


async def test_boarding(client: Client) -> None:
    """A device's binding is pending or confirmed."""
    assert (await client.get(BOARDING, sn=client.serial)).result["status"] == 1
    body = {"sn": client.serial, "status": 0}
    assert (await client.post(BOARDING + "/set", body)).result == body
    assert (await client.get(BOARDING, sn=client.serial)).result["status"] == 0
    for status in (2, "1", True):
        changed = {**body, "status": status}
        assert (await client.post(BOARDING + "/set", changed)).errno == 40257


async def test_installer_count(connect: Connect) -> None:
    """Devices are counted by year and country; no field is known."""
    client = await connect("KH8", "PV")
    path = "/op/v0/device/installer/count"
    assert (await client.post(path, {})).result == [
        {
            "year": 2026,
            "deviceCountryCounts": [{"country": "Germany", "deviceCount": 2}],
        }
    ]
    assert (await client.post(path, {"year": 2026})).errno == 40257


async def test_no_longer_documented(client: Client) -> None:
    """What left the document still answers, and can be switched off as if it were gone."""
    query = {
        "sn": client.serial,
        "year": 2026,
        "month": 6,
        "dimension": "month",
        "variables": ["generation", "loads"],
    }
    rows = (await client.post(STATISTIC, query)).result
    report = (await client.post("/op/v0/device/report/query", query)).result
    assert [row["value"] for row in rows] == [sum(row["values"]) for row in report]
    battery = (await client.post(BATTERY, {"sn": client.serial})).result
    values = await client.latest()
    assert (battery["capacity"], battery["soc"]) == (10360, values["SoC"])
    client.sim.foxess.undocumented = False
    assert (await client.post(STATISTIC, query)).status == 404
    assert (await client.post(BATTERY, {"sn": client.serial})).status == 404


async def test_only_documented(connect: Connect) -> None:
    """A simulation may begin without the forgotten endpoints."""
    client = await connect("PV", undocumented=False)
    assert (await client.post(BATTERY, {"sn": client.serial})).status == 404
    client.sim.foxess.undocumented = True
    assert (await client.post(BATTERY, {"sn": client.serial})).errno == 42015


def frame(*body: int) -> str:
    """Return a Modbus frame as it travels."""
    return b64encode(bytes(body) + checksum(bytes(body))).decode()


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (frame(247, 3, 0, 10, 0, 2), bytes([247, 3, 4, 0, 0, 0, 0])),
        (frame(247, 3, 0, 10, 0, 126), bytes([247, 0x83, 3])),
        (frame(247, 6, 0, 10, 0, 1), bytes([247, 0x86, 1])),
        (frame(247, 16), bytes([247, 0x90, 1])),
    ],
)
async def test_modbus(client: Client, data: str, answer: bytes) -> None:
    """Every register reads 0, and none is ever written."""
    (inverter,) = client.sim.foxess.inverters
    result = (
        await client.post(MODBUS, {"sn": inverter.module_serial, "data": data})
    ).result
    assert b64decode(result["data"]) == answer + checksum(answer)


async def test_modbus_refused(client: Client) -> None:
    """What is no frame is no parameter, and a bad checksum meets silence."""
    (inverter,) = client.sim.foxess.inverters
    body: dict[str, Any] = {
        "sn": inverter.module_serial,
        "data": frame(1, 3, 0, 0, 0, 1),
    }
    for changes, errno in (
        ({"data": "%"}, 40257),
        ({"data": "AQMAAA=="}, 41203),
        ({"timeout": 0}, 40257),
        ({"timeout": 20}, 0),
        ({"sn": client.serial}, 40257),
    ):
        assert (await client.post(MODBUS, {**body, **changes})).errno == errno
    client.sim.faults.add(Fault(vendor="foxess", kind="offline"))
    assert (await client.post(MODBUS, body)).errno == 41203


@pytest.mark.parametrize("name", ["getLanInfo", "getWifiInfo"])
async def test_network(client: Client, name: str) -> None:
    """A data logger tells its address."""
    (inverter,) = client.sim.foxess.inverters
    body = {"sn": inverter.module_serial}
    network = (await client.post(f"/op/v0/module/{name}", body)).result
    assert {"ip", "gateway", "mask"} <= network.keys()
    assert network["ip"].startswith("192.0.2.")
    client.sim.faults.add(Fault(vendor="foxess", kind="offline"))
    assert (await client.post(f"/op/v0/module/{name}", body)).errno == 41203


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ExportLimit", "12000"),
        ("ExportLimitPower", "50"),
        ("ActivePowerLimit", "70"),
        ("EpsOutPut", "disable"),
        ("ECOMode", "enable"),
        ("Meter1Enable", "disable"),
        ("Meter2Enable", "enable"),
        ("SysSwitch", "disable"),
        ("GroundProtection", "disable"),
        ("LowPowerMode", "enable"),
        ("MaxSetChargeCurrent", "12.5"),
        ("MaxSetDischargeCurrent", "0"),
        ("WorkMode", "PeakShaving"),
        ("MaxSoc", "90"),
    ],
)
async def test_every_setting(connect: Connect, key: str, value: str) -> None:
    """A large hybrid has every setting, and holds what it was set to."""
    client = await connect("H3-PRO")
    await setting(client, key, value)
    read = await client.post(SETTING + "get", {"sn": client.serial, "key": key})
    assert read.result["value"] == value
    assert ("range" in read.result) is not ("enumList" in read.result)


async def test_settings_act_on_the_house(connect: Connect) -> None:
    """Limits of export, current and output hold in the house."""
    client = await connect("H3-PRO")
    sunny = {"soc": 100, "load": 0, "pv": 12000}
    assert (await powers(client, **sunny))["grid"] == pytest.approx(-11640)
    await setting(client, "ExportLimitPower", "50")
    assert (await powers(client, **sunny))["grid"] == pytest.approx(-7500)
    await setting(client, "ExportLimit", "3000")
    assert (await powers(client, **sunny))["grid"] == pytest.approx(-3000)
    await setting(client, "MaxSetDischargeCurrent", "2")
    evening = await powers(client, soc=50, load=5000, pv=0)
    assert evening["battery"] == pytest.approx(2 * 396, abs=5)
    await setting(client, "MaxSetChargeCurrent", "3")
    noon = await powers(client, soc=50, load=0, pv=9000)
    assert noon["battery"] == pytest.approx(-3 * 396, abs=5)
    await setting(client, "Meter1Enable", "disable")
    client.sim.clock.advance(330)
    assert (await client.latest())["meterPower"] == 0


@pytest.mark.parametrize("by_group", [False, True])
async def test_peak_shaving_limits_import(connect: Connect, by_group: bool) -> None:
    """As work mode or as a group, below its SOC the battery only gives what is beyond the limit."""
    client = await connect("H3-PRO")
    body = {"sn": client.serial, "importLimit": 2.0, "soc": 60}
    assert (await client.post(PEAK + "set", body)).errno == 0
    if by_group:
        groups = [group(3, "0:00", "23:59", "PeakShaving")]
        assert (await client.schedule(3, groups)).errno == 0
        assert (await client.set_flag(1)).errno == 0
    else:
        await setting(client, "WorkMode", "PeakShaving")
    low = await powers(client, soc=50, load=5000, pv=0)
    assert low["grid"] == pytest.approx(2000)
    small = await powers(client, soc=50, load=1500, pv=0)
    assert (small["grid"], small["battery"]) == (1500, 0)
    full = await powers(client, soc=90, load=5000, pv=0)
    assert full["grid"] == pytest.approx(0)


async def test_heating_follows_the_cells(connect: Connect) -> None:
    """The battery warms up while it is cold and a window is open."""
    client = await connect("H3-PRO")
    times = {
        f"time{number}{part}": "disable" if part == "Enable" else "0"
        for number in (1, 2, 3)
        for part in ("Enable", "StartHour", "StartMinute", "EndHour", "EndMinute")
    }
    body = {
        "sn": client.serial,
        **times,
        "batteryWarmUpEnable": "enable",
        "startTemperature": "5",
        "endTemperature": "12",
    }

    async def state() -> str:
        read = (await client.post(HEATING + "get", {"sn": client.serial})).result
        values = {entry["name"]: entry["value"] for entry in read["dataList"]}
        return str(values["batteryWarmUpState"]).split(" in ", maxsplit=1)[1]

    assert await state() == "a stopped warm up state"
    assert (await client.post(HEATING + "set", body)).errno == 0
    assert await state() == "a ready warm up state"
    await set_house(client, temperature=-3.5)
    assert await state() == "the warm up state"
    client.sim.clock.advance(330)
    assert (await client.latest())["batTemperature_1"] == -3.5
    night = {"time1Enable": "enable", "time1StartHour": "22", "time1EndHour": "6"}
    assert (await client.post(HEATING + "set", {**body, **night})).errno == 0
    assert await state() == "a ready warm up state"
    client.sim.clock.advance(11 * 3600)
    assert await state() == "the warm up state"
