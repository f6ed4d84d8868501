"""Reading and writing the settings of one Fox ESS system."""

from collections.abc import Awaitable, Callable, Mapping, Set as AbstractSet
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final, NamedTuple, cast

from ...battery.change import Change, ControlChange, ScheduleChange
from ...battery.control import Settings
from ...battery.errors import ChangeError, Problem
from ...battery.export import EXPORT_LIMIT
from ...battery.model import Device, Record
from ...transport.clock import Clock
from ...transport.errors import (
    ApiError,
    AuthenticationError,
    LimitError,
    RejectedError,
    UnsupportedError,
)
from .client import FoxEssClient
from .discovery import INVERTER
from .ems import EMS
from .ems_settings import POWER_LIMITS, EmsSettings, Generator, PowerLimits
from .errors import AmbiguousError
from .memory import DeviceMemory
from .models import Scheduler
from .parameters import ChargeWindows, Heating, PeakShaving
from .schedule import encode, with_export_limit, with_soc_limits, word_of
from .settings import (
    MAX_CHARGE_CURRENT,
    MAX_DISCHARGE_CURRENT,
    MAX_SOC,
    MIN_SOC,
    MIN_SOC_ON_GRID,
    OPERATING_MODE,
    PARTS,
    SCHEDULED,
    SCHEDULER,
    SystemSettings,
)

# What hardly ever changes but by us; each costs a call of its own.
_SLOW: Final = timedelta(hours=4)
_NOW: Final = timedelta(0)
_SOC: Final = frozenset(PARTS["soc_limits"])
# The vendor's names of the numbers that are settings of their own.
_NUMBERS: Final = {
    MAX_SOC: "MaxSoc",
    EXPORT_LIMIT: "ExportLimit",
    MAX_CHARGE_CURRENT: "MaxSetChargeCurrent",
    MAX_DISCHARGE_CURRENT: "MaxSetDischargeCurrent",
}
_EMS_GROUPS: Final[Mapping[str, type[EmsSettings]]] = {
    "power_limits": PowerLimits,
    "generator": Generator,
}
# The newest first: only it tells how many groups the device holds.
_SCHEDULER_VERSIONS: Final = (3, 2, 1, 0)
_FLAG_VERSIONS: Final = (1, 0)


class _Part(NamedTuple):
    """A part of the settings that one call reads, and how often it is worth one."""

    name: str
    controls: AbstractSet[str]
    read: Callable[[], Awaitable[Any]]
    every: timedelta = _NOW


