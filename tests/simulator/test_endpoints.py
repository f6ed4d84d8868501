"""That nothing of the vendor's document is missing, and that every endpoint is as strict as the next."""

from collections import Counter

import pytest

from simulator.foxess.routes import ENDPOINTS, Endpoint

from .client import Client
from .conftest import Connect

DOCUMENTED = """
    GET  /op/v0/device/battery/forceChargeTime/get
    GET  /op/v0/device/battery/soc/get
    GET  /op/v0/device/boarding/status
    GET  /op/v0/device/detail
    GET  /op/v0/device/fault/get
    GET  /op/v0/device/generation
    GET  /op/v0/device/variable/get
    GET  /op/v0/ems/setting/acOutput/get
    GET  /op/v0/ems/setting/gen/get
    GET  /op/v0/ems/setting/more/get
    GET  /op/v0/ems/setting/powerLimit/get
    GET  /op/v0/ems/setting/system/get
    GET  /op/v0/module/detail
    GET  /op/v0/plant/detail
    GET  /op/v0/user/getAccessCount
    GET  /op/v1/device/detail
    POST /op/v0/device/battery/forceChargeTime/set
    POST /op/v0/device/battery/real/query
    POST /op/v0/device/battery/soc/set
    POST /op/v0/device/batteryHeating/get
    POST /op/v0/device/batteryHeating/set
    POST /op/v0/device/boarding/status/set
    POST /op/v0/device/displaySleep/get
    POST /op/v0/device/displaySleep/set
    POST /op/v0/device/fault/history
    POST /op/v0/device/getMeterReader
    POST /op/v0/device/history/query
    POST /op/v0/device/installer/count
    POST /op/v0/device/list
    POST /op/v0/device/peakShaving/get
    POST /op/v0/device/peakShaving/set
    POST /op/v0/device/real/query
    POST /op/v0/device/report/query
    POST /op/v0/device/report/statistic
    POST /op/v0/device/scheduler/enable
    POST /op/v0/device/scheduler/get
    POST /op/v0/device/scheduler/get/flag
    POST /op/v0/device/scheduler/set/flag
    POST /op/v0/device/setMeterReader
    POST /op/v0/device/setting/get
    POST /op/v0/device/setting/set
    POST /op/v0/device/time/get
    POST /op/v0/device/time/set
    POST /op/v0/ems/history/query
    POST /op/v0/ems/list
    POST /op/v0/ems/real/query
    POST /op/v0/ems/setting/acOutput/set
    POST /op/v0/ems/setting/gen/set
    POST /op/v0/ems/setting/more/set
    POST /op/v0/ems/setting/powerLimit/set
    POST /op/v0/ems/setting/rate/get
    POST /op/v0/ems/setting/rate/set
    POST /op/v0/ems/setting/system/set
    POST /op/v0/gmax/history/query
    POST /op/v0/gmax/list
    POST /op/v0/gmax/peakValleyPower/get
    POST /op/v0/gmax/peakValleyPower/set
    POST /op/v0/gmax/real/query
    POST /op/v0/gw/list
    POST /op/v0/gw/setting/get
    POST /op/v0/gw/setting/set
    POST /op/v0/heat/dhwControls/get
    POST /op/v0/heat/dhwControls/set
    POST /op/v0/heat/genericControls/get
    POST /op/v0/heat/genericControls/set
    POST /op/v0/heat/heatingCircuitsControls/get
    POST /op/v0/heat/heatingCircuitsControls/set
    POST /op/v0/heat/heatingControls/get
    POST /op/v0/heat/heatingControls/set
    POST /op/v0/heat/register
    POST /op/v0/heat/register/status/change
    POST /op/v0/module/getLanInfo
    POST /op/v0/module/getSignal
    POST /op/v0/module/getWifiInfo
    POST /op/v0/module/list
    POST /op/v0/module/modbus/commands
    POST /op/v0/plant/create
    POST /op/v0/plant/delete
    POST /op/v0/plant/list
    POST /op/v0/plant/update
    POST /op/v0/register/heat/list
    POST /op/v0/vpp/oauth2/client/offboard
    POST /op/v0/vpp/oauth2/client/onboard
    POST /op/v0/vpp/oauth2/code/offboard/device
    POST /op/v1/device/real/query
    POST /op/v1/device/scheduler/enable
    POST /op/v1/device/scheduler/get
    POST /op/v1/device/scheduler/get/flag
    POST /op/v1/device/scheduler/set/flag
    POST /op/v2/device/scheduler/enable
    POST /op/v2/device/scheduler/get
    POST /op/v3/device/scheduler/enable
    POST /op/v3/device/scheduler/enable/batch
    POST /op/v3/device/scheduler/get
"""
# What wants no parameters at all, and what refuses everybody.
FREE = {
    "/op/v0/device/fault/get",
    "/op/v0/device/variable/get",
    "/op/v0/user/getAccessCount",
}
ENDS_OF_WRITES = (
    "/set",
    "/set/flag",
    "/enable",
    "/enable/batch",
    "/create",
    "/update",
    "/delete",
    "/register",
    "/change",
    "/commands",
    "setMeterReader",
)


def test_nothing_is_missing() -> None:
    """Every path that the vendor ever documented is there, with its method, once."""
    documented = {tuple(line.split()) for line in DOCUMENTED.strip().splitlines()}
    assert {(item.method, item.path) for item in ENDPOINTS} == documented
    assert max(Counter(item.path for item in ENDPOINTS).values()) == 1


def test_writes_have_the_longer_window() -> None:
    """What changes something is known as a write, and nothing else is."""
    writes = {
        item.path for item in ENDPOINTS if item.write and "/vpp/" not in item.path
    }
    assert writes == {
        item.path for item in ENDPOINTS if item.path.endswith(ENDS_OF_WRITES)
    }


async def first(client: Client, item: Endpoint, **options: str | None) -> int | None:
    """Return the code of a call with something that no endpoint knows."""
    if item.method == "GET":
        answer = await client.call(
            "GET",
            item.path,
            query={"colour": "red"},
            headers=client.headers(item.path, **options),
            wait=0,
        )
    else:
        answer = await client.call(
            "POST",
            item.path,
            json={"colour": "red"},
            headers=client.headers(item.path, **options),
            wait=0,
        )
    assert answer.status == 200
    return answer.errno


async def test_every_endpoint_is_strict(client: Client) -> None:
    """Unsigned calls, unknown fields and calls that come too soon are refused everywhere."""
    for item in ENDPOINTS:
        assert await first(client, item, signature=None) == 40256, item.path
        expected = {0} if item.path in FREE else {40257, 41811}
        assert await first(client, item) in expected, item.path
        assert await first(client, item) == 40400, item.path


@pytest.mark.parametrize(
    "path",
    [
        item.path
        for item in ENDPOINTS
        if item.method == "POST"
        and any(part in item.path for part in ("/ems/", "/gw/", "/gmax/", "/heat/"))
        and item.path.endswith(("/get", "/query", "/register"))
        and "rate" not in item.path
        and "real/query" not in item.path.replace("gmax/real", "")
        and "ems/history" not in item.path
    ],
)
async def test_parts_that_are_not_there(connect: Connect, path: str) -> None:
    """Whatever is asked of a part that the account does not have, it is unknown."""
    client = await connect("PV")
    assert (await client.post(path, {"sn": client.serial})).errno == 41930
