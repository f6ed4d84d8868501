"""Gateway meters and heat pumps."""

import pytest

from simulator import Fault

from .client import Client, set_house
from .conftest import Connect

PAGE = {"currentPage": 1, "pageSize": 10}
SETTING = "/op/v0/gw/setting/"
HEAT = "/op/v0/heat/"
HEAT_LIST = "/op/v0/register/heat/list"
STATUS = HEAT + "register/status/change"
CONTROLS = {
    "generic": {"power": "disable", "mode": "auto"},
    "heating": {"targetTemperature": "41"},
    "heatingCircuits": {"circuit1FlowTemperature": "40"},
    "dhw": {"dhwEnable": "disable", "dhwTemperature": "52"},
}


@pytest.fixture
async def client(connect: Connect) -> Client:
    """Return a client of a house with an inverter, a meter and a heat pump."""
    return await connect("KH8+METER+HEATPUMP")


async def test_meter_list(client: Client) -> None:
    """A meter is listed in its plant."""
    (meter,) = client.sim.foxess.meters
    row = {
        "sn": meter.serial,
        "stationID": meter.station_id,
        "stationName": "House 1",
        "status": 1,
    }
    assert (await client.post("/op/v0/gw/list", PAGE)).result["data"] == [row]
    client.sim.faults.add(Fault(vendor="foxess", kind="offline", value=meter.serial))
    listed = (await client.post("/op/v0/gw/list", PAGE)).result["data"]
    assert listed == [{**row, "status": 3}]


async def test_meter_limits_the_export(client: Client) -> None:
    """In any mode but the normal one, the meter keeps the export below its limit."""
    (meter,) = client.sim.foxess.meters
    (inverter,) = client.sim.foxess.inverters
    await set_house(client, soc=100, load=0, pv=6000)
    client.sim.clock.advance(120)
    assert client.sim.foxess.inverters[0].house.grid_w < -5000
    body = {"sn": meter.serial, "mode": "exportLimit", "feedinPower": "1500"}
    assert (await client.post(SETTING + "set", body)).result == body
    client.sim.clock.advance(120)
    assert client.sim.foxess.inverters[0].house.grid_w == pytest.approx(-1500)
    read = (await client.post(SETTING + "get", {"sn": meter.serial})).result
    assert (read["mode"]["value"], read["feedinPower"]["value"]) == (
        "exportLimit",
        "1500",
    )
    assert read["deviceQuantity"]["value"] == "1"
    normal = {"sn": meter.serial, "mode": "normal"}
    assert (await client.post(SETTING + "set", normal)).errno == 0
    client.sim.clock.advance(120)
    assert inverter.house is client.sim.foxess.inverters[0].house
    assert inverter.house.grid_w < -5000


@pytest.mark.parametrize(
    ("changes", "errno"),
    [
        ({}, 0),
        ({"mode": "exportLimit"}, 0),
        ({"mode": "G100", "outputMaxCurrent": "20", "sysOnOffPowerValue": "4000"}, 0),
        ({"mode": "normal", "feedinPower": "1000"}, 40257),
        ({"mode": "exportLimit", "inputMaxCurrent": "20"}, 40257),
        ({"mode": "G100", "overVoltageMaxValue": "400"}, 40257),
        ({"mode": "G100", "feedinPower": 1000}, 40257),
        ({"mode": "G100", "deviceQuantity": "2"}, 40257),
        ({"mode": "other"}, 40257),
        ({"mode": None}, 40257),
        ({"sn": "SIMKH8000000001"}, 41930),
    ],
)
async def test_meter_set(
    client: Client, changes: dict[str, object], errno: int
) -> None:
    """A mode knows its own fields only."""
    serial = client.sim.foxess.meters[0].serial
    body = {"sn": serial, "mode": "normal", **changes}
    assert (await client.post(SETTING + "set", body)).errno == errno


async def test_heat_pump_is_registered(client: Client) -> None:
    """A heat pump that was revoked is registered anew, and then approved."""
    (pump,) = client.sim.foxess.heat_pumps
    body = {"sn": pump.serial}
    row = {
        "heatSN": pump.serial,
        "moduleSN": pump.module_serial,
        "registerStatus": "approved",
        "runningStatus": 1,
        "masterVersion": "1.02",
        "deviceType": "HP-12",
    }
    for serial, rows in ((pump.serial, [row]), ("", [row]), ("SIM0", [])):
        listed = await client.post(HEAT_LIST, {**PAGE, "sn": serial})
        assert listed.result["data"] == rows
    assert (await client.post(HEAT_LIST, PAGE)).errno == 40257
    assert (await client.post(STATUS, {**body, "status": "revoked"})).errno == 0
    read = HEAT + "dhwControls/get"
    assert (await client.post(read, body)).errno == 41811
    assert (await client.post(HEAT + "register", body)).result == body
    assert client.sim.foxess.heat_pumps[0].register_status == "pending"
    assert (await client.post(read, body)).errno == 41811
    assert (await client.post(STATUS, {**body, "status": "approved"})).errno == 0
    assert (await client.post(read, body)).errno == 0
    assert (await client.post(STATUS, {**body, "status": "on"})).errno == 40257
    unknown = {"sn": client.serial}
    assert (await client.post(HEAT + "register", unknown)).errno == 41930


@pytest.mark.parametrize("group", list(CONTROLS))
async def test_heat_pump_controls(client: Client, group: str) -> None:
    """Some of a group's controls are set as strings, and all are read."""
    (pump,) = client.sim.foxess.heat_pumps
    path = f"{HEAT}{group}Controls/"
    body = {"sn": pump.serial, **CONTROLS[group]}
    assert (await client.post(path + "set", body)).result == body
    read = (await client.post(path + "get", {"sn": pump.serial})).result
    values = {name: entry["value"] for name, entry in read.items()}
    assert CONTROLS[group].items() <= values.items()
    assert pump.controls[group] == values
    name = next(iter(CONTROLS[group]))
    for wrong in ({name: "999"}, {name: 40}, {"colour": "red"}):
        changed = {"sn": pump.serial, **wrong}
        assert (await client.post(path + "set", changed)).errno == 40257
    assert (await client.post(path + "set", {"sn": pump.serial})).errno == 40257
    client.sim.faults.add(Fault(vendor="foxess", kind="offline"))
    assert (await client.post(path + "set", body)).errno == 44098


@pytest.mark.parametrize("model", ["METER", "HEATPUMP"])
async def test_alone(connect: Connect, model: str) -> None:
    """A part alone has a plant with nothing else in it."""
    client = await connect(model)
    assert client.sim.foxess.inverters == []
    (station,) = (await client.post("/op/v0/plant/list", PAGE)).result["data"]
    detail = await client.get("/op/v0/plant/detail", id=station["stationID"])
    assert detail.result["modules"] == []
    count = await client.get("/op/v0/user/getAccessCount")
    assert count.result["total"] == 1440
    async with client.session.get(client.sim.control_url + "/state") as response:
        (part,) = (await response.json())["foxess"]["parts"]
    assert part["serial"].startswith(f"SIM{model}")
