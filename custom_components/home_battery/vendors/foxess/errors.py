"""Fox ESS error codes, and what each calls for (Fox ESS notes, section 2)."""

from ...transport.errors import (
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

_TOO_SOON_SECONDS = 5.0
_QUOTA_SECONDS = 3600.0


class AmbiguousError(TransientError):
    """41200: the cloud failed to load data, or the device has no such data."""


class TokenRefusedError(AuthenticationError):
    """The token itself is refused, with HTTP 401 if it is one of OAuth."""


class NoPermissionError(TransientError):
    """41811: seen in outages; only if it lasts, it is the account's permission."""


class WriteFailedError(TransientError):
    """44098: the inverter did not answer, or does not take it while its schedule is on."""


_KINDS: dict[int, type[ApiError]] = {
    30000: TransientError,
    40256: SignatureError,
    40257: RejectedError,
    40261: UnknownDeviceError,
    41200: AmbiguousError,
    41201: TransientError,
    41202: TransientError,
    41203: TransientError,
    41807: AuthenticationError,
    41808: TokenRefusedError,
    41809: TokenRefusedError,
    41810: AuthenticationError,
    41811: NoPermissionError,
    41930: UnknownDeviceError,
    41935: TransientError,
    42015: UnsupportedError,
    42023: OverlapError,
    44098: WriteFailedError,
}
_STATUSES: dict[int, type[ApiError]] = {
    401: TokenRefusedError,
    404: UnsupportedError,
    406: SignatureError,
}


def error_of_code(code: int, message: str, *, write: bool) -> ApiError:
    """Return the error that a code in the envelope stands for."""
    if code in (40400, 40401):
        return LimitError(message, code=str(code), retry_after=_TOO_SOON_SECONDS)
    if code == 40402:
        return QuotaError(message, code=str(code), retry_after=_QUOTA_SECONDS)
    if code == 44096:
        kind: type[ApiError] = BlockedByScheduleError if write else UnsupportedError
    else:
        kind = _KINDS.get(code, RejectedError if write else TransientError)
    return kind(message, code=str(code))


def error_of_status(status: int) -> ApiError | None:
    """Return the error that an HTTP status stands for; API errors come with 200."""
    if status < 400:
        return None
    code = f"HTTP {status}"
    if status == 429:
        return LimitError("Too many requests", code=code, retry_after=_TOO_SOON_SECONDS)
    return _STATUSES.get(status, TransientError)("The server failed", code=code)
