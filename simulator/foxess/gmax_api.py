"""The endpoints of GMAX batteries (Fox ESS notes 1.12)."""

from datetime import UTC, datetime, timedelta
from typing import Final

from ..jsontypes import Json, JsonObject
from .call import Call
from .errors import BAD_BODY, QUERY_FAILED, ApiError
from .gmax import POWER_W, Gmax, GmaxRecord, PeakPeriod, PeakPlan
from .paging import page
from .schema import Fields
from .spans import read_span

_MOST_PERIODS: Final = 8
_MOST_KW: Final = POWER_W / 1000
_LATEST_S: Final = 4_102_444_800
_FIELDS: Final = (
    "enable",
    "peakWorkMode",
    "peakWeek",
    "peakStopSoc",
    "peakPower",
    "peakStartTime",
    "peakEndTime",
)


def gmax_list(call: Call) -> JsonObject:
    """Answer gmax/list; the serial number that other calls want is that of the machine."""
    return page(
        call,
        [
            {
                "gmaxID": gmax.gmax_id,
                "gmaxSN": f"GMX{gmax.serial[3:]}",
                "sn": gmax.serial,
                "pcsSN": f"PCS{gmax.serial[3:]}",
                "bmsSN": f"BMS{gmax.serial[3:]}",
                "packSN": f"PAK{gmax.serial[3:]}",
                "plantID": station.id,
                "communication": 1 if gmax.reachable else 3,
            }
            for station, gmax in call.parts(Gmax)
        ],
    )


def gmax_real(call: Call) -> JsonObject:
    """Answer gmax/real/query."""
    gmax = call.part(Gmax, call.fields("sn").text("sn"))[1]
    if not gmax.records:
        raise ApiError(QUERY_FAILED)
    record = gmax.records[-1]
    return {**_values(record), "status": str(record.status)}


def gmax_history(call: Call) -> list[Json]:
    """Answer gmax/history/query: a day unless a span is given, whose ends may be strings."""
    fields = call.fields("sn", optional=("begin", "end"))
    gmax = call.part(Gmax, fields.text("sn"))[1]
    begin, end = read_span(fields, call.now(), default=timedelta(days=1), as_text=True)
    datas: list[Json] = [
        {
            **_values(record),
            "time": record.time,
            "status": str(float(record.status)),
        }
        for record in gmax.records
        if begin <= record.at <= end
    ]
    return [{"datas": datas}]


def plan_get(call: Call) -> JsonObject:
    """Answer gmax/peakValleyPower/get."""
    gmax = call.reach_part(Gmax, call.fields("sn").text("sn"))
    datas: list[Json] = [period.as_json() for period in gmax.plan.periods]
    return {
        "peakEnable": gmax.plan.enabled,
        "datas": datas,
        "timestamp": gmax.plan.set_at,
    }


def plan_set(call: Call) -> JsonObject:
    """Answer gmax/peakValleyPower/set: 1 to 8 periods replace all others."""
    fields = call.fields("sn", "peakEnable", "datas")
    gmax = call.reach_part(Gmax, fields.text("sn"), write=True)
    items = fields.items("datas", _MOST_PERIODS)
    if not items:
        raise ApiError(BAD_BODY)
    plan = PeakPlan(
        enabled=fields.boolean("peakEnable"),
        periods=tuple(_period(gmax, item) for item in items),
        set_at=int(call.now().timestamp()),
    )
    return call.write(gmax, lambda: setattr(gmax, "plan", plan))


def _values(record: GmaxRecord) -> dict[str, Json]:
    """Return what a record holds; powers are strings."""
    return {
        "chargingPower": str(max(0.0, -record.power)),
        "dischargingPower": str(max(0.0, record.power)),
        "soc": record.soc,
        "soh": 100.0,
    }


def _period(gmax: Gmax, item: Json) -> PeakPeriod:
    """Return a period, which must end after it begins, by date and by clock."""
    fields = Fields(item, required=_FIELDS)
    start, end = (
        fields.whole(key, 0, _LATEST_S) for key in ("peakStartTime", "peakEndTime")
    )
    clocks = [
        gmax.local(datetime.fromtimestamp(moment, UTC)).time()
        for moment in (start, end)
    ]
    if start >= end or clocks[0] > clocks[1]:
        raise ApiError(BAD_BODY)
    return PeakPeriod(
        enable=fields.boolean("enable"),
        work_mode=fields.whole("peakWorkMode", -1, 2),
        week_day=fields.whole("peakWeek", 1, 7),
        stop_soc=fields.number("peakStopSoc", 0, 100),
        power=fields.number("peakPower", -_MOST_KW, _MOST_KW),
        start=start,
        end=end,
    )
