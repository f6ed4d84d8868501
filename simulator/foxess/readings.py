"""Real-time data and history (Fox ESS notes 1.6 and 1.7)."""

from collections.abc import Iterable, Sequence

from ..jsontypes import Json, JsonObject
from .call import Call
from .catalogue import PROFILES
from .device import VENDOR, Inverter
from .errors import BAD_BODY, QUERY_FAILED, UNKNOWN_DEVICE, ApiError
from .records import Record
from .spans import read_span
from .variables import RUNNING_STATES, VARIABLES, Value, Variable, variables_of

_MOST_SERIALS = 50
_MOST_VARIABLES = 1000

# A 32-bit number of 0.1 kWh, or of W, whose upper half reads as noise.
GLITCH_KWH = (0x0FFF << 16) / 10
GLITCH_KW = (1 << 16) / 1000


def real_query_v0(call: Call) -> list[Json]:
    """Answer v0 device/real/query: one device, or all of the account."""
    fields = call.fields(optional=("sn", "variables"))
    wanted = (
        fields.texts("variables", _MOST_VARIABLES) if fields.has("variables") else None
    )
    if fields.has("sn"):
        return [_latest(call, call.device(fields.text("sn"))[1], wanted)]
    return [_latest(call, inverter, wanted) for _, inverter in call.devices()]


def real_query_v1(call: Call) -> list[Json]:
    """Answer v1 device/real/query: up to 50 devices; unknown ones among known are left out."""
    fields = call.fields("sns", optional=("variables",))
    serials = fields.texts("sns", _MOST_SERIALS)
    if not serials:
        raise ApiError(BAD_BODY)
    wanted = (
        fields.texts("variables", _MOST_VARIABLES) if fields.has("variables") else None
    )
    known = {inverter.serial: inverter for _, inverter in call.devices()}
    found = [known[serial] for serial in dict.fromkeys(serials) if serial in known]
    if not found:
        raise ApiError(UNKNOWN_DEVICE)
    return [_latest(call, inverter, wanted) for inverter in found]


def history_query(call: Call) -> list[Json]:
    """Answer device/history/query: at most 24 hours, or the last three days when no time is given."""
    fields = call.fields("sn", "variables", optional=("begin", "end"))
    inverter = call.device(fields.text("sn"))[1]
    wanted = fields.texts("variables", _MOST_VARIABLES)
    begin, end = read_span(fields, call.now())
    records = [record for record in inverter.records if begin <= record.at <= end]
    glitch = _glitches(call, inverter)
    series = [
        _series(variable, records, glitch) for variable in _chosen(inverter, wanted)
    ]
    return [{"deviceSN": inverter.serial, "datas": series}]


def variable_table(_: Call) -> list[Json]:
    """Answer device/variable/get."""
    return [{variable.name: _entry(variable)} for variable in VARIABLES]


def _entry(variable: Variable) -> JsonObject:
    """Return a variable of the table; those without a unit have no such key."""
    entry: dict[str, Json] = {
        "name": {"en": variable.title},
        "Grid-tied inverter": variable.has(PROFILES["PV"]),
        "Energy-storage inverter": variable.has(PROFILES["KH8"]),
    }
    if variable.name == "runningState":
        entry["enum"] = dict(RUNNING_STATES)
    return entry if variable.unit is None else {"unit": variable.unit, **entry}


def _latest(call: Call, inverter: Inverter, wanted: Sequence[str] | None) -> JsonObject:
    """Return a device's last record."""
    if not inverter.records:
        raise ApiError(QUERY_FAILED)
    record = inverter.records[-1]
    glitch = _glitches(call, inverter)
    datas = [
        _datum(variable, _damaged(variable, record, glitch))
        for variable in _chosen(inverter, wanted)
    ]
    return {"deviceSN": inverter.serial, "time": record.time, "datas": datas}


def _glitches(call: Call, inverter: Inverter) -> bool:
    """Return whether a fault fills the upper half of a device's numbers."""
    fault = call.switchboard.of_device(VENDOR, call.path, "glitch", inverter.serial)
    return fault is not None


def _damaged(variable: Variable, record: Record, glitch: bool) -> Value:
    """Return a value, with noise in the upper half of counters and powers if a fault says so."""
    value = variable.value(record)
    if not glitch or isinstance(value, str):
        return value
    # The yield of today is an energy, whatever its unit says.
    if variable.unit == "kWh" or variable.name == "todayYield":
        return value + GLITCH_KWH
    return value + GLITCH_KW if variable.unit == "kW" else value


def _datum(variable: Variable, value: Value) -> JsonObject:
    """Return one value with its name and unit."""
    datum: dict[str, Json] = {
        "name": variable.title,
        "variable": variable.name,
        "value": value,
    }
    return datum if variable.unit is None else {"unit": variable.unit, **datum}


def _series(variable: Variable, records: Iterable[Record], glitch: bool) -> JsonObject:
    """Return one variable over time; a glitch damages the first of its values."""
    data: list[Json] = [
        {
            "time": record.time,
            "value": _damaged(variable, record, glitch and not place),
        }
        for place, record in enumerate(records)
    ]
    series: dict[str, Json] = {
        "variable": variable.name,
        "name": variable.title,
        "data": data,
    }
    return series if variable.unit is None else {"unit": variable.unit, **series}


def _chosen(inverter: Inverter, wanted: Sequence[str] | None) -> list[Variable]:
    """Return the variables to send; what the device lacks is left out.

    Where there are two packs, a name without a number means the first one.
    """
    table = variables_of(inverter.profile.key)
    if wanted is None:
        return list(table.values())
    widest = inverter.profile.widest_query
    if widest is not None and len(wanted) > widest:
        raise ApiError(QUERY_FAILED)
    chosen = (
        table.get(name) or table.get(f"{name}_1") for name in dict.fromkeys(wanted)
    )
    return [variable for variable in chosen if variable is not None]
