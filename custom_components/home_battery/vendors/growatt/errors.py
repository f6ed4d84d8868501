"""Growatt's error codes, which mean something else from one kind of call to the next.

Growatt notes, 1.9.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from ...transport.errors import (
    ApiError,
    AuthenticationError,
    LimitError,
    OfflineError,
    RejectedError,
    TransientError,
    UnknownDeviceError,
    UnsupportedError,
    WrongServerError,
)

WRONG_SERVER: Final = -1

# What the vendor says of too many calls, whatever the code.
_TOO_FREQUENT = "frequently"
_TOO_SOON_SECONDS = 60.0


class NoPermissionError(UnsupportedError):
    """The token is not let to this call; it is good for others."""


class DoubtedTokenError(TransientError):
    """A call says that the token is bad; only a list of plants or devices knows."""


class Meaning(Enum):
    """The kinds of calls that have codes in common."""

    DATA = auto()
    PLANTS = auto()
    PARAMETER = auto()
    SETTING = auto()
    V4 = auto()
    V4_DEVICES = auto()
    APP = auto()


_DATA: Final[Mapping[int, type[ApiError]]] = {
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
}
_V4: Final[Mapping[int, type[ApiError]]] = {
    # After many a write it has taken effect all the same.
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
    14: RejectedError,
    # The device may have heard, and only its answer was lost.
    15: TransientError,
    16: TransientError,
    18: TransientError,
    19: RejectedError,
    100: LimitError,
    101: NoPermissionError,
    102: LimitError,
    103: DoubtedTokenError,
    105: LimitError,
}
_KINDS: Final[Mapping[Meaning, Mapping[int, type[ApiError]]]] = {
    Meaning.DATA: _DATA,
    # Elsewhere 10011 is about that one call.
    Meaning.PLANTS: {**_DATA, 10011: AuthenticationError},
    Meaning.PARAMETER: {
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
    },
    Meaning.SETTING: {
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
    },
    Meaning.V4: _V4,
    Meaning.V4_DEVICES: {**_V4, 2: AuthenticationError},
    Meaning.APP: {},
}


def error_of_code(
    code: int, text: str, meaning: Meaning, *, window: float = 0.0
) -> ApiError:
    """Return the error that a code in an envelope stands for.

    A code that nobody has documented may mean anything, also after a write.

    Args:
        code: The code.
        text: What the vendor says beside it.
        meaning: The kind of call that was answered.
        window: Seconds that the vendor wants between two such calls.
    """
    if code == WRONG_SERVER:
        return WrongServerError(text, code=str(code))
    kind = _KINDS[meaning].get(code, TransientError)
    if kind is LimitError or _TOO_FREQUENT in text.lower():
        wait = max(window, _TOO_SOON_SECONDS)
        return LimitError(text, code=str(code), retry_after=wait)
    return kind(text, code=str(code))


def error_of_status(status: int) -> ApiError | None:
    """Return the error that an HTTP status stands for; API errors come with 200.

    401, 403 and 405 are a firewall's, and say nothing of the token.
    """
    if status < 400:
        return None
    code = f"HTTP {status}"
    if status == 429:
        return LimitError("Too many requests", code=code, retry_after=_TOO_SOON_SECONDS)
    return TransientError("The server failed", code=code)
