"""What SPH and SPA take only whole: one direction's values and its three periods.

Every write of a direction overwrites all of it (Growatt notes, 0.9 and 1.6). What
could not be read stops the write: none of it is ever made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Self

from ....battery.control import Settings
from ....battery.errors import ChangeError, Problem
from .settings import (
    AC_CHARGE,
    CHARGE_POWER_RATE,
    CHARGE_STOP_SOC,
    DISCHARGE_POWER_RATE,
    DISCHARGE_STOP_SOC,
    Number,
    Setting,
    Switch,
)
from .slots import Slot, Slots
from .values import Bean, flag

SLOTS: Final = 3


@dataclass(frozen=True, kw_only=True)
class DirectionKeys:
    """How a direction is found in a record.

    Attributes:
        name: What the vendor calls it when it is written, without the family.
        head: Its values beside the periods, in the order of the call.
        starts: The beginnings of its periods, without their number.
        ends: Their ends.
        switches: Whether they are in force, by firmware.
    """

    name: str
    head: tuple[Setting, ...] = ()
    starts: str
    ends: str
    switches: tuple[str, ...]


CHARGE: Final = DirectionKeys(
    name="ac_charge_time_period",
    head=(
        Number(key=CHARGE_POWER_RATE, name="", reads=("chargePowerCommand",)),
        # In battery first; the first of the two limits is that of load first.
        Number(
            key=CHARGE_STOP_SOC,
            name="",
            reads=("wchargeSOCLowLimit2", "wchargeSOCLowLimit"),
        ),
        Switch(key=AC_CHARGE, name="", reads=("acChargeEnable",)),
    ),
    starts="forcedChargeTimeStart",
    ends="forcedChargeTimeStop",
    switches=("forcedChargeStopSwitch", "batFirstSwitch"),
)
DISCHARGE: Final = DirectionKeys(
    name="ac_discharge_time_period",
    head=(
        Number(key=DISCHARGE_POWER_RATE, name="", reads=("disChargePowerCommand",)),
        # In grid first; the first of the two limits is that of load first.
        Number(
            key=DISCHARGE_STOP_SOC,
            name="",
            reads=("wdisChargeSOCLowLimit2", "wdisChargeSOCLowLimit"),
        ),
    ),
    starts="forcedDischargeTimeStart",
    ends="forcedDischargeTimeStop",
    switches=("forcedDischargeStopSwitch", "gridFirstSwitch"),
)
LOAD: Final = DirectionKeys(
    name="load_flast",
    starts="loadFirstStartTime",
    ends="loadFirstStopTime",
    switches=("loadFirstSwitch",),
)


@dataclass(frozen=True, kw_only=True)
class Direction:
    """One direction.

    Attributes:
        head: The values beside the periods by control, `None` if not read.
        slots: The periods.
    """

    head: Mapping[str, int | None]
    slots: Slots

    @classmethod
    def parse(cls, bean: Bean, keys: DirectionKeys) -> Self:
        """Read one direction of a settings record."""
        return cls(
            head={setting.key: _value(setting, bean) for setting in keys.head},
            slots=tuple(
                Slot.read(
                    bean.get(f"{keys.starts}{number}"),
                    bean.get(f"{keys.ends}{number}"),
                    enabled=flag(bean, *(f"{key}{number}" for key in keys.switches)),
                )
                for number in range(1, SLOTS + 1)
            ),
        )

    def words(self) -> tuple[str, ...]:
        """Return all of it as the call wants it.

        Raises:
            ChangeError: Some of it is not known.
        """
        values = [
            *self.head.values(),
            *(time for s in self.slots for time in _times(s)),
        ]
        if (missing := [key for key, value in self.head.items() if value is None]) or (
            None in values
        ):
            raise ChangeError(Problem.NOT_READ, control=", ".join(missing) or "times")
        return tuple(map(str, values))

    def changed(self, values: Settings) -> Self:
        """Return the direction with some of its values replaced."""
        return replace(
            self,
            head={
                key: round(value)
                if isinstance(value := values.get(key), int | float)
                else held
                for key, held in self.head.items()
            },
        )


def _value(setting: Setting, bean: Bean) -> int | None:
    """Return a value as the call wants it, `None` if it could not be read."""
    control = setting.control(bean)
    value = None if control is None else control.value
    return round(value) if isinstance(value, int | float) else None


def _times(slot: Slot) -> tuple[int | None, ...]:
    """Return hours, minutes and switch of a slot, `None` if it cannot be read."""
    if slot.enabled and not slot.readable:
        return (None,)
    start, end = divmod(slot.start, 60), divmod(slot.end, 60)
    return (*start, *end, int(slot.enabled))
