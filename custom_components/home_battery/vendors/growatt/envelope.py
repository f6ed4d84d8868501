"""What answers of the Growatt cloud are wrapped in (Growatt notes, 1.2)."""

from collections.abc import Mapping
from enum import Enum, auto
from http import HTTPStatus
from typing import Any, Final

from ...battery.fields import number
from ...transport.errors import ApiError, TransientError
from ...transport.http import Response
from .errors import Meaning, error_of_code


class Envelope(Enum):
    """The kinds of wrapping."""

    V1 = auto()
    """`error_code`, and the result in `data`."""
    V1_MANY = auto()
    """The same, but each device's record once more under its serial number."""
    V1_ROOT = auto()
    """`error_code`, and the result beside it."""
    V4 = auto()
    """`code`, and the result in `data`."""
    V4_SWAPPED = auto()
    """`code`, and the result in `message`."""
    APP = auto()
    """`result` 1 where it is well, and the result in `obj`."""
    CHECK = auto()
    """`result` 1 where it is well, and the result beside it."""


# Where a code is looked for, and the one that says that all is well. What stands
# before the API answers for it in one of the first two.
_GENERAL: Final = (("error_code", 0), ("code", 0))
_APP: Final = (("result", 1), *_GENERAL)
_CODES: Final[Mapping[Envelope, tuple[tuple[str, int], ...]]] = {
    Envelope.APP: _APP,
    Envelope.CHECK: _APP,
}
_TEXTS: Final = ("error_msg", "message", "msg", "data")


def opened(answer: object) -> dict[str, Any]:
    """Return an envelope; some come as JSON within JSON.

    Raises:
        TransientError: It is none.
    """
    if isinstance(answer, str):
        answer = Response(status=HTTPStatus.OK, body=answer.encode()).json()
    if not isinstance(answer, dict):
        raise TransientError("The answer has no envelope")
    return answer


def error_in(
    answer: Mapping[str, Any], envelope: Envelope, meaning: Meaning, window: float
) -> ApiError | None:
    """Return the error that an envelope tells of, if it does."""
    for key, well in _CODES.get(envelope, _GENERAL):
        if (code := number(answer.get(key))) is None:
            continue
        if code == well:
            return None
        text = next((str(answer[name]) for name in _TEXTS if answer.get(name)), "")
        return error_of_code(int(code), text, meaning, window=window)
    return TransientError("The answer has no envelope")


def result_in(answer: Mapping[str, Any], envelope: Envelope) -> Any:
    """Return the result in an envelope; an empty text means that there is none."""
    match envelope:
        case Envelope.V1 | Envelope.V4:
            result = answer.get("data")
        case Envelope.V1_MANY:
            result = _many(answer.get("data"))
        case Envelope.V1_ROOT | Envelope.CHECK:
            result = answer
        case Envelope.V4_SWAPPED:
            result = answer.get("message")
        case Envelope.APP:
            result = answer.get("obj")
    return None if result == "" else result


def _many(data: object) -> dict[str, Any]:
    """Return each device's record by its serial number."""
    return {
        serial: item[serial]
        for serial, item in (data.items() if isinstance(data, dict) else ())
        if isinstance(item, dict) and isinstance(item.get(serial), dict)
    }
