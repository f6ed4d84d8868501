"""SPH and SPA: settings, and periods of charging and of discharging (Growatt notes, 1.6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

from ....battery.capabilities import ModeCapabilities, Range, ScheduleCapabilities
from ....battery.control import ChoiceControl, Control, NumberControl, Settings
from ....battery.export import EXPORT_LIMIT, EXPORT_LIMIT_MODE, NO_EXPORT_LIMIT
from ....battery.model import Device, Mode
from ....battery.schedule import Schedule, ScheduleState, normalize, split_at_midnight
from .calls import SPA, SPH, NamedCall
from .direction import CHARGE, DISCHARGE, LOAD, SLOTS, Direction, DirectionKeys
from .settings import (
    AC_CHARGE,
    ACTIVE_POWER_RATE,
    BATTERY_FIRST,
    CHARGE_POWER_RATE,
    CHARGE_STOP_SOC,
    DISCHARGE_POWER_RATE,
    DISCHARGE_STOP_SOC,
    EPS,
    LOAD_FIRST,
    MIN_SOC_ON_GRID,
    ON_OFF,
    ON_OFF_WORDS,
    Number,
    Setting,
    Switch,
    controls_of,
)
from .shared import RatedPower, RateKeys, forced, shared_values
from .slots import arranged, slot_of, steps, with_shared
from .values import Bean, Write, whole

_DIRECTION_OF: Final[Mapping[str, DirectionKeys]] = {
    Mode.FORCE_CHARGE: CHARGE,
    BATTERY_FIRST: CHARGE,
    Mode.FORCE_DISCHARGE: DISCHARGE,
    LOAD_FIRST: LOAD,
}
_BACKFLOW: Final = "backflow_setting"
_EXPORT_MODES: Final = (NO_EXPORT_LIMIT, "on")


@dataclass(frozen=True, kw_only=True)
class MixFamily:
    """What tells one of the families from the other.

    Attributes:
        call: What writes its settings.
        prefix: What the names of its own settings begin with.
        directions: What is written whole.
        settings: What is written one by one.
        limits_export: It takes a limit of export.
    """

    call: NamedCall
    prefix: str
    directions: tuple[DirectionKeys, ...]
    settings: tuple[Setting, ...]
    limits_export: bool = False


SPH_FAMILY: Final = MixFamily(
    call=SPH,
    prefix="mix_",
    directions=(CHARGE, DISCHARGE),
    settings=(
        Number(
            key=MIN_SOC_ON_GRID,
            name="mix_load_flast_value_multi",
            reads=("loadFirstStopSocSet", "wdisChargeSOCLowLimit1"),
            minimum=10,
            least=1,
        ),
        Switch(key=EPS, name="mix_off_grid_enable", reads=("epsFunEn", "buckUpsFunEn")),
        # The record's `onOff` is 0 for inverters that run.
        Switch(key=ON_OFF, name="pv_on_off", sent=ON_OFF_WORDS),
        Number(key=ACTIVE_POWER_RATE, name="pv_active_p_rate", reads=("activeRate",)),
    ),
    limits_export=True,
)
SPA_FAMILY: Final = MixFamily(
    call=SPA,
    prefix="spa_",
    directions=(CHARGE, DISCHARGE, LOAD),
    settings=(
        Switch(key=EPS, name="spa_off_grid_enable", reads=("epsFunEn", "buckUpsFunEn")),
        Switch(key=ON_OFF, name="pv_on_off", sent=ON_OFF_WORDS),
        Number(key=ACTIVE_POWER_RATE, name="pv_active_p_rate", reads=("activePRate",)),
    ),
)


@dataclass(frozen=True, kw_only=True)
class MixSettings:
    """What was read of a device.

    Attributes:
        bean: Its settings record.
        rated: The power of which the rates are percentages, where it is known.
        directions: What is written whole, by its name.
    """

    family: MixFamily
    serial: str
    bean: Bean = field(repr=False)
    rated: RatedPower | None
    directions: Mapping[str, Direction]

    @classmethod
    def parse(cls, family: MixFamily, bean: Bean, device: Device) -> Self:
        """Read a settings record."""
        return cls(
            family=family,
            serial=device.id,
            bean=bean,
            rated=RatedPower.of_device(device),
            directions={
                keys.name: Direction.parse(bean, keys)
                for keys in family.directions
                if f"{keys.starts}1" in bean
            },
        )

    def controls(self) -> dict[str, Control]:
        """Return what a person can set."""
        heads = (
            setting
            for keys in self.family.directions
            if keys.name in self.directions
            for setting in keys.head
        )
        return controls_of((*heads, *self.family.settings), self.bean) | self._export()

    def _export(self) -> dict[str, Control]:
        """Return the export limit, in W of which the device keeps the %."""
        mode, percent = self._backflow()
        if mode is None or percent is None or not self.family.limits_export:
            return {}
        controls: dict[str, Control] = {
            EXPORT_LIMIT_MODE: ChoiceControl(
                value=_EXPORT_MODES[mode] if mode < len(_EXPORT_MODES) else None,
                options=_EXPORT_MODES,
            )
        }
        if self.rated is not None:
            limits = self.rated.range
            controls[EXPORT_LIMIT] = NumberControl(
                value=self.rated.of(percent),
                minimum=limits.minimum,
                maximum=limits.maximum,
                step=limits.step,
            )
        return controls

    def _backflow(self) -> tuple[int | None, int | None]:
        """Return whether export is limited, and to how much of the rated power."""
        return whole(self.bean, "exportLimit"), whole(self.bean, "exportLimitPowerRate")

    def writes_of_controls(self, values: Settings) -> list[Write]:
        """Return what to send for other values of some controls."""
        writes = [
            self._write(setting.name, *setting.words(values[setting.key]))
            for setting in self.family.settings
            if setting.key in values
        ]
        for name, direction in self.directions.items():
            if direction.head.keys() & values.keys():
                writes.append(self._write_whole(name, direction.changed(values)))
        if {EXPORT_LIMIT, EXPORT_LIMIT_MODE} & values.keys():
            writes.append(self._write_export(values))
        return writes

    def _write_export(self, values: Settings) -> Write:
        """Return the write of the export limit, whose two values go together."""
        mode, percent = self._backflow()
        if (word := values.get(EXPORT_LIMIT_MODE)) is not None:
            mode = _EXPORT_MODES.index(str(word))
        watts = values.get(EXPORT_LIMIT)
        if isinstance(watts, int | float) and self.rated is not None:
            percent = self.rated.percent(watts)
        return self._write(_BACKFLOW, str(mode), str(percent))

    def schedule(self) -> ScheduleState | None:
        """Return the periods as a schedule; one that makes no sense is left out."""
        if not self.directions:
            return None
        capabilities = self._capabilities()
        words = {
            CHARGE.name: Mode.FORCE_CHARGE if self._mains else BATTERY_FIRST,
            DISCHARGE.name: Mode.FORCE_DISCHARGE,
            LOAD.name: LOAD_FIRST,
        }
        return ScheduleState(
            schedule=normalize(
                Schedule(
                    enabled=True,
                    periods=tuple(
                        with_shared(slot.period(words[name]), capabilities)
                        for name, direction in self.directions.items()
                        for slot in direction.slots
                        if slot.used
                    ),
                )
            ),
            capabilities=capabilities,
        )

    @property
    def _mains(self) -> int | None:
        """Return whether periods of charging take power from the grid."""
        charge = self.directions.get(CHARGE.name)
        return None if charge is None else charge.head[AC_CHARGE]

    def _capabilities(self) -> ScheduleCapabilities:
        """Return what the periods can hold; nothing else is said of modes than theirs."""
        modes: dict[str, ModeCapabilities] = {}
        if CHARGE.name in self.directions:
            modes[BATTERY_FIRST] = ModeCapabilities()
        if self._mains is not None:
            modes[Mode.FORCE_CHARGE] = forced(
                self.rated, *self._held(Mode.FORCE_CHARGE)
            )
        if DISCHARGE.name in self.directions and self.rated is not None:
            modes[Mode.FORCE_DISCHARGE] = forced(
                self.rated, *self._held(Mode.FORCE_DISCHARGE), exports=True
            )
        if LOAD.name in self.directions:
            modes[LOAD_FIRST] = ModeCapabilities()
        return ScheduleCapabilities(
            modes=modes,
            max_periods=SLOTS * len(self.directions),
            disabled_periods=True,
            min_minutes=2,
            power=None if self.rated is None else self.rated.range,
            target_soc=Range(0, 100),
            master_switch=False,
            exclusive=((Mode.FORCE_CHARGE, BATTERY_FIRST),),
            periods_of_mode=dict.fromkeys(modes, SLOTS),
            overrides={Mode.HOLD: BATTERY_FIRST},
        )

    def _held(self, mode: str) -> tuple[int | None, int | None]:
        """Return the rate and the SOC to stop at that the device holds for a mode."""
        head = self.directions[_DIRECTION_OF[mode].name].head
        rate, stop = _RATES[mode]
        return head[rate], head[stop]

    def writes_of_schedule(
        self, schedule: Schedule, capabilities: ScheduleCapabilities
    ) -> list[Write]:
        """Return what to send for another schedule: each direction that differs."""
        periods = normalize(schedule).periods
        pieces = split_at_midnight(periods)
        values = shared_values(
            periods, self.rated, _RATES, mains=self._mains is not None
        )
        wanted = {
            name: replace(
                held.changed(values),
                slots=arranged(
                    [
                        slot_of(piece)
                        for piece in pieces
                        if _DIRECTION_OF[piece.period.mode].name == name
                    ],
                    held.slots,
                ),
            )
            for name, held in self.directions.items()
        }
        order = list(
            steps(
                {name: held.slots for name, held in self.directions.items()},
                {name: direction.slots for name, direction in wanted.items()},
            )
        )
        # Where only the values differ, no time stands in the way of another.
        order += [
            (name, direction.slots)
            for name, direction in wanted.items()
            if direction != self.directions[name] and name not in dict(order)
        ]
        return [
            self._write_whole(name, replace(wanted[name], slots=slots))
            for name, slots in order
        ]

    def _write_whole(self, name: str, direction: Direction) -> Write:
        """Return the write of all that a direction holds."""
        return self._write(f"{self.family.prefix}{name}", *direction.words())

    def _write(self, name: str, *words: str) -> Write:
        """Return the write of one setting."""
        return self.family.call.write(self.serial, name, *words)


_RATES: Final[RateKeys] = {
    Mode.FORCE_CHARGE: (CHARGE_POWER_RATE, CHARGE_STOP_SOC),
    Mode.FORCE_DISCHARGE: (DISCHARGE_POWER_RATE, DISCHARGE_STOP_SOC),
}
