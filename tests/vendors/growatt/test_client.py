"""The client against a scripted cloud: what is sent, and what comes of the answers."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from custom_components.home_battery.transport.errors import (
    TransientError,
    UnknownDeviceError,
)
from custom_components.home_battery.vendors.growatt.client import SERVERS, GrowattClient
from custom_components.home_battery.vendors.growatt.families import (
    ENV,
    INVERTER,
    METER,
    MIN,
    NEXA,
    NOAH,
    SPH,
    STORAGE,
)
from custom_components.home_battery.vendors.growatt.models import Attached

from .cloud import EMPTY, Cloud, v1, v4
from .conftest import TOKEN

TLX = "/v1/device/tlx"
METERS = "/v1/device/ammeter"
DAY = date(2026, 6, 15)
METER_1 = Attached(logger="LOG1", address="1", name=None, kind=None, online=None)


def sent(cloud: Cloud) -> list[tuple[str, str, dict[str, str]]]:
    """Return methods, paths and parameters of what arrived."""
    return [
        (call.method, call.path, {**call.query, **call.form}) for call in cloud.calls
    ]


async def test_on_the_wire(client: GrowattClient, cloud: Cloud) -> None:
    """The token is a header; GET has a query, POST a form."""
    cloud.says("/v1/plant/data", v1({}))
    cloud.says(f"{TLX}/tlx_last_data", v1({}))
    await client.plant_data("7")
    await client.last_data(MIN, "SN1")
    get, post = cloud.calls
    assert (get.method, get.query, get.form) == ("GET", {"plant_id": "7"}, {})
    assert (post.method, post.query, post.form) == ("POST", {}, {"tlx_sn": "SN1"})
    for call in cloud.calls:
        assert call.headers["token"] == TOKEN
        assert "Authorization" not in call.headers
        assert "Cookie" not in call.headers
    assert post.headers["Content-Type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("count", [0, 1, 100, 101, 250])
async def test_pages(client: GrowattClient, cloud: Cloud, count: int) -> None:
    """A long list comes in pages of 100, and no page is asked for in vain."""
    plants = [{"plant_id": number, "name": ""} for number in range(count)]
    pages = [plants[first : first + 100] for first in range(0, count, 100)] or [[]]
    cloud.says(
        "/v1/plant/list", *(v1({"count": count, "plants": page}) for page in pages)
    )
    assert [plant.id for plant in await client.plants()] == [
        str(number) for number in range(count)
    ]
    assert [call.query for call in cloud.calls] == [
        {"page": str(number), "perpage": "100"} for number in range(1, len(pages) + 1)
    ]


async def test_devices_of_version_4(client: GrowattClient, cloud: Cloud) -> None:
    """The other version counts its pages."""
    cloud.says(
        "/v4/new-api/queryDeviceList",
        *(
            v4({"pages": 2, "data": [{"deviceSn": serial, "deviceType": kind}]})
            for serial, kind in (("SN1", "min"), ("SN2", "noah"))
        ),
    )
    entries = await client.devices()
    assert [(entry.serial, entry.family) for entry in entries] == [
        ("SN1", MIN),
        ("SN2", NOAH),
    ]
    assert [call.form for call in cloud.calls] == [{"page": "1"}, {"page": "2"}]


async def test_lists(client: GrowattClient, cloud: Cloud) -> None:
    """Devices, loggers, meters and sensors are listed from the plant down."""
    device = {"device_sn": "SN1", "type": 5, "datalogger_sn": "LOG1", "lost": False}
    cloud.says("/v1/device/list", v1({"count": 1, "devices": [device]}))
    cloud.says(
        "/v1/device/datalogger/list",
        v1({"count": 1, "dataloggers": [{"sn": "LOG1", "model": "ShineWeFi"}]}),
    )
    meter = {"device_name": "SDM_THREE", "address": "1", "device_type": "134"}
    cloud.says(f"{METERS}/meter_list", v1({"count": 1, "meters": [meter]}))
    cloud.says("/v1/device/env/env_list", v1({"count": 1, "envs": [{"address": "32"}]}))
    (entry,) = await client.devices_of("7")
    (logger,) = await client.loggers("7")
    (found,) = await client.meters(logger.serial)
    (sensor,) = await client.sensors(logger.serial)
    assert (entry.serial, entry.family, entry.plant, entry.online) == (
        "SN1",
        SPH,
        "7",
        True,
    )
    assert (logger.serial, logger.model) == ("LOG1", "ShineWeFi")
    assert (found.logger, found.address, found.kind) == ("LOG1", "1", 134)
    assert sensor.address == "32"


async def test_plants(client: GrowattClient, cloud: Cloud) -> None:
    """A plant's zone, totals and power are typed."""
    zone = timezone(timedelta(hours=1))
    cloud.says("/v1/plant/details", v1({"timezone": "GMT+1"}))
    cloud.says("/v1/plant/data", v1({"current_power": "0.8", "today_energy": 3}))
    cloud.says(
        "/v1/plant/power",
        v1({"powers": [{"time": "2026-06-15 10:45", "power": "812.5"}]}),
    )
    assert (await client.plant_details("7")).offset == zone
    assert (await client.plant_data("7")).current_power == 0.8
    (point,) = await client.plant_power("7", DAY, zone)
    assert point.time == datetime(2026, 6, 15, 9, 45, tzinfo=UTC)
    assert cloud.calls[-1].query == {"plant_id": "7", "date": "2026-06-15"}


