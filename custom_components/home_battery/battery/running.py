"""What has to be remembered of an override until everything is as it was."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, time
from typing import Any, Self

from .model import Mode
from .override import Direction, Ending, Override, Pace
from .schedule import Period, Schedule

type Setting = float | str | bool


@dataclass(kw_only=True)
class Running:
    """An override that is planned, runs, or is over and not yet cleared away.

    Attributes:
        wanted: What is wanted.
        began_soc: SOC in % when it began, `None` if unknown.
        base: The schedule over which it lies, where it lies over one.
        touched: What else of the device it has changed: the values before.
        told: The schedule that the device was told, `None` if it was told none.
        controls: The controls that the device was told, if any.
        period: The period of that schedule that says it.
        power: W that the device was told, `None` for as much as it can.
        ending: What becomes of it if nobody ends it; `None` as long as nothing
            was told.
        until: When the device itself ends it.
        told_at: When it was last told something.
        writes: How often it was told something.
        over: What became of it, as the type of an event; `None` while it runs.
        failures: How often it could not be cleared away.
        retry_at: When that is tried again.
        said: The events that are told once.
    """

    wanted: Override
    began_soc: float | None = None
    base: Schedule | None = None
    touched: dict[str, Setting] = field(default_factory=dict)
    told: Schedule | None = None
    controls: dict[str, Setting] = field(default_factory=dict)
    period: Period | None = None
    power: float | None = None
    ending: Ending | None = None
    until: datetime | None = None
    told_at: datetime | None = None
    writes: int = 0
    over: str | None = None
    failures: int = 0
    retry_at: datetime | None = None
    said: set[str] = field(default_factory=set)

    def follows(self, former: Running) -> None:
        """Take over the way back from an override that this one replaces."""
        self.base = former.base
        self.touched = dict(former.touched)
        self.told, self.period = former.told, former.period
        self.controls = dict(former.controls)
        self.ending, self.until = former.ending, former.until

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
            "wanted": _plain(asdict(self.wanted)),
            "base": self.base and schedule_as_dict(self.base),
            "told": self.told and schedule_as_dict(self.told),
            "period": self.period and period_as_dict(self.period),
            "said": sorted(self.said),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read it back."""
        wanted = data["wanted"]
        return cls(
            **{
                **data,
                "wanted": Override(
                    **{
                        **wanted,
                        "mode": Mode(wanted["mode"]),
                        "start": datetime.fromisoformat(wanted["start"]),
                        "end": _moment(wanted["end"]),
                        "direction": Direction(wanted["direction"]),
                        "pace": Pace(wanted["pace"]),
                    }
                ),
                "base": data["base"] and schedule_of(data["base"]),
                "told": data["told"] and schedule_of(data["told"]),
                "period": data["period"] and period_of(data["period"]),
                "ending": data["ending"] and Ending(data["ending"]),
                "until": _moment(data["until"]),
                "told_at": _moment(data["told_at"]),
                "retry_at": _moment(data["retry_at"]),
                "said": set(data["said"]),
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


def _moment(text: str | None) -> datetime | None:
    """Read a moment back."""
    return None if text is None else datetime.fromisoformat(text)
