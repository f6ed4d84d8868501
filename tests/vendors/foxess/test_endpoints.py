"""The table of calls: nothing of the vendor's document is missing, and each has its class."""

from collections import Counter
import re
from typing import Any

import pytest

from custom_components.home_battery.transport.errors import (
    ForbiddenError,
    UnknownDeviceError,
    WatchOnlyError,
)
from custom_components.home_battery.transport.limiter import Limit
from custom_components.home_battery.vendors.endpoint import Access
from custom_components.home_battery.vendors.foxess.client import FoxEssClient
from custom_components.home_battery.vendors.foxess.endpoints import ENDPOINTS
from simulator import Simulation
from simulator.foxess.routes import ENDPOINTS as SIMULATED

from .conftest import MakeClient

# The vendor's document of January 2026.
DOCUMENTED = """
    POST /op/v0/plant/create
    POST /op/v0/plant/delete
    POST /op/v0/plant/update
    GET  /op/v0/plant/detail
    POST /op/v0/plant/list
    GET  /op/v1/device/detail
    POST /op/v1/device/real/query
    POST /op/v0/device/list
    GET  /op/v0/device/detail
    POST /op/v0/device/real/query
    POST /op/v0/device/history/query
    POST /op/v0/device/report/query
    POST /op/v0/device/report/statistic
    POST /op/v0/device/battery/real/query
    GET  /op/v0/device/generation
    GET  /op/v0/device/variable/get
    GET  /op/v0/device/fault/get
    GET  /op/v0/device/battery/soc/get
    POST /op/v0/device/battery/soc/set
    GET  /op/v0/device/battery/forceChargeTime/get
    POST /op/v0/device/battery/forceChargeTime/set
    POST /op/v0/device/setting/get
    POST /op/v0/device/setting/set
    POST /op/v0/device/time/get
    POST /op/v0/device/time/set
    POST /op/v0/device/peakShaving/get
    POST /op/v0/device/peakShaving/set
    POST /op/v0/device/getMeterReader
    POST /op/v0/device/setMeterReader
    POST /op/v0/device/batteryHeating/get
    POST /op/v0/device/batteryHeating/set
    POST /op/v2/device/scheduler/get
    POST /op/v2/device/scheduler/enable
    POST /op/v1/device/scheduler/get/flag
    POST /op/v1/device/scheduler/set/flag
    POST /op/v1/device/scheduler/get
    POST /op/v1/device/scheduler/enable
    POST /op/v0/device/scheduler/get/flag
    POST /op/v0/device/scheduler/get
    POST /op/v0/device/scheduler/set/flag
    POST /op/v0/device/scheduler/enable
    POST /op/v0/module/getSignal
    POST /op/v0/module/list
    POST /op/v0/module/modbus/commands
    GET  /op/v0/ems/setting/acOutput/get
    POST /op/v0/ems/setting/acOutput/set
    GET  /op/v0/ems/setting/gen/get
    POST /op/v0/ems/setting/gen/set
    GET  /op/v0/ems/setting/more/get
    POST /op/v0/ems/setting/more/set
    GET  /op/v0/ems/setting/powerLimit/get
    POST /op/v0/ems/setting/powerLimit/set
    POST /op/v0/ems/setting/rate/get
    POST /op/v0/ems/setting/rate/set
    GET  /op/v0/ems/setting/system/get
    POST /op/v0/ems/setting/system/set
    POST /op/v0/ems/list
    POST /op/v0/gw/list
    POST /op/v0/gw/setting/get
    POST /op/v0/gw/setting/set
    POST /op/v0/heat/register
    POST /op/v0/register/heat/list
    POST /op/v0/heat/register/status/change
    POST /op/v0/gmax/list
    POST /op/v0/gmax/history/query
    POST /op/v0/gmax/real/query
    POST /op/v0/gmax/peakValleyPower/get
    POST /op/v0/gmax/peakValleyPower/set
    GET  /op/v0/user/getAccessCount
    POST /op/v0/device/installer/count
    POST /oauth2/token
    GET  /oauth2/refresh
    GET  /oauth2/revoke
    GET  /oauth2/revokeAllTokens
"""
# What came since (Fox ESS notes, 0).
NEWER = """
    POST /op/v3/device/scheduler/get
    POST /op/v3/device/scheduler/enable
    POST /op/v3/device/scheduler/enable/batch
    POST /op/v0/device/fault/history
    POST /op/v0/device/displaySleep/get
    POST /op/v0/device/displaySleep/set
    GET  /op/v0/device/boarding/status
    POST /op/v0/device/boarding/status/set
    GET  /op/v0/module/detail
    POST /op/v0/module/getLanInfo
    POST /op/v0/module/getWifiInfo
    POST /op/v0/ems/real/query
    POST /op/v0/ems/history/query
    POST /op/v0/heat/genericControls/get
    POST /op/v0/heat/genericControls/set
    POST /op/v0/heat/heatingControls/get
    POST /op/v0/heat/heatingControls/set
    POST /op/v0/heat/heatingCircuitsControls/get
    POST /op/v0/heat/heatingCircuitsControls/set
    POST /op/v0/heat/dhwControls/get
    POST /op/v0/heat/dhwControls/set
    POST /op/v0/vpp/oauth2/client/onboard
    POST /op/v0/vpp/oauth2/client/offboard
    POST /op/v0/vpp/oauth2/code/offboard/device
"""
REFUSED = {
    "plant_create",
    "plant_update",
    "plant_delete",
    "boarding_status_set",
    "scheduler_set_batch_v3",
    "module_modbus_commands",
    "heat_pump_register",
    "heat_pump_status_change",
    "vpp_client_onboard",
    "vpp_client_offboard",
    "vpp_device_offboard",
    "oauth_token",
    "oauth_refresh",
    "oauth_revoke",
    "oauth_revoke_all",
}


