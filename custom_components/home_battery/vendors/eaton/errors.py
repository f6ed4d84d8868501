"""The unit's refusals, in the terms that steer what follows (Eaton notes, 1.3)."""

from collections.abc import Mapping
from http import HTTPStatus
import math
import re
from typing import Any, Final, NamedTuple

import orjson

from ...transport.errors import (
    ApiError,
    AuthenticationError,
    CloudModeError,
    LockedError,
    OverlapError,
    RejectedError,
    TransientError,
    UnsupportedError,
)
from ...transport.http import Response

_REFUSED: Final = {
    "err_wrong_credentials",
    "err_invalid_credentials",
    "err_invalid_inverter_sn",
}
_LOCKED: Final = {"err_code_too_many_failed_signin", "10"}
_LOCKED_MINUTES: Final = 10
_MOST_LOCKED_MINUTES: Final = 120
_OVERLAP: Final = "err_schedule_add_event_overlap"
_CLOUD_MODE: Final = "err_invalid_request_unit_connected"


class TokenError(ApiError):
    """The token is not valid any more."""


class _Refusal(NamedTuple):
    """What an answer says of why it is none."""

    code: str
    description: str


def error_of(response: Response) -> ApiError | None:
    """Return what an answer's status makes of it, `None` if it is a good one."""
    if response.status < HTTPStatus.BAD_REQUEST:
        return None
    code, _ = _refusal(response)
    if response.status == HTTPStatus.UNAUTHORIZED:
        return TokenError("The token is refused", code=code)
    if response.status == HTTPStatus.FORBIDDEN:
        return UnsupportedError("Only the technician's account may", code=code)
    if response.status == HTTPStatus.NOT_FOUND:
        return UnsupportedError("The unit knows no such call", code=code)
    if response.status == HTTPStatus.PRECONDITION_FAILED or code == _CLOUD_MODE:
        return CloudModeError("The unit is set to its cloud", code=code)
    if code == _OVERLAP:
        return OverlapError("Two events of the schedule overlap", code=code)
    if response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return RejectedError("The unit refuses it", code=code)
    return TransientError("The unit failed", code=code)


def sign_in_error_of(response: Response) -> ApiError | None:
    """Return why nobody was signed in, `None` if somebody was."""
    if response.status < HTTPStatus.BAD_REQUEST:
        return None
    code, description = _refusal(response)
    if code in _LOCKED:
        return locked(60 * _minutes(description))
    unsaid = code == f"HTTP {response.status}"
    if code in _REFUSED or (unsaid and response.status == HTTPStatus.UNAUTHORIZED):
        return AuthenticationError("The unit refuses the account", code=code)
    if response.status == HTTPStatus.NOT_FOUND:
        return UnsupportedError("This is no xStorage Home unit", code=code)
    return TransientError("The unit could not sign anybody in", code=code)


def locked(seconds: float) -> LockedError:
    """Return that an account is locked for so long."""
    minutes = math.ceil(seconds / 60)
    return LockedError(f"for another {minutes} minutes", retry_after=seconds)


def _minutes(description: str) -> int:
    """Return for how long an account is locked, as far as that is told."""
    found = re.search(r"\d+", description)
    told = _LOCKED_MINUTES if found is None else int(found[0])
    return min(max(told, 1), _MOST_LOCKED_MINUTES)


def _refusal(response: Response) -> _Refusal:
    """Return the unit's own code, failing that the HTTP status, and its words."""
    try:
        body = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        body = None
    for error in _errors(body):
        for key in ("errCode", "err_code", "code"):
            if code := error.get(key):
                return _Refusal(str(code), str(error.get("description", "")))
    return _Refusal(f"HTTP {response.status}", "")


def _errors(body: Any) -> list[Mapping[str, Any]]:
    """Return the places at which the unit writes what went wrong."""
    if not isinstance(body, Mapping):
        return []
    result = body.get("result")
    listed = result.get("errors") if isinstance(result, Mapping) else None
    candidates = [body.get("error"), *(listed if isinstance(listed, list) else ())]
    return [error for error in candidates if isinstance(error, Mapping)]
