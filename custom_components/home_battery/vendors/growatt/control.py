"""Reading and writing the settings of one Growatt device."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Protocol, cast

from ...battery.change import Change, ControlChange
from ...battery.errors import ChangeError, Problem
from ...battery.model import Device, Record
from ...transport.clock import Clock
from ...transport.errors import (
    ApiError,
    AuthenticationError,
    LimitError,
    NotSentError,
    RejectedError,
    TransientError,
    UnknownDeviceError,
    UnsupportedError,
)
from .memory import DeviceMemory
from .steering import vpp
from .steering.families import SCHEDULE, Family, Reading, Single, vpp_single
from .steering.settings import Steering
from .steering.values import Bean, Write, flag

# What is asked of the device itself, one call for each.
_SLOW: Final = timedelta(hours=4)
_RECORD: Final = "record"
# The record from the call that tells all, not only some of it.
_WHOLE: Final = "whole"
# The longest time that the vendor wants between two calls for a record.
_WINDOW: Final = timedelta(minutes=5)
# Until then it is known well enough for a change, twice as long as it is read anew.
_KNOWN_WELL: Final = timedelta(hours=1)


class Caller(Protocol):
    """What makes the vendor's calls, keeps their limits, and unwraps the answers."""

    async def call(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Make a call by name and return what it tells.

        Raises:
            ApiError: It failed.
        """


@dataclass(frozen=True, kw_only=True)
class DeviceSettings:
    """What was read of a device, as it came.

    Attributes:
        bean: The record that holds most of it.
        singles: What was read one by one, by the vendor's names.
        read_at: When each of these was told.
        asked_at: When what is read one by one was asked for, told or not.
    """

    bean: Bean = field(default_factory=dict, repr=False)
    singles: Bean = field(default_factory=dict, repr=False)
    read_at: Mapping[str, datetime] = field(default_factory=dict, compare=False)
    asked_at: Mapping[str, datetime] = field(default_factory=dict, compare=False)

    @property
    def whole(self) -> Bean:
        """Return all of it as one record."""
        return {**self.bean, **self.singles}


class GrowattControl:
    """The steering of one device."""

    def __init__(
        self,
        client: Caller,
        memory: DeviceMemory,
        device: Device,
        family: Family,
        clock: Clock,
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._memory = memory
        self._device = device
        self._family = family
        self._clock = clock

    async def read(self, change: Change | None, known: Record | None) -> Record:
        """Read the settings that a change is about, or all that are due.

        Of all, what cannot be read now stays as it was known. What a device is
        asked for itself, it may not tell at night, and that is no failure.

        Raises:
            ApiError: What a change needs could not be read, or nothing could.
        """
        before = DeviceSettings() if known is None else _settings(known)
        settings = before
        about = _about(change)
        errors: list[ApiError] = []
        if about is None or about - self._single_keys:
            try:
                settings = await self._with_record(settings, changing=about is not None)
            except AuthenticationError:
                raise
            except LimitError:
                if not self._is_known_for(_WINDOW, settings):
                    raise
            except ApiError as err:
                errors.append(err)
        unread = bool(errors)
        for single in self._singles:
            if not (single.key in about if about else self._is_due(single, settings)):
                continue
            try:
                settings = await self._with_single(single, settings)
            except AuthenticationError, LimitError:
                raise
            except ApiError as err:
                errors.append(err)
        nothing_new = unread and settings is before
        if errors and (change or nothing_new or not settings.whole):
            raise errors[0]
        return self._record(settings)

    def _record(self, settings: DeviceSettings) -> Record:
        """Return the settings in common words."""
        steering = self._steering(settings)
        controls = steering.controls()
        names = {
            single.key: single.name
            for single in self._singles
            if single.key in controls and single.name in settings.read_at
        }
        read_at = {
            key: settings.read_at.get(names.get(key, _RECORD)) for key in controls
        }
        return Record(
            controls=controls,
            schedule=steering.schedule(),
            read={key: at for key, at in read_at.items() if at is not None},
            seldom=frozenset(names),
            wire=settings,
        )

    def _steering(self, settings: DeviceSettings) -> Steering:
        """Return the settings typed."""
        return self._family.parse(settings.whole, self._device)

    @property
    def _singles(self) -> tuple[Single, ...]:
        """Return what is read one by one: more, where no record is told."""
        if self._memory.source == "":
            return (*self._family.singles, *self._family.instead)
        return self._family.singles

    @property
    def _single_keys(self) -> frozenset[str]:
        """Return the controls that are read one by one."""
        return frozenset(single.key for single in self._singles)

    async def _with_record(
        self, settings: DeviceSettings, *, changing: bool
    ) -> DeviceSettings:
        """Return the settings with a new record, if any call tells one.

        A call that the vendor answers only every few minutes is kept for reading
        back: before a write, what is known of the record counts.

        Raises:
            ApiError: It could not be told.
        """
        source = self._memory.source
        if source == "":
            return settings
        seldom = changing and any(
            reading.seldom and reading.endpoint == source
            for reading in self._family.records
        )
        if seldom and self._is_known_for(_KNOWN_WELL, settings):
            return await self._with_part(settings)
        try:
            return await self._with_whole(settings, source)
        except LimitError:
            part = await self._with_part(settings) if seldom else settings
            if part is settings:
                raise
            return part

    async def _with_part(self, settings: DeviceSettings) -> DeviceSettings:
        """Return the settings with what a call tells that may be asked more often.

        It tells less than the one that was learned, or nothing.
        """
        first = self._family.records[0]
        if first.seldom:
            return settings
        try:
            bean = await self._asked(first)
        except UnsupportedError, RejectedError:
            return settings
        if not bean:
            return settings
        return replace(
            settings,
            bean={**settings.bean, **bean},
            read_at={**settings.read_at, _RECORD: self._clock.now()},
        )

    async def _with_whole(
        self, settings: DeviceSettings, source: str | None
    ) -> DeviceSettings:
        """Return the settings with a record from the first call that tells all.

        Where none tells any, what an earlier one told is forgotten: it must not
        stand before what is read one by one from now on.

        Raises:
            ApiError: It could not be told.
        """
        told: tuple[Reading, Bean] | None = None
        refusal: ApiError | None = None
        for reading in sorted(
            self._family.records, key=lambda reading: reading.endpoint != source
        ):
            try:
                bean = await self._asked(reading)
            except UnknownDeviceError:
                raise
            except (UnsupportedError, RejectedError) as err:
                refusal = refusal or err
                continue
            if not bean:
                continue
            told = told or (reading, bean)
            if reading.endpoint == source or self._family.needs in {None, *bean}:
                told = reading, bean
                break
        if told is None:
            if source:
                # What was told so lately may soon be told again.
                raise refusal or TransientError("The answer holds no settings")
            self._memory.source = ""
            return replace(settings, bean={})
        reading, bean = told
        self._memory.source = reading.endpoint
        now = self._clock.now()
        return replace(
            settings,
            bean=bean,
            read_at={**settings.read_at, _RECORD: now, _WHOLE: now},
        )

    def _is_known_for(self, age: timedelta, settings: DeviceSettings) -> bool:
        """Tell whether the whole record was read so lately, and nothing written since.

        The vendor tells it anew only every few minutes, but it is no less true
        for that as long as nothing was written.
        """
        read_at = settings.read_at.get(_WHOLE)
        return (
            read_at is not None
            and self._clock.now() - read_at < age
            and not self._memory.written_since(read_at)
        )

    async def _asked(self, reading: Reading) -> Bean:
        """Make a call that reads."""
        answer = await self._client.call(
            reading.endpoint, reading.asked(self._device.id)
        )
        return reading.bean(answer)

    async def record(self) -> Bean:
        """Return the record of settings as it comes now, empty where none is told.

        Raises:
            ApiError: It could not be told.
        """
        return (await self._with_record(DeviceSettings(), changing=True)).bean

    async def ask(self, single: Single) -> object:
        """Ask the device itself for a setting.

        Raises:
            ApiError: It did not answer.
        """
        return (await self._asked(single)).get(single.name, "")

    async def send(self, write: Write) -> None:
        """Send one write.

        Raises:
            ApiError: It failed.
        """
        self._memory.wrote()
        if write.endpoint == vpp.SET_TIMES:
            self._memory.vpp_times = write.parameters["value"]
        await self._client.call(write.endpoint, write.parameters)

    async def is_taken(self) -> bool:
        """Tell whether a virtual power plant or another's remote control steers it.

        We never give that authority to a device with time slots of its own. To a
        WIT we give it with our times, so there somebody else's times count, and
        a remote control, which comes before any (Growatt notes, 1.7). What the
        device or the token does not let us know is nobody's.

        Raises:
            ApiError: The device did not answer.
        """
        if (word := self._family.vpp) is None:
            return False

        async def told(name: str) -> Bean:
            single = vpp_single(word, name, name)
            return await self._memory.optional(name, partial(self._asked, single)) or {}

        if not flag(await told(vpp.AUTHORITY), vpp.AUTHORITY):
            return False
        if all(single.name != vpp.SCHEDULE for single in self._family.singles):
            return True
        if flag(await told(vpp.REMOTE), vpp.REMOTE):
            return True
        times, ours = (
            vpp.VppSchedule.parse(True, some).slots
            for some in (
                (await told(vpp.SCHEDULE)).get(vpp.SCHEDULE),
                self._memory.vpp_times,
            )
        )
        return bool(times) and set(times) != set(ours)

    def _is_due(self, single: Single, settings: DeviceSettings) -> bool:
        """Tell whether a setting was read so long ago that it is worth a call."""
        asked_at = settings.asked_at.get(single.name)
        return asked_at is None or self._clock.now() - asked_at >= _SLOW

    async def _with_single(
        self, single: Single, settings: DeviceSettings
    ) -> DeviceSettings:
        """Return the settings with one of them read anew, unless the device lacks it."""
        bean = await self._memory.optional(single.name, partial(self._asked, single))
        now = self._clock.now()
        return replace(
            settings,
            singles={**settings.singles, **(bean or {})},
            read_at={**settings.read_at, **dict.fromkeys(bean or {}, now)},
            asked_at={**settings.asked_at, single.name: now},
        )

    async def write(self, change: Change, before: Record) -> None:
        """Send a change, in an order in which nothing gets in the way of anything.

        The vendor often reports a failure of a write that the device has taken. So
        the settings are read before the others follow, or do not.

        Raises:
            ChangeError: It cannot be said to this device; nothing was sent.
            ApiError: A write failed; those before it were sent.
        """
        pending = self._writes(change, before)
        while pending:
            write, *pending = pending
            try:
                await self.send(write)
            except NotSentError:
                raise
            except TransientError as err:
                if not pending:
                    raise
                try:
                    before = await self.read(change, before)
                except ApiError:
                    raise err from None
                pending = self._writes(change, before)
                if write in pending:
                    raise

    def _writes(self, change: Change, before: Record) -> list[Write]:
        """Return what to send for a change, given what the device holds."""
        steering = self._steering(_settings(before))
        if isinstance(change, ControlChange):
            return steering.writes_of_controls(
                {
                    key: value
                    for key, value in change.values.items()
                    if not before.controls[key].holds(value)
                }
            )
        if before.schedule is None:
            raise ChangeError(Problem.NO_SCHEDULE)
        return steering.writes_of_schedule(
            change.schedule, before.schedule.capabilities
        )


def _settings(record: Record) -> DeviceSettings:
    """Return the settings that a record was made of."""
    return cast("DeviceSettings", record.wire)


def _about(change: Change | None) -> frozenset[str] | None:
    """Return what a change must know; without one there is nothing in particular."""
    if change is None:
        return None
    if isinstance(change, ControlChange):
        return frozenset(change.values)
    return frozenset({SCHEDULE})
