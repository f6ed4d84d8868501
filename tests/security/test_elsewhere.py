"""Wherever an answer points, nothing is sent there."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientSession, DummyCookieJar, web
import pytest

from custom_components.home_battery.connect import async_http
from custom_components.home_battery.transport.errors import (
    ApiError,
    HandshakeError,
    TransientError,
)
from custom_components.home_battery.transport.http import Http, Request
from custom_components.home_battery.vendors.foxess.oauth import SIGN_IN
from custom_components.home_battery.vendors.oauth import OAuthClient
from homeassistant.core import HomeAssistant

from .hostile import Trap, replying, serving

SECRET = "SECRET-0123456789"
OAUTH = OAuthClient(client_id="id", client_secret=SECRET)
STATUSES = [300, 301, 302, 303, 307, 308]
# All that a Location may be; {host} is that of the trap.
TARGETS = [
    "http://{host}/else",
    "//{host}/else",
    "https://{host}/else",
    "http://user:password@{host}/else",
    "http://{host}/else?token=" + SECRET,
    "ws://{host}/else",
    "file:///etc/passwd",
    "/else",
]
ASKS: dict[str, Callable[[Http], Awaitable[Any]]] = {
    "get": lambda http: http.send(
        Request(method="GET", path="/", query={"token": SECRET})
    ),
    "post": lambda http: http.send(
        Request(
            method="POST",
            path="/",
            headers={"Authorization": SECRET, "token": SECRET},
            body={"password": SECRET},
        )
    ),
    "exchange": lambda http: SIGN_IN.exchange(http, OAUTH, SECRET),
    "refresh": lambda http: SIGN_IN.refresh(http, OAUTH, SECRET),
    "stream": lambda http: http.socket("/stream", {"token": SECRET}),
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
async def test_no_redirect_is_followed(
    hass: HomeAssistant, trap: Trap, ask: Callable[[Http], Awaitable[Any]]
) -> None:
    """Not to another host, port or scheme, nor on the same server."""
    asked: list[str] = []
    answer: dict[str, Any] = {}

    async def redirect(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(**answer)

    host = trap.url.removeprefix("http://")
    async with serving(redirect) as url, async_http(hass, url) as http:
        for status in STATUSES:
            for target in TARGETS:
                answer = {
                    "status": status,
                    "headers": {"Location": target.format(host=host)},
                }
                with pytest.raises((TransientError, HandshakeError)) as caught:
                    await ask(http)
                assert caught.value.code == f"HTTP {status}"
    assert len(asked) == len(STATUSES) * len(TARGETS)
    assert "/else" not in asked
    assert trap.came == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Refresh": "0; url={url}"},
        {"Content-Location": "{url}"},
        {"Link": '<{url}>; rel="canonical"'},
        {"Alt-Svc": 'h2="{host}"; ma=3600'},
        {"Set-Cookie": "token=abc; Domain={host}"},
        {"Proxy-Authenticate": "Basic", "WWW-Authenticate": 'Basic realm="{url}"'},
    ],
    ids=lambda headers: next(iter(headers)),
)
async def test_nothing_else_leads_away(
    hass: HomeAssistant, trap: Trap, headers: dict[str, str]
) -> None:
    """No header and no page moves a request, nor is a cookie sent to anybody."""
    host = trap.url.removeprefix("http://")
    seen: list[str | None] = []

    async def lead(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Cookie"))
        return web.Response(
            text=f'<meta http-equiv="refresh" content="0; url={trap.url}">',
            content_type="text/html",
            headers={
                name: value.format(url=trap.url, host=host)
                for name, value in headers.items()
            },
        )

    async with serving(lead) as url, async_http(hass, url) as http:
        for _ in range(2):
            response = await http.send(Request(method="GET", path="/"))
            with pytest.raises(TransientError, match="no JSON"):
                response.json()
    assert seen == [None, None]
    assert trap.came == []


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
@pytest.mark.parametrize(
    "answer",
    [b"nonsense\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"],
)
async def test_errors_hold_nothing_of_a_request(
    socket_enabled: None, answer: bytes, ask: Callable[[Http], Awaitable[Any]]
) -> None:
    """No error, nor what it comes from, tells of what was sent."""

    async def reply(_: Any, writer: Any) -> None:
        writer.write(answer)

    async with (
        replying(reply) as url,
        ClientSession(cookie_jar=DummyCookieJar()) as session,
    ):
        with pytest.raises(ApiError) as caught:
            await ask(Http(session, url, "tests/1.0"))
    assert SECRET not in "".join(map(repr, chain(caught.value)))


def chain(error: BaseException | None) -> list[object]:
    """Return an error with all that it comes from."""
    found: list[object] = []
    while error is not None:
        found += [error, str(error), vars(error)]
        error = error.__cause__ or error.__context__
    return found
