"""Home Assistant's long-term statistics of our sensors: what is there, and what is put in front of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final, Literal

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    STATISTIC_UNIT_TO_UNIT_CONVERTER,
    StatisticsRow,
    async_import_statistics,
    get_metadata,
    statistics_during_period,
)
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, UnitOfEnergy
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .battery.hours import HOUR, Mean, Sum, Window, hour_of

# Of a sum, Home Assistant takes the first row for a change from nothing, and so for
# one of everything: it is put where nobody looks.
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)

_KWH: Final = UnitOfEnergy.KILO_WATT_HOUR


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the statistics of a sensor begin with, in the unit of our reading.

    Attributes:
        metadata: What Home Assistant keeps of them, the unit above all.
        unit: The unit of our reading.
        first: The first hour that is there, or is going to be.
        total: The sum at its end, or now if it is not over; `None` of means.
        own: What that hour has added by itself.
        ahead: How far the counter's state is ahead of the sum.
    """

    metadata: StatisticMetaData
    unit: str | None
    first: datetime
    total: float | None = None
    own: float = 0.0
    ahead: float | None = None

    @property
    def counts(self) -> bool:
        """Return whether it is a sum, and no mean."""
        return self.total is not None


async def async_known(
    hass: HomeAssistant, units: Mapping[str, str | None]
) -> dict[str, Known]:
    """Return what there is of sensors, by entity id; one without any is left out.

    Args:
        hass: Home Assistant.
        units: The unit of our reading, by entity id.
    """
    recorder = get_instance(hass)
    # What was handed to the recorder is to be seen.
    await recorder.async_block_till_done()
    found = await recorder.async_add_executor_job(_read, hass, units)
    return {
        entity_id: known
        for entity_id, rows in found.items()
        if (known := _known(hass, entity_id, units[entity_id], rows)) is not None
    }


async def async_added(
    hass: HomeAssistant, entity_ids: Iterable[str], window: Window
) -> dict[str, dict[datetime, float]]:
    """Return what each hour has added to energies in kWh, the present one so far."""
    now = hour_of(dt_util.utcnow())
    hours, minutes = await get_instance(hass).async_add_executor_job(
        _read_added, hass, set(entity_ids), window, now
    )
    added = {
        entity_id: {_start(row): row.get("change") or 0.0 for row in rows}
        for entity_id, rows in hours.items()
    }
    for entity_id in hours.keys() & minutes.keys():
        before, last = hours[entity_id][-1], minutes[entity_id][-1]
        if _start(before) == now - HOUR and now < window.end:
            so_far = (last.get("sum") or 0.0) - (before.get("sum") or 0.0)
            state, shown = last.get("state"), _state(hass, entity_id, _KWH)
            if state is not None and shown is not None:
                so_far += max(shown - state, 0.0)
            added[entity_id][now] = so_far
    return added


def _read_added(
    hass: HomeAssistant, entity_ids: set[str], window: Window, now: datetime
) -> tuple[dict[str, list[StatisticsRow]], dict[str, list[StatisticsRow]]]:
    """Read hours, and the five minutes of the present one; runs in the recorder."""
    read = partial(statistics_during_period, hass)
    units: dict[str, str] = {"energy": _KWH}
    return (
        read(*window, entity_ids, "hour", units, {"change", "sum"}),
        read(now, None, entity_ids, "5minute", units, {"state", "sum"}),
    )


@callback
def async_put_sums(
    hass: HomeAssistant, known: Known, sums: Iterable[Sum], before: float
) -> None:
    """Put sums in front of what is there, and what they begin with long ago."""
    convert = converter(known.unit, known.metadata["unit_of_measurement"])
    rows = [StatisticData(start=LONG_AGO, sum=convert(before))]
    for hour in sums:
        row = StatisticData(start=hour.start, sum=convert(hour.sum))
        if known.ahead is not None and (state := hour.sum + known.ahead) >= 0:
            row["state"] = convert(state)
        rows.append(row)
    async_import_statistics(hass, known.metadata, rows)


