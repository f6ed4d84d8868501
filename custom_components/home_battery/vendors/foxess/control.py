"""Reading and writing the settings of one Fox ESS inverter."""

from collections.abc import Awaitable, Callable, Set as AbstractSet
from dataclasses import replace
from functools import partial
from typing import Any, Final, NamedTuple, cast

from ...battery.change import Change, ControlChange, ScheduleChange
from ...battery.errors import ChangeError, Problem
from ...battery.model import Device, Record
from ...transport.errors import (
    ApiError,
    AuthenticationError,
    LimitError,
    RejectedError,
    UnsupportedError,
)
from .client import FoxEssClient
from .errors import AmbiguousError
from .memory import DeviceMemory
from .models import Scheduler
from .schedule import encode, with_soc_limits, word_of
from .settings import MAX_SOC, MIN_SOC, MIN_SOC_ON_GRID, OPERATING_MODE, SystemSettings

_SCHEDULER: Final = "scheduler"
_SOC: Final = frozenset({MIN_SOC, MIN_SOC_ON_GRID})
_EVERY_CONTROL: Final = _SOC | {MAX_SOC, OPERATING_MODE}
# The newest first: only it tells how many groups the device holds.
_SCHEDULER_VERSIONS: Final = (3, 2, 1, 0)
_FLAG_VERSIONS: Final = (1, 0)


class _Part(NamedTuple):
    """A part of the settings that one call reads."""

    name: str
    controls: AbstractSet[str]
    read: Callable[[], Awaitable[Any]]


class FoxEssControl:
    """The steering of one inverter."""

    def __init__(
        self, client: FoxEssClient, memory: DeviceMemory, device: Device
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._memory = memory
        self._serial = device.id

    async def read(self, change: Change | None, known: Record | None) -> SystemSettings:
        """Read the settings that a change is about, or all.

        What the device lacks stays out. Of all, what cannot be read now stays
        out too, but for the scheduler, on which the meaning of the others hangs.

        Raises:
            ApiError: What a change needs could not be read, or nothing could.
        """
        wanted = _controls_about(change)
        found: dict[str, Any] = {}
        errors: dict[str, ApiError] = {}
        for part in self._parts():
            if not wanted & part.controls:
                continue
            try:
                found[part.name] = await part.read()
            except AuthenticationError, LimitError:
                raise
            except ApiError as err:
                errors[part.name] = err
        self._memory.conclude()
        others = (value for name, value in found.items() if name != _SCHEDULER)
        if errors and (change or _SCHEDULER in errors or not any(others)):
            raise errors.get(_SCHEDULER) or next(iter(errors.values()))
        settings = SystemSettings() if known is None else _settings(known)
        return replace(settings, **found)

    def _parts(self) -> tuple[_Part, ...]:
        """Return the calls that read settings, the scheduler's first."""
        return (
            _Part(_SCHEDULER, _EVERY_CONTROL, self._scheduler),
            self._part("soc_limits", _SOC, self._client.soc_limits, self._serial),
            self._part(
                "max_soc", {MAX_SOC}, self._client.setting, self._serial, "MaxSoc"
            ),
            self._part(
                "work_mode",
                {OPERATING_MODE},
                self._client.setting,
                self._serial,
                "WorkMode",
            ),
        )

    def _part[**P](
        self,
        name: str,
        controls: AbstractSet[str],
        read: Callable[P, Awaitable[Any]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> _Part:
        """Return a part that the device may lack."""
        return _Part(
            name,
            controls,
            partial(self._memory.optional, name, partial(read, *args, **kwargs)),
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
        limits = {key: float(value) for key, value in values.items()}
        if not limits:
            return
        if settings.scheduler is not None and settings.scheduler.enabled:
            await self._client.set_scheduler(
                self._serial,
                with_soc_limits(
                    settings.scheduler,
                    min_soc=limits.get(MIN_SOC_ON_GRID),
                    max_soc=limits.get(MAX_SOC),
                ),
            )
            return
        if settings.soc_limits is not None and _SOC & limits.keys():
            held = settings.soc_limits
            await self._client.set_soc_limits(
                self._serial,
                replace(
                    held,
                    minimum=limits.get(MIN_SOC, held.minimum),
                    minimum_on_grid=limits.get(MIN_SOC_ON_GRID, held.minimum_on_grid),
                ),
            )
        if MAX_SOC in limits:
            await self._client.set_setting(
                self._serial, "MaxSoc", f"{limits[MAX_SOC]:g}"
            )

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
            await self._client.set_scheduler(self._serial, wanted)
            # Some devices turn the switch on with the groups, others leave it.
            held = await self._scheduler()
        if held is None or held.enabled != wanted.enabled:
            await self._set_flag(enabled=wanted.enabled)

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


def _controls_about(change: Change | None) -> frozenset[str]:
    """Return the controls that a change must know, of a schedule its defaults."""
    if change is None:
        return _EVERY_CONTROL
    if isinstance(change, ControlChange):
        return frozenset(change.values)
    return _SOC | {MAX_SOC}


def _work_mode(word: str, settings: SystemSettings) -> str:
    """Return the vendor's word for a mode that the device has said it takes."""
    assert settings.work_mode is not None
    return next(mode for mode in settings.work_mode.options if word_of(mode) == word)
