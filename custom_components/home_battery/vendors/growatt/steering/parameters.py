"""Every documented setting by its name, with what it takes (Growatt notes, 1.6 and 1.7).

Raw registers, and what concerns the grid's operator (voltage, frequency, reactive
power), are given to nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
import re
from typing import Final

from ....battery.errors import ChangeError, Problem
from ....battery.fields import number
from ...endpoint import Access
from . import calls, families
from .calls import NamedCall, VppCall
from .families import Single
from .values import Write

_TIME: Final = "%Y-%m-%d %H:%M:%S"
_CLOCK_ROOM: Final = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value of a setting: a range, a few words, or a time; else any text.

    Attributes:
        minimum: The smallest number, where it is a number.
        maximum: The largest number, where it is a number.
        options: The words, where it is one of several.
        form: How a date and time is written, where it is one.
        optional: It may be left out.
    """

    minimum: float | None = None
    maximum: float | None = None
    options: tuple[str, ...] = ()
    form: str | None = None
    optional: bool = False

    @property
    def limit(self) -> str:
        """Return what it may be, for people."""
        if self.minimum is not None and self.maximum is not None:
            return f"{self.minimum:g}–{self.maximum:g}"
        return ", ".join(self.options) or self.form or ""

    def accepts(self, text: str) -> bool:
        """Tell whether the vendor documents the value."""
        if not text and self.optional:
            return True
        if self.options:
            return text in self.options
        if self.form is not None:
            return _is_time(text, self.form)
        if self.minimum is None or self.maximum is None:
            return bool(text)
        if not re.fullmatch(r"-?\d+(\.\d+)?", text):
            return False
        return self.minimum <= float(text) <= self.maximum

    def same(self, wanted: str, held: str) -> bool:
        """Tell whether two words mean the same; a clock has gone on since it was set."""
        if self.form is not None:
            return (
                _is_time(held, self.form)
                and abs(
                    datetime.strptime(wanted, self.form)
                    - datetime.strptime(held, self.form)
                )
                < _CLOCK_ROOM
            )
        numbers = number(wanted), number(held)
        return wanted == held if None in numbers else numbers[0] == numbers[1]


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One setting.

    Attributes:
        values: What it takes, in order.
        told_by: Keys of the settings record that tell it. Where there are none,
            the device itself has to be asked.
        access: Whether it may be written.
        exports: It can have more fed into the grid.
    """

    values: tuple[Value, ...]
    told_by: tuple[str, ...] = ()
    access: Access = Access.WRITE
    exports: bool = False


def _is_time(text: str, form: str) -> bool:
    """Tell whether a text is a date and time in a form."""
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


_FLAG: Final = Value(options=("0", "1"))
_ON_OFF: Final = Value(options=("0000", "0001"))
_PERCENT: Final = Value(minimum=0, maximum=100)
_OPTIONAL_FLAG: Final = Value(options=("0", "1"), optional=True)
_HOUR: Final = Value(minimum=0, maximum=23)
_MINUTE: Final = Value(minimum=0, maximum=59)
_PERIOD: Final = (_HOUR, _MINUTE, _HOUR, _MINUTE, _FLAG)
_REFUSED: Final = Parameter(values=(Value(),), access=Access.REFUSED)


def _plain(*told_by: str, value: Value = _PERCENT) -> Parameter:
    """Return a setting of one value."""
    return Parameter(values=(value,), told_by=told_by)


def _periods(prefix: str, *more: str) -> tuple[str, ...]:
    """Return the keys of three periods, and others."""
    return (
        *more,
        *(
            f"{prefix}{part}{number}"
            for number in (1, 2, 3)
            for part in ("TimeStart", "TimeStop", "StopSwitch")
        ),
    )


def _segment(number: int) -> Parameter:
    """Return one of the time slots of a MIN."""
    return Parameter(
        values=(Value(options=("0", "1", "2")), *_PERIOD),
        told_by=(
            f"time{number}Mode",
            f"forcedTimeStart{number}",
            f"forcedTimeStop{number}",
            f"forcedStopSwitch{number}",
        ),
        exports=True,
    )


_GRID: Final = dict.fromkeys(
    (
        "pv_grid_voltage_high",
        "pv_grid_voltage_low",
        "pv_reactive_p_rate",
        "pv_power_factor",
        "set_any_reg",
    ),
    _REFUSED,
)
_MIN: Final[Mapping[str, Parameter]] = {
    "tlx_on_off": _plain("onOff", value=_ON_OFF),
    "backflow_setting": Parameter(
        values=(Value(options=("0", "1", "2")),), told_by=("exportLimit",), exports=True
    ),
    "pf_sys_year": _plain("sysTime", value=Value(form=_TIME)),
    "tlx_off_grid_enable": _plain("epsFunEn", value=_FLAG),
    "tlx_ac_discharge_frequency": _REFUSED,
    "tlx_ac_discharge_voltage": _REFUSED,
    "pv_active_p_rate": Parameter(
        values=(Value(minimum=0, maximum=100000), _OPTIONAL_FLAG, _OPTIONAL_FLAG),
        told_by=("activeRate",),
    ),
    "charge_power": _plain("chargePowerCommand"),
    "charge_stop_soc": _plain("wchargeSOCLowLimit"),
    "discharge_power": _plain("disChargePowerCommand"),
    "discharge_stop_soc": _plain("wdisChargeSOCLowLimit"),
    "on_grid_discharge_stop_soc": _plain("onGridDischargeStopSOC"),
    "ac_charge": _plain("acChargeEnable", value=_FLAG),
    **{f"time_segment{number}": _segment(number) for number in range(1, 10)},
    **_GRID,
}
_MIX: Final[Mapping[str, Parameter]] = {
    "pv_on_off": _plain(value=_ON_OFF),
    # Version 1 shows the format without, an app sends it with the date.
    "pf_sys_year": _plain("sysTime", value=Value()),
    "pv_active_p_rate": _plain("activeRate"),
    "pv_pf_cmd_memory_state": _REFUSED,
    "pv_reactive_p_rate_two": _REFUSED,
    **_GRID,
}
_CHARGING: Final = (_PERCENT, _PERCENT, _FLAG, *_PERIOD * 3)
_DISCHARGING: Final = (_PERCENT, _PERCENT, *_PERIOD * 3)
_SPH: Final[Mapping[str, Parameter]] = {
    "mix_ac_charge_time_period": Parameter(
        values=_CHARGING,
        told_by=_periods(
            "forcedCharge",
            *("chargePowerCommand", "wchargeSOCLowLimit2", "acChargeEnable"),
        ),
    ),
    "mix_ac_discharge_time_period": Parameter(
        values=_DISCHARGING,
        told_by=_periods(
            "forcedDischarge", "disChargePowerCommand", "wdisChargeSOCLowLimit2"
        ),
        exports=True,
    ),
    "backflow_setting": Parameter(
        values=(_FLAG, _PERCENT),
        told_by=("exportLimit", "exportLimitPowerRate"),
        exports=True,
    ),
    "mix_off_grid_enable": _plain("epsFunEn", value=_FLAG),
    "mix_ac_discharge_frequency": _REFUSED,
    "mix_ac_discharge_voltage": _REFUSED,
    "mix_load_flast_value_multi": _plain("loadFirstStopSocSet"),
    "mix_load_first_control": _plain("loadFirstControl", value=_FLAG),
    "mix_single_export": Parameter(
        values=(_FLAG,), told_by=("singleExport",), exports=True
    ),
    **_MIX,
}
_SPA: Final[Mapping[str, Parameter]] = {
    "spa_load_flast": Parameter(
        values=_PERIOD * 3,
        told_by=tuple(
            f"loadFirst{part}{number}"
            for number in (1, 2, 3)
            for part in ("StartTime", "StopTime", "Switch")
        ),
    ),
    "spa_ac_charge_time_period": Parameter(
        values=_CHARGING,
        told_by=_periods(
            "forcedCharge",
            *("chargePowerCommand", "wchargeSOCLowLimit2", "acChargeEnable"),
        ),
    ),
    "spa_ac_discharge_time_period": Parameter(
        values=_DISCHARGING,
        told_by=_periods(
            "forcedDischarge", "disChargePowerCommand", "wdisChargeSOCLowLimit2"
        ),
        exports=True,
    ),
    "spa_off_grid_enable": _plain("epsFunEn", value=_FLAG),
    "spa_ac_discharge_frequency": _REFUSED,
    "spa_ac_discharge_voltage": _REFUSED,
    **_MIX,
    "pv_active_p_rate": _plain("activePRate"),
}
_TIMES: Final = (Value(minimum=0, maximum=24), _MINUTE) * 2
_STORAGE: Final[Mapping[str, Parameter]] = {
    "storage_cmd_on_off": _plain(value=_ON_OFF),
    "storage_cmd_mode": _plain(value=_FLAG),
    "storage_cmd_forced_discharge_enable": Parameter(values=(_FLAG,), exports=True),
    "storage_lithium_battery": _plain(value=Value(minimum=0, maximum=10)),
    "storage_cmd_forced_discharge_time1": Parameter(values=_TIMES, exports=True),
    "storage_cmd_sys_year": _plain(value=Value(form="%Y-%m-%d %H:%M")),
    "storage_ac_charge_enable_disenable": _plain(value=_FLAG),
    "storage_ac_charge_hour_start": Parameter(values=_TIMES),
    "storage_ac_charge_soc_limit": _plain(value=Value(minimum=10, maximum=80)),
    # The voltages of the panels, which are for whoever built them.
    "pv_power_factor": _REFUSED,
    "set_any_reg": _REFUSED,
}
_MAX: Final[Mapping[str, Parameter]] = {
    "max_cmd_on_off": _plain(value=_ON_OFF),
    "pv_active_p_rate": Parameter(values=(_PERCENT, _OPTIONAL_FLAG)),
    "pv_power_factor": _REFUSED,
    "set_any_reg": _REFUSED,
}
_INVERTER: Final[Mapping[str, Parameter]] = {
    "pv_on_off": _plain(value=_ON_OFF),
    "pv_active_p_rate": Parameter(
        values=(_PERCENT, Value(minimum=0, maximum=100, optional=True))
    ),
    "pf_sys_year": _plain(value=Value(form=_TIME)),
    "pv_reactive_p_rate": _REFUSED,
    "pv_power_factor": _REFUSED,
    "set_any_reg": _REFUSED,
}


def _to(maximum: float, minimum: float = 0, *, exports: bool = False) -> Parameter:
    """Return a setting that is a number."""
    return Parameter(values=(Value(minimum=minimum, maximum=maximum),), exports=exports)


_VPP_VALUES: Final[Mapping[int, Parameter]] = {
    **dict.fromkeys((1, 2, 4, 7, 17, 25, 28), _plain(value=_FLAG)),
    **dict.fromkeys((13, 18, 20), Parameter(values=(_FLAG,), exports=True)),
    **dict.fromkeys((8, 9, 10, 11, 12), _REFUSED),
    3: _plain(value=Value(form=_TIME)),
    5: _to(100),
    6: _to(100),
    14: _to(100, -100, exports=True),
    15: _to(100, exports=True),
    16: _to(300),
    19: _to(20000),
    21: _to(3, exports=True),
    22: _to(100, 70),
    23: _to(30, 10),
    24: _to(20, 10),
    26: _to(1440),
    27: _to(100, -100, exports=True),
    29: _to(30, 10),
    30: _to(15000),
    31: _to(15000),
    32: _to(2000),
    33: _to(2000),
    34: Parameter(values=(Value(),), exports=True),
}
VPP: Final[Mapping[str, Parameter]] = {
    f"set_param_{number}": _VPP_VALUES[number] for number in sorted(_VPP_VALUES)
}


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What a family documents.

    Attributes:
        call: What writes its settings, `None` where version 1 does not know it.
        read: The call that asks the device for one of them.
        own: Its settings.
        vpp: The vendor's short word for it, where it can be a part of a virtual
            power plant.
    """

    call: NamedCall | None = None
    read: str | None = None
    own: Mapping[str, Parameter]
    vpp: str | None = None

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Return every setting by its name."""
        return {**self.own, **(VPP if self.vpp else {})}

    def reading(self, name: str) -> Single:
        """Return the call that asks the device for a setting."""
        if self.vpp is not None and name in VPP:
            return families.vpp_single(self.vpp, name, name)
        assert self.read is not None
        return families.parameter_single(self.read, name, name)

    def write(self, serial: str, name: str, *words: str) -> Write:
        """Return the write of a setting.

        Raises:
            ChangeError: There is no such setting, or it takes other values.
        """
        parameter = self.parameters.get(name)
        if parameter is None or parameter.access is Access.REFUSED:
            raise ChangeError(Problem.UNKNOWN_CONTROL, control=name)
        values = parameter.values
        needed = sum(not value.optional for value in values)
        if not needed <= len(words) <= len(values):
            raise ChangeError(
                Problem.PARAMETER_COUNT,
                control=name,
                limit=len(values),
                value=len(words),
            )
        for value, word in zip(values, words, strict=False):
            if not value.accepts(word):
                raise ChangeError(
                    Problem.UNKNOWN_OPTION,
                    control=name,
                    value=word,
                    options=value.limit,
                )
        if self.vpp is not None and name in VPP:
            return VppCall(self.vpp).write(serial, name, *words)
        assert self.call is not None
        return self.call.write(serial, name, *words)


CATALOGUES: Final[Mapping[str, Catalogue]] = {
    "min": Catalogue(call=calls.MIN, read="min_parameter", own=_MIN, vpp="min"),
    "sph": Catalogue(call=calls.SPH, read="sph_parameter", own=_SPH, vpp="sph"),
    "spa": Catalogue(call=calls.SPA, read="spa_parameter", own=_SPA, vpp="spa"),
    "storage": Catalogue(call=calls.STORAGE, read="storage_parameter", own=_STORAGE),
    "max": Catalogue(call=calls.MAX, read="max_parameter", own=_MAX),
    "inverter": Catalogue(
        call=calls.INVERTER, read="inverter_parameter", own=_INVERTER
    ),
    "wit": Catalogue(own={}, vpp="wit"),
}
