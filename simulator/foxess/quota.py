"""Calls left (Fox ESS notes 1.13)."""

from ..jsontypes import JsonObject
from .call import Call
from .device import VENDOR


def access_count(call: Call) -> JsonObject:
    """Answer user/getAccessCount."""
    total = call.limits.total(call.account)
    gone = call.switchboard.is_on(VENDOR, "quota_gone")
    left = 0 if gone else total - call.limits.used(call.account, call.clock.now())
    return {"total": total, "remaining": left}
