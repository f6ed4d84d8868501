"""Plants, their devices, and users (notes 1.4, 1.5 and 5.4)."""

from typing import Any

import pytest

from simulator import Fault

from .client import Client
from .conftest import Connect
from .writes import set_house

DAY = {"start_date": "2026-06-14", "end_date": "2026-06-15"}


async def test_lists(connect: Connect) -> None:
    """Each house is a plant; devices of type 3 have no serial number but their logger's."""
    client = await connect("MIN-XH", "INV+METER+ENV")
    plants = (await client.get("plant/list")).data["plants"]
    assert [plant["name"] for plant in plants] == ["Plant 1", "Plant 2"]
    assert isinstance(plants[0]["current_power"], str)
    found = await client.get("plant/list", search_keyword="2")
    assert found.data["count"] == 1
    rows = (await client.get("device/list", plant_id=str(plants[1]["plant_id"]))).data[
        "devices"
    ]
    assert [row["type"] for row in rows] == [1, 3, 3]
    assert rows[1]["device_sn"] == rows[1]["datalogger_sn"] == rows[0]["datalogger_sn"]
    assert not any("name" in row for row in rows)
    page = await client.get(
        "device/list", plant_id=str(plants[1]["plant_id"]), page="2", perpage="2"
    )
    assert (page.data["count"], len(page.data["devices"])) == (3, 1)


async def test_loggers(client: Client) -> None:
    """Data loggers are listed beside a large object that is not about them."""
    answer = await client.get("device/datalogger/list", plant_id=client.plant_id)
    (logger,) = answer.data["dataloggers"]
    assert logger["sn"] == client.device.logger_serial
    assert logger["last_update_time"]["timezoneOffset"] == -480
    assert answer.data["peak_power_actual"]["timezoneText"] == "GMT+1"


async def test_of_a_device(client: Client) -> None:
    """Plant, logger and age of a device may be asked for."""
    serial = client.device.serial
    plant = await client.post("plant/sn_plant", device_sn=serial)
    assert str(plant.data["plant"]["plant_id"]) == client.plant_id
    logger = await client.post("device/sn_datalog", device_sn=serial)
    assert logger.data == {"datalogSN": client.device.logger_serial}
    age = await client.post(
        "device/all/create_date", devices=f"{serial},none", pageNum="1"
    )
    assert list(age.data) == [serial]
    assert (await client.post("plant/sn_plant", device_sn="none")).code == 10005


@pytest.mark.parametrize(
    ("time_zone", "name"),
    [
        ("Europe/Berlin", "GMT+1"),
        ("America/Chicago", "GMT-6"),
        ("Asia/Kolkata", "GMT+5.5"),
        ("Europe/London", "GMT+0"),
    ],
)
async def test_zones(connect: Connect, time_zone: str, name: str) -> None:
    """A zone is named by its winter."""
    client = await connect("MIN-XH", time_zone=time_zone)
    answer = await client.get("plant/details", plant_id=client.plant_id)
    assert answer.data["timezone"] == name


@pytest.mark.parametrize(("value", "factor"), [(None, 0.001), ("W", 1.0), ("0", 0.0)])
async def test_present_power(client: Client, value: str | None, factor: float) -> None:
    """The present power is kW, W or nothing; energies are text."""
    faults = {None: [], "W": ["W"], "0": ["0"]}[value]
    for unit in faults:
        client.sim.faults.add(Fault(vendor="growatt", kind="plant_power", value=unit))
    set_house(client.device, soc=100, load=500, pv=3000)
    client.pass_time(minutes=6)
    data = (await client.get("plant/data", plant_id=client.plant_id)).data
    assert data["current_power"] == pytest.approx(2910 * factor, rel=0.01)
    assert isinstance(data["today_energy"], str)
    assert float(data["total_energy"]) > float(data["today_energy"]) > 0
    assert data["timezone"] == "GMT+1"
    assert data["last_update_time"].startswith("2026-06-15 12:")


