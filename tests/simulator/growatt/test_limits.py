"""How often a token may call (notes 1.10)."""

import pytest

from .client import Client
from .conftest import Connect

TOO_FREQUENT = (10012, "error_frequently_access")


async def test_same_request(client: Client) -> None:
    """The same request waits for five minutes; another one does not."""
    assert (await client.get("plant/list")).code == 0
    again = await client.after(299).get("plant/list")
    assert (again.code, again.message) == TOO_FREQUENT
    assert again.data == ""
    assert (await client.after(0).get("plant/list", page="1")).code == 0
    assert (await client.after(1).get("plant/list")).code == 0


async def test_prefixes_share_a_window(client: Client) -> None:
    """The same call under the other prefix is the same request."""
    assert (await client.get("plant/list")).code == 0
    other = await client.after(0).call("GET", "/v4/plant/list")
    assert other.code == 10012


async def test_tokens_have_windows_of_their_own(client: Client) -> None:
    """Another token's requests count for that token."""
    assert (await client.get("plant/list")).code == 0
    client.token = client.sim.growatt.add_account([client.device.serial])
    assert (await client.after(0).get("plant/list")).code == 0


@pytest.mark.freeze_time("2026-06-15 10:00:00")
@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("plant/list", {}),
        ("user/c_user_list", {}),
        (
            "plant/energy",
            {
                "plant_id": "1234567",
                "time_unit": "day",
                "start_date": "2026-06-15",
                "end_date": "2026-06-15",
            },
        ),
    ],
)
async def test_ten_a_day(client: Client, path: str, query: dict[str, str]) -> None:
    """Some calls are good for ten times a day, whatever they ask for."""
    codes = [
        (await client.get(path, page=str(page), **query)).code for page in range(1, 12)
    ]
    assert codes == [0] * 10 + [10012]
    now = client.sim.clock.now()
    assert client.sim.growatt.limits.used(client.token, path, now) == 10
    assert (await client.after(86400).get(path, **query)).code == 0


async def test_new_api_windows(connect: Connect) -> None:
    """The new API has two codes: for seconds and for minutes."""
    client = await connect("MIN-XH", "NOAH")
    noah = client.sim.growatt.first("NOAH")
    first = {"deviceSn": client.device.serial, "deviceType": "min"}
    assert (await client.v4("readPower", **first)).code == 0
    assert (await client.after(4).v4("readPower", **first)).code == 100
    assert (await client.after(1).v4("readPower", **first)).code == 0
    assert (await client.v4("queryLastData", **first)).code == 0
    assert (await client.after(299).v4("queryLastData", **first)).code == 102
    second = {"deviceSn": noah.serial, "deviceType": "noah"}
    assert (await client.v4("queryLastData", **second)).code == 0
    assert (await client.after(59).v4("queryLastData", **second)).code == 102
    assert (await client.after(1).v4("queryLastData", **second)).code == 0


async def test_settings_have_no_window(client: Client) -> None:
    """Settings of a MIN may be read again at once."""
    for _ in range(2):
        answer = await client.after(0).get(
            "device/tlx/tlx_set_info", device_sn=client.device.serial
        )
        assert answer.code == 0


async def test_pages(client: Client) -> None:
    """Pages are not longer than 100, and there are not more than 250."""
    assert (await client.get("plant/list", perpage="100")).code == 0
    assert (await client.get("plant/list", perpage="101")).code == 10013
    assert (await client.get("plant/list", page="251")).code == 10014
    assert (await client.get("plant/list", page="250")).data["plants"] == []


async def test_many_serials(client: Client) -> None:
    """A hundred serial numbers are enough."""
    serials = [f"SN{number}" for number in range(100)]
    many = ",".join([client.device.serial, *serials[1:]])
    good = await client.v4("queryLastData", deviceSn=many, deviceType="min")
    assert [row["serialNum"] for row in good.data["min"]] == [client.device.serial]
    more = ",".join([client.device.serial, *serials])
    assert (
        await client.v4("queryLastData", deviceSn=more, deviceType="min")
    ).code == 11
