"""Plants, devices, data loggers."""

from typing import Any

import pytest

from .client import Client
from .conftest import Connect

PAGE = {"currentPage": 1, "pageSize": 10}
UNKNOWN = "SIM000000000000"


async def test_device_list(client: Client) -> None:
    """A device is listed with what the vendor says about it."""
    answer = await client.post("/op/v0/device/list", PAGE)
    assert answer.result["total"] == 1
    assert answer.result["data"] == [
        {
            "deviceSN": client.serial,
            "moduleSN": "LOGKH8000000001",
            "stationID": client.sim.foxess.inverters[0].station_id,
            "stationName": "House 1",
            "status": 1,
            "hasPV": True,
            "hasBattery": True,
            "deviceType": "KH8",
            "productType": "KH",
        }
    ]


async def test_fleet_comes_in_pages(connect: Connect) -> None:
    """A fleet has several devices to a station, and lists come in pages."""
    client = await connect("KH8", devices=23)
    plants = await client.post("/op/v0/plant/list", PAGE)
    assert plants.result["total"] == 6
    pages = [
        (
            await client.post(
                "/op/v0/device/list", {"currentPage": page, "pageSize": 10}
            )
        ).result
        for page in (1, 2, 3, 4)
    ]
    assert [len(page["data"]) for page in pages] == [10, 10, 3, 0]
    assert {page["total"] for page in pages} == {23}
    rows = [row for page in pages for row in page["data"]]
    assert len({row["deviceSN"] for row in rows}) == 23
    assert {row["stationID"] for row in rows} == {
        row["stationID"] for row in plants.result["data"]
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"currentPage": 1},
        {"currentPage": 0, "pageSize": 10},
        {"currentPage": 1, "pageSize": 9},
        {"currentPage": 1, "pageSize": 1001},
        {"currentPage": "1", "pageSize": 10},
        {"currentPage": True, "pageSize": 10},
        {"currentPage": 1, "pageSize": 10, "more": 1},
    ],
)
async def test_page_refused(client: Client, body: dict[str, object]) -> None:
    """Pages are asked for exactly."""
    assert (await client.post("/op/v0/device/list", body)).errno == 40257


async def test_plants(client: Client) -> None:
    """A plant has an id, a name, a time zone and people."""
    answer = await client.post("/op/v0/plant/list", PAGE)
    plant = answer.result["data"][0]
    assert plant["ianaTimezone"] == "Europe/Berlin"
    detail = await client.get("/op/v0/plant/detail", id=plant["stationID"])
    assert detail.result["stationName"] == plant["name"]
    assert detail.result["modules"][0]["deviceSN"] == client.serial
    assert detail.result["createDate"] == "2025-05-11 00:00:00 CEST+0200"
    assert (await client.get("/op/v0/plant/detail", id="nowhere")).errno == 40257
    assert (
        await client.get("/op/v0/plant/detail", sn=plant["stationID"])
    ).errno == 40257


@pytest.mark.parametrize("version", [0, 1])
async def test_device_detail(client: Client, version: int) -> None:
    """Details show versions, size and the parts of the battery."""
    answer = await client.get(f"/op/v{version}/device/detail", sn=client.serial)
    assert answer.result["capacity"] == 8
    assert answer.result["hardwareVersion"] == "--"
    assert answer.result["afciVersion"] == ""
    assert ("thirdPartyGen" in answer.result) is (version == 1)
    parts = answer.result["batteryList"]
    assert [(part["type"], part.get("capacity")) for part in parts] == [
        ("bcu", None),
        ("bmu", 10360),
        ("ivu", None),
    ]


async def test_half_kilowatts_are_lost(connect: Connect) -> None:
    """A device of 10.5 kW says 10."""
    client = await connect("KH10-V2")
    answer = await client.get("/op/v1/device/detail", sn=client.serial)
    assert (answer.result["deviceType"], answer.result["capacity"]) == ("KH10.5", 10)


async def test_device_without_battery(connect: Connect) -> None:
    """A device without a battery has no list of batteries and no scheduler."""
    client = await connect("PV")
    answer = await client.get("/op/v1/device/detail", sn=client.serial)
    assert answer.result["batteryList"] is None
    assert answer.result["function"] == {"scheduler": False}
    assert not answer.result["hasBattery"]


