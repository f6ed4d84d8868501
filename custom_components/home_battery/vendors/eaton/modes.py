"""The unit's commands and their parameters, and the words for them (Eaton notes, 1.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...battery.capabilities import Range
from ...battery.model import Mode
from .models import ModeRecord, Unit, whole

BASIC: Final = "eaton_basic"
HOURS: Final = Range(1, 12)

POWER: Final = "power"
SOC: Final = "soc"
INJECTION: Final = "maximumPower"
PEAK: Final = "maxHousePeakConsumption"
ALLOCATION: Final = "powerAllocation"
OPTIMAL_SOC: Final = "optimalSoc"

_ACTION: Final = "action"
_PERCENT: Final = Range(0, 100)
_SHARE: Final = Range(5, 100)
_LEAST_INJECTION_W: Final = -1000.0
_USUAL_INJECTION_W: Final = 3000.0
_MOST_PEAK_W: Final = 30_000.0
# The largest unit takes no part in regulating the grid's frequency.
_REGULATES_BELOW_VA: Final = 6000.0
# Where the unit's own portal offers no other modes (geonames id).
_GERMANY: Final = "2921044"


@dataclass(frozen=True, kw_only=True)
class UnitMode:
    """A mode of the unit.

    Attributes:
        word: What it is called here.
        command: What the unit calls it.
        action: Tells the two directions of one command apart.
        parameters: The parameters that it has, all of which it needs.
    """

    word: str
    command: str
    action: str | None = None
    parameters: tuple[str, ...] = ()

    def sent(self, numbers: Mapping[str, float]) -> dict[str, Any]:
        """Return its parameters as they are sent."""
        sent: dict[str, Any] = {name: round(numbers[name]) for name in self.parameters}
        return sent if self.action is None else {**sent, _ACTION: self.action}

    def numbers(self, record: ModeRecord) -> dict[str, float]:
        """Return what a record of the mode says of its parameters."""
        return {
            name: value
            for name in self.parameters
            if (value := whole(record.parameters.get(name))) is not None
        }


MODES: Final[Mapping[str, UnitMode]] = {
    mode.word: mode
    for mode in (
        UnitMode(word=BASIC, command="SET_BASIC_MODE"),
        UnitMode(
            word=Mode.FORCE_CHARGE.value,
            command="SET_CHARGE",
            action="ACTION_CHARGE",
            parameters=(POWER, SOC),
        ),
        # The unit's own portal never sends SET_DISCHARGE.
        UnitMode(
            word=Mode.FORCE_DISCHARGE.value,
            command="SET_CHARGE",
            action="ACTION_DISCHARGE",
            parameters=(POWER, SOC),
        ),
        UnitMode(
            word=Mode.SELF_CONSUMPTION.value, command="SET_MAXIMIZE_AUTO_CONSUMPTION"
        ),
        UnitMode(
            word=Mode.GRID_INJECTION_LIMIT.value,
            command="SET_VARIABLE_GRID_INJECTION",
            parameters=(INJECTION,),
        ),
        UnitMode(
            word=Mode.FREQUENCY_REGULATION.value,
            command="SET_FREQUENCY_REGULATION",
            parameters=(ALLOCATION, OPTIMAL_SOC),
        ),
        UnitMode(
            word=Mode.PEAK_SHAVING.value, command="SET_PEAK_SHAVING", parameters=(PEAK,)
        ),
    )
}
_FORCED: Final = (Mode.FORCE_CHARGE.value, Mode.FORCE_DISCHARGE.value)


def mode_of(record: ModeRecord) -> UnitMode | None:
    """Return which mode a record is about, `None` if it is an unknown one."""
    action = record.parameters.get(_ACTION)
    if record.command == "SET_DISCHARGE":
        return MODES[Mode.FORCE_DISCHARGE]
    for mode in MODES.values():
        if mode.command == record.command and mode.action in (None, action):
            return mode
    return MODES[Mode.FORCE_CHARGE] if record.command == "SET_CHARGE" else None


def commands_of(unit: Unit) -> tuple[str, ...]:
    """Return the modes that a unit can be commanded to, as its portal offers them."""
    if unit.country == _GERMANY:
        return (*_FORCED, Mode.GRID_INJECTION_LIMIT.value)
    return tuple(
        word for word in MODES if word != Mode.FREQUENCY_REGULATION or _regulates(unit)
    )


def defaults_of(unit: Unit) -> tuple[str, ...]:
    """Return the modes that can be a unit's default, as its portal offers them."""
    if unit.country == _GERMANY:
        return ()
    return tuple(word for word in commands_of(unit) if word not in _FORCED)


def ranges_of(unit: Unit) -> Mapping[str, Range]:
    """Return the range of each parameter, in W or %."""
    return {
        POWER: _SHARE,
        SOC: _PERCENT,
        INJECTION: Range(
            _LEAST_INJECTION_W, max(_USUAL_INJECTION_W, unit.rating or 0.0)
        ),
        PEAK: Range(0, _MOST_PEAK_W),
        ALLOCATION: _PERCENT,
        OPTIMAL_SOC: _PERCENT,
    }


def _regulates(unit: Unit) -> bool:
    """Tell whether a unit can regulate the grid's frequency."""
    return unit.rating is None or unit.rating < _REGULATES_BELOW_VA
