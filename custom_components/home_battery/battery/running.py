"""What has to be remembered of an override until everything is as it was."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, time
from typing import Any, Self

from .change import ControlChange
from .control import ButtonControl, TimeControl
from .model import Mode, Record, Value
from .overlay import base_below
from .override import Direction, Ending, Override, Pace
from .schedule import Period, Schedule, normalize

type Setting = float | str | bool


@dataclass(kw_only=True)
class Running:
    """An override that is planned, runs, or is over and not yet cleared away.

    Attributes:
        wanted: What is wanted.
        began_soc: SOC in % when it began, `None` if unknown.
        base: The schedule over which it lies, where it lies over one.
        touched: What else of the device it has changed: the values before and now.
        before: What the device held when it was told something of which nobody
            knows yet what else it has changed.
        told: The schedule that the device was told, `None` if it was told none.
        unsure: Until when what it was told may still arrive, `None` once it did.
        instead: The schedule that it holds as long as that did not arrive.
        controls: The controls that the device was told, if any.
        period: The period of that schedule that says it.
        begins: From when on the device does it.
        ends: Until when it was told to, to the second.
        reason: Why it is paced so, where it is paced.
        power: W that the device was told, `None` for as much as it can.
        ending: What becomes of it if nobody ends it; `None` as long as nothing
            was told.
        until: When the device itself ends it.
        told_at: When it was last told something.
        writes: How often it was told something.
        command: It was begun by the system's command, whose numbers change it.
        moving: Its end was moved, and may be again.
        over: What became of it, as the type of an event; `None` while it runs.
        failures: How often it could not be cleared away.
        retry_at: When that is tried again.
        said: The events that are told once.
    """

    wanted: Override
    began_soc: float | None = None
    base: Schedule | None = None
    touched: dict[str, list[Setting]] = field(default_factory=dict)
    before: dict[str, Setting] = field(default_factory=dict)
    told: Schedule | None = None
    unsure: datetime | None = None
    instead: Schedule | None = None
    controls: dict[str, Setting] = field(default_factory=dict)
    period: Period | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    reason: str | None = None
    power: float | None = None
    ending: Ending | None = None
    until: datetime | None = None
    told_at: datetime | None = None
    writes: int = 0
    command: bool = False
    moving: bool = False
    over: str | None = None
    failures: int = 0
    retry_at: datetime | None = None
    said: set[str] = field(default_factory=set)

    @property
    def is_told(self) -> bool:
        """Tell whether a device was told anything of it that has to be put back."""
        return self.period is not None or bool(self.controls)

    def cleared(self) -> Running:
        """Return it as it is once everything was put back, and it goes on all the same."""
        return replace(
            self,
            base=None,
            touched={},
            before={},
            told=None,
            unsure=None,
            instead=None,
            controls={},
            period=None,
            ending=None,
            until=None,
        )

    def follows(self, former: Running) -> None:
        """Take over the way back from an override that this one replaces."""
        self.base = former.base
        self.touched = {key: list(values) for key, values in former.touched.items()}
        self.before = dict(former.before)
        self.told, self.period = former.told, former.period
        self.instead = former.instead
        self.controls = dict(former.controls)
        self.ending, self.until = former.ending, former.until

    def way_back(self, held: Schedule) -> Schedule | None:
        """Return the schedule to put back, `None` if it is not ours to change.

        Args:
            held: What the device holds, which others may have changed.
        """
        if self.period is None or self.base is None:
            return None
        known = [normalize(one) for one in (self.told, self.instead) if one is not None]
        if normalize(held) in known:
            return self.base
        return base_below(held, self.period, self.base, self.told)

    def controls_back(self, settings: Record) -> ControlChange | None:
        """Return the controls to put back that are still as the override left them."""
        back = {
            key: before
            for key, (before, now) in self.touched.items()
            if (control := settings.controls.get(key)) is not None
            and control.blocked is None
            and control.holds(now)
            and not control.holds(before)
        }
        return ControlChange(back) if back else None

    def keep(self, change: ControlChange, before: Record) -> None:
        """Take what somebody has set for what is to be held also afterwards.

        What a device shows while it follows a schedule may be no more than a part
        of that, so it is set once more where nothing of the schedule is left.
        """
        scheduled = self.base is not None and not self.base.enabled
        held = _values(before) if scheduled else {}
        for key, value in change.values.items():
            self.before.pop(key, None)
            self.touched.pop(key, None)
            if key in held and isinstance(value, float | int | str):
                self.touched[key] = [value, held[key]]

    def is_held_by(self, settings: Record) -> bool:
        """Tell whether a device holds what it was told."""
        if self.told is None:
            return ControlChange(self.controls).held_by(settings)
        return settings.schedule is not None and normalize(
            settings.schedule.schedule
        ) == normalize(self.told)

    def arrived(self, after: Record) -> None:
        """Take note that a device holds what it was told."""
        self.unsure, self.instead = None, None
        self.touch(after)

    def note(self, held: Record) -> None:
        """Remember what a device holds that is to be told something."""
        self.before = _values(held) | self.before

    def touch(self, after: Record) -> None:
        """Find out what a device was changed in beside what it was told."""
        now = _values(after)
        for key, before in self.before.items():
            if key not in now:
                continue
            if key in self.touched:
                self.touched[key][1] = now[key]
            elif not after.controls[key].holds(before):
                self.touched[key] = [before, now[key]]
        self.before = {}

    def shown(self, soc: float | None, now: datetime) -> dict[str, Value]:
        """Return what is told of it as readings."""
        values: dict[str, Value] = {"override": self.wanted.mode.value}
        if self.wanted.end is not None:
            values["override_until"] = self.wanted.end
        if (done := self.progress(soc, now)) is not None:
            values["override_progress"] = round(done, 1)
        if self.reason is not None:
            values["override_pace"] = self.reason
        return values

    def progress(self, soc: float | None, now: datetime) -> float | None:
        """Return how much of it is done in %, by its target or else by its time."""
        wanted = self.wanted
        if wanted.target_soc is not None:
            if soc is None or self.began_soc is None:
                return None
            whole, done = wanted.target_soc - self.began_soc, soc - self.began_soc
        elif wanted.end is not None:
            whole = (wanted.end - wanted.start).total_seconds()
            done = (now - wanted.start).total_seconds()
        else:
            return None
        return 100.0 if not whole else min(max(100 * done / whole, 0.0), 100.0)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON."""
        data = {
            key: value.isoformat() if isinstance(value, datetime) else value
            for key, value in vars(self).items()
        }
        return {
            **data,
            "wanted": override_as_dict(self.wanted),
            "base": self.base and schedule_as_dict(self.base),
            "told": self.told and schedule_as_dict(self.told),
            "instead": self.instead and schedule_as_dict(self.instead),
            "period": self.period and period_as_dict(self.period),
            "said": sorted(self.said),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read it back."""
        return cls(
            **{
                **data,
                "wanted": override_of(data["wanted"]),
                "base": data["base"] and schedule_of(data["base"]),
                "told": data["told"] and schedule_of(data["told"]),
                "instead": data["instead"] and schedule_of(data["instead"]),
                "unsure": moment_of(data["unsure"]),
                "period": data["period"] and period_of(data["period"]),
                "ending": data["ending"] and Ending(data["ending"]),
                "until": moment_of(data["until"]),
                "begins": moment_of(data["begins"]),
                "ends": moment_of(data["ends"]),
                "told_at": moment_of(data["told_at"]),
                "retry_at": moment_of(data["retry_at"]),
                "said": set(data["said"]),
            }
        )


def _values(settings: Record) -> dict[str, Setting]:
    """Return what the controls hold that can be put back."""
    return {
        key: control.value
        for key, control in settings.controls.items()
        if not isinstance(control, TimeControl | ButtonControl)
        and control.value is not None
    }


def override_as_dict(override: Override) -> dict[str, Any]:
    """Return an override as JSON."""
    return _plain(asdict(override))


def override_of(data: Mapping[str, Any]) -> Override:
    """Read an override back."""
    return Override(
        **{
            **data,
            "mode": Mode(data["mode"]),
            "start": datetime.fromisoformat(data["start"]),
            "end": moment_of(data["end"]),
            "direction": Direction(data["direction"]),
            "pace": Pace(data["pace"]),
        }
    )


def schedule_as_dict(schedule: Schedule) -> dict[str, Any]:
    """Return a schedule as JSON."""
    return {
        "enabled": schedule.enabled,
        "periods": [period_as_dict(period) for period in schedule.periods],
    }


def schedule_of(data: Mapping[str, Any]) -> Schedule:
    """Read a schedule back."""
    return Schedule(
        enabled=data["enabled"],
        periods=tuple(period_of(item) for item in data["periods"]),
    )


def period_as_dict(period: Period) -> dict[str, Any]:
    """Return a period as JSON."""
    return _plain({**asdict(period), "days": sorted(period.days)})


def period_of(data: Mapping[str, Any]) -> Period:
    """Read a period back."""
    return Period(
        **{
            **data,
            "start": time.fromisoformat(data["start"]),
            "end": time.fromisoformat(data["end"]),
            "days": frozenset(data["days"]),
        }
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with their times as text."""
    return {
        key: value.isoformat() if isinstance(value, datetime | time) else value
        for key, value in values.items()
    }


def moment_of(text: str | None) -> datetime | None:
    """Read a moment back."""
    return None if text is None else datetime.fromisoformat(text)
