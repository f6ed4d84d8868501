"""The endpoints of an EMS (Fox ESS notes 1.12)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from ..jsontypes import Json, JsonObject
from .call import Call
from .ems import EMS_VARIABLES, Ems, EmsRecord
from .ems_settings import GROUPS, OPTIONAL, RATE_FIELDS, read_rate, read_system
from .errors import BAD_BODY, QUERY_FAILED, UNKNOWN_DEVICE, ApiError
from .named import named_json, read_named
from .paging import page
from .spans import read_span

_MOST_SERIALS: Final = 50
_MOST_VARIABLES: Final = 100
_SYSTEM_FIELDS: Final = ("general", "parallelControl", "powerLimit")


def ems_list(call: Call) -> JsonObject:
    """Answer ems/list."""
    return page(
        call,
        [
            {
                "emsID": ems.ems_id,
                "emsSN": ems.serial,
                "plantID": station.id,
                "productType": ems.product_type,
                "status": ems.status,
            }
            for station, ems in call.parts(Ems)
        ],
    )


def ems_real(call: Call) -> list[Json]:
    """Answer ems/real/query: the variables must be named, and the values are strings."""
    fields = call.fields("sns", "variables")
    serials = fields.texts("sns", _MOST_SERIALS)
    wanted = _variables(fields.texts("variables", _MOST_VARIABLES))
    found = [ems for _, ems in call.parts(Ems) if ems.serial in serials]
    if not serials:
        raise ApiError(BAD_BODY)
    if not found:
        raise ApiError(UNKNOWN_DEVICE)
    return [_latest(ems, wanted) for ems in found]


def ems_history(call: Call) -> list[Json]:
    """Answer ems/history/query; here the values are numbers."""
    fields = call.fields("sn", "variables", optional=("begin", "end"))
    ems = call.part(Ems, fields.text("sn"))[1]
    wanted = _variables(fields.texts("variables", _MOST_VARIABLES))
    begin, end = read_span(fields, call.now())
    records = [record for record in ems.records if begin <= record.at <= end]
    series: list[Json] = [_series(name, records) for name in wanted]
    return [{"emsSN": ems.serial, "datas": series}]


def group_get(group: str) -> Callable[[Call], JsonObject]:
    """Return the endpoint that reads a group of settings."""

    def answer(call: Call) -> JsonObject:
        ems = call.reach_part(Ems, call.queried())
        return named_json(GROUPS[group], ems.settings[group])

    return answer


def group_set(group: str) -> Callable[[Call], JsonObject]:
    """Return the endpoint that sets a group of settings, all at once."""
    table = GROUPS[group]
    required = [name for name in table if name not in OPTIONAL]
    optional = tuple(name for name in table if name in OPTIONAL)

    def answer(call: Call) -> JsonObject:
        fields = call.fields("sn", *required, optional=optional)
        ems = call.reach_part(Ems, fields.text("sn"), write=True)
        names = [name for name in table if name in required or fields.has(name)]
        values = read_named(fields, table, names)
        return call.write(ems, lambda: ems.settings[group].update(values))

    return answer


def system_get(call: Call) -> JsonObject:
    """Answer ems/setting/system/get."""
    return _by_id(call, call.queried("emsID")).system.as_json()


def system_set(call: Call) -> JsonObject:
    """Answer ems/setting/system/set."""
    fields = call.fields("emsID", *_SYSTEM_FIELDS)
    ems = _by_id(call, fields.text("emsID"), write=True)
    system = read_system(fields)
    return call.write(ems, lambda: setattr(ems, "system", system))


def rate_get(call: Call) -> JsonObject:
    """Answer ems/setting/rate/get."""
    fields = call.fields("emsID", "port")
    ems = _by_id(call, fields.text("emsID"))
    return ems.rates[int(fields.member("port", ems.rates))].as_json()


def rate_set(call: Call) -> JsonObject:
    """Answer ems/setting/rate/set."""
    fields = call.fields("emsID", "port", *RATE_FIELDS)
    ems = _by_id(call, fields.text("emsID"), write=True)
    port = int(fields.member("port", ems.rates))
    rate = read_rate(fields)
    return call.write(ems, lambda: ems.rates.update({port: rate}))


def _by_id(call: Call, ems_id: str, *, write: bool = False) -> Ems:
    """Return an EMS by its id, which has to answer itself."""
    for _, ems in call.parts(Ems):
        if ems.ems_id == ems_id:
            return call.reach_part(Ems, ems.serial, write=write)
    raise ApiError(UNKNOWN_DEVICE)


def _variables(names: Sequence[str]) -> list[str]:
    """Return the variables to send; unknown ones are left out."""
    if not names:
        raise ApiError(BAD_BODY)
    return [name for name in dict.fromkeys(names) if name in EMS_VARIABLES]


def _latest(ems: Ems, wanted: Iterable[str]) -> JsonObject:
    """Return the last record of an EMS."""
    if not ems.records:
        raise ApiError(QUERY_FAILED)
    record = ems.records[-1]
    datas: list[Json] = [
        {**_head(name), "value": str(record.values[name])} for name in wanted
    ]
    return {"emsSN": ems.serial, "time": record.time, "datas": datas}


def _series(name: str, records: Iterable[EmsRecord]) -> JsonObject:
    """Return one variable over time."""
    data: list[Json] = [
        {"time": record.time, "value": record.values[name]} for record in records
    ]
    return {**_head(name), "data": data}


def _head(name: str) -> JsonObject:
    """Return a variable's name and unit."""
    title, unit = EMS_VARIABLES[name]
    return {"variable": name, "unit": unit, "name": title}
