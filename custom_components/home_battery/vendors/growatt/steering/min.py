"""MIN, MIC, MOD, MID and NEO: one by one settings and 9 time slots (Growatt notes, 1.6).

A slot has a mode and a time; the powers and the SOCs at which charging and
discharging end are there once for all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from ....battery.capabilities import (
    ModeCapabilities,
    PvEffect,
    Range,
    ScheduleCapabilities,
)
from ....battery.control import Control, Settings
from ....battery.export import EXPORT_LIMIT_MODE
from ....battery.model import Device, Mode
from ....battery.schedule import Schedule, ScheduleState, normalize, split_at_midnight
from . import calls
from .settings import (
    AC_CHARGE,
    ACTIVE_POWER_RATE,
    BATTERY_FIRST,
    CHARGE_POWER_RATE,
    DISCHARGE_POWER_RATE,
    EPS,
    MAX_SOC,
    MIN_SOC,
    MIN_SOC_ON_GRID,
    ON_OFF,
    ON_OFF_WORDS,
    Choice,
    Number,
    Setting,
    Switch,
    by_key,
    controls_of,
    number_of,
)
from .shared import RatedPower, RateKeys, forced, shared_values
from .slots import Slot, Slots, arranged, slot_of, steps, with_shared
from .values import Bean, Write, flag, whole

SLOTS: Final = 9
_LOAD_FIRST, _BATTERY_FIRST, _GRID_FIRST = range(3)

# Less than 10 % is taken by the cloud and refused by the device (notes, 1.6).
_SOC: Final = Range(10, 100)
_CHARGE_STOP: Final = Number(
    key=MAX_SOC,
    name="charge_stop_soc",
    reads=("wchargeSOCLowLimit",),
    minimum=round(_SOC.minimum),
)
_AC_CHARGE: Final = Switch(key=AC_CHARGE, name="ac_charge", reads=("acChargeEnable",))
BATTERY: Final[tuple[Setting, ...]] = (
    Number(key=CHARGE_POWER_RATE, name="charge_power", reads=("chargePowerCommand",)),
    _CHARGE_STOP,
    Number(
        key=DISCHARGE_POWER_RATE,
        name="discharge_power",
        reads=("disChargePowerCommand",),
    ),
    Number(
        key=MIN_SOC_ON_GRID,
        name="on_grid_discharge_stop_soc",
        reads=("onGridDischargeStopSOC",),
        minimum=round(_SOC.minimum),
        least=1,
    ),
    Number(
        key=MIN_SOC,
        name="discharge_stop_soc",
        reads=("wdisChargeSOCLowLimit",),
        minimum=round(_SOC.minimum),
        least=1,
    ),
    _AC_CHARGE,
    Switch(key=EPS, name="tlx_off_grid_enable", reads=("epsFunEn",)),
)
OTHERS: Final[tuple[Setting, ...]] = (
    Switch(key=ON_OFF, name="tlx_on_off", reads=("onOff",), sent=ON_OFF_WORDS),
    Number(
        key=ACTIVE_POWER_RATE,
        name="pv_active_p_rate",
        reads=("activeRate",),
        # Kept over the night, and in %.
        more=("1", "0"),
    ),
    Choice(
        key=EXPORT_LIMIT_MODE,
        name="backflow_setting",
        reads=("exportLimit",),
        options=("off", "meter", "ct"),
    ),
)
_BY_KEY: Final = by_key((*BATTERY, *OTHERS))


@dataclass(frozen=True, kw_only=True)
class MinSettings:
    """What was read of a device.

    Attributes:
        bean: Its settings record, or what was read one by one by the names
            under which it is written.
        rated: The power of which the rates are percentages, where it is known.
        slots: The time slots, none where they were not told.
    """

    serial: str
    bean: Bean = field(repr=False)
    rated: RatedPower | None
    slots: Slots

    @classmethod
    def parse(cls, bean: Bean, device: Device) -> Self:
        """Read a settings record."""
        return cls(
            serial=device.id,
            bean=bean,
            rated=RatedPower.of_device(device),
            slots=tuple(_slot(bean, number) for number in range(1, SLOTS + 1))
            if "forcedTimeStart1" in bean
            else (),
        )

    @property
    def has_battery(self) -> bool:
        """Tell whether there is a battery: without one the record has zeros or -1."""
        stop = whole(self.bean, *_CHARGE_STOP.reads, _CHARGE_STOP.name, least=1)
        return stop is not None

    def controls(self) -> dict[str, Control]:
        """Return what a person can set."""
        settings = (*BATTERY, *OTHERS) if self.has_battery else OTHERS
        return controls_of(settings, self.bean)

    def writes_of_controls(self, values: Settings) -> list[Write]:
        """Return what to send for other values of some controls."""
        return [
            calls.MIN.write(self.serial, _BY_KEY[key].name, *_BY_KEY[key].words(value))
            for key, value in values.items()
        ]

    def schedule(self) -> ScheduleState | None:
        """Return the slots as a schedule; one that makes no sense is left out."""
        if not self.has_battery or not self.slots:
            return None
        capabilities = self._capabilities()
        words = dict(
            enumerate((Mode.SELF_CONSUMPTION, self._charging, Mode.FORCE_DISCHARGE))
        )
        return ScheduleState(
            schedule=normalize(
                Schedule(
                    enabled=True,
                    periods=tuple(
                        with_shared(slot.period(words[slot.mode]), capabilities)
                        for slot in self.slots
                        if slot.used
                    ),
                )
            ),
            capabilities=capabilities,
        )

    @property
    def _charging(self) -> str:
        """Return the word for battery first, which hangs on charging from the grid."""
        return Mode.FORCE_CHARGE if self._ac_charge else BATTERY_FIRST

    @property
    def _ac_charge(self) -> bool | None:
        """Return whether the battery may be charged from the grid."""
        return flag(self.bean, *_AC_CHARGE.reads, _AC_CHARGE.name)

    def _capabilities(self) -> ScheduleCapabilities:
        """Return what the slots can hold."""
        modes = {
            Mode.SELF_CONSUMPTION: ModeCapabilities(pv=PvEffect.CONTINUES),
            BATTERY_FIRST: ModeCapabilities(),
        }
        if self._ac_charge is not None:
            modes[Mode.FORCE_CHARGE] = forced(
                self.rated, *self._held(Mode.FORCE_CHARGE)
            )
        if self.rated is not None:
            modes[Mode.FORCE_DISCHARGE] = forced(
                self.rated, *self._held(Mode.FORCE_DISCHARGE), exports=True
            )
        return ScheduleCapabilities(
            modes=modes,
            max_periods=SLOTS,
            disabled_periods=True,
            min_minutes=2,
            power=None if self.rated is None else self.rated.range,
            target_soc=_SOC,
            master_switch=False,
            exclusive=((Mode.FORCE_CHARGE, BATTERY_FIRST),),
            overrides={Mode.HOLD: BATTERY_FIRST},
        )

    def _held(self, mode: str) -> tuple[float | None, float | None]:
        """Return the rate and the SOC to stop at that the device holds for a mode."""
        rate, stop = (_BY_KEY[key].control(self.bean) for key in _RATES[mode])
        return number_of(rate), number_of(stop)

    def writes_of_schedule(
        self, schedule: Schedule, capabilities: ScheduleCapabilities
    ) -> list[Write]:
        """Return what to send for another schedule, what its periods share first."""
        periods = normalize(schedule).periods
        slots = arranged(
            [
                slot_of(piece, mode=_CODES[piece.period.mode])
                for piece in split_at_midnight(periods)
            ],
            self.slots,
        )
        held, wanted = (
            {number: (slot,) for number, slot in enumerate(some, 1)}
            for some in (self.slots, slots)
        )
        controls = self.controls()
        values = shared_values(
            periods, self.rated, _RATES, mains=self._ac_charge is not None
        )
        return [
            *self.writes_of_controls(
                {
                    key: value
                    for key, value in values.items()
                    if not controls[key].holds(value)
                }
            ),
            *(
                calls.MIN.write(self.serial, f"time_segment{number}", *_words(slot))
                for number, (slot,) in steps(held, wanted)
            ),
        ]


_RATES: Final[RateKeys] = {
    Mode.FORCE_CHARGE: (CHARGE_POWER_RATE, MAX_SOC),
    Mode.FORCE_DISCHARGE: (DISCHARGE_POWER_RATE, MIN_SOC_ON_GRID),
}
_CODES: Final[Mapping[str, int]] = {
    Mode.SELF_CONSUMPTION: _LOAD_FIRST,
    Mode.FORCE_CHARGE: _BATTERY_FIRST,
    BATTERY_FIRST: _BATTERY_FIRST,
    Mode.FORCE_DISCHARGE: _GRID_FIRST,
}


def _slot(bean: Bean, number: int) -> Slot:
    """Return one slot of a record."""
    mode = whole(bean, f"time{number}Mode")
    return Slot.read(
        bean.get(f"forcedTimeStart{number}"),
        bean.get(f"forcedTimeStop{number}"),
        mode=mode if mode in _CODES.values() else None,
        enabled=flag(bean, f"forcedStopSwitch{number}"),
    )


def _words(slot: Slot) -> tuple[str, ...]:
    """Return a slot as the call wants it."""
    return (
        str(slot.mode),
        *(str(part) for edge in (slot.start, slot.end) for part in divmod(edge, 60)),
        str(int(slot.enabled)),
    )
