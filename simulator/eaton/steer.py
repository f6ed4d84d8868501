"""What changes the unit: commands, power, settings and schedule."""

from ..jsontypes import JsonObject
from .endpoint import UPDATED, Call, Reply
from .errors import (
    BAD_REQUEST,
    INVALID_MODE,
    OUT_OF_RANGE,
    OVERLAP,
    InvalidError,
    RefusalError,
    mode_refusal,
    refusal,
)
from .identity import settings_document
from .operations import (
    BASIC,
    FREQUENCY,
    INJECTION,
    MAXIMIZE,
    PEAK,
    Operation,
    read_operation,
)
from .schedule import Event, StoredEvent, read_event
from .settings import read_settings
from .status import status

_LONGEST_HOURS = 12
# What may run by default without a person's command, as the set-up sees it.
_DEFAULT_MODES = frozenset({BASIC, MAXIMIZE, INJECTION, FREQUENCY, PEAK})


def command(call: Call) -> Reply:
    """Let a command run for some hours; the status is late in showing it."""
    body = call.struct("ManualCommandReq")
    operation = read_operation(body, call.unit.profile.rated_w)
    mode = call.unit.new_command(operation, body.whole("duration", 1, _LONGEST_HOURS))
    call.card.lag("status", status(call.unit))
    call.unit.obey(call.path, lambda: call.unit.obey_command(mode))
    return Reply(result=mode.as_json())


def power(call: Call) -> Reply:
    """Switch on or off: the answer is an empty text, whatever comes of it."""
    on = call.struct("PowerReq").inner("parameters").flag("state", required=True)
    call.card.lag("device", call.card.device_info())
    call.unit.obey(call.path, lambda: call.unit.switch(on))
    return Reply(result="", bare=True)


def read(call: Call) -> Reply:
    """Show the settings, in the form in which they are read."""
    return Reply(result=settings_document(call.unit))


def write(call: Call) -> Reply:
    """Take settings as a whole, in the form in which they are written."""
    settings = read_settings(
        call.struct("SettingsReq"), call.unit.settings, call.unit.profile.rated_w
    )
    call.unit.obey(call.path, lambda: call.unit.keep(settings))
    return Reply(result=settings_document(call.unit))


def read_default(call: Call) -> Reply:
    """Show the default mode alone."""
    return Reply(result={"defaultMode": _shown(call.unit.settings.default_mode)})


def write_default(call: Call) -> Reply:
    """Take the default mode alone; this endpoint has refusals of its own."""
    body = call.struct("DefaultModeReq").inner("defaultMode")
    try:
        operation = read_operation(body, call.unit.profile.rated_w)
    except InvalidError as error:
        raise _default_refusal(error) from None
    if operation.command not in _DEFAULT_MODES:
        raise mode_refusal(INVALID_MODE)
    call.unit.obey(call.path, lambda: call.unit.keep_default(operation))
    return read_default(call)


def events(call: Call) -> Reply:
    """List the schedule."""
    stored = call.unit.schedule.events.values()
    return Reply(result={"results": [event.as_json() for event in stored]})


def create_event(call: Call) -> Reply:
    """Add an event, unless it overlaps another."""
    return _store(call, _fitting(call), call.unit.ids.new_id("event"))


def event(call: Call) -> Reply:
    """Show one event."""
    return Reply(result=_known(call).as_json())


def update_event(call: Call) -> Reply:
    """Put an event in another's place, unless it overlaps a third."""
    key = _known(call).id
    return _store(call, _fitting(call, beside=key), key)


def delete_event(call: Call) -> Reply:
    """Take an event out of the schedule."""
    key = _known(call).id
    call.unit.obey(call.path, lambda: call.unit.drop(key))
    return Reply(message=UPDATED)


def _fitting(call: Call, *, beside: str = "") -> Event:
    """Return the event that a body asks for, or refuse it."""
    body = call.struct("ScheduleEventReq")
    wanted = read_event(body, call.unit.profile.rated_w)
    if call.unit.schedule.clashes(wanted, beside=beside):
        raise refusal(BAD_REQUEST, OVERLAP)
    return wanted


def _store(call: Call, wanted: Event, key: str) -> Reply:
    """Store an event, and show it as it is stored."""
    now = call.now()
    shown = StoredEvent(id=key, event=wanted, created=now, updated=now)
    call.unit.obey(call.path, lambda: call.unit.store(wanted, key))
    return Reply(result=call.unit.schedule.events.get(key, shown).as_json())


def _known(call: Call) -> StoredEvent:
    """Return the event that a path names."""
    if (stored := call.unit.schedule.events.get(call.match["id"])) is None:
        raise refusal(404, "err_not_found")
    return stored


def _shown(operation: Operation) -> JsonObject:
    """Return a mode as it is written."""
    return {"command": operation.command, "parameters": operation.parameters}


def _default_refusal(error: InvalidError) -> RefusalError:
    """Return a refusal that says how much would do, or that there is no such mode."""
    if error.most is not None:
        return mode_refusal(OUT_OF_RANGE, str(error.most))
    return mode_refusal(INVALID_MODE)