class FoxEssControl:
    """The steering of one system."""

    def __init__(
        self,
        client: FoxEssClient,
        memory: DeviceMemory,
        device: Device,
        clock: Clock,
        permitted_export: float | None = None,
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._clock = clock
        self._permitted_export = permitted_export
        self._client = client
        self._memory = memory
        self._serial = device.id
        self._kind = device.kind

    async def read(self, change: Change | None, known: Record | None) -> SystemSettings:
        """Read the settings that a change is about, or all that are due.

        What the device lacks stays out. Of all, what cannot be read now stays
        as it was known, but for the scheduler, on which the meaning of the
        others hangs.

        Raises:
            ApiError: What a change needs could not be read, or nothing could.
        """
        settings = SystemSettings() if known is None else _settings(known)
        found: dict[str, Any] = {}
        read_at = dict(settings.read_at)
        errors: dict[str, ApiError] = {}
        for part in self._parts():
            if change is None:
                # Without the scheduler nothing could be said of the others.
                hopeless = SCHEDULER in errors and part.every > _NOW
                if hopeless or not self._is_due(part, settings):
                    continue
            elif not _controls_about(change) & part.controls:
                continue
            try:
                found[part.name] = await part.read()
                read_at[part.name] = self._clock.now()
            except AuthenticationError, LimitError:
                raise
            except ApiError as err:
                errors[part.name] = err
        self._memory.conclude()
        others = (value for name, value in found.items() if name != SCHEDULER)
        if errors and (change or SCHEDULER in errors or not any(others)):
            raise errors.get(SCHEDULER) or next(iter(errors.values()))
        return replace(settings, **found, read_at=read_at)

    def _is_due(self, part: _Part, settings: SystemSettings) -> bool:
        """Tell whether a part was read so long ago that it is worth a call."""
        read_at = settings.read_at.get(part.name)
        return read_at is None or self._clock.now() - read_at >= part.every

    def _parts(self) -> tuple[_Part, ...]:
        """Return the calls that read settings; the scheduler's stands first."""
        client = self._client
        if self._kind == EMS:
            return tuple(
                self._part(name, partial(client.ems_settings, group), _SLOW)
                for name, group in _EMS_GROUPS.items()
            )
        if self._kind != INVERTER:
            return ()
        return (
            _Part(SCHEDULER, SCHEDULED, self._scheduler),
            self._part("soc_limits", client.soc_limits),
            self._part("max_soc", partial(client.setting, key="MaxSoc")),
            self._part("work_mode", partial(client.setting, key="WorkMode")),
            *(
                self._part(name, partial(client.setting, key=_NUMBERS[name]), _SLOW)
                for name in (EXPORT_LIMIT, MAX_CHARGE_CURRENT, MAX_DISCHARGE_CURRENT)
            ),
            self._part("peak_shaving", client.peak_shaving, _SLOW),
            self._part("charge_windows", client.charge_windows, _SLOW),
            self._part("heating", client.heating, _SLOW),
        )

    def _part(
        self,
        name: str,
        read: Callable[[str], Awaitable[Any]],
        every: timedelta = _NOW,
    ) -> _Part:
        """Return a part that the device may lack."""
        return _Part(
            name,
            PARTS[name],
            partial(self._memory.optional, name, partial(read, self._serial)),
            every,
        )

    async def _scheduler(self) -> Scheduler | None:
        """Read the scheduler through the newest version that the device answers."""
        if not self._memory.has_scheduler:
            return None
        if (version := self._memory.scheduler_version) is not None:
            try:
                return await self._client.scheduler(self._serial, version)
            except UnsupportedError:
                self._memory.scheduler_version = None
                raise
        doubt: ApiError | None = None
        for version in _SCHEDULER_VERSIONS:
            try:
                scheduler = await self._memory.optional(
                    f"scheduler_v{version}",
                    partial(self._client.scheduler, self._serial, version),
                )
            except AmbiguousError as err:
                doubt = err
                continue
            if scheduler is not None:
                # A newer version that may only have had a hiccup gets its chance.
                if doubt is None:
                    self._memory.scheduler_version = version
                return scheduler
        if doubt is not None:
            raise doubt
        return None

    async def write(self, change: Change, before: Record) -> None:
        """Send a change of controls or of the schedule."""
        settings = cast("SystemSettings", before.wire)
        if isinstance(change, ControlChange):
            await self._write_controls(change, before, settings)
        else:
            await self._write_schedule(change, before, settings)

    async def _write_controls(
        self, change: ControlChange, before: Record, settings: SystemSettings
    ) -> None:
        """Send the controls that are not held yet."""
        values = {
            key: value
            for key, value in change.values.items()
            if not before.controls[key].holds(value)
        }
        if (mode := values.pop(OPERATING_MODE, None)) is not None:
            await self._client.set_setting(
                self._serial, "WorkMode", _work_mode(str(mode), settings)
            )
        await self._write_wholes(values, settings)
        taken = frozenset().union(*(PARTS[name] for name in settings.wholes))
        limits = {
            key: float(value)
            for key, value in values.items()
            if isinstance(value, int | float) and key not in taken
        }
        soc_limits = {key: limits.pop(key) for key in (*_SOC, MAX_SOC) if key in limits}
        if soc_limits and settings.scheduler is not None and settings.scheduled:
            await self._set_scheduler(
                with_soc_limits(
                    settings.scheduler,
                    min_soc=soc_limits.get(MIN_SOC_ON_GRID),
                    max_soc=soc_limits.get(MAX_SOC),
                )
            )
            soc_limits = {}
        if settings.soc_limits is not None and _SOC & soc_limits.keys():
            held = settings.soc_limits
            await self._client.set_soc_limits(
                self._serial,
                replace(
                    held,
                    minimum=soc_limits.get(MIN_SOC, held.minimum),
                    minimum_on_grid=soc_limits.get(
                        MIN_SOC_ON_GRID, held.minimum_on_grid
                    ),
                ),
            )
        for key, value in (limits | soc_limits).items():
            if (name := _NUMBERS.get(key)) is not None:
                await self._client.set_setting(self._serial, name, f"{value:.10g}")

    async def _write_wholes(self, values: Settings, settings: SystemSettings) -> None:
        """Send what the device takes only together, each with all of its values."""
        for name, held in settings.wholes.items():
            if not values.keys() & PARTS[name]:
                continue
            match held.changed(values):
                case PeakShaving() as peak_shaving:
                    await self._client.set_peak_shaving(self._serial, peak_shaving)
                case ChargeWindows() as windows:
                    await self._client.set_charge_windows(self._serial, windows)
                case Heating() as heating:
                    await self._client.set_heating(self._serial, heating)
                case PowerLimits() as limits:
                    await self._set_power_limits(limits, values)
                case Generator() as generator:
                    await self._client.set_ems_settings(self._serial, generator)

    async def _set_power_limits(self, limits: PowerLimits, values: Settings) -> None:
        """Send the limits of an EMS, none with more export than is permitted."""
        if (permitted := self._permitted_export) is not None:
            if values.get(POWER_LIMITS) is False:
                raise ChangeError(Problem.EXPORT_LIMIT_NEEDED, permitted=permitted)
            limits = limits.within(permitted)
        await self._client.set_ems_settings(self._serial, limits)

    async def _write_schedule(
        self, change: ScheduleChange, before: Record, settings: SystemSettings
    ) -> None:
        """Replace the groups, then put the switch where it shall be."""
        if before.schedule is None or settings.scheduler is None:
            raise ChangeError(Problem.NO_SCHEDULE)
        wanted = encode(
            change.schedule, before.schedule.capabilities, settings.scheduler
        )
        held: Scheduler | None = settings.scheduler
        if wanted.groups != settings.scheduler.groups:
            await self._set_scheduler(wanted)
            # Some devices turn the switch on with the groups, others leave it.
            held = await self._scheduler()
        if held is None or held.enabled != wanted.enabled:
            await self._set_flag(enabled=wanted.enabled)

    async def _set_scheduler(self, scheduler: Scheduler) -> None:
        """Send all groups, none with an export limit over what is permitted."""
        if self._permitted_export is not None:
            scheduler = with_export_limit(scheduler, self._permitted_export)
        await self._client.set_scheduler(self._serial, scheduler)

    async def _set_flag(self, *, enabled: bool) -> None:
        """Turn the scheduler on or off through the version that the device answers."""
        for version in _FLAG_VERSIONS:
            try:
                await self._client.set_scheduler_flag(
                    self._serial, version, enabled=enabled
                )
            except UnsupportedError, RejectedError, AmbiguousError:
                if version == _FLAG_VERSIONS[-1]:
                    raise
            else:
                return


def _settings(record: Record) -> SystemSettings:
    """Return the settings that a record was made of."""
    return cast("SystemSettings", record.wire)


def _controls_about(change: Change) -> frozenset[str]:
    """Return the controls that a change must know, of a schedule its defaults."""
    if isinstance(change, ControlChange):
        return frozenset(change.values)
    return _SOC | {MAX_SOC}


def _work_mode(word: str, settings: SystemSettings) -> str:
    """Return the vendor's word for a mode that the device has said it takes."""
    assert settings.work_mode is not None
    return next(mode for mode in settings.work_mode.options if word_of(mode) == word)
