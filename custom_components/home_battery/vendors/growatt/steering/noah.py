"""NOAH and NEXA: settings and 9 time slots (Growatt notes, 1.7 and 1.8).

Two calls tell them, by different names: that of version 4, and that of the
vendor's app, which may be asked more often and also tells days.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from ....battery.capabilities import (
    ModeCapabilities,
    PowerMeaning,
    Range,
    ScheduleCapabilities,
)
from ....battery.control import Control, Settings
from ....battery.export import DEFAULT_POWER
from ....battery.model import Device, Mode
from ....battery.schedule import (
    ALL_DAYS,
    Schedule,
    ScheduleState,
    normalize,
    split_at_midnight,
)
from .calls import NOAH
from .settings import (
    AC_CHARGE,
    BATTERY_FIRST,
    LOAD_FIRST,
    MAX_SOC,
    MIN_SOC_ON_GRID,
    OFF_GRID,
    Number,
    Setting,
    Switch,
    by_key,
    controls_of,
    number_of,
)
from .slots import EMPTY, Slot, Slots, arranged, slot_of, steps
from .values import Bean, Write, flag, whole

SLOTS: Final = 9
# A record without it is none of this family's.
NEEDED: Final = "chargingSocHighLimit"
_LOAD_FIRST: Final = 0
_CODES: Final[Mapping[str, int]] = {
    LOAD_FIRST: _LOAD_FIRST,
    BATTERY_FIRST: 1,
    Mode.SELF_CONSUMPTION: 2,
}
_WORDS: Final = {code: word for word, code in _CODES.items()}
_POWER: Final = Range(0, 800)

_DEFAULT_POWER: Final = Number(
    key=DEFAULT_POWER,
    name="power_set_v4",
    reads=("defaultPower", "defaultACCouplePower"),
    maximum=round(_POWER.maximum),
)
SETTINGS: Final[tuple[Setting, ...]] = (
    _DEFAULT_POWER,
    # The ranges of the vendor's app; version 4 takes 0 to 100 for both.
    Number(
        key=MAX_SOC,
        name="high_soc_set_v4",
        reads=(NEEDED,),
        minimum=70,
        least=1,
    ),
    Number(
        key=MIN_SOC_ON_GRID,
        name="low_soc_set_v4",
        reads=("chargingSocLowLimit",),
        maximum=30,
    ),
    Switch(key=AC_CHARGE, name="grid_charge_set_v4", reads=("allowGridCharging",)),
    Switch(key=OFF_GRID, name="off_grid_set_v4", reads=("gridConnectionControl",)),
)
_BY_KEY: Final = by_key(SETTINGS)


@dataclass(frozen=True, kw_only=True)
class NoahSettings:
    """What was read of a device.

    Attributes:
        bean: Its settings record, of either call.
        slots: The time slots.
        tells_all: Slots that are not in force are told too.
    """

    serial: str
    bean: Bean = field(repr=False)
    slots: Slots
    tells_all: bool

    @classmethod
    def parse(cls, bean: Bean, device: Device) -> Self:
        """Read a settings record of either call."""
        told = bean.get("time_segment")
        if isinstance(told, list | dict):
            slots, tells_all = _told_by_app(told), False
        else:
            slots = tuple(_slot(bean, number) for number in range(1, SLOTS + 1))
            tells_all = True
        return cls(serial=device.id, bean=bean, slots=slots, tells_all=tells_all)

    def controls(self) -> dict[str, Control]:
        """Return what a person can set."""
        return controls_of(SETTINGS, self.bean)

    def writes_of_controls(self, values: Settings) -> list[Write]:
        """Return what to send for other values of some controls."""
        return [
            NOAH.write(self.serial, _BY_KEY[key].name, *_BY_KEY[key].words(value))
            for key, value in values.items()
        ]

    def schedule(self) -> ScheduleState:
        """Return the slots as a schedule; one that makes no sense is left out."""
        power = number_of(_DEFAULT_POWER.control(self.bean))
        return ScheduleState(
            schedule=normalize(
                Schedule(
                    enabled=True,
                    periods=tuple(
                        slot.period(
                            _WORDS[slot.mode],
                            power=slot.power if slot.mode == _LOAD_FIRST else None,
                        )
                        for slot in self.slots
                        if slot.used
                    ),
                )
            ),
            capabilities=ScheduleCapabilities(
                modes={
                    LOAD_FIRST: ModeCapabilities(
                        power=True,
                        # It is given out whether the house needs it or not.
                        exports=True,
                        power_meaning=PowerMeaning.TARGET,
                        defaults={"power": _POWER.at_most(power or 0)},
                    ),
                    BATTERY_FIRST: ModeCapabilities(),
                    Mode.SELF_CONSUMPTION: ModeCapabilities(),
                },
                max_periods=SLOTS,
                disabled_periods=self.tells_all,
                min_minutes=2,
                power=_POWER,
                master_switch=False,
                overrides={
                    Mode.FORCE_CHARGE: BATTERY_FIRST,
                    Mode.FORCE_DISCHARGE: LOAD_FIRST,
                    Mode.HOLD: self._resting,
                },
            ),
        )

    @property
    def _resting(self) -> str:
        """Return the mode in which the battery is not discharged.

        Battery first would have it charged from the grid where that is allowed;
        giving out 0 W does not, but leaves the house without PV.
        """
        charges = flag(self.bean, *_BY_KEY[AC_CHARGE].reads)
        return BATTERY_FIRST if charges is False else LOAD_FIRST

    def writes_of_schedule(
        self, schedule: Schedule, capabilities: ScheduleCapabilities
    ) -> list[Write]:
        """Return what to send for another schedule: the slots that differ."""
        wanted = arranged(
            [
                slot_of(
                    piece,
                    mode=_CODES[piece.period.mode],
                    power=round(piece.period.power or 0),
                )
                for piece in split_at_midnight(normalize(schedule).periods)
            ],
            self.slots,
        )
        held, then = (
            {number: (slot,) for number, slot in enumerate(some, 1)}
            for some in (self.slots, wanted)
        )
        return [self._write(number, slot) for number, (slot,) in steps(held, then)]

    def _write(self, number: int, slot: Slot) -> Write:
        """Return the write of one slot."""
        return NOAH.with_parameters(
            self.serial,
            "time_segment_set_v4",
            type=str(number),
            startTime="{:02}:{:02}".format(*divmod(slot.start, 60)),
            endTime="{:02}:{:02}".format(*divmod(slot.end, 60)),
            mode=str(slot.mode),
            power=str(slot.power),
            enable=str(int(slot.enabled)),
        )


def _slot(bean: Bean, number: int) -> Slot:
    """Return one slot as version 4 tells it."""
    return _read(
        whole(bean, f"time{number}Mode"),
        bean.get(f"time{number}Start"),
        bean.get(f"time{number}End"),
        whole(bean, f"time{number}Power"),
        enabled=flag(bean, f"time{number}Enable"),
    )


def _told_by_app(told: list[object] | dict[str, object]) -> Slots:
    """Return the slots as the app is told them, which are those in force.

    The last part is the days of the week, Monday being 1, and 0 for all.
    """
    texts: dict[str, object] = {}
    for some in told if isinstance(told, list) else [told]:
        texts |= some if isinstance(some, dict) else {}
    slots = [EMPTY] * SLOTS
    for key, text in texts.items():
        parts = str(text).split("_")
        if key[-1:] not in _NUMBERS or len(parts) != len(_PARTS):
            continue
        record = dict(zip(_PARTS, parts, strict=True))
        days = {int(day) - 1 for day in record["days"].split(",") if day in _DAYS}
        slots[int(key[-1]) - 1] = _read(
            whole(record, "mode"),
            record["start"],
            record["end"],
            whole(record, "power"),
            enabled=True,
            days=frozenset(days) or ALL_DAYS,
        )
    return tuple(slots)


_PARTS: Final = ("mode", "start", "end", "power", "days")
_NUMBERS: Final = tuple("123456789")
_DAYS: Final = tuple("1234567")


def _read(
    mode: int | None,
    start: object,
    end: object,
    power: int | None,
    *,
    enabled: bool | None,
    days: frozenset[int] = ALL_DAYS,
) -> Slot:
    """Return a slot, whose power counts in one of the modes only."""
    return Slot.read(
        start,
        end,
        mode=mode if mode in _WORDS else None,
        power=(power or 0) if mode == _LOAD_FIRST else 0,
        days=days,
        enabled=enabled,
    )
