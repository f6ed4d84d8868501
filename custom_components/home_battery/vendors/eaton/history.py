"""The past, from the samples and sums that the unit keeps (Eaton notes, 1.4).

The unit adds its samples of five minutes up to days; to hours we do, in the same way.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from ...battery.fields import Field, number
from ...battery.history import History, HistoryRequest, Point, Resolution
from .client import EatonClient
from .models import Unit, mapping, mappings

_LONGEST: Final[Mapping[Resolution, timedelta]] = {
    Resolution.RECORDS: timedelta(days=1),
    Resolution.HOUR: timedelta(days=1),
    Resolution.DAY: timedelta(days=31),
}
_CALLS: Final[Mapping[Resolution, str]] = {
    Resolution.RECORDS: "metrics",
    Resolution.HOUR: "metrics",
    Resolution.DAY: "metrics_daily",
}
_LOAD: Final = "totalHouseConsumption"
_INJECTION: Final = "totalGridInjection"
_PV: Final = "photovoltaicProduction"
# A sample of 1 W is so many kWh.
_SAMPLE: Final = 1 / 12_000
_HOUR: Final = timedelta(hours=1)
# Samples are W, sums are Wh.


def _energies(scale: float) -> tuple[Field, ...]:
    """Return what there are energies of, by hours as the samples that they are made of."""
    return tuple(
        Field(key=key, names=(name,), scale=scale, least=0)
        for key, name in (
            ("load_energy", _LOAD),
            ("pv_energy", _PV),
            ("grid_energy_exported", _INJECTION),
        )
    )


_FIELDS: Final[Mapping[Resolution, tuple[Field, ...]]] = {
    Resolution.RECORDS: (
        Field(key="battery_soc", names=("batteryStateOfCharge",), least=0, limit=100),
        Field(key="load_power", names=(_LOAD,)),
        Field(key="pv_power", names=(_PV,), least=0),
    ),
    Resolution.HOUR: _energies(1.0),
    Resolution.DAY: _energies(0.001),
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
    # What lies just between two stretches comes with both.
    found: dict[str, dict[datetime, Point]] = {key: {} for key in request.keys}
    for start, end in _stretches(request):
        answer = await client.call(
            _CALLS[request.resolution], {"from": _stamp(start), "to": _stamp(end)}
        )
        for sample in mappings(mapping(answer).get("metrics")):
            _take(sample, request, found)
    points = {key: list(some.values()) for key, some in found.items()}
    if request.resolution is Resolution.HOUR:
        zone = request.time_zone
        points = {key: _by_hour(some, zone) for key, some in points.items()}
    return History(
        points={
            key: tuple(sorted(some, key=lambda point: point.start))
            for key, some in points.items()
        }
    )


def _by_hour(samples: Iterable[Point], zone: tzinfo) -> list[Point]:
    """Return samples in W added up by the hour of a wall clock."""
    hours: dict[datetime, float] = {}
    for sample in samples:
        if isinstance(sample.value, float):
            local = sample.start.astimezone(zone)
            hour = local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
            hours[hour] = hours.get(hour, 0.0) + sample.value * _SAMPLE
    return [
        Point(start=hour, end=hour + _HOUR, value=round(energy, 6))
        for hour, energy in hours.items()
    ]


def _take(
    sample: Mapping[str, Any],
    request: HistoryRequest,
    found: Mapping[str, dict[datetime, Point]],
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
        if field.key in found and (value := field.read(sample)) is not None:
            found[field.key][start] = Point(start=start, end=end, value=value)


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