async def test_power_of_a_day(client: Client) -> None:
    """288 points in no order; what has not been is null."""
    answer = await client.get(
        "plant/power", plant_id=client.plant_id, date="2026-06-15"
    )
    times = [row["time"] for row in answer.data["powers"]]
    assert len(set(times)) == 288
    assert times != sorted(times)
    powers = {row["time"]: row["power"] for row in answer.data["powers"]}
    assert powers["2026-06-15 11:00"] > 0
    assert powers["2026-06-15 23:00"] is None


@pytest.mark.parametrize(
    ("unit", "names"),
    [
        ("day", ["2026-06-14", "2026-06-15"]),
        ("month", ["2026-06"]),
        ("year", ["2026"]),
    ],
)
async def test_energy(client: Client, unit: str, names: list[str]) -> None:
    """Energies of days, months and years."""
    answer = await client.get(
        "plant/energy", plant_id=client.plant_id, time_unit=unit, **DAY
    )
    assert answer.data["time_unit"] == unit
    assert [row["date"] for row in answer.data["energys"]] == names
    assert all(float(row["energy"]) > 0 for row in answer.data["energys"])


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("plant/details", {}, 10003),
        ("plant/details", {"plant_id": "1"}, 10002),
        ("plant/data", {"plant_id": "1"}, 10002),
        ("plant/power", {"plant_id": "*", "date": "today"}, 10003),
        ("plant/energy", {"plant_id": "*", "time_unit": "week", **DAY}, 10004),
        ("plant/energy", {"plant_id": "*", "time_unit": "day", "start_date": "2026-06-01", "end_date": "2026-06-09"}, 10004),
        ("plant/energy", {"plant_id": "*", "time_unit": "month", "start_date": "2024-06-01", "end_date": "2026-06-09"}, 10004),
        ("plant/energy", {"plant_id": "*", "time_unit": "year", "start_date": "2005-06-01", "end_date": "2026-06-09"}, 10004),
        ("device/list", {}, 10002),
        ("device/list", {"plant_id": "1"}, 10003),
    ],
)  # fmt: skip
async def test_wrong(
    client: Client, path: str, query: dict[str, str], code: int
) -> None:
    """What is missing or wrong has a number for each path."""
    known = {key: value.replace("*", client.plant_id) for key, value in query.items()}
    answer = await client.get(path, **known)
    assert (answer.code, answer.data) == (code, "")


async def test_users_and_plants(client: Client) -> None:
    """An installer may add users, plants and data loggers, and take them away."""
    taken = await client.post("user/check_user", user_name="user1")
    assert taken.code == 10003
    person = {
        "user_name": "new",
        "user_password": "x",
        "user_email": "new@example.com",
        "user_type": "1",
    }
    user: Any = (await client.post("user/user_register", **person)).data["c_user_id"]
    assert (await client.post("user/user_register", **person)).code == 10003
    listed = await client.get("user/c_user_list")
    assert [row["c_user_name"] for row in listed.data["c_user"]] == ["user1", "new"]
    assert (await client.post("user/modify", c_user_id=str(user), mobile="1")).code == 0
    place = {"c_user_id": str(user), "name": "Barn", "peak_power": "4.5"}
    plant: Any = (await client.post("plant/add", **place)).data["plant_id"]
    assert (await client.post("plant/add", **place)).code == 10006
    changed = {**place, "plant_id": str(plant), "name": "Shed"}
    assert (await client.post("plant/modify", **changed)).code == 0
    logger = {"plant_id": str(plant), "sn": "XGDNEW0001"}
    known = {"datalogSn": "XGDNEW0001", "valiCode": "12345"}
    assert (await client.post("device/datalogger/validate", **known)).code == 0
    added = await client.post("device/datalogger/add", **logger, c_user_id=str(user))
    assert added.code == 0
    assert (await client.post("device/datalogger/validate", **known)).code == 10003
    assert (await client.post("device/datalogger/delete", **logger)).code == 0
    assert (await client.post("plant/delete", plant_id=str(plant))).code == 0
    assert (await client.get("plant/list")).data["count"] == 1
    mine = await client.post("plant/user_plant_list", user_name="user1")
    assert mine.data["count"] == 1
    assert (await client.post("plant/user_plant_list", user_name="new")).data[
        "count"
    ] == 0
