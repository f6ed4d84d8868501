"""OAuth 2.0: the page, the tokens, and calls that are signed with them."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from .client import Client
from .conftest import Connect

LIST = "/op/v0/device/list"
PAGE = {"currentPage": 1, "pageSize": 10}
AUTHORIZE = "/h5/auth/foxessIndex"
TOKEN = "/oauth2/token"
REFRESH = "/oauth2/refresh"
BACK = "http://homeassistant.local:8123/auth/external/callback"


async def ask(
    client: Client, method: str, path: str, data: object = None, **query: str
) -> tuple[int, Any]:
    """Make a call outside the API, as the known application unless told otherwise."""
    known = client.sim.foxess.oauth_client
    query = {
        "client_id": known.client_id,
        "client_secret": known.client_secret,
        **query,
    }
    async with client.session.request(
        method,
        client.sim.foxess.base_url + path,
        params={key: value for key, value in query.items() if value},
        data=data,
    ) as response:
        return response.status, await response.json()


async def authorize(client: Client, **query: str) -> tuple[int, str]:
    """Open the page, and return where it leads."""
    query = {
        "response_type": "code",
        "client_id": client.sim.foxess.oauth_client.client_id,
        "redirect_uri": BACK,
        "scope": "data_access",
        **query,
    }
    async with client.session.get(
        client.sim.foxess.base_url + AUTHORIZE,
        params={key: value for key, value in query.items() if value},
        allow_redirects=False,
    ) as response:
        return response.status, response.headers.get("Location", "")


async def code(client: Client) -> str:
    """Return a code."""
    _, location = await authorize(client)
    return parse_qs(urlsplit(location).query)["code"][0]


async def tokens(client: Client) -> dict[str, Any]:
    """Return new tokens."""
    status, granted = await ask(
        client,
        "POST",
        TOKEN,
        grant_type="authorization_code",
        code=await code(client),
    )
    assert status == 200
    return dict(granted)


async def call(client: Client, access_token: str, **changes: str | None) -> Any:
    """Return the answer to a call that is signed with an access token."""
    client.token = access_token
    bearer = {"token": None, "Authorization": f"Bearer {access_token}", **changes}
    headers = client.headers(LIST, **bearer)
    return await client.call("POST", LIST, json=PAGE, headers=headers)


async def test_page_leads_back(client: Client) -> None:
    """The page answers with a code and the state that it was given."""
    status, location = await authorize(client, state="a b&c")
    assert status == 302
    assert location.startswith(BACK + "?code=")
    assert parse_qs(urlsplit(location).query)["state"] == ["a b&c"]
    _, location = await authorize(client, redirect_uri=BACK + "?x=1")
    assert parse_qs(urlsplit(location).query).keys() == {"x", "code"}


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "unknown"},
        {"client_id": ""},
        {"response_type": "token"},
        {"redirect_uri": ""},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "/relative"},
        {"redirect_uri": "http://[broken"},
        {"scope": ""},
    ],
)
async def test_page_refuses(client: Client, changes: dict[str, str]) -> None:
    """A page that was asked for wrongly leads nowhere."""
    assert await authorize(client, **changes) == (400, "")


async def test_tokens(client: Client) -> None:
    """A code becomes tokens, which sign calls in the private token's place."""
    granted = await tokens(client)
    assert granted["token_type"] == "Bearer"
    assert granted["expires_in"] == pytest.approx(14 * 86400, abs=2)
    answer = await call(client, granted["access_token"])
    assert (answer.errno, answer.result["total"]) == (0, 1)
    assert client.sim.foxess.calls[-1].token_ok


@pytest.mark.parametrize(
    "changes",
    [
        {"token": "x"},
        {"signature": None},
        {"timestamp": None},
        {"signature": "0" * 32},
        {"Authorization": "Basic x"},
    ],
)
async def test_bearer_needs_the_rest(
    client: Client, changes: dict[str, str | None]
) -> None:
    """An access token needs time and signature, and bears no private token beside it."""
    granted = await tokens(client)
    answer = await call(client, granted["access_token"], **changes)
    assert (answer.status, answer.errno) == (200, 40256)


async def test_signed_with_the_private_token(client: Client) -> None:
    """The access token itself signs, not the private one."""
    granted = await tokens(client)
    headers = client.headers(
        LIST, token=None, Authorization=f"Bearer {granted['access_token']}"
    )
    answer = await client.call("POST", LIST, json=PAGE, headers=headers)
    assert (answer.errno, answer.msg) == (40256, "illegal signature")


async def test_private_tokens_are_no_access_tokens(client: Client) -> None:
    """Neither kind of token does as the other."""
    assert (await call(client, client.token)).status == 401
    granted = await tokens(client)
    client.token = granted["access_token"]
    assert (await client.post(LIST, PAGE)).errno == 41809


