"""Settings, SOC limits, charge windows, and the device's extras."""

import pytest

from .client import Client, group
from .conftest import Connect

GET = "/op/v0/device/setting/get"
SET = "/op/v0/device/setting/set"
SOC = "/op/v0/device/battery/soc/"
WINDOWS = "/op/v0/device/battery/forceChargeTime/"
PEAK = "/op/v0/device/peakShaving/"
HEATING = "/op/v0/device/batteryHeating/"
NOON = {"hour": 12, "minute": 0}
ONE = {"hour": 13, "minute": 0}
ZERO = {"hour": 0, "minute": 0}


async def test_setting_with_a_range(client: Client) -> None:
    """A setting is read and set as a string, and the input is echoed."""
    body = {"sn": client.serial, "key": "MinSocOnGrid"}
    assert (await client.post(GET, body)).result == {
        "value": "10",
        "unit": "%",
        "precision": 1.0,
        "range": {"min": 10, "max": 100},
    }
    answer = await client.post(SET, {**body, "value": "25"})
    assert (answer.errno, answer.result) == (0, {**body, "value": "25"})
    assert (await client.post(GET, body)).result["value"] == "25"
    assert client.sim.foxess.inverters[0].settings["MinSocOnGrid"] == "25"


async def test_setting_with_options(client: Client) -> None:
    """A work mode is one of the device's own."""
    body = {"sn": client.serial, "key": "WorkMode"}
    assert (await client.post(GET, body)).result == {
        "value": "SelfUse",
        "unit": "",
        "precision": 1.0,
        "enumList": ["PeakShaving", "Feedin", "SelfUse"],
    }
    assert (await client.post(SET, {**body, "value": "ForceCharge"})).errno == 40257
    assert (await client.post(SET, {**body, "value": "Feedin"})).errno == 0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("MinSoc", "9"),
        ("MinSoc", "101"),
        ("MinSoc", "12.5"),
        ("MinSoc", "many"),
        ("MinSoc", "nan"),
        ("MinSoc", 20),
        ("MinSoc", ""),
        ("MaxSetChargeCurrent", "10.05"),
        ("ExportLimit", "-1"),
        ("NoSuchKey", "1"),
        ("SysSwitch", "off"),
    ],
)
async def test_value_refused(client: Client, key: str, value: object) -> None:
    """A value outside range, step or options does not meet expectations."""
    body = {"sn": client.serial, "key": key, "value": value}
    assert (await client.post(SET, body)).errno == 40257


async def test_finer_steps(client: Client) -> None:
    """A current has steps of 0.1 A."""
    body = {"sn": client.serial, "key": "MaxSetChargeCurrent", "value": "12.3"}
    assert (await client.post(SET, body)).errno == 0


@pytest.mark.parametrize(
    ("model", "key", "errno"),
    [
        ("KH8", "ECOMode", 42015),
        ("KH8", "LowPowerMode", 44096),
        ("EVO", "WorkMode", 42015),
        ("H1-V0", "MaxSoc", 44096),
        ("PV", "MinSoc", 42015),
        ("PV", "ExportLimit", 44096),
        ("MICRO", "WorkMode", 42015),
    ],
)
async def test_setting_unsupported(
    connect: Connect, model: str, key: str, errno: int
) -> None:
    """What a device type lacks is refused with its own code, for reading and writing."""
    client = await connect(model)
    assert (await client.post(GET, {"sn": client.serial, "key": key})).errno == errno
    assert (
        await client.post(SET, {"sn": client.serial, "key": key, "value": "1"})
    ).errno == errno


async def test_grid_code_is_read_only(client: Client) -> None:
    """The grid code can be read and never be set."""
    body = {"sn": client.serial, "key": "GridCode"}
    assert (await client.post(GET, body)).errno == 0
    assert (await client.post(SET, {**body, "value": "EN50549"})).errno == 44096


