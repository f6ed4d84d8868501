"""What VoltStorage's fields mean as readings (VoltStorage notes, 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ...battery.fields import Field, number
from ...battery.model import Value
from ...battery.variables import value_of
from .models import Told

FIELD_PREFIX: Final = "voltstorage_"
SOC: Final = "battery_soc"
POWER: Final = "battery_power"
VOLTAGE: Final = "battery_voltage"
# These are the same whichever product of a home tells them.
HOUSE_KEYS: Final = frozenset({"grid_power", "load_power", "pv_power"})

_MOST_W: Final = 100_000.0
_FIELDS: Final = (
    Field(key="grid_power", names=("powergrid", "gridpower"), limit=_MOST_W),
    Field(
        key="load_power",
        names=("powerhousehold", "householdpower", "householdconsumption"),
        limit=_MOST_W,
        least=0.0,
    ),
    Field(
        key="pv_power",
        names=("powerpv", "pvpower", "photovoltaicpower"),
        limit=_MOST_W,
        least=0.0,
    ),
    Field(key=POWER, names=("inverterpower", "powerpowerelectronics"), limit=_MOST_W),
    Field(key=VOLTAGE, names=("dcvoltage",), limit=1000.0, least=0.0),
)
_SOC_NAMES: Final = ("socstateofcharge", "stateofcharge", "soc")
_KNOWN: Final = frozenset(name for field in _FIELDS for name in field.names) | {
    *_SOC_NAMES
}
# A full battery may tell a bit more than 1; what is over this is in percent.
_FRACTION: Final = 1.5
_FULL: Final = 100.0
# What a stream makes up shall not become entities without end.
_MOST_FIELDS: Final = 60


@dataclass(frozen=True, slots=True)
class Moment:
    """What is true of a product at one time, by the keys of readings."""

    time: datetime
    values: Mapping[str, Value]


class Decoder:
    """Reads what one product tells, by whichever of the vendor's names."""

    def __init__(self, memory: dict[str, Any]) -> None:
        """Go on with what was learned of the product, which is changed in place."""
        self._percent: list[str] = memory.setdefault("percent", [])
        self._fields: list[str] = memory.setdefault("fields", [])

    def read(self, told: Mapping[str, Told]) -> dict[str, Value]:
        """Return the readings; what cannot be is left out."""
        known = {
            plain: value for name, value in told.items() if (plain := _plain(name))
        }
        values: dict[str, Value] = {
            field.key: value
            for field in _FIELDS
            if (value := field.read(known)) is not None
        }
        if (soc := self._soc(known)) is not None:
            values[SOC] = soc
        for name, sent in known.items():
            if name in _KNOWN or (shown := value_of(sent)) is None:
                continue
            if name not in self._fields:
                if len(self._fields) >= _MOST_FIELDS:
                    continue
                self._fields.append(name)
            values[f"{FIELD_PREFIX}{name}"] = shown
        return values

    def _soc(self, known: Mapping[str, Told]) -> float | None:
        """Return the SOC in %, sent as a fraction until a name has shown more."""
        for name in _SOC_NAMES:
            if (value := number(known.get(name))) is None or not 0 <= value <= _FULL:
                continue
            if value > _FRACTION and name not in self._percent:
                self._percent.append(name)
            if name not in self._percent:
                value = min(value * _FULL, _FULL)
            return round(value, 3) + 0.0
        return None


def _plain(name: str) -> str:
    """Return a name without what export, stream and latest data write differently."""
    return "".join(filter(str.isalnum, name.lower()))
