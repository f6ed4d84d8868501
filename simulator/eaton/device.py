"""The unit itself: inverter, battery, and what the communication card has been told."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ..accounts import Ids
from ..orders import Orders
from ..steered import Steered
from ..unit import Unit
from . import firmware
from .alerts import NO_GRID, Alerts
from .catalogue import Profile
from .metrics import PERIOD, Sample, take_sample
from .modes import Mode
from .operations import FREQUENCY, Operation
from .schedule import Event, Schedule, StoredEvent
from .settings import EnergySaving, Settings
from .times import hhmm

VENDOR = "eaton"

_KEPT: Final = timedelta(days=95)


@dataclass(kw_only=True, eq=False)
class XStorage(Steered):
    """One unit. What it measures every five minutes is its history."""

    vendor = VENDOR

    profile: Profile
    ids: Ids
    foreign: Unit | None = None
    powered: bool = True
    upload_period: timedelta = PERIOD
    settings: Settings = field(init=False)
    schedule: Schedule = field(init=False)
    command: Mode | None = None
    alerts: Alerts = field(init=False)
    samples: deque[Sample] = field(
        default_factory=lambda: deque(maxlen=_KEPT // PERIOD)
    )

    def __post_init__(self) -> None:
        """Take the installer's settings, and begin to measure at full five minutes."""
        begun = self.house.begun
        saving = self.profile.energy_saving
        self.settings = Settings(
            id=self.ids.new_id("settings"),
            changed=begun,
            name="Simulated xStorage",
            country="2782113",
            city="2761369",
            time_zone=self.house.time_zone.key,
            backup_level=self.profile.backup_level,
            default_mode=self.profile.default_mode,
            default_id=self.ids.new_id("default"),
            default_changed=begun,
            energy_saving=None if saving is None else EnergySaving(enabled=saving),
        )
        self.schedule = Schedule(changed=begun)
        self.alerts = Alerts(ids=self.ids)
        super().__post_init__()
        self._first_upload = self.house.at

    @property
    def model(self) -> str:
        """Return the name of the unit's profile."""
        return self.profile.key

    @property
    def outage(self) -> bool:
        """Return whether the grid is away, which is a fault like any other."""
        return NO_GRID in self.fault_codes

    @property
    def critical_w(self) -> float:
        """Return what the loads draw that hang on the unit itself; it drops them while it regulates."""
        serves = self.powered and self.mode.operation.command != FREQUENCY
        return self.house.load_w * self.profile.critical_share if serves else 0.0

    @property
    def sunlit_w(self) -> float:
        """Return the power that all panels of the house could give now."""
        light = self.house.light()
        own = self.unit.available(light)
        return own + (self.foreign.available(light) if self.foreign else 0.0)

    @property
    def orders(self) -> Orders:
        """Return what the firmware wants now."""
        return self.orders_at(self.house.at)

    @property
    def mode(self) -> Mode:
        """Return what runs now."""
        return self.mode_at(self.house.at)

    @property
    def rests(self) -> bool:
        """Return whether energy saving is at work."""
        return self.powered and firmware.rests(self, self.mode.operation)

    def measure(self) -> None:
        """Keep a sample of this moment."""
        self.samples.append(take_sample(self))

    def samples_between(self, begin: datetime, end: datetime) -> Iterator[Sample]:
        """Iterate over what was measured between two moments."""
        return (sample for sample in self.samples if begin <= sample.at <= end)

    def raise_faults(self, codes: tuple[str, ...]) -> None:
        """Have exactly these faults: each that is new is an alert, and each that is over another one."""
        before, now = self.fault_codes, self.clock.house_now()
        self.settle()
        for code in codes:
            if code not in before:
                self.alerts.add(code, now)
        for code in before:
            if code not in codes:
                self.alerts.resolve(code, now)
        super().raise_faults(codes)

    def local(self, moment: datetime) -> datetime:
        """Return what the unit's own clock shows, in the time zone that it is set to."""
        zone = ZoneInfo(self.settings.time_zone)
        return (moment + self.clock_offset).astimezone(zone)

    def plan(self, moment: datetime) -> Orders:
        """Return the orders that the mode makes."""
        return firmware.orders(self, moment)

    def mode_at(self, moment: datetime) -> Mode:
        """Return what runs at a moment: dashboard before schedule before default."""
        command = self.command
        if command is not None and command.until is not None and moment < command.until:
            return command
        local = self.local(moment)
        if (stored := self.schedule.running(local)) is not None:
            event = stored.event
            return Mode(
                id=stored.id,
                operation=event.operation,
                created=stored.updated,
                recurrence=event.recurrence,
                type="SCHEDULE",
                start_time=event.start_time,
                end_time=event.end_time,
            )
        return Mode(
            id=self.settings.default_id,
            operation=self.settings.default_mode,
            created=self.settings.default_changed,
            recurrence="DEFAULT_EVENT",
            type="DEFAULT",
        )

    def new_command(self, operation: Operation, hours: int) -> Mode:
        """Return a command that begins with the present minute and lasts so many hours."""
        now = self.clock.house_now()
        begin = now - timedelta(seconds=now.second, microseconds=now.microsecond)
        until = begin + timedelta(hours=hours)
        return Mode(
            id=self.ids.new_id("command"),
            operation=operation,
            created=now,
            recurrence="MANUAL_EVENT",
            type="MANUAL",
            duration=hours,
            start_time=hhmm(self.local(begin)),
            end_time=hhmm(self.local(until)),
            until=until,
        )

    def obey_command(self, mode: Mode) -> None:
        """Let a command run; it stands in for any earlier one."""
        self.command = mode

    def switch(self, on: bool) -> None:
        """Switch the inverter on or off."""
        self.powered = on

    def keep(self, settings: Settings) -> None:
        """Keep settings as a new document; a default mode that has changed is one, too."""
        now = self.clock.house_now()
        if settings.default_mode != self.settings.default_mode:
            settings = replace(
                settings, default_id=self.ids.new_id("default"), default_changed=now
            )
        self.settings = replace(settings, id=self.ids.new_id("settings"), changed=now)

    def keep_default(self, mode: Operation) -> None:
        """Keep another default mode."""
        self.keep(replace(self.settings, default_mode=mode))

    def store(self, event: Event, key: str) -> None:
        """Put an event into the schedule, or in another's place."""
        now = self.clock.house_now()
        before = self.schedule.events.get(key)
        self.schedule.events[key] = StoredEvent(
            id=key,
            event=event,
            created=now if before is None else before.created,
            updated=now,
        )
        self.schedule.changed = now

    def drop(self, key: str) -> None:
        """Take an event out of the schedule."""
        self.schedule.events.pop(key, None)
        self.schedule.changed = self.clock.house_now()

    def _next_upload(self) -> datetime:
        """Return the next full five minutes."""
        return self._first_upload + self.upload_period * self._uploads