async def test_soc_limits(client: Client) -> None:
    """Both SOC limits are set together and show in the settings."""
    body = {"sn": client.serial, "minSoc": 15, "minSocOnGrid": 30}
    assert (await client.post(SOC + "set", body)).result == body
    answer = await client.get(SOC + "get", sn=client.serial)
    assert answer.result == {"minSoc": 15, "minSocOnGrid": 30}
    setting = await client.post(GET, {"sn": client.serial, "key": "MinSoc"})
    assert setting.result["value"] == "15"


@pytest.mark.parametrize(
    "changes",
    [
        {"minSoc": 9},
        {"minSocOnGrid": 101},
        {"minSoc": "10"},
        {"minSoc": True},
        {"minSoc": None},
        {"maxSoc": 100},
    ],
)
async def test_soc_limits_refused(client: Client, changes: dict[str, object]) -> None:
    """SOC limits are whole numbers from 10 to 100, and both are needed."""
    body = {"sn": client.serial, "minSoc": 10, "minSocOnGrid": 10, **changes}
    body = {key: value for key, value in body.items() if value is not None}
    assert (await client.post(SOC + "set", body)).errno == 40257


async def test_evo_may_go_lower(connect: Connect) -> None:
    """An EVO's limits begin at 5 %."""
    client = await connect("EVO")
    assert (
        await client.post(
            SOC + "set", {"sn": client.serial, "minSoc": 5, "minSocOnGrid": 5}
        )
    ).errno == 0


async def test_no_battery_no_limits(connect: Connect) -> None:
    """A device without a battery supports nothing of one."""
    client = await connect("PV")
    assert (await client.get(SOC + "get", sn=client.serial)).errno == 42015
    assert (await client.get(WINDOWS + "get", sn=client.serial)).errno == 42015


def windows(**changes: object) -> dict[str, object]:
    """Return the body that sets both charge windows."""
    body: dict[str, object] = {
        "enable1": True,
        "startTime1": NOON,
        "endTime1": ONE,
        "enable2": False,
        "startTime2": ZERO,
        "endTime2": ZERO,
    }
    return {key: value for key, value in (body | changes).items() if value is not None}


async def test_charge_windows(client: Client) -> None:
    """Both windows are written and read together."""
    assert (
        await client.post(WINDOWS + "set", {"sn": client.serial, **windows()})
    ).errno == 0
    assert (await client.get(WINDOWS + "get", sn=client.serial)).result == windows()


@pytest.mark.parametrize(
    "changes",
    [
        {"enable1": "true"},
        {"enable1": 1},
        {"startTime1": {"hour": 24, "minute": 0}},
        {"startTime1": {"hour": 1, "minute": 60}},
        {"startTime1": {"hour": 1}},
        {"startTime1": {"hour": 1, "minute": 0, "second": 0}},
        {"startTime1": "01:00"},
        {"enable2": None},
        {"endTime2": None},
    ],
)
async def test_charge_windows_refused(
    client: Client, changes: dict[str, object]
) -> None:
    """A window that is not whole is refused."""
    body = {"sn": client.serial, **windows(**changes)}
    assert (await client.post(WINDOWS + "set", body)).errno == 40257


@pytest.mark.parametrize(
    ("path", "body", "errno"),
    [
        (SET, {"key": "WorkMode", "value": "Feedin"}, 44096),
        (SET, {"key": "MinSoc", "value": "20"}, 44098),
        (SET, {"key": "MinSocOnGrid", "value": "20"}, 44098),
        (SET, {"key": "MaxSoc", "value": "90"}, 44098),
        (SOC + "set", {"minSoc": 20, "minSocOnGrid": 20}, 44096),
        (WINDOWS + "set", windows(), 44096),
        (SET, {"key": "ExportLimit", "value": "5000"}, 0),
    ],
)
async def test_scheduler_owns_settings(
    client: Client, path: str, body: dict[str, object], errno: int
) -> None:
    """While the mode scheduler is on, work mode and SOC limits are its own."""
    await client.schedule(3, [group(3, "1:00", "1:59")])
    assert (await client.post(path, {"sn": client.serial, **body})).errno == 0
    assert (await client.set_flag(1)).errno == 0
    assert (await client.post(path, {"sn": client.serial, **body})).errno == errno
    assert (await client.set_flag(0)).errno == 0
    assert (await client.post(path, {"sn": client.serial, **body})).errno == 0


