"""Each of the vendor's codes ends in the class that its kind of call gives it."""

from typing import Any

from aiohttp import web
import pytest

from custom_components.home_battery.transport.errors import (
    ApiError,
    AuthenticationError,
    LimitError,
    NotSentError,
    OfflineError,
    RejectedError,
    TransientError,
    UnknownDeviceError,
    UnsupportedError,
    WrongServerError,
)
from custom_components.home_battery.vendors.growatt.client import GrowattClient
from custom_components.home_battery.vendors.growatt.errors import (
    DoubtedTokenError,
    Meaning,
    NoPermissionError,
    error_of_code,
    error_of_status,
)

from .cloud import FORBIDDEN, TOO_SOON, Cloud, v1, v4

DATA: dict[int, type[ApiError]] = {
    -1: WrongServerError,
    10001: TransientError,
    10002: UnknownDeviceError,
    10003: RejectedError,
    10004: RejectedError,
    10005: UnknownDeviceError,
    10006: UnknownDeviceError,
    10011: NoPermissionError,
    10012: LimitError,
    10013: RejectedError,
    10014: RejectedError,
    77777: TransientError,
}
V4: dict[int, type[ApiError]] = {
    -1: WrongServerError,
    1: TransientError,
    2: DoubtedTokenError,
    3: NoPermissionError,
    4: UnknownDeviceError,
    5: OfflineError,
    6: RejectedError,
    7: UnsupportedError,
    8: RejectedError,
    9: RejectedError,
    10: RejectedError,
    11: RejectedError,
    12: NoPermissionError,
    13: TransientError,
    14: RejectedError,
    15: TransientError,
    16: TransientError,
    17: TransientError,
    18: TransientError,
    19: RejectedError,
    100: LimitError,
    101: NoPermissionError,
    102: LimitError,
    103: DoubtedTokenError,
    105: LimitError,
}
CODES: dict[Meaning, dict[int, type[ApiError]]] = {
    Meaning.DATA: DATA,
    Meaning.PLANTS: {**DATA, 10011: AuthenticationError},
    Meaning.PARAMETER: {
        -1: WrongServerError,
        10001: TransientError,
        10002: UnknownDeviceError,
        10003: OfflineError,
        10004: RejectedError,
        10005: OfflineError,
        10006: UnsupportedError,
        10007: UnsupportedError,
        10008: TransientError,
        10009: UnsupportedError,
        10011: NoPermissionError,
        10012: LimitError,
        77777: TransientError,
    },
    Meaning.SETTING: {
        -1: WrongServerError,
        500: RejectedError,
        10001: TransientError,
        10002: TransientError,
        10003: OfflineError,
        10004: RejectedError,
        10005: OfflineError,
        10006: UnsupportedError,
        10007: RejectedError,
        10008: RejectedError,
        10009: RejectedError,
        10011: NoPermissionError,
        10012: UnknownDeviceError,
        10013: RejectedError,
        77777: TransientError,
    },
    Meaning.V4: V4,
    Meaning.V4_DEVICES: {**V4, 2: AuthenticationError},
    Meaning.APP: {-1: WrongServerError, 0: TransientError, 2: TransientError},
}
# A call of each kind, its path, and where its codes are.
CALLS: dict[Meaning, tuple[str, dict[str, Any], str, str]] = {
    Meaning.DATA: ("plant_data", {"plant_id": 1}, "/v1/plant/data", "error_code"),
    Meaning.PLANTS: ("plant_list", {}, "/v1/plant/list", "error_code"),
    Meaning.PARAMETER: (
        "sph_parameter",
        {"device_sn": "SN", "paramId": "pv_on_off"},
        "/v1/readMixParam",
        "error_code",
    ),
    Meaning.SETTING: (
        "min_set",
        {"tlx_sn": "SN", "type": "ac_charge", "param1": 1},
        "/v1/tlxSet",
        "error_code",
    ),
    Meaning.V4: (
        "power_set_v4",
        {"deviceSn": "SN", "deviceType": "min", "value": 80},
        "/v4/new-api/setPower",
        "code",
    ),
    Meaning.V4_DEVICES: (
        "device_list_v4",
        {"page": 1},
        "/v4/new-api/queryDeviceList",
        "code",
    ),
    Meaning.APP: (
        "noah_app_status",
        {"deviceSn": "SN"},
        "/v4/noahDeviceApi/noah/getSystemStatus",
        "result",
    ),
}
CASES = [
    pytest.param(meaning, code, kind, id=f"{meaning.name} {code}")
    for meaning, codes in CODES.items()
    for code, kind in codes.items()
]
STATUSES: list[tuple[int, type[ApiError]]] = [
    (400, TransientError),
    (401, TransientError),
    (403, TransientError),
    (404, TransientError),
    (405, TransientError),
    (429, LimitError),
    (500, TransientError),
    (502, TransientError),
]


def test_every_kind_is_here() -> None:
    """No kind of call is without codes and a call."""
    assert set(CODES) == set(CALLS) == set(Meaning)


