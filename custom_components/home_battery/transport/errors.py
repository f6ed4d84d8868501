"""What can go wrong between us and a vendor, in the terms that steer what follows."""

from traceback import clear_frames
from typing import Final

from .told import harmless, unquoted

_MOST_OF_CODE: Final = 64


class ApiError(Exception):
    """A call that did not succeed.

    What it says may be the server's words: they are short, without markup, and
    do not repeat what was sent.

    Attributes:
        code: The vendor's own code or the HTTP status, where there is one.
    """

    def __init__(self, message: str, *, code: str | None = None) -> None:
        """Keep the vendor's code beside the message."""
        if code is not None:
            code = harmless(unquoted(code), _MOST_OF_CODE)
        message = harmless(unquoted(message))
        super().__init__(message if code is None else f"{message} ({code})")
        self.code = code


class TransientError(ApiError):
    """The vendor could not be reached or did not answer sensibly; it may soon."""


class HandshakeError(ApiError):
    """A server that does not open a WebSocket.

    Attributes:
        status: The HTTP status that it answers instead.
    """

    def __init__(self, status: int) -> None:
        """Keep the status."""
        super().__init__("The server opens no WebSocket", code=f"HTTP {status}")
        self.status = status


class NotSentError(TransientError):
    """The server was not reached, or did not look: a write has certainly not happened."""


class OfflineError(NotSentError):
    """The device is out of its cloud's reach; nothing got to it, but it may come back."""


class CertificateError(NotSentError):
    """The server shows another certificate than the one that is trusted.

    Attributes:
        fingerprint: SHA-256 of the certificate that it shows, in hex.
    """

    def __init__(self, message: str, *, fingerprint: str) -> None:
        """Keep what would have to be trusted."""
        super().__init__(message)
        self.fingerprint = fingerprint


class SignatureError(NotSentError):
    """The vendor refuses how a request is signed: more often a clock than a key."""


class AuthenticationError(ApiError):
    """The vendor refuses the credentials."""


class WrongServerError(ApiError):
    """The account is kept by another of the vendor's servers."""


class LimitError(ApiError):
    """A call that the vendor's limits do not allow now.

    Attributes:
        retry_after: Seconds until it may be tried again.
    """

    def __init__(
        self, message: str, *, retry_after: float, code: str | None = None
    ) -> None:
        """Keep how long to wait."""
        super().__init__(message, code=code)
        self.retry_after = retry_after


class CrowdedError(LimitError):
    """Too many of our own calls wait for their turn; nothing was sent."""


class QuotaError(LimitError):
    """The day's calls are used up."""


class LockedError(LimitError):
    """The account is locked for a while: its password was wrong too often."""


class UnsupportedError(ApiError):
    """The device lacks what was asked for, and always will."""


class RejectedError(ApiError):
    """The vendor refuses the request as it stands; repeating it is useless."""


class UnknownDeviceError(RejectedError):
    """The vendor does not know the device (any more)."""


class CloudModeError(RejectedError):
    """The device takes it from its cloud only, and would have to be disconnected."""


class BlockedByScheduleError(RejectedError):
    """The device takes no such setting while its schedule is on."""


class OverlapError(RejectedError):
    """The vendor finds two periods of a schedule in each other's way."""


class WatchOnlyError(ApiError):
    """A write was stopped before it left, because the person chose to watch."""


class ForbiddenError(ApiError):
    """A call was stopped before it left, because it is refused to everybody."""


def lighten(error: BaseException | None) -> None:
    """Have an error that is to be kept hold no answer and no credentials.

    Its traceback and those of what it came from stay, without their variables.
    """
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__context__
