"""History: what was measured every five minutes, by days, by weeks, and as a table to download."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from csv import writer
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO
from itertools import groupby
from statistics import fmean
from typing import TYPE_CHECKING, Final

from ..jsontypes import Json, JsonObject
from .meters import read_meters
from .times import millis

if TYPE_CHECKING:
    from .device import XStorage

PERIOD: Final = timedelta(minutes=5)
_HOURS: Final = PERIOD / timedelta(hours=1)
_POWERS: Final = (
    "totalHouseConsumption",
    "totalGridInjection",
    "criticalLoads",
    "nonCriticalLoads",
    "photovoltaicProduction",
)
_SHARES: Final = ("batteryStateOfCharge", "selfConsumption", "selfSufficiency")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Five minutes: powers in W, shares in percent, and what only a download shows."""

    at: datetime
    values: Mapping[str, float]
    pv_meters: tuple[float, float]
    temperature: float


def take_sample(unit: XStorage) -> Sample:
    """Return what the unit measures now."""
    readings = read_meters(unit)
    injected, imported = max(0.0, -readings.grid), max(0.0, readings.grid)
    pv, load = readings.pv, readings.load
    return Sample(
        at=unit.house.at,
        values={
            "totalHouseConsumption": load,
            "totalGridInjection": injected,
            "criticalLoads": readings.critical,
            "nonCriticalLoads": readings.non_critical,
            "photovoltaicProduction": pv,
            "batteryStateOfCharge": round(unit.soc or 0),
            "selfConsumption": _share(pv - injected, pv),
            "selfSufficiency": _share(load - imported, load),
        },
        pv_meters=(readings.dc_pv, readings.ac_pv),
        temperature=unit.battery_temperature,
    )


def five_minutes(samples: Iterable[Sample]) -> JsonObject:
    """Return the samples in W, and what they are on average."""
    samples = list(samples)
    rows: list[Json] = [
        {**_rounded(sample.values), **_when(sample.at)} for sample in samples
    ]
    return {"metrics": rows, "averages": _rounded(_mean(samples))}


def grouped(samples: Iterable[Sample], unit: XStorage, *, weekly: bool) -> JsonObject:
    """Return energies in Wh by days or by weeks, which begin at midnight on the unit's clock."""
    groups = _groups(samples, unit, weekly=weekly)
    rows: list[Json] = [
        {**_rounded(_energies(group)), **_when(begin, weekly=weekly)}
        for begin, group in groups
    ]
    everything = [sample for _, group in groups for sample in group]
    return {"metrics": rows, "total": _rounded(_energies(everything))}


type _Column = Callable[[Sequence[Sample]], float]


def _power(key: str) -> _Column:
    """Return a column of powers."""
    return lambda group: fmean(sample.values[key] for sample in group)


COLUMNS: Final[Mapping[str, _Column]] = {
    "TOTAL_HOUSE_CONSUMPTION": _power("totalHouseConsumption"),
    "CRITICAL_LOADS": _power("criticalLoads"),
    "NON_CRITICAL_LOADS": _power("nonCriticalLoads"),
    "PHOTOVOLTAIC_PRODUCTION_AGG": _power("photovoltaicProduction"),
    "PHOTOVOLTAIC_PRODUCTION_METER_1": lambda group: fmean(
        sample.pv_meters[0] for sample in group
    ),
    "PHOTOVOLTAIC_PRODUCTION_METER_2": lambda group: fmean(
        sample.pv_meters[1] for sample in group
    ),
    "BATTERY_STATE_OF_CHARGE": _power("batteryStateOfCharge"),
    "SELF_CONSUMPTION": _power("selfConsumption"),
    "SELF_SUFFICIENCY": _power("selfSufficiency"),
    "GRID_INJECTION": _power("totalGridInjection"),
    "BATTERY_TEMPERATURE": lambda group: fmean(sample.temperature for sample in group),
}
DATE: Final = "DATE"
_AGGREGATE: Final = "PHOTOVOLTAIC_PRODUCTION_AGG"


def table(
    samples: Iterable[Sample], unit: XStorage, fields: Sequence[str], every: str
) -> str:
    """Return a download; who asks for the sun's aggregate gets both meters beside it."""
    names = [name for name in fields if name != DATE]
    if _AGGREGATE in names:
        after = names.index(_AGGREGATE) + 1
        names[after:after] = [f"PHOTOVOLTAIC_PRODUCTION_METER_{n}" for n in (1, 2)]
    names = list(dict.fromkeys(names))
    groups = (
        _groups(samples, unit, weekly=every == "weekly")
        if every
        else [(sample.at, [sample]) for sample in samples]
    )
    text = StringIO()
    rows = writer(text)
    rows.writerow([DATE, *names])
    for begin, group in groups:
        moment = unit.local(begin).strftime("%Y-%m-%d %H:%M:%S")
        rows.writerow([moment, *(round(COLUMNS[name](group), 2) for name in names)])
    return text.getvalue()


def _groups(
    samples: Iterable[Sample], unit: XStorage, *, weekly: bool
) -> list[tuple[datetime, list[Sample]]]:
    """Return samples by days or weeks with the midnight at which each begins."""

    def first_day(sample: Sample) -> date:
        day = unit.local(sample.at).date()
        return day - timedelta(days=day.weekday()) if weekly else day

    zone = unit.local(unit.house.at).tzinfo
    return [
        (datetime(day.year, day.month, day.day, tzinfo=zone), list(group))
        for day, group in groupby(samples, first_day)
    ]


def _mean(samples: Sequence[Sample]) -> Mapping[str, float]:
    """Return averages, or nothing of nothing."""
    return {
        key: fmean(sample.values[key] for sample in samples)
        for key in (*_POWERS, *_SHARES)
        if samples
    }


def _energies(samples: Sequence[Sample]) -> Mapping[str, float]:
    """Return energies in Wh, and average shares."""
    mean = _mean(samples)
    return {
        key: value * len(samples) * _HOURS if key in _POWERS else value
        for key, value in mean.items()
    }


def _when(moment: datetime, *, weekly: bool = False) -> JsonObject:
    """Return a moment, with number and year where it is a week."""
    year, week, _ = moment.isocalendar()
    return {
        "time": millis(moment),
        "month": "",
        "year": str(year) if weekly else "",
        "week": str(week) if weekly else "",
    }


def _rounded(values: Mapping[str, float]) -> JsonObject:
    """Return values as the unit writes them."""
    return {key: round(value, 4) for key, value in values.items()}


def _share(part: float, whole: float) -> float:
    """Return a share in percent, 0 of nothing."""
    return 100 * min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0
