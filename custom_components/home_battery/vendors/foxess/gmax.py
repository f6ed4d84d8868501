"""GMAX: a large battery that follows a plan of its own (Fox ESS notes, 1.12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from ...battery.fields import Field, number
from ...battery.model import Device, Role, Status, Value
from .discovery import station_key, zones_of
from .models import Plant, certain, identity, mapping, text, truth

GMAX: Final = "gmax"
PLAN: Final = "plan"
READINGS: Final = frozenset(
    {"battery_power", "battery_soc", "battery_soh", "status", "problem"}
)

_OFFLINE: Final = 3
_STATES: Final[Mapping[int, Status]] = {
    0: Status.OFF,
    1: Status.RUNNING,
    2: Status.RUNNING,
    3: Status.STANDBY,
    4: Status.FAULT,
}
_MAX_W: Final = 10_000_000.0
_FIELDS: Final = (
    Field(key="battery_soc", names=("soc",), limit=100, least=0),
    Field(key="battery_soh", names=("soh",), limit=100, least=0),
)
_CHARGE, _DISCHARGE = (
    Field(key=name, names=(name,), scale=1000, limit=_MAX_W, least=0)
    for name in ("chargingpower", "dischargingpower")
)


@dataclass(frozen=True, kw_only=True)
class GmaxEntry:
    """A GMAX in `gmax/list`; its other calls want the serial number of the machine."""

    serial: str
    station: str | None
    online: bool

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read one item of the list."""
        data = mapping(data)
        return cls(
            serial=identity(data, "sn"),
            station=text(data, "plantID"),
            online=number(data.get("communication")) != _OFFLINE,
        )


@dataclass(frozen=True, kw_only=True)
class GmaxPlan:
    """By which plan it charges and discharges: whether it is on, and its periods in force."""

    enabled: bool
    periods: int

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read `gmax/peakValleyPower/get`."""
        data = mapping(data)
        periods = data.get("datas")
        return cls(
            enabled=certain(data, "peakEnable"),
            periods=sum(
                isinstance(period, dict) and truth(period.get("enable"))
                for period in (periods if isinstance(periods, list) else [])
            ),
        )

    def values(self) -> dict[str, Value]:
        """Return the plan as readings."""
        return {"peak_valley_plan": self.enabled, "peak_valley_periods": self.periods}


def gmax_devices(entries: Sequence[GmaxEntry], plants: Sequence[Plant]) -> list[Device]:
    """Return the GMAX as systems."""
    zones = zones_of(plants)
    return [
        Device(
            kind=GMAX,
            id=entry.serial,
            role=Role.SYSTEM,
            name="Fox ESS GMAX",
            model="GMAX",
            serial=entry.serial,
            parent=station_key(entry.station),
            time_zone=zones.get(entry.station),
        )
        for entry in entries
    ]


def lowered(data: object) -> dict[str, object]:
    """Return what a GMAX tells at one moment, by the vendor's names in lower case."""
    return {str(name).lower(): value for name, value in mapping(data).items()}


def gmax_values(raw: Mapping[str, object]) -> dict[str, Value]:
    """Return the readings of one moment; powers come in kW, each direction by itself."""
    values: dict[str, Value] = {
        field.key: value for field in _FIELDS if (value := field.read(raw)) is not None
    }
    charge, discharge = _CHARGE.read(raw), _DISCHARGE.read(raw)
    if charge is not None and discharge is not None:
        values["battery_power"] = round(discharge - charge, 3)
    state = number(raw.get("status"))
    if state is not None and (status := _STATES.get(int(state))) is not None:
        values["status"] = status.value
        values["problem"] = status is Status.FAULT
    return values
