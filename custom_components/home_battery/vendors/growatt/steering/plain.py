"""Families whose settings are written one by one, and read one by one where they must.

String inverters, MAX, storage, WIT and SPH-S (Growatt notes, 1.6 and 1.7).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from ....battery.capabilities import ScheduleCapabilities
from ....battery.control import Control, Settings
from ....battery.errors import ChangeError, Problem
from ....battery.model import Device
from ....battery.schedule import Schedule, ScheduleState
from . import calls, vpp
from .calls import Call, V4Call, VppCall
from .settings import (
    AC_CHARGE,
    AC_CHARGE_STOP_SOC,
    ACTIVE_POWER_RATE,
    EPS,
    FORCED_DISCHARGE,
    MAX_SOC,
    MIN_SOC,
    MIN_SOC_ON_GRID,
    ON_OFF,
    ON_OFF_WORDS,
    STORAGE_MODE,
    Choice,
    Number,
    Setting,
    Switch,
    controls_of,
)
from .shared import RatedPower
from .values import Bean, Write, flag


@dataclass(frozen=True, kw_only=True)
class PlainFamily:
    """A family.

    Attributes:
        settings: What it lets one set, by the call that writes it.
        vpp: The vendor's short word for it, where it has a schedule as a
            virtual power plant.
    """

    settings: Mapping[Call, tuple[Setting, ...]]
    vpp: str | None = None


def _active_power(*reads: str) -> Number:
    """Return the limit of active power, as version 4 writes it."""
    return Number(
        key=ACTIVE_POWER_RATE, name="power_set_v4", reads=(*reads, "power_v4")
    )


INVERTER: Final = PlainFamily(
    settings={
        calls.INVERTER: (Switch(key=ON_OFF, name="pv_on_off", sent=ON_OFF_WORDS),),
        V4Call("inv"): (_active_power(),),
    }
)
MAX: Final = PlainFamily(
    settings={
        calls.MAX: (Switch(key=ON_OFF, name="max_cmd_on_off", sent=ON_OFF_WORDS),),
        V4Call("max"): (_active_power(),),
    }
)
STORAGE: Final = PlainFamily(
    settings={
        calls.STORAGE: (
            Switch(key=ON_OFF, name="storage_cmd_on_off", sent=ON_OFF_WORDS),
            Choice(
                key=STORAGE_MODE,
                name="storage_cmd_mode",
                options=("standard", "free"),
            ),
            Switch(
                key=FORCED_DISCHARGE,
                name="storage_cmd_forced_discharge_enable",
                inverted=True,
            ),
            Number(key=MIN_SOC, name="storage_lithium_battery", maximum=10),
            Switch(key=AC_CHARGE, name="storage_ac_charge_enable_disenable"),
            Number(
                key=AC_CHARGE_STOP_SOC,
                name="storage_ac_charge_soc_limit",
                minimum=10,
                maximum=80,
            ),
        )
    }
)
SPH_S: Final = PlainFamily(settings={V4Call("sph-s"): (_active_power("activeRate"),)})
WIT: Final = PlainFamily(
    settings={
        V4Call("wit"): (
            Switch(key=ON_OFF, name="on_off_set_v4", reads=("onOff",)),
            _active_power("activeRate"),
        ),
        VppCall("wit"): (
            Number(key=MAX_SOC, name="set_param_22", minimum=70),
            Number(
                key=MIN_SOC_ON_GRID,
                name="set_param_23",
                minimum=10,
                maximum=30,
            ),
            Number(key=MIN_SOC, name="set_param_29", minimum=10, maximum=30),
            Switch(key=AC_CHARGE, name="set_param_28"),
            Switch(key=EPS, name="set_param_7"),
        ),
    },
    vpp="wit",
)


@dataclass(frozen=True, kw_only=True)
class PlainSettings:
    """What was read of a device.

    Attributes:
        bean: Its settings, some by the names under which they are written.
        rated: The power of which percentages are, where it is known.
    """

    family: PlainFamily
    serial: str
    bean: Bean = field(repr=False)
    rated: RatedPower | None

    @classmethod
    def parse(cls, family: PlainFamily, bean: Bean, device: Device) -> Self:
        """Keep what was read."""
        return cls(
            family=family,
            serial=device.id,
            bean=bean,
            rated=RatedPower.of_device(device),
        )

    def controls(self) -> dict[str, Control]:
        """Return what a person can set."""
        return {
            key: control
            for settings in self.family.settings.values()
            for key, control in controls_of(settings, self.bean).items()
        }

    def writes_of_controls(self, values: Settings) -> list[Write]:
        """Return what to send for other values of some controls."""
        return [
            call.write(self.serial, setting.name, *setting.words(values[setting.key]))
            for call, settings in self.family.settings.items()
            for setting in settings
            if setting.key in values
        ]

    @property
    def _times(self) -> vpp.VppSchedule:
        """Return the schedule as a virtual power plant."""
        return vpp.VppSchedule.parse(
            flag(self.bean, vpp.AUTHORITY), self.bean.get(vpp.SCHEDULE)
        )

    def schedule(self) -> ScheduleState | None:
        """Return the schedule as a virtual power plant, if there is one."""
        if self.rated is None or vpp.SCHEDULE not in self.bean:
            return None
        return ScheduleState(
            schedule=vpp.decode(self._times, self.rated),
            capabilities=vpp.capabilities_of(self.rated),
        )

    def writes_of_schedule(
        self, schedule: Schedule, capabilities: ScheduleCapabilities
    ) -> list[Write]:
        """Return what to send for another schedule: the times, then who decides."""
        if self.rated is None or self.family.vpp is None:
            raise ChangeError(Problem.NO_SCHEDULE)
        held, wanted = self._times, vpp.encode(schedule, self.rated)
        call = V4Call(self.family.vpp)
        writes = []
        if wanted.slots != held.slots:
            # New times are only taken when the old ones are gone.
            writes.append(
                call.with_parameters(
                    self.serial, vpp.REMOVE_TIMES, setType=vpp.SCHEDULE
                )
            )
            if wanted.slots:
                writes.append(
                    call.with_parameters(
                        self.serial,
                        vpp.SET_TIMES,
                        setType=vpp.SCHEDULE,
                        value=wanted.as_wire(),
                    )
                )
        # New times may have the device let itself be steered.
        if wanted.enabled != held.enabled or (writes and not wanted.enabled):
            writes.append(
                VppCall(self.family.vpp).write(
                    self.serial, vpp.AUTHORITY, str(int(wanted.enabled))
                )
            )
        return writes
