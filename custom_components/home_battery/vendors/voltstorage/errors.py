"""What VoltStorage's answers mean when something is wrong (VoltStorage notes, 1.2)."""

from http import HTTPStatus
from typing import Any, Final

from ...transport.errors import (
    ApiError,
    LimitError,
    RejectedError,
    TransientError,
    UnsupportedError,
)
from ...transport.http import Response

_WAIT_SECONDS: Final = 60.0
_LENGTH: Final = 200


class ShapeError(TransientError):
    """An answer that has not the shape that is documented."""


def json_of(response: Response) -> Any:
    """Return what an answer says as JSON, `None` where it is none."""
    try:
        return response.json()
    except TransientError:
        return None


def error_of(status: int, body: Any, *, proven: bool) -> ApiError | None:
    """Return the error that an answer stands for, but for a refused token.

    Args:
        status: The HTTP status.
        body: The answer where it is JSON.
        proven: The call is known to be there, so that a server without it is
            not in order.
    """
    if status < HTTPStatus.BAD_REQUEST:
        return None
    code = f"HTTP {status}"
    match status:
        case HTTPStatus.BAD_REQUEST:
            return RejectedError(_reason(body), code=code)
        case HTTPStatus.FORBIDDEN:
            return UnsupportedError("The account is not let to it", code=code)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return LimitError("Too many requests", code=code, retry_after=_WAIT_SECONDS)
        case HTTPStatus.NOT_FOUND | HTTPStatus.METHOD_NOT_ALLOWED if not proven:
            return UnsupportedError("The server has no such call", code=code)
    return TransientError("The server failed", code=code)


def _reason(body: Any) -> str:
    """Return what the vendor says of a request that it refuses."""
    errors = body.get("errors") if isinstance(body, dict) else None
    told = errors[0] if isinstance(errors, list) and errors else None
    return told[:_LENGTH] if isinstance(told, str) else "The request was refused"
