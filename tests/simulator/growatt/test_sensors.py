"""Smart meters and environment sensors (notes 1.3 to 1.5)."""

import pytest

from .client import Client
from .conftest import Connect
from .writes import set_house


@pytest.mark.parametrize(
    ("model", "name", "kind", "filled"),
    [
        ("METER", "SDM_THREE", "134", {"voltageL1", "voltageL3"}),
        ("METER-SDM1", "SDM_ONE", "66", {"voltageL1"}),
        ("METER-CHNT", "CHNT_THREE", "71", {"voltageUa", "currentIa"}),
        ("METER-64", "AMMETER", "64", {"voltageL1"}),
    ],
)
async def test_meter(
    connect: Connect, model: str, name: str, kind: str, filled: set[str]
) -> None:
    """A meter is listed with text for everything, and fills some of its 153 fields."""
    client = await connect(f"INV+{model}")
    logger = client.device.logger_serial
    listed = await client.get("device/ammeter/meter_list", datalog_sn=logger)
    (row,) = listed.data["meters"]
    assert (row["device_name"], row["device_type"]) == (name, kind)
    assert (row["lost"], row["address"]) == ("0", "1")
    set_house(client.device, load=500, pv=2000)
    client.pass_time(minutes=6)
    answer = await client.get(
        "device/ammeter/meter_last_data", datalog_sn=logger, address="1"
    )
    assert len(answer.data) == 153
    assert answer.data["activePower"] == pytest.approx(-1440, abs=1)
    assert answer.data["reverActivePower"] == pytest.approx(1440, abs=1)
    assert answer.data["reverseActiveTotalEnergy"] > 0
    assert filled <= {name for name, value in answer.data.items() if value}


async def test_history(connect: Connect) -> None:
    """A meter's past has its records under a name of its own."""
    client = await connect("INV+METER")
    query = {"datalog_sn": client.device.logger_serial, "address": "1"}
    span = {"start_date": "2026-06-14", "end_date": "2026-06-14"}
    answer = await client.get("device/ammeter/meter_data", **query, **span)
    assert answer.data["count"] == 288
    assert len(answer.data["meter_data"]) == 20
    span["start_date"] = "2026-06-01"
    assert (
        await client.get("device/ammeter/meter_data", **query, **span)
    ).code == 10004


async def test_weather(connect: Connect) -> None:
    """An environment sensor knows the light."""
    client = await connect("INV+ENV")
    query = {"datalog_sn": client.device.logger_serial}
    listed = await client.get("device/env/env_list", **query)
    (row,) = listed.data["envs"]
    assert row["device_type"] == "48"
    answer = await client.get("device/env/env_last_data", **query, address="1")
    assert len(answer.data) == 30
    assert answer.data["radiant"] > 100
    past = await client.get("device/env/env_data", **query, address="1")
    assert past.data["env_data"][0]["addr"] == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, 10002),
        ({"datalog_sn": "none", "address": "1"}, 10004),
        ({"datalog_sn": "*"}, 10003),
        ({"datalog_sn": "*", "address": "9"}, 10004),
    ],
)
async def test_wrong(connect: Connect, query: dict[str, str], code: int) -> None:
    """What is missing or wrong has a number."""
    client: Client = await connect("INV+METER")
    logger = client.device.logger_serial
    known = {key: value.replace("*", logger) for key, value in query.items()}
    assert (await client.get("device/ammeter/meter_last_data", **known)).code == code


async def test_alone(connect: Connect) -> None:
    """A house may have nothing but a meter."""
    client = await connect("METER")
    listed = await client.get("device/list", plant_id=client.plant_id)
    assert [row["type"] for row in listed.data["devices"]] == [3]
    serial = listed.data["devices"][0]["datalogger_sn"]
    answer = await client.get(
        "device/ammeter/meter_last_data", datalog_sn=serial, address="1"
    )
    assert answer.data["activePower"] > 0
