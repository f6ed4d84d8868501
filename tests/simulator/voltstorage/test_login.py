"""Logging in, and what a token is good for."""

import base64
import json

import pytest

from .client import Client
from .conftest import Connect

DAY = 86400
YEAR = 31622400


def claims(token: str) -> dict[str, object]:
    """Return what a token says of itself."""
    middle = token.split(".")[1]
    decoded: dict[str, object] = json.loads(
        base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))
    )
    return decoded


@pytest.mark.parametrize(
    "changed",
    [
        {"password": "something else"},
        {"email": "nobody@example.com"},
        {"email": None},
        {"email": "owner1"},
        {"password": None},
        {"password": ""},
        {"validity": -1},
        {"validity": YEAR + 1},
        {"validity": "86400"},
        {"validity": True},
        {"validity": 1.5},
    ],
)
async def test_refused(client: Client, changed: dict[str, object]) -> None:
    """Missing parameters and wrong credentials are both a bad request, with words in a list."""
    answer = await client.log_in(**changed)
    assert answer.status == 400
    assert answer.data.keys() == {"errors"}
    assert isinstance(answer.data["errors"][0], str)
    assert client.cloud.calls[-1].errno == 400


@pytest.mark.parametrize("body", ["", "email=a&password=b", "[]", "{"])
async def test_not_an_object(client: Client, body: str) -> None:
    """Only a JSON object is a log-in."""
    answer = await client.call("POST", "/login/password", data=body)
    assert answer.status == 400


async def test_not_said_to_be_json(client: Client) -> None:
    """JSON under another name is none."""
    login = {"email": client.cloud.email, "password": client.cloud.password}
    answer = await client.call("POST", "/login/password", data=json.dumps(login))
    assert answer.status == 400


async def test_validity(client: Client) -> None:
    """A token is good as long as was asked for, a day by default, and then a 401."""
    assert (await client.log_in(validity=YEAR)).status == 200
    login = {"email": client.cloud.email, "password": client.cloud.password}
    answer = await client.call("POST", "/login/password", json=login)
    client.token = answer.data["token"]
    said = claims(client.token)["exp"]
    assert said == int(client.sim.clock.now().timestamp()) + DAY
    client.sim.clock.advance(DAY - 60)
    assert (await client.get("/products")).status == 200
    client.sim.clock.advance(61)
    refused = await client.get("/products")
    assert (refused.status, list(refused.data)) == (401, ["errors"])
    await client.log_in(validity=0)
    assert (await client.get("/products")).status == 401


async def test_opaque_token(client: Client) -> None:
    """A token need not say when it ends."""
    client.cloud.accounts.says_expiry = False
    await client.log_in()
    assert "exp" not in claims(client.token)


async def test_forgotten_tokens(client: Client) -> None:
    """Tokens can end early; a new log-in helps."""
    client.cloud.accounts.forget_tokens()
    assert (await client.get("/products")).status == 401
    await client.log_in()
    assert (await client.get("/products")).status == 200


async def test_changed_password(client: Client) -> None:
    """Another password ends the old one, not the tokens."""
    old = client.cloud.password
    new = client.cloud.change_password()
    assert (await client.log_in(password=old)).status == 400
    assert (await client.get("/products")).status == 200
    assert (await client.log_in(password=new)).status == 200


@pytest.mark.parametrize(
    ("header", "query", "statuses"),
    [(True, True, [200, 200]), (True, False, [200, 401]), (False, True, [401, 200])],
)
async def test_where_the_token_is(
    client: Client, header: bool, query: bool, statuses: list[int]
) -> None:
    """The token is taken from the header, from the query, or from both, as the cloud is set."""
    client.cloud.takes_header, client.cloud.takes_query = header, query
    by_header = await client.get("/products")
    by_query = await client.call(
        "GET", "/products", headers={}, params={"token": client.token}
    )
    assert [by_header.status, by_query.status] == statuses


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}]
)
async def test_no_token(client: Client, headers: dict[str, str]) -> None:
    """Nothing is told without a token."""
    assert (await client.call("GET", "/products", headers=headers)).status == 401


async def test_accounts_are_apart(connect: Connect) -> None:
    """An account sees its own products, and is forbidden the others'."""
    client = await connect("SMART", "SMART")
    own, other = (product.id for product in client.cloud.inverters)
    email, password = client.cloud.add_account([own])
    await client.log_in(email=email, password=password)
    assert [row["id"] for row in (await client.get("/products")).data] == [own]
    begin = client.sim.clock.house_now().timestamp() - 60
    statuses = [
        (await client.get(path, **more)).status
        for path, more in (
            (f"/products/{other}/data", {}),
            ("/data/statistics", {"productId": other}),
            ("/data/export.csv", {"productId": other, "from": begin}),
            ("/products/999/data", {}),
        )
    ]
    assert statuses == [403] * 4