def calls(text: str) -> set[tuple[str, ...]]:
    """Return methods and paths from lines of text."""
    return {tuple(line.split()) for line in text.strip().splitlines()}


def test_no_call_is_missing() -> None:
    """Every call that is documented, or was, is in the table once, and no other is."""
    assert len(calls(DOCUMENTED)) == 74
    table = Counter((call.method, call.path) for call in ENDPOINTS.values())
    assert table.keys() == calls(DOCUMENTED) | calls(NEWER)
    assert set(table.values()) == {1}


def test_names_are_words() -> None:
    """A name is typed by people, and says the version where the path has several."""
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*(_v\d)?", name) for name in ENDPOINTS)
    bare = {name: re.sub(r"/v\d/", "/", call.path) for name, call in ENDPOINTS.items()}
    several = Counter(bare.values())
    for name, path in bare.items():
        if several[path] > 1:
            assert name.endswith(re.findall(r"/(v\d)/", ENDPOINTS[name].path)[0])


def test_classes() -> None:
    """What is refused is listed; of the others, what sets is a write, the rest reads."""
    for name, call in ENDPOINTS.items():
        if name in REFUSED:
            assert call.access is Access.REFUSED
        elif re.search(r"_set(_v\d)?$", name):
            assert call.access is Access.WRITE
        else:
            assert call.access is Access.READ


def test_limits() -> None:
    """A query has 1 s to itself, a change 2 s, each by its own path."""
    for call in ENDPOINTS.values():
        write = call.access is not Access.READ
        assert call.limit == Limit(call.path, 1, 2.0 if write else 1.0)


def test_parameters_and_signing() -> None:
    """Parameters of GET go into the query and those of POST into the body; tokens differ."""
    for name, call in ENDPOINTS.items():
        if name.startswith("oauth_"):
            assert (call.in_query, call.signed) == (True, False)
        else:
            assert (call.in_query, call.signed) == (call.method == "GET", True)


def test_the_simulated_cloud_agrees() -> None:
    """The other half, which is written from the documents alone, has the same calls."""
    table = {call.path: call for call in ENDPOINTS.values()}
    for served in SIMULATED:
        call = table[served.path]
        assert (served.method, served.write) == (call.method, call.write), call.path


@pytest.mark.parametrize("name", sorted(REFUSED))
async def test_refused_calls_do_not_leave(
    client: FoxEssClient, sim: Simulation, name: str
) -> None:
    """The client itself makes no call that is refused."""
    with pytest.raises(ForbiddenError):
        await client.call(name, {})
    assert sim.foxess.calls == []


@pytest.mark.parametrize(
    "parameters",
    [
        {"key": "GridCode", "value": "1"},
        {"key": " gridcode ", "value": "1"},
        {"key": ["GridCode"], "value": "1"},
        {"Key": "GRIDCODE", "value": "1"},
    ],
    ids=str,
)
async def test_grid_code_does_not_leave(
    client: FoxEssClient, sim: Simulation, parameters: dict[str, Any]
) -> None:
    """The grid code is not set, however it is put."""
    with pytest.raises(ForbiddenError):
        await client.call("setting_set", parameters)
    assert sim.foxess.calls == []


async def test_only_watching_stops_every_write(
    make_client: MakeClient, sim: Simulation
) -> None:
    """No write of the table leaves where only watching was chosen."""
    client = make_client(sim, watch_only=True)
    writes = [name for name, call in ENDPOINTS.items() if call.access is Access.WRITE]
    for name in writes:
        with pytest.raises(WatchOnlyError):
            await client.call(name, {})
    assert len(writes) == 26
    assert sim.foxess.calls == []


async def test_query_is_text(client: FoxEssClient, sim: Simulation) -> None:
    """What is no text is put into a query as JSON."""
    with pytest.raises(UnknownDeviceError):
        await client.call("device_detail_v1", {"sn": 12})
    await client.call("device_list", {"currentPage": 1, "pageSize": 10})
    first, second = sim.foxess.calls
    assert first.query == {"sn": "12"}
    assert (second.query, second.body) == ({}, {"currentPage": 1, "pageSize": 10})


def test_secrets_are_not_shown() -> None:
    """People in a plant and a meter's password are hidden, also in an echo."""
    plant = {"stationName": "Home", "user": {"name": "A"}, "installer": None}
    assert ENDPOINTS["plant_detail"].shown([plant]) == [
        {"stationName": "Home", "user": "**REDACTED**", "installer": None}
    ]
    reader: dict[str, Any] = {
        "readerType": 9,
        "readerInfo": {"ip": "192.0.2.9", "KEY": "secret"},
    }
    for name in ("meter_reader_get", "meter_reader_set"):
        assert ENDPOINTS[name].shown(reader) == {
            "readerType": 9,
            "readerInfo": {"ip": "192.0.2.9", "KEY": "**REDACTED**"},
        }
    assert reader["readerInfo"]["KEY"] == "secret"
    assert ENDPOINTS["setting_get"].shown({"key": "MaxSoc"}) == {"key": "MaxSoc"}
