"""How the unit refuses (xStorage notes 1.3)."""

from typing import Final

from ..jsontypes import Json

BAD_REQUEST: Final = 400
UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
CONNECTED: Final = 412
BROKEN: Final = 500

INTERNAL: Final = "err_internal"
WRONG_CREDENTIALS: Final = "err_wrong_credentials"
WRONG_SERIAL: Final = "err_invalid_inverter_sn"
LOCKED: Final = "err_code_too_many_failed_signin"
BAD_CREDENTIALS: Final = "err_invalid_credentials"
OVERLAP: Final = "err_schedule_add_event_overlap"
IN_CLOUD_MODE: Final = "err_invalid_request_unit_connected"
INVALID_MODE: Final = "invalid_op_mode"
OUT_OF_RANGE: Final = "out_of_range_arg"


class RefusalError(Exception):
    """A refusal: an HTTP status, and what its body says."""

    def __init__(self, status: int, body: Json) -> None:
        """Refuse with a status and a body."""
        self.status = status
        self.body = body
        super().__init__(f"{status}: {body}")


class InvalidError(Exception):
    """Something in a body that the unit's validator does not let through, in the validator's words.

    `most` is the highest number that would do, where a number is too high.
    """

    def __init__(self, text: str, most: int | None = None) -> None:
        """Complain."""
        self.most = most
        super().__init__(text)


def refusal(
    status: int, code: str, description: str = "", *, step: str = ""
) -> RefusalError:
    """Return a refusal in the common shape."""
    error: dict[str, Json] = {"errCode": code}
    if step:
        error["step"] = step
    else:
        error["description"] = description
    return RefusalError(status, {"error": error})


def mode_refusal(code: str, description: str = "") -> RefusalError:
    """Return a refusal of the one endpoint that spells its code with an underscore."""
    return RefusalError(
        BAD_REQUEST, {"error": {"err_code": code, "description": description}}
    )


def metrics_refusal(code: str) -> RefusalError:
    """Return a refusal of the metrics, which have a list of errors."""
    return RefusalError(
        BAD_REQUEST,
        {"successful": False, "message": "", "result": {"errors": [{"code": code}]}},
    )
