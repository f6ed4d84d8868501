"""Every endpoint (xStorage notes 1.4)."""

from typing import Final

from .endpoint import Call, Endpoint, Reply
from .identity import config_state, device_info
from .signin import Role
from .status import status


def _sign_in(call: Call) -> Reply:
    """Give a token for a password."""
    token = call.card.sign_in.sign_in(call.json(), call.now())
    return Reply(result={"successful": True, "result": {"token": token}}, bare=True)


def _refresh(call: Call) -> Reply:
    """Give a token for a token."""
    token = call.card.sign_in.issue(call.role or Role.CUSTOMER, call.now())
    return Reply(result={"token": token}, bare=True)


def _config_state(call: Call) -> Reply:
    """Show the state of the set-up."""
    return Reply(result=config_state(connected=call.card.cloud_mode), bare=True)


def _device(call: Call) -> Reply:
    """Show the identity."""
    return Reply(
        result=call.card.shown(
            "device",
            lambda: device_info(call.unit, connected=call.card.cloud_mode),
        )
    )


def _status(call: Call) -> Reply:
    """Show what the unit does."""
    return Reply(result=call.card.shown("status", lambda: status(call.unit)))


ENDPOINTS: Final = (
    Endpoint(method="POST", path="auth/signin", answer=_sign_in, anyone=True),
    Endpoint(method="POST", path="auth/refresh", answer=_refresh),
    Endpoint(method="GET", path="config/state", answer=_config_state),
    Endpoint(method="GET", path="device", answer=_device),
    Endpoint(method="GET", path="device/status", answer=_status),
)
