"""Headers, signature and token."""

from hashlib import md5

import pytest

from .client import Client

LIST = "/op/v0/device/list"
PAGE = {"currentPage": 1, "pageSize": 10}


async def test_signed_call_is_answered(client: Client) -> None:
    """A call as documented gets an envelope with a result."""
    answer = await client.post(LIST, PAGE)
    assert (answer.status, answer.errno, answer.msg) == (200, 0, "Operation successful")
    assert client.sim.foxess.calls[-1].token_ok
    assert client.sim.foxess.calls[-1].errno == 0


@pytest.mark.parametrize("name", ["token", "timestamp", "signature", "lang"])
async def test_header_missing(client: Client, name: str) -> None:
    """Every header is required."""
    answer = await client.call(
        "POST", LIST, json=PAGE, headers=client.headers(LIST, **{name: None})
    )
    assert (answer.status, answer.errno) == (200, 40256)
    assert answer.msg == f"no {name}"
    assert not client.sim.foxess.calls[-1].token_ok


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": "0" * 32},
        {"timestamp": "yesterday"},
        {"lang": "xx"},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic x", "token": None},
    ],
)
async def test_header_wrong(client: Client, changes: dict[str, str | None]) -> None:
    """A header that is there but wrong is refused with the same code."""
    answer = await client.call(
        "POST", LIST, json=PAGE, headers=client.headers(LIST, **changes)
    )
    assert answer.errno == 40256


async def test_line_breaks_do_not_sign(client: Client) -> None:
    """The separator is four characters, not a carriage return and a line feed."""
    headers = client.headers(LIST)
    text = f"{LIST}\r\n{client.token}\r\n{headers['timestamp']}"
    headers["signature"] = md5(text.encode(), usedforsecurity=False).hexdigest()
    answer = await client.call("POST", LIST, json=PAGE, headers=headers)
    assert (answer.errno, answer.msg) == (40256, "illegal signature")


async def test_query_is_not_signed(client: Client) -> None:
    """Only the path is signed."""
    answer = await client.get("/op/v1/device/detail", sn=client.serial)
    assert answer.errno == 0


async def test_wrong_token(client: Client) -> None:
    """A token that never existed is invalid."""
    client.token = "00000000-0000-0000-0000-000000000000"
    assert (await client.post(LIST, PAGE)).errno == 41809


async def test_rotated_token(client: Client) -> None:
    """A token that was replaced has expired, and the new one works."""
    new = client.sim.foxess.rotate_token()
    assert (await client.post(LIST, PAGE)).errno == 41808
    client.token = new
    assert (await client.post(LIST, PAGE)).errno == 0


async def test_unknown_bearer_token(client: Client) -> None:
    """A dead access token is the one refusal with an HTTP status of its own."""
    headers = client.headers(LIST, token=None, Authorization=f"Bearer {client.token}")
    assert (await client.call("POST", LIST, json=PAGE, headers=headers)).status == 401


async def test_unknown_path(client: Client) -> None:
    """A path that does not exist is no envelope."""
    assert (await client.post("/op/v0/device/scheduler/set", {})).status == 404
    assert client.sim.foxess.calls[-1].errno is None


async def test_wrong_method(client: Client) -> None:
    """A query by POST is none by GET."""
    assert (await client.get(LIST)).status == 405


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"x"', b"\xff"])
async def test_body_is_no_object(client: Client, data: bytes) -> None:
    """A body that is no JSON object does not meet expectations."""
    answer = await client.call("POST", LIST, data=data, headers=client.headers(LIST))
    assert answer.errno == 40257


async def test_body_that_hides_its_type(client: Client) -> None:
    """A body has to say that it is JSON."""
    headers = client.headers(LIST, **{"Content-Type": "text/plain"})
    answer = await client.call(
        "POST", LIST, data=b'{"currentPage":1,"pageSize":10}', headers=headers
    )
    assert answer.errno == 40257
