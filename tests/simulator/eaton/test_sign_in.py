"""Who may come in, for how long, and who is locked out."""

import pytest

from .client import Client

TECHNICAL = [
    ("GET", "technical/status"),
    ("GET", "device/maintenance/diagnostics"),
    ("GET", "device/maintenance/date-time"),
    ("POST", "device/maintenance/free-disk-space"),
    ("POST", "commcard/reboot"),
]
SHARED = [
    "config/state",
    "device",
    "device/status",
    "settings",
    "settings/",
    "schedule/",
    "notifications/",
    "notifications/unread",
    "metrics/?from=0&to=1",
]


async def test_answer_of_sign_in(client: Client) -> None:
    """The token stands in an envelope without a message."""
    answer = await client.sign_in()
    assert answer.body.keys() == {"successful", "result"}
    assert answer.result.keys() == {"token"}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"pwd": "Wrong-1234"}, 401, "err_wrong_credentials"),
        ({"username": "nobody"}, 401, "err_wrong_credentials"),
        ({"pwd": ""}, 400, "err_invalid_credentials"),
        ({"username": ""}, 400, "err_invalid_credentials"),
        ({"userType": "customers"}, 400, "err_invalid_credentials"),
    ],
)
async def test_refused(
    client: Client, changes: dict[str, str], status: int, code: str
) -> None:
    """Wrong credentials are refused in other words than incomplete ones."""
    answer = await client.sign_in(**changes)
    assert (answer.status, answer.error["errCode"]) == (status, code)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"inverterSn": "RB00000000"}, 401, "err_invalid_inverter_sn"),
        ({"inverterSn": ""}, 400, "err_invalid_credentials"),
        ({"email": ""}, 400, "err_invalid_credentials"),
        ({"userType": "customer"}, 401, "err_wrong_credentials"),
    ],
)
async def test_refused_technician(
    client: Client, changes: dict[str, str], status: int, code: str
) -> None:
    """A technician needs the inverter's serial number and any e-mail address."""
    answer = await client.sign_in_technician(**changes)
    assert (answer.status, answer.error["errCode"]) == (status, code)


async def test_no_json(client: Client) -> None:
    """What is no JSON is refused."""
    assert (await client.call("POST", "auth/signin", text="user=1")).status == 400


@pytest.mark.parametrize("path", SHARED)
async def test_needs_a_token(client: Client, path: str) -> None:
    """Both accounts may read, and nobody else."""
    assert (await client.call("GET", path)).status == 200
    client.token = (await client.sign_in_technician()).result["token"]
    assert (await client.call("GET", path)).status == 200
    client.token = ""
    assert (await client.call("GET", path)).status == 401
    client.token = "invented"
    assert (await client.call("GET", path)).status == 401


@pytest.mark.parametrize(("method", "path"), TECHNICAL)
async def test_technicians_only(client: Client, method: str, path: str) -> None:
    """A customer may not do what is a technician's."""
    assert (await client.call(method, path)).status == 403
    client.token = (await client.sign_in_technician()).result["token"]
    assert (await client.call(method, path)).status == 200


async def test_tokens_expire(client: Client) -> None:
    """A token is good for an hour of house time; one that is good buys another."""
    client.sim.clock.advance(59 * 60)
    answer = await client.call("POST", "auth/refresh")
    assert answer.body.keys() == {"token"}
    client.sim.clock.advance(2 * 60)
    assert (await client.call("GET", "device")).status == 401
    assert (await client.call("POST", "auth/refresh")).status == 401
    client.token = answer.body["token"]
    assert (await client.call("GET", "device")).status == 200


async def test_house_time_counts(client: Client) -> None:
    """What a renewed token may do is what the first one might."""
    client.token = (await client.sign_in_technician()).result["token"]
    client.token = (await client.call("POST", "auth/refresh")).body["token"]
    assert (await client.call("GET", "technical/status")).status == 200


async def test_lock(client: Client) -> None:
    """After six wrong passwords even the right one is refused for ten minutes, and the other account is not."""
    for _ in range(6):
        answer = await client.sign_in(pwd="Wrong-1234")
        assert answer.error["errCode"] == "err_wrong_credentials"
    locked = await client.sign_in()
    assert locked.status == 401
    assert locked.error == {
        "errCode": "err_code_too_many_failed_signin",
        "description": "10",
    }
    client.sim.clock.advance(6 * 60)
    assert (await client.sign_in()).error["description"] == "4"
    assert (await client.sign_in_technician()).status == 200
    assert (await client.call("GET", "device")).status == 200
    client.sim.clock.advance(4 * 60)
    assert (await client.sign_in()).status == 200


async def test_right_password_forgives(client: Client) -> None:
    """Only wrong passwords in a row lock."""
    for _ in range(3):
        for _ in range(5):
            await client.sign_in(pwd="Wrong-1234")
        assert (await client.sign_in()).status == 200


async def test_orders(client: Client) -> None:
    """Tokens may be made to expire, and an account to be locked."""
    client.card.expire_tokens()
    assert (await client.call("GET", "device")).status == 401
    client.card.lock()
    assert (await client.sign_in()).error["errCode"].endswith("too_many_failed_signin")
