"""Creating, changing and deleting plants, and one schedule for many devices."""

from typing import Any

import pytest

from simulator import Fault

from .client import Client, group
from .conftest import Connect

PAGE = {"currentPage": 1, "pageSize": 10}
CREATE, UPDATE, DELETE = (
    f"/op/v0/plant/{name}" for name in ("create", "update", "delete")
)
BATCH = "/op/v3/device/scheduler/enable/batch"
DETAILS = {
    "name": "Barn",
    "type": 2,
    "countryCode": "NL",
    "city": "Utrecht",
    "address": "Laan 1",
    "postcode": "1234",
    "price": 0.3,
    "currency": "EUR(€)",
    "systemCapacity": 8,
}


def plant(serial: str, **details: Any) -> dict[str, Any]:
    """Return the body that creates a plant with one device."""
    return {
        "devices": [{"sn": serial}],
        "details": {
            key: value
            for key, value in {**DETAILS, **details}.items()
            if value is not None
        },
        "timezone": "Europe/Amsterdam",
    }


async def serials(client: Client) -> list[str]:
    """Return the devices that are listed."""
    rows = (await client.post("/op/v0/device/list", PAGE)).result["data"]
    return [row["deviceSN"] for row in rows]


async def test_plant_comes_and_goes(connect: Connect) -> None:
    """A device whose plant was deleted is in no list until it joins another."""
    client = await connect("KH8", "EVO")
    first, second = client.sim.foxess.inverters
    deleted = await client.post(DELETE, {"stationID": first.station_id})
    assert deleted.errno == 0
    assert await serials(client) == [second.serial]
    assert (await client.get("/op/v1/device/detail", sn=first.serial)).errno == 41930
    answer = await client.post(CREATE, plant(first.module_serial))
    assert answer.result["devices"] == [
        {"device": {"sn": first.module_serial, "key": ""}, "errno": 0}
    ]
    station = answer.result["stationID"]
    assert first.station_id == station
    assert sorted(await serials(client)) == sorted([first.serial, second.serial])
    detail = (await client.get("/op/v0/plant/detail", id=station)).result
    assert (detail["stationName"], detail["city"], detail["timezone"]) == (
        "Barn",
        "Utrecht",
        "Europe/Amsterdam",
    )
    assert detail["modules"][0]["deviceSN"] == first.serial
    assert len(client.sim.foxess.inverters) == 2


async def test_plant_changes(connect: Connect) -> None:
    """A plant takes another name, and free devices join it."""
    client = await connect("KH8", "EVO")
    first, second = client.sim.foxess.inverters
    assert (await client.post(DELETE, {"stationID": second.station_id})).errno == 0
    body = plant(second.serial, name="Both", stationID=first.station_id)
    answer = await client.post(UPDATE, body)
    assert answer.result["stationID"] == first.station_id
    rows = (await client.post("/op/v0/plant/list", PAGE)).result["data"]
    assert [(row["name"], row["ianaTimezone"]) for row in rows] == [
        ("Both", "Europe/Amsterdam")
    ]
    assert await serials(client) == [first.serial, second.serial]


async def test_devices_that_cannot_join(connect: Connect) -> None:
    """A device that is unknown or elsewhere is refused by itself."""
    client = await connect("KH8", "EVO")
    first, second = client.sim.foxess.inverters
    for serial, errno in (("SIM000000000000", 41930), (second.serial, 40261)):
        answer = await client.post(CREATE, plant(serial))
        assert answer.errno == 0
        assert [entry["errno"] for entry in answer.result["devices"]] == [errno]
    detail = await client.get("/op/v0/plant/detail", id=answer.result["stationID"])
    assert (detail.result["modules"], detail.result["capacity"]) == ([], 0)
    body = plant(first.serial, stationID=first.station_id)
    answer = await client.post(UPDATE, body)
    assert [entry["errno"] for entry in answer.result["devices"]] == [0]


