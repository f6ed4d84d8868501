"""The past, from the samples and sums that the unit keeps (Eaton notes, 1.4)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from ...battery.fields import Field, number
from ...battery.history import History, HistoryRequest, Point, Resolution
from .client import EatonClient
from .models import Unit, mapping, mappings

_LONGEST: Final[Mapping[Resolution, timedelta]] = {
    Resolution.RECORDS: timedelta(days=1),
    Resolution.DAY: timedelta(days=31),
}
_CALLS: Final[Mapping[Resolution, str]] = {
    Resolution.RECORDS: "metrics",
    Resolution.DAY: "metrics_daily",
}
_LOAD: Final = "totalHouseConsumption"
_INJECTION: Final = "totalGridInjection"
_PV: Final = "photovoltaicProduction"
# Samples are W, sums are Wh.
_FIELDS: Final[Mapping[Resolution, tuple[Field, ...]]] = {
    Resolution.RECORDS: (
        Field(key="battery_soc", names=("batteryStateOfCharge",), least=0, limit=100),
        Field(key="load_power", names=(_LOAD,)),
        Field(key="pv_power", names=(_PV,), least=0),
    ),
    Resolution.DAY: (
        Field(key="load_energy", names=(_LOAD,), scale=0.001, least=0),
        Field(key="pv_energy", names=(_PV,), scale=0.001, least=0),
        Field(key="grid_energy_exported", names=(_INJECTION,), scale=0.001, least=0),
    ),
}
_OF_METER: Final = {"load_power", "load_energy", "grid_energy_exported"}
_OF_PV: Final = {"pv_power", "pv_energy"}
# The year 2100, in ms since the epoch.
_LAST_STAMP: Final = 4_102_444_800_000


def history_keys(unit: Unit | None, resolution: Resolution) -> frozenset[str]:
    """Return the readings whose past the unit tells; a 0 of no meter is none."""
    keys = {field.key for field in _FIELDS.get(resolution, ())}
    if unit is not None and 1 not in unit.meters:
        keys -= _OF_METER
    if unit is not None and not unit.has_pv and 2 not in unit.meters:
        keys -= _OF_PV
    return frozenset(keys)


def history_calls(request: HistoryRequest) -> int:
    """Return how many calls a history costs."""
    return sum(1 for _ in _stretches(request))


async def history(client: EatonClient, request: HistoryRequest) -> History:
    """Fetch what is asked for."""
    points: dict[str, list[Point]] = {key: [] for key in request.keys}
    for start, end in _stretches(request):
        answer = await client.call(
            _CALLS[request.resolution], {"from": _stamp(start), "to": _stamp(end)}
        )
        for sample in mappings(mapping(answer).get("metrics")):
            _take(sample, request, points)
    return History(
        points={
            key: tuple(sorted(some, key=lambda point: point.start))
            for key, some in points.items()
        }
    )


def _take(
    sample: Mapping[str, Any],
    request: HistoryRequest,
    points: Mapping[str, list[Point]],
) -> None:
    """Add what one sample tells."""
    stamp = number(sample.get("time"))
    if stamp is None or not 0 < stamp < _LAST_STAMP:
        return
    start, end = datetime.fromtimestamp(stamp / 1000, UTC), None
    if request.resolution is Resolution.DAY:
        day = start.astimezone(request.time_zone).date()
        start = _midnight(day, request.time_zone)
        end = _midnight(day + timedelta(days=1), request.time_zone)
    if not request.start <= start < request.end:
        return
    for field in _FIELDS[request.resolution]:
        if field.key in points and (value := field.read(sample)) is not None:
            points[field.key].append(Point(start=start, end=end, value=value))


def _stretches(request: HistoryRequest) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches of time that are asked for one after the other."""
    start = request.start
    while start < request.end:
        end = min(start + _LONGEST[request.resolution], request.end)
        yield start, end
        start = end


def _stamp(moment: datetime) -> int:
    """Return a moment in ms since the epoch."""
    return round(moment.timestamp() * 1000)


def _midnight(day: date, zone: tzinfo) -> datetime:
    """Return when a day begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
