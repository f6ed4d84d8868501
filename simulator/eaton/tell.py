"""What the unit tells of its past: notifications and metrics."""

from collections.abc import Iterator
from datetime import UTC, datetime

from .endpoint import UPDATED, Call, Reply
from .errors import BAD_REQUEST, metrics_refusal, refusal
from .metrics import COLUMNS, DATE, Sample, five_minutes, grouped, table

_PAGE = 10
_FREQUENCIES = ("daily", "weekly")


def notifications(call: Call) -> Reply:
    """List a page of the notifications."""
    size, offset = _count(call, "size", _PAGE), _count(call, "offset", 0)
    status = call.query.get("status", "")
    return Reply(result=call.unit.alerts.page(status, size, offset))


def unread(call: Call) -> Reply:
    """Count the notifications with a status, which is no count of faults."""
    status = call.query.get("status", "NORMAL")
    return Reply(result={"total": call.unit.alerts.count(status)})


def read_all(call: Call) -> Reply:
    """Mark all as read, which clears no fault."""
    call.unit.alerts.read(call.now())
    return Reply(message=UPDATED)


def read_some(call: Call) -> Reply:
    """Mark some as read."""
    call.unit.alerts.read(call.now(), _ids(call))
    return Reply(message=UPDATED)


def delete_some(call: Call) -> Reply:
    """Delete some."""
    call.unit.alerts.delete(_ids(call))
    return Reply(message=UPDATED)


def metrics(call: Call) -> Reply:
    """Show what was measured every five minutes."""
    return Reply(result=five_minutes(_samples(call)))


def daily(call: Call) -> Reply:
    """Show energies day by day."""
    return Reply(result=grouped(_samples(call), call.unit, weekly=False))


def weekly(call: Call) -> Reply:
    """Show energies week by week."""
    return Reply(result=grouped(_samples(call), call.unit, weekly=True))


def export(call: Call) -> Reply:
    """Prepare a download, and say where it is."""
    frequency = call.match.get("frequency", "")
    fields = call.query.get("field", "").split(",")
    if frequency and frequency not in _FREQUENCIES:
        raise metrics_refusal("err_invalid_frequency")
    if fields[0] != DATE or not set(fields) <= {DATE, *COLUMNS}:
        raise metrics_refusal("err_invalid_field")
    text = table(_samples(call), call.unit, fields, frequency)
    return Reply(result={"url": call.card.offer(text)})


def _samples(call: Call) -> Iterator[Sample]:
    """Return the samples between two moments, which have to be named."""
    try:
        begin, end = (
            datetime.fromtimestamp(int(call.query[key]) / 1000, UTC)
            for key in ("from", "to")
        )
    except KeyError, ValueError, OverflowError, OSError:
        raise metrics_refusal("err_invalid_request") from None
    return call.unit.samples_between(begin, end)


def _count(call: Call, key: str, default: int) -> int:
    """Return a number that is not negative."""
    text = call.query.get(key, str(default))
    if not text.isdecimal():
        raise refusal(BAD_REQUEST, "err_invalid_request")
    return int(text)


def _ids(call: Call) -> set[str]:
    """Return the ids of a form, which commas separate; a body of another kind has none."""
    if not (ids := call.form().get("id", "")):
        raise refusal(BAD_REQUEST, "err_invalid_request")
    return set(ids.split(","))