@pytest.mark.parametrize(
    "changes",
    [
        {"details": None},
        {"timezone": None},
        {"timezone": "Nowhere/Else"},
        {"timezone": "../etc/passwd"},
        {"devices": None},
        {"devices": ["SIMKH8000000001"]},
        {"devices": [{"serial": "SIMKH8000000001"}]},
        {"colour": 1},
    ],
)
async def test_plant_refused(client: Client, changes: dict[str, Any]) -> None:
    """A plant is described exactly."""
    body = plant(client.serial) | changes
    body = {key: value for key, value in body.items() if value is not None}
    assert (await client.post(CREATE, body)).errno == 40257


@pytest.mark.parametrize(
    "details",
    [
        {"name": None},
        {"name": ""},
        {"type": 5},
        {"type": "2"},
        {"type": 3},
        {"type": 4},
        {"countryCode": "Netherlands"},
        {"price": None},
        {"price": "0.3"},
        {"stationID": "x"},
    ],
)
async def test_details_refused(client: Client, details: dict[str, Any]) -> None:
    """The details depend on the kind of plant."""
    body = plant(client.serial, **details)
    if details.get("type") == 4:
        del body["devices"]
    assert (await client.post(CREATE, body)).errno == 40257


async def test_plant_unknown(client: Client) -> None:
    """What is not there can be neither changed nor deleted."""
    assert (await client.post(DELETE, {"stationID": "nowhere"})).errno == 40257
    body = plant(client.serial, stationID="nowhere")
    assert (await client.post(UPDATE, body)).errno == 40257


async def test_batch(connect: Connect) -> None:
    """One schedule for many is accepted at once and done a little later."""
    client = await connect("KH8", "EVO", "H3-PRO")
    inverters = client.sim.foxess.inverters
    body = {
        "deviceSNList": [inverter.serial for inverter in inverters],
        "groups": [group(3, "1:00", "1:59", "ForceCharge")],
        "notifyChannel": "webhook",
        "webhook": {"url": "https://example.com/hook", "secret": "s"},
        "requestId": "mine",
    }
    answer = await client.post(BATCH, body)
    assert answer.result == {
        "status": "ACCEPTED",
        "requestId": "mine",
        "total": 3,
        "accepted": 3,
    }
    assert [len(inverter.scheduler.groups) for inverter in inverters] == [0, 0, 0]
    client.sim.clock.advance(15)
    groups = [inverter.scheduler.groups for inverter in client.sim.foxess.inverters]
    assert [[entry.start for entry in held] for held in groups] == [[60], [60], [60]]
    for changes, errno in (
        ({"deviceSNList": []}, 40257),
        ({"deviceSNList": [client.serial, client.serial]}, 40257),
        ({"deviceSNList": [client.serial, "SIM000000000000"]}, 41930),
        ({"notifyChannel": "mail"}, 40257),
        ({"webhook": {"url": "http://example.com", "secret": "s"}}, 40257),
        ({"requestId": "x" * 65}, 40257),
        ({"groups": [group(3, "1:00", "2:00"), group(3, "2:00", "3:00")]}, 42023),
        ({"groups": [group(3, "1:00", "2:00", fdPwr=10600)]}, 40257),
    ):
        assert (await client.post(BATCH, {**body, **changes})).errno == errno


async def test_batch_is_all_or_nothing(connect: Connect) -> None:
    """One device that does not know the version spoils it for all; one out of touch does not."""
    client = await connect("KH8", "KH10-V2")
    first, second = client.sim.foxess.inverters
    body: dict[str, Any] = {
        "deviceSNList": [first.serial, second.serial],
        "groups": [group(3, "1:00", "1:59")],
        "notifyChannel": "none",
    }
    assert (await client.post(BATCH, body)).errno == 42015
    client.sim.clock.advance(15)
    assert client.sim.foxess.inverters[0].scheduler.groups == []
    client.sim.faults.add(Fault(vendor="foxess", kind="offline", value=first.serial))
    answer = await client.post(BATCH, {**body, "deviceSNList": [first.serial]})
    assert answer.result["accepted"] == 1
    client.sim.clock.advance(15)
    assert client.sim.foxess.inverters[0].scheduler.groups == []