async def test_device_time(client: Client) -> None:
    """The device's clock is read in parts, and setting it moves everything the device does by the clock."""
    path = "/op/v0/device/time/"
    now = (await client.post(path + "get", {"sn": client.serial})).result
    assert (now["year"], now["month"], now["day"], now["hour"], now["minute"]) == (
        "2026",
        "6",
        "15",
        "12",
        "0",
    )
    wall = {
        "year": "26",
        "month": "6",
        "day": "15",
        "hour": "14",
        "minute": "30",
        "second": "0",
    }
    assert (await client.post(path + "set", {"sn": client.serial, **wall})).errno == 0
    read = (await client.post(path + "get", {"sn": client.serial})).result
    assert (read["hour"], read["minute"]) == ("14", "30")
    client.sim.clock.advance(330)
    record = (
        await client.post("/op/v1/device/real/query", {"sns": [client.serial]})
    ).result[0]
    assert record["time"].startswith("2026-06-15 14:3")
    for changes in ({"month": "13"}, {"day": "31"}, {"hour": 14}, {"second": "-1"}):
        body = {"sn": client.serial, **wall, **changes}
        assert (await client.post(path + "set", body)).errno == 40257


async def test_peak_shaving(connect: Connect) -> None:
    """Peak shaving has a limit in kW and a threshold, where the device knows it."""
    client = await connect("KH8")
    body = {"sn": client.serial, "importLimit": 2.5, "soc": 40}
    assert (await client.post(PEAK + "set", body)).result == body
    read = (await client.post(PEAK + "get", {"sn": client.serial})).result
    assert (read["importLimit"]["value"], read["soc"]["value"]) == ("2.500", "40")
    assert (await client.post(PEAK + "set", {**body, "soc": 5})).errno == 40257
    assert (
        await client.post(PEAK + "set", {**body, "importLimit": "2"})
    ).errno == 40257
    other = await connect("EVO")
    assert (await other.post(PEAK + "get", {"sn": other.serial})).errno == 40257


async def test_battery_heating(connect: Connect) -> None:
    """Battery heating is set whole and as strings."""
    client = await connect("EVO")
    read = (await client.post(HEATING + "get", {"sn": client.serial})).result[
        "dataList"
    ]
    values = {entry["name"]: entry["value"] for entry in read}
    assert values["batteryWarmUpState"] == "The battery is in a stopped warm up state"
    assert values["maxStartTemperatureRange"] == "9"
    limits = ("min", "max")
    body = {
        name: value
        for name, value in values.items()
        if not name.startswith(limits) and "State" not in name and "Flag" not in name
    }
    body |= {"sn": client.serial, "batteryWarmUpEnable": "enable", "time1EndHour": "7"}
    assert (await client.post(HEATING + "set", body)).errno == 0
    read = (await client.post(HEATING + "get", {"sn": client.serial})).result[
        "dataList"
    ]
    assert {"enable", "7"} <= {entry["value"] for entry in read}
    for changes in (
        {"startTemperature": "10"},
        {"endTemperature": "9"},
        {"time1EndHour": "24"},
        {"time1EndHour": 7},
        {"time1Enable": "true"},
        {"batteryWarmUpState": "x"},
    ):
        assert (await client.post(HEATING + "set", {**body, **changes})).errno == 40257
    del body["time3EndMinute"]
    assert (await client.post(HEATING + "set", body)).errno == 40257
