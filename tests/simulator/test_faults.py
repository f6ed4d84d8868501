"""Faults, one kind after another."""

import asyncio
from typing import Any

from aiohttp import ClientConnectionError, ClientPayloadError, ServerDisconnectedError
import pytest

from simulator import Fault

from .client import Client, group
from .conftest import Connect

LIST = "/op/v0/device/list"
PAGE = {"currentPage": 1, "pageSize": 10}
REAL = "/op/v1/device/real/query"
SOC_SET = "/op/v0/device/battery/soc/set"


def add(client: Client, kind: str, **details: Any) -> None:
    """Switch a fault on."""
    client.sim.faults.add(Fault(vendor="foxess", kind=kind, **details))


async def raw(client: Client, path: str = LIST, body: object = PAGE) -> tuple[int, str]:
    """Return status and text of a call, whatever they are."""
    client.sim.clock.advance(2)
    async with client.session.post(
        client.sim.foxess.base_url + path,
        json=body,
        headers=client.headers(path),
        allow_redirects=False,
    ) as response:
        return response.status, await response.text()


async def test_vendor_code_for_some_calls(client: Client) -> None:
    """A counted fault strikes so often, on its paths only."""
    add(client, "errno", path="*/device/list", count=2, value=30000)
    assert (await client.post("/op/v0/plant/list", PAGE)).errno == 0
    codes = [(await client.post(LIST, PAGE)).errno for _ in range(3)]
    assert codes == [30000, 30000, 0]


async def test_status(client: Client) -> None:
    """An HTTP error has no envelope."""
    add(client, "status", value=503)
    assert (await raw(client))[0] == 503
    client.sim.faults.clear()
    assert (await client.post(LIST, PAGE)).errno == 0


