"""Overrides as the unit's own commands (Eaton notes, 1.6).

A command says mode, power, SOC and whole hours, comes before schedule and default
mode, and ends by itself. So the unit goes on longer than is wanted, by less than an
hour, if nobody is there to end it.

No command holds the battery in so many words. The basic mode comes nearest: all
that is documented is that PV is converted, that nothing is optimised, and that the
unit idles; others use it to stop whatever runs. So the battery rests in both
directions, whichever of them is wanted. Whether surplus PV of its own panels
charges it all the same is not known. Where the basic mode is not offered (Germany),
a charge to the present SOC never discharges, and a discharge to it never charges;
what the unit does once it is there is not documented. The backup level would hold
it, too, but that is the outage reserve, and an injection limit of 0 W says nothing
of a discharge.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
import math
from typing import Final

from ...battery.capabilities import Range
from ...battery.change import ControlChange
from ...battery.control import ControlValue, NumberControl
from ...battery.errors import ChangeError, Problem
from ...battery.model import Mode, Record
from ...battery.override import Direction, Ending, Override, Plan, Stint
from .controls import COMMAND, DURATION, MIN_SOC, NO_COMMAND, PARAMETERS
from .modes import BASIC, HOURS, POWER, SOC

_HOUR: Final = timedelta(hours=1)
# The unit tells an end without its seconds; what ends so soon needs no call.
_MINUTE: Final = timedelta(minutes=1)
_FULL: Final = 100.0


@dataclass(frozen=True, kw_only=True)
class Commands:
    """What a unit can be commanded to, and what it does already.

    Attributes:
        settings: Its controls.
        ends: When the command ends that runs, `None` if none does.
        permitted_export: What it may be told to export, in W.
    """

    settings: Record
    ends: datetime | None = None
    permitted_export: float | None = None

    def plan(self, override: Override, stint: Stint) -> Plan:
        """Return the command that says a stint, which begins when it is sent.

        Raises:
            ChangeError: What has to be said with it is not known.
        """
        if override.mode is Mode.HOLD:
            values = self._hold(override.direction, stint.soc)
        else:
            values = {
                COMMAND: override.mode.value,
                PARAMETERS[POWER]: self._power(override.mode, stint.power),
                PARAMETERS[SOC]: self._target(override.mode, override.target_soc),
            }
        hours, until = self._time(values, stint)
        return Plan(
            change=ControlChange({**values, DURATION: hours}),
            ending=Ending.SELF_ENDING,
            until=until,
        )

    def resumption(self, now: datetime) -> ControlChange | None:
        """Return what has the unit go on without a command, if one runs for long."""
        command = self.settings.controls.get(COMMAND)
        if command is None or command.value in (None, NO_COMMAND):
            return None
        if self.ends is not None and self.ends - now <= _MINUTE:
            return None
        return ControlChange({COMMAND: NO_COMMAND})

    def _time(
        self, values: Mapping[str, ControlValue], stint: Stint
    ) -> tuple[float, datetime]:
        """Return the hours to command, and when the unit ends it then.

        A command that runs already and ends in time is left alone. To have the
        same go on longer takes other hours than it was told to run: nothing
        else tells the two apart.
        """
        hours = math.ceil((stint.end - stint.start) / _HOUR)
        hours = int(min(max(hours, HOURS.minimum), HOURS.maximum))
        held = self._number(DURATION).value
        if (
            held is not None
            and self.ends is not None
            and ControlChange(values).held_by(self.settings)
        ):
            if timedelta() <= self.ends + _MINUTE - stint.end < _HOUR + _MINUTE:
                return held, max(self.ends, stint.end)
            if hours == held:
                hours += 1 if hours < HOURS.maximum else -1
        return hours, stint.start + hours * _HOUR

    def _hold(self, direction: Direction, soc: float | None) -> dict[str, ControlValue]:
        """Return the command in which the battery rests."""
        if (command := self.settings.controls.get(COMMAND)) is None:
            raise ChangeError(Problem.NOT_READ, control=COMMAND)
        if command.accepts(BASIC):
            return {COMMAND: BASIC}
        if soc is None:
            raise ChangeError(Problem.NOT_READ, control="battery_soc")
        power, least = PARAMETERS[POWER], self._number(PARAMETERS[POWER]).minimum
        if direction is Direction.CHARGE:
            kept = max(float(math.ceil(soc)), self._reserve)
            return {
                COMMAND: Mode.FORCE_DISCHARGE.value,
                power: least,
                PARAMETERS[SOC]: kept,
            }
        return {
            COMMAND: Mode.FORCE_CHARGE.value,
            power: least,
            PARAMETERS[SOC]: math.floor(soc),
        }

    def _power(self, mode: Mode, wanted: float | None) -> float:
        """Return the W to command: of an open discharge as much as may be exported."""
        if wanted is not None:
            return wanted
        control = self._number(PARAMETERS[POWER])
        if mode is Mode.FORCE_CHARGE or self.permitted_export is None:
            return control.maximum
        limits = Range(control.minimum, control.maximum, control.step)
        return limits.at_most(self.permitted_export)

    def _target(self, mode: Mode, wanted: float | None) -> float:
        """Return the SOC in % to command; a discharge leaves the outage reserve."""
        if wanted is not None:
            return wanted
        return _FULL if mode is Mode.FORCE_CHARGE else self._reserve

    @property
    def _reserve(self) -> float:
        """Return the SOC in % that is kept for an outage."""
        if (reserve := self._number(MIN_SOC).value) is None:
            raise ChangeError(Problem.NOT_READ, control=MIN_SOC)
        return reserve

    def _number(self, key: str) -> NumberControl:
        """Return a number that can be set."""
        control = self.settings.controls.get(key)
        if not isinstance(control, NumberControl):
            raise ChangeError(Problem.NOT_READ, control=key)
        return control