@callback
def async_put_means(hass: HomeAssistant, known: Known, means: Iterable[Mean]) -> None:
    """Put means in front of what is there."""
    convert = converter(known.unit, known.metadata["unit_of_measurement"])
    async_import_statistics(
        hass,
        known.metadata,
        [
            StatisticData(
                start=hour.start,
                mean=convert(hour.mean),
                min=convert(hour.low),
                max=convert(hour.high),
            )
            for hour in means
        ],
    )


def converter(unit: str | None, other: str | None) -> Callable[[float], float]:
    """Return what makes values in one unit values in another."""
    kind = STATISTIC_UNIT_TO_UNIT_CONVERTER.get(unit)
    if unit == other or kind is None or other not in kind.VALID_UNITS:
        return float
    return kind.converter_factory(unit, other)


@dataclass(frozen=True)
class _Rows:
    """Rows of one sensor: the first hour, and the first and the last five minutes."""

    metadata: StatisticMetaData
    hour: StatisticsRow | None
    first: StatisticsRow | None
    last: StatisticsRow | None
    before: float


def _read(hass: HomeAssistant, entity_ids: Iterable[str]) -> dict[str, _Rows]:
    """Read the beginnings of statistics, in their own units; runs in the recorder."""
    ids = set(entity_ids)
    found: dict[str, _Rows] = {}
    for entity_id, (_, metadata) in get_metadata(hass, statistic_ids=ids).items():
        unit, kind = metadata["unit_of_measurement"], metadata["unit_class"]
        units = {kind: unit} if kind is not None and unit is not None else None
        hours = _rows(hass, entity_id, "hour", units)
        # What counts of the five minutes is what there is before the first full hour.
        short = [] if hours else _rows(hass, entity_id, "5minute", units)
        begin = statistics_during_period(
            hass, LONG_AGO, LONG_AGO + HOUR, {entity_id}, "hour", units, {"sum"}
        ).get(entity_id, [])
        found[entity_id] = _Rows(
            metadata,
            hours[0] if hours else None,
            short[0] if short else None,
            short[-1] if short else None,
            next((row.get("sum") for row in begin), None) or 0.0,
        )
    return found


def _rows(
    hass: HomeAssistant,
    entity_id: str,
    period: Literal["hour", "5minute"],
    units: dict[str, str] | None,
) -> list[StatisticsRow]:
    """Return the rows of a sensor; Home Assistant offers no way to read the first alone."""
    return statistics_during_period(
        hass,
        LONG_AGO + HOUR,
        None,
        {entity_id},
        period,
        units,
        {"mean", "state", "sum"},
    ).get(entity_id, [])


def _known(
    hass: HomeAssistant, entity_id: str, unit: str | None, rows: _Rows
) -> Known | None:
    """Return what rows come to, `None` if that cannot be said yet."""
    metadata = rows.metadata
    convert = converter(metadata["unit_of_measurement"], unit)
    if rows.hour is not None:
        first, row, total = _start(rows.hour), rows.hour, rows.hour.get("sum")
    elif rows.first is not None and rows.last is not None:
        # The first hour is not over, or not added up yet.
        first, row = hour_of(_start(rows.first)), rows.last
        if first != hour_of(dt_util.utcnow()):
            return None
        total = row.get("sum")
        state = _state(hass, entity_id, metadata["unit_of_measurement"])
        last = row.get("state")
        if total is not None and state is not None and last is not None:
            total, row = total + max(state - last, 0.0), {**row, "state": state}
    else:
        return None
    if not metadata["has_sum"]:
        arithmetic = metadata["mean_type"] is StatisticMeanType.ARITHMETIC
        return Known(metadata=metadata, unit=unit, first=first) if arithmetic else None
    if total is None:
        return None
    state = row.get("state")
    return Known(
        metadata=metadata,
        unit=unit,
        first=first,
        total=convert(total),
        own=convert(total) - convert(rows.before),
        ahead=None if state is None else convert(state) - convert(total),
    )


def _start(row: StatisticsRow) -> datetime:
    """Return when a row begins."""
    return datetime.fromtimestamp(row["start"], UTC)


def _state(hass: HomeAssistant, entity_id: str, unit: str | None) -> float | None:
    """Return what a sensor shows now, in a unit."""
    if (state := hass.states.get(entity_id)) is None:
        return None
    shown = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    try:
        return converter(shown, unit)(float(state.state))
    except ValueError:
        return None