async def test_bodies_that_are_no_json(client: Client) -> None:
    """Bodies may be a page, nothing, or half of what they should be."""
    whole = (await raw(client))[1]
    add(client, "html", count=1)
    assert "<html>" in (await raw(client))[1]
    add(client, "empty", count=1)
    assert (await raw(client)) == (200, "")
    add(client, "truncated", count=1)
    assert (await raw(client))[1] == whole[: len(whole) // 2]
    add(client, "oversized", count=1, value=2)
    assert len((await raw(client))[1]) > 2 * 1024 * 1024


async def test_connections_that_break(client: Client) -> None:
    """Connections may be closed, reset, or reset within the answer."""
    add(client, "refuse", count=1)
    with pytest.raises(ServerDisconnectedError):
        await raw(client)
    add(client, "reset", count=1)
    with pytest.raises(ClientConnectionError):
        await raw(client)
    add(client, "reset_in_body", count=1)
    with pytest.raises((ClientPayloadError, ClientConnectionError)):
        await raw(client)
    assert (await client.post(LIST, PAGE)).errno == 0


async def test_silence(client: Client) -> None:
    """A call may never be answered although the server did what it asked."""
    add(client, "timeout", path=SOC_SET)
    body = {"sn": client.serial, "minSoc": 20, "minSocOnGrid": 33}
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await client.post(SOC_SET, body)
    assert client.sim.foxess.inverters[0].settings["MinSocOnGrid"] == "33"
    assert client.sim.foxess.calls[-1].write


async def test_slow(client: Client) -> None:
    """A call may take its time."""
    add(client, "slow", value=0.05)
    assert (await client.post(LIST, PAGE)).errno == 0


async def test_redirect(client: Client) -> None:
    """A call may be sent elsewhere."""
    add(client, "redirect", value="http://127.0.0.1:9/elsewhere")
    assert (await raw(client))[0] == 302


async def test_values_go_bad(client: Client) -> None:
    """Values may have another type, or none; the envelope stays."""
    add(client, "nulls", path=REAL, count=1, value="value")
    record = (await client.post(REAL, {"sns": [client.serial]})).result[0]
    assert {datum["value"] for datum in record["datas"]} == {None}
    assert record["deviceSN"] == client.serial
    add(client, "nulls", path=LIST, count=1)
    listed = await client.post(LIST, PAGE)
    assert (listed.errno, listed.result["total"]) == (0, None)
    add(client, "wrong_types", path=LIST, count=1)
    row = (await client.post(LIST, PAGE)).result["data"][0]
    assert (row["deviceSN"], row["status"], row["hasPV"]) == (12345, ["n/a"], "perhaps")


async def test_result_is_null(client: Client) -> None:
    """A success may have no result at all, as setters once had."""
    add(client, "no_result", path=SOC_SET)
    answer = await client.post(
        SOC_SET, {"sn": client.serial, "minSoc": 20, "minSocOnGrid": 20}
    )
    assert (answer.errno, answer.result) == (0, None)


async def test_missing_device(connect: Connect) -> None:
    """A device may disappear from the account."""
    client = await connect("KH8", "EVO")
    add(client, "missing_device", value=client.serial)
    assert (await client.post(LIST, PAGE)).result["total"] == 1
    assert (await client.get("/op/v1/device/detail", sn=client.serial)).errno == 41930


async def test_device_that_stops_uploading(client: Client) -> None:
    """A device may stop uploading while the cloud calls it online."""
    first = (await client.post(REAL, {"sns": [client.serial]})).result[0]["time"]
    add(client, "stale")
    client.sim.clock.advance(3600)
    stale = (await client.post(REAL, {"sns": [client.serial]})).result[0]["time"]
    assert stale == first
    assert client.sim.foxess.inverters[0].status == 1
    client.sim.faults.clear()
    client.sim.clock.advance(330)
    assert (await client.post(REAL, {"sns": [client.serial]})).result[0][
        "time"
    ] != first


async def test_device_offline(client: Client) -> None:
    """An offline device keeps its last record and answers nothing itself."""
    add(client, "offline", value=client.serial)
    client.sim.clock.advance(3600)
    row = (await client.post(LIST, PAGE)).result["data"][0]
    assert row["status"] == 3
    record = (await client.post(REAL, {"sns": [client.serial]})).result[0]
    assert record["time"].startswith(("2026-06-15 11:5", "2026-06-15 12:00"))
    setting = {"sn": client.serial, "key": "MinSoc"}
    assert (await client.post("/op/v0/device/setting/get", setting)).errno == 41203
    assert (
        await client.post("/op/v0/device/setting/set", {**setting, "value": "20"})
    ).errno == 44098
    assert (await client.set_flag(1)).errno == 44098
    assert (await client.held(3))["enable"] == 0


async def test_glitch(client: Client) -> None:
    """The upper half of a number may be noise for one reading."""
    before = await client.latest()
    add(client, "glitch", path=REAL, count=1)
    bad = await client.latest()
    good = await client.latest()
    assert bad["generation"] > 26_000_000
    assert good["generation"] == pytest.approx(before["generation"], abs=1)
    assert bad["pvPower"] > 65 > good["pvPower"]


async def test_glitch_in_a_history(client: Client) -> None:
    """A history may begin with noise."""
    client.sim.clock.advance(3600)
    add(client, "glitch", path="*/history/query", count=1)
    body = {"sn": client.serial, "variables": ["generation", "pvPower"]}
    bad, good = [
        (await client.post("/op/v0/device/history/query", body)).result[0]["datas"]
        for _ in range(2)
    ]
    for before, after, noise in zip(bad, good, (26_000_000, 65), strict=True):
        assert before["data"][0]["value"] > noise > after["data"][0]["value"]
        assert before["data"][1:] == after["data"][1:]


async def test_glitch_in_a_report(client: Client) -> None:
    """A report may hold one value that is noise."""
    add(client, "glitch", path="*/report/query", count=1)
    body = {
        "sn": client.serial,
        "dimension": "year",
        "year": 2026,
        "variables": ["generation"],
    }
    first = (await client.post("/op/v0/device/report/query", body)).result[0]["values"]
    again = (await client.post("/op/v0/device/report/query", body)).result[0]["values"]
    assert first[0] > 26_000_000
    assert again[0] == 0


async def test_unsupported(client: Client) -> None:
    """An endpoint may be unsupported, with the vendor's code for it."""
    add(client, "unsupported", path="*/setting/get")
    body = {"sn": client.serial, "key": "WorkMode"}
    assert (await client.post("/op/v0/device/setting/get", body)).errno == 42015


async def test_lost_write(client: Client) -> None:
    """A write may be accepted and never reach the device."""
    add(client, "write_lost", count=1)
    assert (await client.schedule(3, [group(3, "1:00", "1:59")])).errno == 0
    assert client.sim.foxess.inverters[0].scheduler.groups == []
    assert (await client.schedule(3, [group(3, "1:00", "1:59")])).errno == 0
    assert len(client.sim.foxess.inverters[0].scheduler.groups) == 1


async def test_delayed_write(client: Client) -> None:
    """A write may reach the device later."""
    add(client, "write_delayed", value=20)
    body = {"sn": client.serial, "minSoc": 20, "minSocOnGrid": 25}
    assert (await client.post(SOC_SET, body)).errno == 0
    query = "/op/v0/device/battery/soc/get"
    assert (await client.get(query, sn=client.serial)).result["minSocOnGrid"] == 10
    client.sim.clock.advance(20)
    assert (await client.get(query, sn=client.serial)).result["minSocOnGrid"] == 25


async def test_quota_gone(client: Client) -> None:
    """The quota may be gone because of somebody else."""
    add(client, "quota_gone")
    assert (await client.post(LIST, PAGE)).errno == 40402
    assert (await client.get("/op/v0/user/getAccessCount")).result["remaining"] == 0


async def test_fault_that_never_strikes() -> None:
    """An unknown kind and a count of zero are mistakes."""
    with pytest.raises(ValueError, match="unknown fault kind"):
        Fault(vendor="foxess", kind="rain")
    with pytest.raises(ValueError, match="count"):
        Fault(vendor="foxess", kind="html", count=0)
