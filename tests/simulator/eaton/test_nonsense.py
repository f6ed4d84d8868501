"""Whatever is sent, the unit answers in its own words."""

import pytest

from .client import Client

WRITES = [
    ("POST", "auth/signin"),
    ("POST", "device/command"),
    ("POST", "device/power"),
    ("PUT", "settings/"),
    ("PUT", "settings/default_opmode"),
    ("POST", "schedule/event"),
    ("POST", "notifications/read"),
    ("POST", "notifications/delete"),
]
BODIES = [
    "",
    "null",
    "5",
    "[]",
    '"text"',
    "{",
    "{}",
    '{"settings": 5, "parameters": 5, "defaultMode": 5, "command": 5}',
    '{"settings": [], "parameters": [], "defaultMode": [], "username": []}',
    '{"settings": {"defaultMode": 1, "energySavingMode": 1, "city": 1}}',
    '{"command": "SET_CHARGE", "duration": 1e99, "startTime": 1.5, "endTime": true}',
    '{"command": "SET_BASIC_MODE", "duration": 1, "parameters": "none"}',
]


@pytest.mark.parametrize(("method", "path"), WRITES)
async def test_nonsense(client: Client, method: str, path: str) -> None:
    """A body that makes no sense is refused with a reason."""
    for body in BODIES:
        answer = await client.call(method, path, text=body)
        assert answer.status == 400, body
        assert answer.error.get("errCode") or answer.error["err_code"]


@pytest.mark.parametrize(
    "path",
    [
        "metrics/?from=99999999999999999999&to=1",
        "metrics/?from=-1&to=%20",
        "notifications/?size=-1",
        "notifications/?offset=%C2%B2",
    ],
)
async def test_queries(client: Client, path: str) -> None:
    """A query that makes no sense is refused, too."""
    assert (await client.call("GET", path)).status == 400


async def test_events_that_are_not_there(client: Client) -> None:
    """An event with any id may be asked for."""
    assert (await client.call("GET", "schedule/event/%20")).status == 404
    assert (await client.call("DELETE", "schedule/event/0")).status == 404
