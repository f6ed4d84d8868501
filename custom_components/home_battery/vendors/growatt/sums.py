"""How a common reading is made of the fields of a record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
import math
from typing import Final

from ...battery.fields import Field, number

# Devices of these families reach from a balcony to a container.
_MAX_W: Final = 1_000_000.0
_MAX_KWH: Final = 100_000_000.0
_MAX_VOLTS: Final = 2_000.0
_MAX_AMPERES: Final = 2_000.0
_MAX_CELSIUS: Final = 150.0
_MAX_CYCLES: Final = 100_000.0

# What a device sends of something that it has not (Growatt notes, section 1.11).
ABSENT: Final = frozenset({-1.0, -0.1, -0.001})


@dataclass(frozen=True)
class Sum:
    """A reading made of fields that are added and fields that are taken away.

    A field that is missing adds nothing, but a side of which nothing is known
    leaves the whole unknown.
    """

    plus: tuple[Field, ...]
    minus: tuple[Field, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return all fields that it is made of."""
        return self.plus + self.minus

    def read(self, record: Mapping[str, object]) -> float | None:
        """Return the reading, `None` where the record does not have it."""
        plus, minus = _known(self.plus, record), _known(self.minus, record)
        if len(plus) < bool(self.plus) or len(minus) < bool(self.minus):
            return None
        return round(math.fsum(plus) - math.fsum(minus), 3) + 0.0


@dataclass(frozen=True)
class Mean:
    """A reading that is the mean of those fields that are not 0."""

    fields: tuple[Field, ...]

    def read(self, record: Mapping[str, object]) -> float | None:
        """Return the reading, `None` where the record does not have it."""
        known = _known(self.fields, record)
        present = [value for value in known if value] or known[:1]
        return round(math.fsum(present) / len(present), 1) if present else None


# By reading; the first that is not 0 counts, for a device may know only one of them.
type Measures = Mapping[str, tuple[Sum | Mean, ...]]


def read(sums: Iterable[Sum | Mean], record: Mapping[str, object]) -> float | None:
    """Return the first reading that is not 0, else the first that there is."""
    values = [value for item in sums if (value := item.read(record)) is not None]
    return next(filter(None, values), values[0] if values else None)


def names_of(measures: Measures) -> frozenset[str]:
    """Return the names, in lower case, that readings are made of."""
    return frozenset(
        name
        for sums in measures.values()
        for item in sums
        for field in item.fields
        for name in field.names
    )


def lowered(raw: Mapping[str, object]) -> dict[str, object]:
    """Return a record by names in lower case, in which families and versions agree.

    Of two spellings of a name the one with a value counts: `vacRs` is measured,
    `vacrs` always 0.
    """
    record: dict[str, object] = {}
    for name, value in raw.items():
        key = name.lower()
        if key not in record or not number(record[key]):
            record[key] = value
    return record


def power(*names: str) -> Field:
    """Return the field of a power in W that has two directions."""
    return Field(key="power", names=names, limit=_MAX_W)


def flow(*names: str) -> Field:
    """Return the field of a power in W that has one direction."""
    return Field(key="flow", names=names, limit=_MAX_W, least=0)


def energy(*names: str) -> Field:
    """Return the field of a lifetime counter in kWh."""
    return Field(key="energy", names=names, limit=_MAX_KWH, least=0)


def percent(*names: str) -> Field:
    """Return the field of a share in %."""
    return Field(key="percent", names=names, limit=100, least=0)


def volts(*names: str) -> Field:
    """Return the field of a voltage."""
    return Field(key="volts", names=names, limit=_MAX_VOLTS, least=0)


def amperes(*names: str) -> Field:
    """Return the field of a current, whose sign means different things."""
    return Field(key="amperes", names=names, limit=_MAX_AMPERES, sentinels=ABSENT)


def celsius(*names: str) -> Field:
    """Return the field of a temperature."""
    return Field(key="celsius", names=names, limit=_MAX_CELSIUS, sentinels=ABSENT)


def cycles(*names: str) -> Field:
    """Return the field of a number of full cycles."""
    return Field(key="cycles", names=names, limit=_MAX_CYCLES, least=0)


def each(field: Field) -> tuple[Sum, ...]:
    """Return the names of a field as a choice, of which the first that is not 0 counts."""
    return tuple(Sum((replace(field, names=(name,)),)) for name in field.names)


def _known(fields: Iterable[Field], record: Mapping[str, object]) -> list[float]:
    """Return the values that a record has."""
    return [value for field in fields if (value := field.read(record)) is not None]
