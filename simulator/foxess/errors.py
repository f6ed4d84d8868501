"""The vendor's refusals (Fox ESS notes 2)."""

from typing import Final

OK: Final = 0
BAD_HEADER: Final = 40256
BAD_BODY: Final = 40257
TOO_FREQUENT: Final = 40400
QUOTA_GONE: Final = 40402
QUERY_FAILED: Final = 41200
DEVICE_TIMEOUT: Final = 41203
TOKEN_EXPIRED: Final = 41808
TOKEN_INVALID: Final = 41809
NO_PERMISSION: Final = 41811
UNKNOWN_DEVICE: Final = 41930
WRONG_SERIAL: Final = 40261
UNSUPPORTED: Final = 42015
OVERLAP: Final = 42023
UNSUPPORTED_FUNCTION: Final = 44096
WRITE_FAILED: Final = 44098

MESSAGES: Final = {
    OK: "Operation successful",
    30000: "The system is under maintenance",
    BAD_HEADER: "Request header parameters are missing",
    BAD_BODY: "Parameters do not meet expectations",
    WRONG_SERIAL: "The inverter serial number is wrong",
    TOO_FREQUENT: "Request too frequently, please try again later",
    40401: "Please try again later",
    QUOTA_GONE: "Your request exceeds the limit. Please try again later",
    QUERY_FAILED: "Query data failed",
    41201: "Communication with the device failed",
    41202: "Communication with the device failed",
    DEVICE_TIMEOUT: "The device did not answer in time",
    41807: "Wrong user or password",
    TOKEN_EXPIRED: "The token is invalid or has expired",
    TOKEN_INVALID: "Invalid token",
    41810: "Authentication failed",
    NO_PERMISSION: "No permission",
    UNKNOWN_DEVICE: "The device does not exist",
    41935: "Communication with the device failed",
    UNSUPPORTED: "This device does not currently support this feature",
    OVERLAP: "Time overlap, please reselect time",
    UNSUPPORTED_FUNCTION: "Unsupported function code",
    WRITE_FAILED: "Write failed",
}


class ApiError(Exception):
    """A refusal that travels in the envelope, with HTTP status 200."""

    def __init__(self, errno: int, message: str | None = None) -> None:
        """Refuse with a code, and the vendor's words for it unless others are given."""
        self.errno = errno
        self.message = message or MESSAGES.get(errno, "Unknown error")
        super().__init__(f"{errno}: {self.message}")


class EndpointMissing(Exception):
    """A refusal with HTTP status 404, as where a path does not exist."""
