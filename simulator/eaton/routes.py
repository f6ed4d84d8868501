"""Every endpoint (xStorage notes 1.4)."""

from collections.abc import Callable
from typing import Final

from ..jsontypes import JsonObject
from . import steer, tell
from .device import XStorage
from .endpoint import UPDATED, Call, Endpoint, Reply
from .identity import config_state
from .signin import Role
from .status import status
from .technical import diagnostics, technical_status
from .times import seconds


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
    return Reply(result=call.card.shown("device", call.card.device_info))


def _status(call: Call) -> Reply:
    """Show what the unit does."""
    return Reply(result=call.card.shown("status", lambda: status(call.unit)))


def _reboot(call: Call) -> Reply:
    """Reboot the card, once it has answered."""
    call.card.reboot()
    return Reply(message=UPDATED)


def _clock(call: Call) -> Reply:
    """Show the unit's clock."""
    unit = call.unit
    return Reply(
        result={
            "time": seconds(unit.house.at + unit.clock_offset),
            "timezone": unit.settings.time_zone,
        }
    )


def _done(_: Call) -> Reply:
    """Do what nobody can see from outside."""
    return Reply(message=UPDATED)


def _of_unit(make: Callable[[XStorage], JsonObject]) -> Callable[[Call], Reply]:
    """Return an answer that shows something of the unit."""
    return lambda call: Reply(result=make(call.unit))


def _get(path: str, answer: Callable[[Call], Reply]) -> Endpoint:
    """Return an endpoint that both accounts may read."""
    return Endpoint(method="GET", path=path, answer=answer)


def _change(
    method: str, path: str, answer: Callable[[Call], Reply], step: str = ""
) -> Endpoint:
    """Return an endpoint by which both accounts change something."""
    return Endpoint(method=method, path=path, answer=answer, write=True, step=step)


def _for_technicians(
    method: str, path: str, answer: Callable[[Call], Reply]
) -> Endpoint:
    """Return an endpoint that refuses customers."""
    write = method != "GET"
    return Endpoint(
        method=method, path=path, answer=answer, technician=True, write=write
    )


ENDPOINTS: Final = (
    Endpoint(method="POST", path="auth/signin", answer=_sign_in, anyone=True),
    Endpoint(method="POST", path="auth/refresh", answer=_refresh),
    _get("config/state", _config_state),
    _get("device", _device),
    _get("device/status", _status),
    _change("POST", "device/command", steer.command, "set_manual_command"),
    _change("POST", "device/power", steer.power, "set_power"),
    _get("settings", steer.read),
    _get("settings/", steer.read),
    Endpoint(
        method="PUT",
        path="settings/",
        answer=steer.write,
        write=True,
        setup=True,
        step="update_settings",
    ),
    Endpoint(
        method="GET",
        path="settings/default_opmode",
        answer=steer.read_default,
        setup=True,
    ),
    Endpoint(
        method="PUT",
        path="settings/default_opmode",
        answer=steer.write_default,
        write=True,
        setup=True,
    ),
    _get("schedule/", steer.events),
    _change("POST", "schedule/event", steer.create_event, "schedule_add_event"),
    _get("schedule/event/{id}", steer.event),
    _change("PUT", "schedule/event/{id}", steer.update_event, "schedule_update_event"),
    _change("DELETE", "schedule/event/{id}", steer.delete_event),
    _get("metrics", tell.metrics),
    _get("metrics/", tell.metrics),
    _get("metrics/daily", tell.daily),
    _get("metrics/weekly", tell.weekly),
    _get("metrics/export", tell.export),
    _get("metrics/export/{frequency}", tell.export),
    _get("notifications/", tell.notifications),
    _get("notifications/unread", tell.unread),
    _change("POST", "notifications/read/all", tell.read_all),
    _change("POST", "notifications/read", tell.read_some),
    _change("POST", "notifications/delete", tell.delete_some),
    _for_technicians("GET", "technical/status", _of_unit(technical_status)),
    _for_technicians("GET", "device/maintenance/diagnostics", _of_unit(diagnostics)),
    _for_technicians("GET", "device/maintenance/date-time", _clock),
    _for_technicians("POST", "device/maintenance/free-disk-space", _done),
    _for_technicians("POST", "commcard/reboot", _reboot),
)
