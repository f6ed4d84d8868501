"""Virtual power plants: applications that are let in by their operators (Fox ESS notes 0.6)."""

from ..jsontypes import Json
from .call import Call
from .errors import NO_PERMISSION, ApiError


def operators_only(_: Call) -> Json:
    """Refuse: no account here is that of an operator, and the fields are not known."""
    raise ApiError(NO_PERMISSION)