async def test_records_of_version_4_in_one_call(
    client: GrowattClient, cloud: Cloud
) -> None:
    """Each device has its record, by whatever it is called, and none a foreign one."""
    cloud.says(
        "/v4/new-api/queryLastData",
        v4(
            {
                "inv": [
                    {"inverterId": "SN3", "pac": 1},
                    {"serialNum": "SN1", "pac": 2},
                    {"deviceSn": "FOREIGN"},
                    {"pac": 3},
                ]
            }
        ),
    )
    records = await client.last_data_v4(INVERTER, ["SN3", "SN1", "SN2"])
    assert {serial: record["pac"] for serial, record in records.items()} == {
        "SN3": 1,
        "SN1": 2,
    }
    (call,) = cloud.calls
    assert call.form == {"deviceSn": "SN1,SN2,SN3", "deviceType": "inv"}


async def test_records_of_version_1_in_one_call(
    client: GrowattClient, cloud: Cloud
) -> None:
    """Each record is found once more under its serial number."""
    cloud.says(
        "/v1/device/mix/mixs_data",
        v1(
            {
                "SN1": {"dataloggerSn": "LOG1", "SN1": {"soc": 50}},
                "SN2": {"dataloggerSn": "LOG1"},
            },
            mixs=["SN1", "SN2"],
            pageNum=1,
        ),
    )
    assert await client.last_data_many(SPH, ["SN2", "SN1"]) == {"SN1": {"soc": 50}}
    assert cloud.calls[0].form == {"mixs": "SN1,SN2", "pageNum": "1"}


async def test_single_records(client: GrowattClient, cloud: Cloud) -> None:
    """Families differ in the names of paths and parameters."""
    cloud.says("/v1/device/inverter/last_new_data", v1({"pac": 1}))
    cloud.says("/v1/device/storage/storage_data_info", v1({"model": "SPF"}))
    cloud.says("/v4/new-api/queryDeviceInfo", v4({"sph": [{"serialNum": "SN1"}]}))
    cloud.says(f"{METERS}/meter_last_data", v1({"activePower": 1}))
    cloud.says("/v1/device/env/env_last_data", v1({"envTemp": 20}))
    assert await client.last_data(INVERTER, "SN1") == {"pac": 1}
    assert await client.details(STORAGE, "SN1") == {"model": "SPF"}
    assert set(await client.details_v4(SPH, ["SN1"])) == {"SN1"}
    assert await client.attached_data(METER, METER_1) == {"activePower": 1}
    assert await client.attached_data(ENV, METER_1) == {"envTemp": 20}
    on_bus = {"datalog_sn": "LOG1", "address": "1"}
    assert sent(cloud) == [
        ("GET", "/v1/device/inverter/last_new_data", {"device_sn": "SN1"}),
        ("GET", "/v1/device/storage/storage_data_info", {"device_sn": "SN1"}),
        (
            "POST",
            "/v4/new-api/queryDeviceInfo",
            {"deviceSn": "SN1", "deviceType": "sph"},
        ),
        ("GET", f"{METERS}/meter_last_data", on_bus),
        ("GET", "/v1/device/env/env_last_data", on_bus),
    ]


@pytest.mark.parametrize("empty", ["", None])
async def test_no_data(client: GrowattClient, cloud: Cloud, empty: Any) -> None:
    """An empty text is no record, no list and no setting."""
    v1_paths = (
        "/v1/device/tlx/tlx_data_info",
        "/v1/device/tlx/tlx_last_data",
        "/v1/device/tlx/tlxs_data",
        "/v1/device/tlx/tlx_data",
        "/v1/device/list",
        "/v1/plant/power",
        "/v1/device/tlx/tlx_set_info",
    )
    for path in v1_paths:
        cloud.says(path, v1(empty))
    for path in ("queryDeviceList", "queryLastData", "queryHistoricalData"):
        cloud.says(f"/v4/new-api/{path}", v4(empty))
    assert await client.details(MIN, "SN1") is None
    assert await client.last_data(MIN, "SN1") is None
    assert await client.last_data_many(MIN, ["SN1"]) == {}
    assert await client.history(MIN, "SN1", DAY, DAY) == []
    assert await client.devices_of("7") == []
    assert await client.plant_power("7", DAY, UTC) == []
    assert await client.devices() == []
    assert await client.last_data_v4(MIN, ["SN1"]) == {}
    assert await client.history_v4(MIN, "SN1", DAY) == []
    assert await client.call("min_settings", {"device_sn": "SN1"}) is None


