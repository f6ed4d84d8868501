"""The statistics as readings (VoltStorage notes, 2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from ...battery.fields import Field
from ...battery.model import Value
from .models import Bucket, Timespan

# Energies come in Ws; that is not said anywhere, but only so they fit the product.
_KWH: Final = 1 / 3_600_000
_PERCENT: Final = 100.0
# What a product or a home cannot have had in a day; a limit in case it is not Ws.
_MOST_STORED_KWH: Final = 40.0
_MOST_USED_KWH: Final = 1000.0
_DAYS: Final = {Timespan.HOUR: 1, Timespan.DAY: 1, Timespan.MONTH: 31}


def _share(key: str, name: str) -> Field:
    """Return a field that is a part of 1."""
    return Field(key=key, names=(name,), scale=_PERCENT, least=0.0, limit=110.0)


def _temperature(key: str, name: str) -> Field:
    """Return a field in °C."""
    return Field(key=key, names=(name,), least=-40.0, limit=120.0)


def _energy(key: str, name: str, most: float) -> Field:
    """Return a field in Ws."""
    return Field(key=key, names=(name,), scale=_KWH, least=0.0, limit=most)


_MEANS: Final = (
    _energy("battery_capacity_usable", "dc-capacity", _MOST_STORED_KWH),
    _energy("ac_capacity", "ac-capacity", _MOST_STORED_KWH),
    _share("dc_efficiency", "dc-efficiency"),
    _share("ac_efficiency", "ac-efficiency"),
    _temperature("electrolyte_temperature", "electrolyte-temp"),
    _temperature("pump_temperature", "pump-temp"),
    _temperature("max_temperature", "max-temperature"),
)
_HOUSE_MEANS: Final = (
    _share("self_sufficiency_rate_today", "self-sufficiency"),
    _share("self_consumption_rate_today", "own-consumption"),
)
_STORED: Final = (
    ("battery_energy_charged", "storage-total-stored"),
    ("battery_energy_discharged", "storage-total-released"),
)
_USED: Final = (("pv_energy", "pv-total"), ("load_energy", "consumption-total"))

# What the past is told of, slot by slot.
STATISTICS_KEYS: Final = frozenset(
    {
        *(field.key for field in (*_MEANS, *_HOUSE_MEANS)),
        *(key for key, _ in (*_STORED, *_USED)),
    }
)


def means_of(bucket: Bucket) -> dict[str, Value]:
    """Return what a product was like."""
    return _read(_MEANS, bucket.values)


def house_means_of(bucket: Bucket) -> dict[str, Value]:
    """Return what the home of a product was like."""
    return _read(_HOUSE_MEANS, bucket.values)


def slot_of(bucket: Bucket, timespan: Timespan) -> dict[str, Value]:
    """Return all that a bucket tells, with the energies of its time."""
    days = _DAYS[timespan]
    energies = (
        *(_energy(key, name, _MOST_STORED_KWH * days) for key, name in _STORED),
        *(_energy(key, name, _MOST_USED_KWH * days) for key, name in _USED),
    )
    fields = (*_MEANS, *_HOUSE_MEANS, *energies)
    return _read(fields, bucket.values)


def day_before(now: datetime) -> datetime:
    """Return when the day before began: so the vendor cuts days, in UTC."""
    return datetime.combine(now.date(), time(), now.tzinfo) - timedelta(days=1)


def newest(buckets: Sequence[Bucket]) -> Bucket | None:
    """Return what is newest of each value, as one bucket."""
    if not buckets:
        return None
    values: dict[str, float] = {}
    for bucket in buckets:
        values |= bucket.values
    return Bucket(start=buckets[-1].start, values=values)


def _read(fields: Sequence[Field], values: Mapping[str, float]) -> dict[str, Value]:
    """Return the readings that are told, and can be."""
    return {
        field.key: value
        for field in fields
        if (value := field.read(values)) is not None
    }
