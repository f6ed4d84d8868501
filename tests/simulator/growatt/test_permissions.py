"""Tokens, and what they may ask (notes 0.1, 1.1 and 1.9)."""

import pytest

from .client import Client
from .conftest import Connect

DENIED = (10011, "error_permission_denied", "")


@pytest.mark.parametrize("token", ["", "nonsense"])
async def test_wrong_token(client: Client, token: str) -> None:
    """A wrong token has a code of its own in the new API only."""
    client.token = token
    v1 = await client.get("plant/list")
    assert (v1.code, v1.message, v1.data) == DENIED
    v4 = await client.v4("queryDeviceList", page="1")
    assert (v4.code, v4.message) == (2, "TOKEN_IS_INVALID")


async def test_replaced_token(client: Client) -> None:
    """After a new token was made the old one is a wrong one."""
    new = client.sim.growatt.rotate_token()
    assert len(new) == 32
    assert (await client.v4("queryDeviceList", page="1")).code == 2
    client.token = new
    assert (await client.v4("queryDeviceList", page="1")).code == 0


async def test_token_of_the_portal(client: Client) -> None:
    """A token that was made on the portal is good, and lists nothing."""
    serial, client.token = client.device.serial, client.sim.growatt.portal_token()
    plants = await client.get("plant/list")
    assert (plants.code, plants.data) == (0, {"count": 0, "plants": []})
    assert (await client.v4("queryDeviceList", page="1")).data["count"] == 0
    denied = await client.post("device/tlx/tlx_last_data", tlx_sn=serial)
    assert (denied.code, denied.message, denied.data) == DENIED


async def test_end_user(client: Client) -> None:
    """An end user's token was seen to be kept from some calls, one of them without a word."""
    client.sim.growatt.permit("end_user")
    serial, plant = client.device.serial, client.plant_id
    span = {"start_date": "2026-06-15", "end_date": "2026-06-15"}
    permitted = [
        await client.get("plant/list"),
        await client.get("plant/data", plant_id=plant),
        await client.get("plant/details", plant_id=plant),
        await client.get("plant/power", plant_id=plant, date="2026-06-15"),
        await client.get("device/list", plant_id=plant),
        await client.post("device/tlx/tlx_last_data", tlx_sn=serial),
    ]
    assert [answer.code for answer in permitted] == [0] * 6
    denied = [
        await client.get("plant/energy", plant_id=plant, time_unit="day", **span),
        await client.get("device/tlx/tlx_data_info", device_sn=serial),
        await client.post("device/tlx/tlx_data", tlx_sn=serial, **span),
    ]
    assert [(row.code, row.message, row.data) for row in denied] == [DENIED] * 3
    silent = await client.get("device/tlx/tlx_set_info", device_sn=serial)
    assert (silent.code, silent.data) == (0, "")
    client.sim.growatt.permit("all")
    open_again = await client.get("device/tlx/tlx_set_info", device_sn=serial)
    assert open_again.data["serialNum"] == serial


async def test_devices_of_others(connect: Connect) -> None:
    """What belongs to another account is there, and closed."""
    client = await connect("MIN-XH", "SPH")
    theirs, mine = (client.sim.growatt.first(model) for model in ("MIN-XH", "SPH"))
    client.token = client.sim.growatt.add_account([mine.serial])
    assert (await client.get("plant/list")).data["count"] == 1
    v1 = await client.post("device/tlx/tlx_last_data", tlx_sn=theirs.serial)
    assert (v1.code, v1.message) == DENIED[:2]
    v4 = await client.about("queryLastData", theirs)
    assert v4.code == 12
    assert (await client.about("queryLastData", mine)).code == 0
    nobodys = await client.v4("queryLastData", deviceSn="none", deviceType="min")
    assert nobodys.code == 4


async def test_types(connect: Connect) -> None:
    """A device of another family is denied by v1, and has the wrong type in v4."""
    client = await connect("MIN-XH", "SPH")
    serial = client.device.serial
    v1 = await client.post("device/mix/mix_last_data", mix_sn=serial)
    assert (v1.code, v1.message) == DENIED[:2]
    v4 = await client.v4("queryLastData", deviceSn=serial, deviceType="sph")
    assert v4.code == 7
    unknown = await client.v4("queryLastData", deviceSn=serial, deviceType="tlx")
    assert unknown.code == 7


@pytest.mark.parametrize(
    ("name", "query", "code"),
    [
        ("queryDeviceList", {}, 10),
        ("queryLastData", {"deviceType": "min"}, 8),
        ("queryHistoricalData", {"deviceType": "min", "deviceSn": "*"}, 9),
        ("setPower", {"deviceType": "min", "deviceSn": "*"}, 14),
        ("setPower", {"deviceType": "min", "deviceSn": "*", "value": "101"}, 14),
        ("setHighLimitSoc", {"deviceType": "min", "deviceSn": "*", "value": "90"}, 7),
    ],
)
async def test_numbers_of_v4(
    client: Client, name: str, query: dict[str, str], code: int
) -> None:
    """What is missing or wrong has a number each."""
    known = {
        key: value.replace("*", client.device.serial) for key, value in query.items()
    }
    answer = await client.call("POST", f"/v4/new-api/{name}", query=known)
    assert answer.code == code
