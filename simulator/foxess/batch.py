"""One schedule for many devices at once (Fox ESS notes 1.10)."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from ..jsontypes import JsonObject
from .call import Call
from .catalogue import HTTP_MISSING
from .device import Inverter
from .errors import BAD_BODY, UNSUPPORTED, ApiError
from .schedule import Group
from .schedule_rules import Reader
from .schema import Fields

_MOST_DEVICES = 50
_LONGEST_REQUEST_ID = 64
_LATER = timedelta(seconds=10)
_VERSION = 3


def schedule_batch(call: Call) -> JsonObject:
    """Answer v3 scheduler/enable/batch: all or nothing, and done some seconds later.

    A device that is out of touch then loses its part without a word. No
    webhook is ever called from here.
    """
    fields = call.fields(
        "deviceSNList",
        "groups",
        "notifyChannel",
        optional=("isDefault", "requestId", "webhook"),
    )
    serials = fields.texts("deviceSNList", _MOST_DEVICES)
    if not serials or len(set(serials)) != len(serials):
        raise ApiError(BAD_BODY)
    request_id = _request_id(call, fields)
    _check_webhook(fields)
    plans = [
        (inverter, _groups(inverter, fields))
        for inverter in (call.device(serial)[1] for serial in serials)
    ]
    for inverter, groups in plans:
        inverter.change(_command(inverter, groups), delay=_LATER)
    return {
        "status": "ACCEPTED",
        "requestId": request_id,
        "total": len(plans),
        "accepted": len(plans),
    }


def _request_id(call: Call, fields: Fields) -> str:
    """Return the id that the caller gave, or a new one."""
    if not fields.has("requestId"):
        return call.accounts.new_id("request")
    if len(request_id := fields.text("requestId")) > _LONGEST_REQUEST_ID:
        raise ApiError(BAD_BODY)
    return request_id


def _check_webhook(fields: Fields) -> None:
    """Refuse a channel that is not known, and a webhook that is not safe."""
    fields.choice("notifyChannel", ("none", "webhook"))
    if fields.has("webhook"):
        webhook = Fields(fields.raw("webhook"), required=("url", "secret"))
        webhook.text("secret")
        try:
            parts = urlsplit(webhook.text("url"))
        except ValueError:
            raise ApiError(BAD_BODY) from None
        if parts.scheme != "https" or not parts.netloc:
            raise ApiError(BAD_BODY)


def _groups(inverter: Inverter, fields: Fields) -> list[Group]:
    """Return the groups as one device means them."""
    refusal = inverter.profile.scheduler_refusals.get(_VERSION)
    if refusal is not None:
        raise ApiError(UNSUPPORTED if refusal == HTTP_MISSING else refusal)
    reader = Reader(
        version=_VERSION,
        profile=inverter.profile,
        memory=inverter.scheduler.memory,
        is_default=fields.has("isDefault") and fields.boolean("isDefault"),
    )
    return reader.read(fields.items("groups", reader.most))


def _command(inverter: Inverter, groups: list[Group]) -> Callable[[], None]:
    """Return what a device does about it when its turn comes."""

    def apply() -> None:
        if inverter.reachable:
            inverter.scheduler.replace(groups)

    return apply