async def test_data_loggers(client: Client) -> None:
    """Every inverter has a data logger with a signal."""
    listed = (await client.post("/op/v0/module/list", PAGE)).result["data"][0]
    serial = listed["moduleSN"]
    assert (await client.get("/op/v0/module/detail", sn=serial)).result == listed
    assert (listed["status"], listed["softVersion"]) == (1, "--")
    signal = await client.post("/op/v0/module/getSignal", {"sn": serial})
    assert signal.result["signal"] == -58
    assert (
        await client.post("/op/v0/module/getSignal", {"sn": UNKNOWN})
    ).errno == 40257


async def test_inverter_of_two_accounts(connect: Connect) -> None:
    """Another account sees the same inverter in a station of its own."""
    client = await connect("KH8", "EVO")
    shared = client.sim.foxess.inverters[1]
    client.token = client.sim.foxess.add_account([shared.serial])
    rows = (await client.post("/op/v0/device/list", PAGE)).result["data"]
    assert [row["deviceSN"] for row in rows] == [shared.serial]
    assert rows[0]["stationID"] != shared.station_id
    other = client.sim.foxess.inverters[0].serial
    assert (await client.get("/op/v1/device/detail", sn=other)).errno == 41930


SN_CALLS: list[tuple[str, str, Any]] = [
    ("GET", "/op/v0/device/detail", {}),
    ("GET", "/op/v1/device/detail", {}),
    ("GET", "/op/v0/device/generation", {}),
    ("GET", "/op/v0/device/battery/soc/get", {}),
    ("GET", "/op/v0/device/battery/forceChargeTime/get", {}),
    ("POST", "/op/v0/device/setting/get", {"key": "WorkMode"}),
    ("POST", "/op/v0/device/setting/set", {"key": "WorkMode", "value": "SelfUse"}),
    ("POST", "/op/v0/device/battery/soc/set", {"minSoc": 10, "minSocOnGrid": 10}),
    ("POST", "/op/v0/device/time/get", {}),
    ("POST", "/op/v0/device/peakShaving/get", {}),
    ("POST", "/op/v0/device/peakShaving/set", {"importLimit": 5, "soc": 20}),
    ("POST", "/op/v0/device/batteryHeating/get", {}),
    ("POST", "/op/v0/device/fault/history", {"date": "2026-06-15"}),
    ("POST", "/op/v0/device/real/query", {}),
    ("POST", "/op/v0/device/history/query", {"variables": ["SoC"]}),
    (
        "POST",
        "/op/v0/device/report/query",
        {"year": 2026, "dimension": "year", "variables": ["generation"]},
    ),
]
DEVICE_SN_CALLS: list[tuple[str, str, Any]] = [
    ("POST", f"/op/v{version}/device/scheduler/{name}", body)
    for version in range(4)
    for name, body in (
        ("get", {}),
        ("enable", {"groups": []}),
        ("get/flag", {}),
        ("set/flag", {"enable": 0}),
    )
    if version <= 1 or "flag" not in name
]


@pytest.mark.parametrize(
    ("key", "method", "path", "body"),
    [("sn", *call) for call in SN_CALLS]
    + [("deviceSN", *call) for call in DEVICE_SN_CALLS],
)
async def test_serial_under_its_own_key(
    client: Client, key: str, method: str, path: str, body: dict[str, object]
) -> None:
    """The serial number has one spelling per endpoint, and an unknown one a code of its own."""

    async def errno(key: str, serial: str) -> int | None:
        if method == "GET":
            return (await client.get(path, **{key: serial})).errno
        return (await client.post(path, {key: serial, **body})).errno

    wrong = {"sn": "deviceSN", "deviceSN": "sn"}[key]
    assert await errno(wrong, client.serial) == 40257
    assert await errno(key, UNKNOWN) == 41930
    assert await errno(key, "") == 40257
    expected = 41200 if "batteryHeating" in path else 0
    assert await errno(key, client.serial) == expected