@pytest.mark.parametrize(("meaning", "code", "kind"), CASES)
async def test_code(
    client: GrowattClient,
    cloud: Cloud,
    meaning: Meaning,
    code: int,
    kind: type[ApiError],
) -> None:
    """Over HTTP a code raises just that class, and keeps its number and words."""
    name, parameters, path, key = CALLS[meaning]
    # Where the token is doubted, this list does not.
    cloud.says("/v4/new-api/queryDeviceList", v4({"pages": 1, "data": []}))
    cloud.says(path, {key: code, "error_msg": "SOME WORDS", "data": ""})
    with pytest.raises(ApiError, match="SOME WORDS") as caught:
        await client.call(name, parameters)
    assert type(caught.value) is kind
    assert caught.value.code == str(code)


@pytest.mark.parametrize("meaning", Meaning)
async def test_too_frequent_is_told_by_words(
    client: GrowattClient, cloud: Cloud, meaning: Meaning
) -> None:
    """On a write 10012 means another thing, unless the text says that it is too soon."""
    name, parameters, path, key = CALLS[meaning]
    cloud.says(path, {key: 10012, "error_msg": "error_frequently_access"})
    with pytest.raises(LimitError) as caught:
        await client.call(name, parameters)
    assert caught.value.retry_after >= 60


@pytest.mark.parametrize(("window", "wait"), [(0.0, 60), (5.0, 60), (300.0, 300)])
def test_how_long_to_wait(window: float, wait: float) -> None:
    """After a refusal the whole window is waited, and at least a minute."""
    error = error_of_code(10012, "", Meaning.DATA, window=window)
    assert isinstance(error, LimitError)
    assert error.retry_after == wait


def test_no_permission_is_no_bad_token() -> None:
    """What a token may not do is not the token's fault, and is remembered as lacking."""
    error = error_of_code(10011, "error_permission_denied", Meaning.DATA)
    assert isinstance(error, UnsupportedError)
    assert not isinstance(error, AuthenticationError)


def test_offline_device_got_nothing() -> None:
    """A write to a device that is offline has not happened, and may be tried again."""
    for meaning, code in ((Meaning.SETTING, 10003), (Meaning.V4, 5)):
        assert isinstance(error_of_code(code, "", meaning), NotSentError)


@pytest.mark.parametrize("code", [1, 15, 16])
def test_write_of_unknown_outcome(code: int) -> None:
    """After these a write may have taken effect all the same."""
    error = error_of_code(code, "", Meaning.V4)
    assert isinstance(error, TransientError)
    assert not isinstance(error, NotSentError)


@pytest.mark.parametrize(("status", "kind"), STATUSES)
async def test_http_status(
    client: GrowattClient, cloud: Cloud, status: int, kind: type[ApiError]
) -> None:
    """A firewall's refusal says nothing of the token."""
    cloud.says("/v1/plant/list", FORBIDDEN, status=status)
    with pytest.raises(ApiError) as caught:
        await client.plants()
    assert type(caught.value) is kind
    assert caught.value.code == f"HTTP {status}"


def test_status_that_is_none() -> None:
    """What the vendor answers with is no error."""
    assert error_of_status(200) is None


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("<html><body>Please log in</body></html>", id="login page"),
        pytest.param("error", id="plain text"),
        pytest.param("", id="nothing"),
        pytest.param('"error"', id="a text in JSON"),
        pytest.param("[]", id="a list"),
        pytest.param("null", id="null"),
        pytest.param("{}", id="no envelope"),
        pytest.param('{"data": {"plants": []}}', id="no code"),
        pytest.param('{"error_code": "none", "data": ""}', id="a code that is none"),
        pytest.param('{"error_code": 0, "data": []}', id="no object"),
        pytest.param('{"error_code": 0, "data": {"plants": 5}}', id="no list"),
        pytest.param('{"error_code": 0, "data": {"plants": [{}]}}', id="no plant"),
    ],
)
async def test_what_is_no_answer(
    client: GrowattClient, cloud: Cloud, answer: str
) -> None:
    """What is no answer, or another one, may be one the next time."""
    cloud.says("/v1/plant/list", answer)
    with pytest.raises(ApiError) as caught:
        await client.plants()
    assert type(caught.value) is TransientError


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            {"error_code": "0", "data": {"count": "0", "plants": []}}, id="text"
        ),
        pytest.param('"{\\"error_code\\": 0, \\"data\\": \\"\\"}"', id="JSON in JSON"),
        pytest.param({"code": 0, "data": {"count": 0, "plants": []}}, id="other code"),
        pytest.param(v1(""), id="nothing"),
    ],
)
async def test_envelope_of_another_spelling(
    client: GrowattClient, cloud: Cloud, answer: Any
) -> None:
    """An account without plants is well, however that is put."""
    cloud.says("/v1/plant/list", answer)
    assert await client.plants() == []


async def test_error_of_the_other_version(client: GrowattClient, cloud: Cloud) -> None:
    """What stands before the API answers in the first version's words, or the second's."""
    cloud.says("/v1/plant/data", {"code": -1, "data": ""})
    cloud.says("/v4/noahDeviceApi/noah/getSystemStatus", TOO_SOON)
    with pytest.raises(WrongServerError):
        await client.plant_data("1")
    with pytest.raises(LimitError):
        await client.call("noah_app_status", {"deviceSn": "SN"})


async def test_redirect_takes_no_token_along(
    client: GrowattClient, cloud: Cloud
) -> None:
    """A redirect to a login page is refused."""
    cloud.answers["/v1/plant/list"] = [web.Response(status=302)]
    with pytest.raises(TransientError):
        await client.plants()
    assert cloud.paths == ["/v1/plant/list"]