async def test_token_dies(client: Client) -> None:
    """An access token runs out; its refresh token brings the next one, once."""
    granted = await tokens(client)
    client.sim.clock.advance(14 * 86400 + 5)
    assert (await call(client, granted["access_token"])).status == 401
    query = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
    status, newer = await ask(client, "GET", REFRESH, **query)
    assert (status, newer["token_type"]) == (200, "Bearer")
    assert (await call(client, newer["access_token"])).errno == 0
    assert await ask(client, "GET", REFRESH, **query) == (
        400,
        {"error": "invalid_grant"},
    )


async def test_refreshing_ends_the_old_token(client: Client) -> None:
    """After a refresh only the new token is good; its life can be set."""
    client.sim.foxess.oauth.lifetime = timedelta(hours=1)
    granted = await tokens(client)
    assert granted["expires_in"] == pytest.approx(3600, abs=2)
    _, newer = await ask(
        client,
        "GET",
        REFRESH,
        grant_type="refresh_token",
        refresh_token=granted["refresh_token"],
    )
    assert (await call(client, granted["access_token"])).status == 401
    assert (await call(client, newer["access_token"])).errno == 0


async def test_what_a_server_may_leave_out(client: Client) -> None:
    """A lifetime need not be told, nor a refresh token where the former stays good."""
    granted = await tokens(client)
    client.sim.foxess.oauth.untold = frozenset({"expires_in", "refresh_token"})
    query = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
    for _ in range(2):
        status, newer = await ask(client, "GET", REFRESH, **query)
        assert status == 200
        assert newer.keys() == {"access_token", "token_type", "scope"}
    assert (await call(client, newer["access_token"])).errno == 0
    assert len(client.sim.foxess.oauth.grants) == 1


async def test_code_works_once(client: Client) -> None:
    """A code works once, and not for long."""
    query = {"grant_type": "authorization_code", "code": await code(client)}
    assert (await ask(client, "POST", TOKEN, **query))[0] == 200
    refused = (400, {"error": "invalid_grant"})
    assert await ask(client, "POST", TOKEN, **query) == refused
    query["code"] = await code(client)
    client.sim.clock.advance(601)
    assert await ask(client, "POST", TOKEN, **query) == refused


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"code": ""}, 400, "invalid_request"),
        ({"code": "wrong"}, 400, "invalid_grant"),
    ],
)
async def test_exchange_refused(
    client: Client, changes: dict[str, str], status: int, error: str
) -> None:
    """Whatever is missing or wrong is refused in OAuth's words."""
    query = {"grant_type": "authorization_code", "code": await code(client), **changes}
    assert await ask(client, "POST", TOKEN, **query) == (status, {"error": error})


async def test_a_form_is_not_read(client: Client) -> None:
    """Parameters only count in the query string."""
    form = {"grant_type": "authorization_code", "code": await code(client)}
    assert await ask(client, "POST", TOKEN, form) == (400, {"error": "invalid_request"})


@pytest.mark.parametrize(
    ("path", "left"), [("/oauth2/revoke", 1), ("/oauth2/revokeAllTokens", 0)]
)
async def test_revoking(client: Client, path: str, left: int) -> None:
    """A token is revoked by itself, or with all others of the account."""
    first, second = await tokens(client), await tokens(client)
    query = {"access_token": first["access_token"]}
    assert (await ask(client, "GET", path, **query))[0] == 200
    assert len(client.sim.foxess.oauth.grants) == left
    assert (await call(client, first["access_token"])).status == 401
    other = await call(client, second["access_token"])
    assert other.status == (200 if left else 401)
    refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    assert (await ask(client, "GET", REFRESH, **refresh))[0] == 400
    assert (await ask(client, "GET", path, **query))[0] == 400


async def test_quota_is_the_accounts(client: Client) -> None:
    """Calls with either token use up the same quota and the same windows."""
    granted = await tokens(client)
    assert (await client.post(LIST, PAGE)).errno == 0
    private = client.token
    client.token = granted["access_token"]
    headers = client.headers(
        LIST, token=None, Authorization=f"Bearer {granted['access_token']}"
    )
    answer = await client.call("POST", LIST, json=PAGE, headers=headers, wait=0)
    assert answer.errno == 40400
    client.token = private
    count = await client.get("/op/v0/user/getAccessCount")
    assert count.result["remaining"] == 1440 - 3


@pytest.mark.parametrize(
    "path", ["client/onboard", "client/offboard", "code/offboard/device"]
)
async def test_operators_only(connect: Connect, path: str) -> None:
    """Applications are let in by operators, which no account here is."""
    client = await connect("PV")
    assert (await client.post(f"/op/v0/vpp/oauth2/{path}", {})).errno == 41811