async def test_history(client: GrowattClient, cloud: Cloud) -> None:
    """Days come in pages from the first version, and one by one from the other."""
    pages = [[{"time": str(number)}] * 100 for number in range(2)]
    cloud.says(
        "/v1/device/mix/mix_data",
        *(v1({"count": 200, "datas": page}) for page in pages),
    )
    cloud.says(
        "/v4/new-api/queryHistoricalData", v4({"datas": [{}], "haveNext": False})
    )
    assert len(await client.history(SPH, "SN1", DAY, DAY + timedelta(days=6))) == 200
    assert await client.history_v4(SPH, "SN1", DAY) == [{}]
    assert [call.form for call in cloud.calls] == [
        *(
            {
                "mix_sn": "SN1",
                "start_date": "2026-06-15",
                "end_date": "2026-06-21",
                "page": page,
                "perpage": "100",
            }
            for page in ("1", "2")
        ),
        {"deviceSn": "SN1", "deviceType": "sph", "date": "2026-06-15"},
    ]


async def test_serial_number(client: GrowattClient, cloud: Cloud) -> None:
    """What a serial number is of is told beside the code, under a misleading name."""
    cloud.says(
        "/v1/device/check/sn",
        {"result": 1, "deviceType": 1000, "model": "NEXA 2000", "normalPower": 800},
        {"result": 0, "msg": "unknown"},
    )
    checked = await client.check("SN1")
    assert (checked.family, checked.model, checked.rated_power) == (
        NEXA,
        "NEXA 2000",
        800,
    )
    with pytest.raises(TransientError):
        await client.check("SN2")
    assert [call.query for call in cloud.calls] == [
        {"dataloggerSn": "SN1"},
        {"dataloggerSn": "SN2"},
    ]


async def test_swapped_envelope(client: GrowattClient, cloud: Cloud) -> None:
    """The strength of Wi-Fi stands where others say that it went well."""
    cloud.says(
        "/v4/new-api/getWiFiSignalByDevice",
        {"code": 0, "data": "SUCCESSFUL_OPERATION", "message": "-70"},
    )
    assert await client.wifi(MIN, "SN1") == -70


async def test_app(client: GrowattClient, cloud: Cloud) -> None:
    """NOAH and NEXA have the app's calls under their own words."""
    root = "/v4/noahDeviceApi"
    cloud.says(f"{root}/noah/getSystemStatus", {"result": 1, "obj": {"soc": "47"}})
    cloud.says(f"{root}/nexa/getBatteryData", {"result": 1, "obj": {"batter": []}})
    assert await client.app_status(NOAH, "SN1") == {"soc": "47"}
    assert await client.app_batteries(NEXA, "SN1") == {"batter": []}
    assert [call.form for call in cloud.calls] == [{"deviceSn": "SN1"}] * 2


async def test_result_beside_the_code(client: GrowattClient, cloud: Cloud) -> None:
    """The SOC of a power plant's device stands at the root."""
    cloud.says("/v1/device/vpp/getSocData", {**EMPTY, "soc": 65, "sn": "SN1"})
    answer = await client.call("vpp_soc", {"vppSn": "SN1"})
    assert answer["soc"] == 65


async def test_write(client: GrowattClient, cloud: Cloud) -> None:
    """A setting is sent once, with all the values that belong to it."""
    cloud.says("/v1/tlxSet", v1(""))
    parameters = {"tlx_sn": "SN1", "type": "time_segment1", "param1": 1, "param2": 5}
    assert await client.call("min_set", parameters) is None
    ((method, path, form),) = sent(cloud)
    assert (method, path) == ("POST", "/v1/tlxSet")
    assert form == {
        "tlx_sn": "SN1",
        "type": "time_segment1",
        "param1": "1",
        "param2": "5",
        **{f"param{number}": "" for number in range(3, 20)},
    }


async def test_failed_write_is_not_sent_again(
    client: GrowattClient, cloud: Cloud
) -> None:
    """Whether it took effect is for reading back to tell."""
    cloud.says("/v4/new-api/setPower", {"code": 1, "message": "SYSTEM_ERROR"})
    parameters = {"deviceSn": "SN1", "deviceType": "min", "value": 80}
    with pytest.raises(TransientError):
        await client.call("power_set_v4", parameters)
    assert len(cloud.calls) == 1


async def test_unknown_device(client: GrowattClient, cloud: Cloud) -> None:
    """On a write 10012 is a device that does not exist."""
    cloud.says("/v1/mixSet", {"error_code": 10012, "error_msg": "", "data": ""})
    with pytest.raises(UnknownDeviceError):
        await client.call("sph_set", {"mix_sn": "SN1", "type": "pv_on_off"})


def test_servers() -> None:
    """Every region has its server, and all that can are asked over TLS."""
    assert list(SERVERS) == [
        "europe",
        "north_america",
        "australia",
        "china",
        "atess",
        "smten",
    ]
    assert {name for name, url in SERVERS.items() if url.startswith("http:")} == {
        "atess",
        "smten",
    }
