"""Each of the vendor's codes ends in the class that its meaning asks for."""

from aiohttp import ClientSession
import pytest

from custom_components.home_battery.transport.errors import (
    ApiError,
    AuthenticationError,
    BlockedByScheduleError,
    LimitError,
    OverlapError,
    QuotaError,
    RejectedError,
    SignatureError,
    TransientError,
    UnknownDeviceError,
    UnsupportedError,
)
from custom_components.home_battery.transport.http import Http, Request, Response
from custom_components.home_battery.vendors.foxess.client import FoxEssClient
from custom_components.home_battery.vendors.foxess.errors import (
    AmbiguousError,
    NoPermissionError,
    TokenRefusedError,
    WriteFailedError,
    error_of_code,
    error_of_status,
)
from custom_components.home_battery.vendors.foxess.models import SocLimits
from simulator import Simulation

from .conftest import MakeClient, break_calls, calls_to

# Code, what it is on a read, and on a write.
CODES: list[tuple[int, type[ApiError], type[ApiError]]] = [
    (30000, TransientError, TransientError),
    (40256, SignatureError, SignatureError),
    (40257, RejectedError, RejectedError),
    (40261, UnknownDeviceError, UnknownDeviceError),
    (40400, LimitError, LimitError),
    (40401, LimitError, LimitError),
    (40402, QuotaError, QuotaError),
    (41200, AmbiguousError, AmbiguousError),
    (41201, TransientError, TransientError),
    (41202, TransientError, TransientError),
    (41203, TransientError, TransientError),
    (41807, AuthenticationError, AuthenticationError),
    (41808, TokenRefusedError, TokenRefusedError),
    (41809, TokenRefusedError, TokenRefusedError),
    (41810, AuthenticationError, AuthenticationError),
    (41811, NoPermissionError, NoPermissionError),
    (41930, UnknownDeviceError, UnknownDeviceError),
    (41935, TransientError, TransientError),
    (42015, UnsupportedError, UnsupportedError),
    (42023, OverlapError, OverlapError),
    (44096, UnsupportedError, BlockedByScheduleError),
    (44098, WriteFailedError, WriteFailedError),
    (99999, TransientError, RejectedError),
]
STATUSES: list[tuple[int, type[ApiError]]] = [
    (400, TransientError),
    (401, TokenRefusedError),
    (403, TransientError),
    (404, UnsupportedError),
    (406, SignatureError),
    (429, LimitError),
    (500, TransientError),
    (502, TransientError),
    (503, TransientError),
    (504, TransientError),
]


@pytest.mark.parametrize(("code", "read", "write"), CODES)
def test_class_of_a_code(
    code: int, read: type[ApiError], write: type[ApiError]
) -> None:
    """A code means what the vendor's notes say, and keeps its number."""
    errors = [error_of_code(code, "text", write=write) for write in (False, True)]
    assert [type(error) for error in errors] == [read, write]
    assert {error.code for error in errors} == {str(code)}
    assert str(code) in str(errors[0])


@pytest.mark.parametrize(("code", "kind", "_write"), CODES)
async def test_code_on_a_read(
    client: FoxEssClient,
    sim: Simulation,
    code: int,
    kind: type[ApiError],
    _write: type[ApiError],
) -> None:
    """Over HTTP a read raises just that class."""
    break_calls(sim, "errno", value=code)
    with pytest.raises(ApiError) as caught:
        await client.plants()
    assert type(caught.value) is kind
    assert caught.value.code == str(code)


@pytest.mark.parametrize(("code", "_read", "kind"), CODES)
async def test_code_on_a_write(
    client: FoxEssClient,
    sim: Simulation,
    code: int,
    _read: type[ApiError],
    kind: type[ApiError],
) -> None:
    """Over HTTP a write raises just that class, and nothing has changed."""
    serial = sim.foxess.inverters[0].serial
    break_calls(sim, "errno", path="*/soc/set", value=code)
    with pytest.raises(ApiError) as caught:
        await client.set_soc_limits(serial, SocLimits(minimum=20, minimum_on_grid=30))
    assert type(caught.value) is kind
    assert sim.foxess.inverters[0].settings["MinSoc"] == "10"


@pytest.mark.parametrize(("status", "kind"), STATUSES)
async def test_http_status(
    client: FoxEssClient, sim: Simulation, status: int, kind: type[ApiError]
) -> None:
    """An HTTP status is an error of its own."""
    break_calls(sim, "status", value=status)
    with pytest.raises(ApiError) as caught:
        await client.plants()
    assert type(caught.value) is kind
    assert caught.value.code == f"HTTP {status}"


@pytest.mark.parametrize("status", [200, 204, 206])
def test_status_that_is_none(status: int) -> None:
    """What the vendor answers with is no error."""
    assert error_of_status(status) is None


@pytest.mark.parametrize(
    "kind",
    ["html", "empty", "truncated", "oversized", "refuse", "reset", "reset_in_body"],
)
async def test_broken_answers_are_transient(
    client: FoxEssClient, sim: Simulation, kind: str
) -> None:
    """What is no answer may be one the next time."""
    break_calls(sim, kind, path="*/plant/list", count=1)
    with pytest.raises(TransientError):
        await client.plants()
    assert len(await client.plants()) == 1


async def test_redirect_takes_no_token_along(
    client: FoxEssClient, sim: Simulation
) -> None:
    """A redirect is refused, also to another path of the same server."""
    target = f"{sim.foxess.base_url}/op/v0/device/list"
    break_calls(sim, "redirect", path="*/plant/list", value=target)
    with pytest.raises(TransientError):
        await client.plants()
    assert calls_to(sim, "device/list") == []


@pytest.mark.parametrize("kind", ["wrong_types", "nulls"])
@pytest.mark.parametrize("field", ["*", "total", "data", "stationID", "deviceSN"])
async def test_answers_of_other_types(
    client: FoxEssClient, sim: Simulation, kind: str, field: str
) -> None:
    """An answer with other types is understood or refused, never a crash."""
    serial = sim.foxess.inverters[0].serial
    break_calls(sim, kind, value=field)
    for call in (
        client.plants,
        client.devices,
        client.access_count,
        lambda: client.device_detail(serial),
        lambda: client.real_time([serial]),
        lambda: client.soc_limits(serial),
        lambda: client.setting(serial, "MaxSoc"),
        lambda: client.scheduler(serial, 3),
    ):
        try:
            await call()
        except ApiError as error:
            assert isinstance(error, TransientError)  # noqa: PT017


class CannedHttp(Http):
    """A connection on which every answer is the same."""

    body = b""

    async def send(self, request: Request) -> Response:
        """Return the answer."""
        return Response(status=200, body=self.body)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b'{"msg": "success"}',
        b'{"errno": "0", "result": {}}',
        b'{"errno": 0}',
        b'{"errno": 0, "result": 5}',
        b'{"errno": 0, "result": {"data": {}}}',
    ],
)
async def test_answer_of_another_shape(
    make_client: MakeClient, sim: Simulation, session: ClientSession, body: bytes
) -> None:
    """Without envelope, list or records an answer is of no use."""
    http = CannedHttp(session, sim.foxess.base_url, "tests/1.0")
    http.body = body
    client = make_client(sim, http=http)
    for call in (client.plants, lambda: client.real_time(["SN"])):
        with pytest.raises(TransientError):
            await call()
