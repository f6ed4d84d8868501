"""Tells devices what an override means for them, and puts back what was before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
import logging
from typing import Final

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util

from .battery.change import Change, ControlChange, ScheduleChange
from .battery.errors import ChangeError
from .battery.model import Device, Record
from .battery.override import Ending, Plan, Stint, check_reserve, plan_of
from .battery.running import Running
from .battery.schedule import Schedule
from .const import CONF_PERMITTED_EXPORT, DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .errors import as_validation_error
from .vendors.vendor import Account
from .writes import Outcome, UnconfirmedError

_LOGGER = logging.getLogger(__name__)

# Whatever schedule is named in it, this reads and is about the schedule.
ABOUT_SCHEDULE: Final = ScheduleChange(Schedule(enabled=False))
# What ends so soon by itself needs no call.
_NEARLY: Final = timedelta(minutes=1)
# What was not confirmed may arrive so long after it was sent.
_ARRIVES_WITHIN: Final = timedelta(minutes=10)


class Teller:
    """Says to the devices of one entry what an override is for them."""

    def __init__(self, hass: HomeAssistant, entry: HomeBatteryConfigEntry) -> None:
        """Keep the means; nothing is sent yet."""
        self._hass = hass
        self._entry = entry

    async def async_check(self, device: Device, running: Running, stint: Stint) -> None:
        """Check that a device could be told a stint later on.

        Raises:
            ServiceValidationError: It cannot.
            HomeAssistantError: What it can do could not be read.
        """
        settings = await self._entry.runtime_data.writer.async_settings(device)
        plan = self._plan(device, running, stint, _base_of(running, settings), settings)
        await self._entry.runtime_data.writer.async_check(device, plan.change)

    async def async_tell(
        self, device: Device, running: Running, stint: Stint, context: Context | None
    ) -> Outcome:
        """Have a device do a stint of an override, and remember how.

        It is remembered before it is sent, so that it is put back whatever happens.

        Raises:
            ServiceValidationError: The device cannot, and nothing was sent.
            HomeAssistantError: It was refused, not sent, or is not confirmed.
        """
        runtime = self._entry.runtime_data
        writer, store = runtime.writer, runtime.store
        writer.check_calls()
        before = await writer.async_read(device, ABOUT_SCHEDULE)
        base = _base_of(running, before)
        plan = self._plan(device, running, stint, base, before)
        if running.is_told and (running.period is None) != (plan.period is None):
            # A schedule would go on under a command, and a command over a schedule.
            await self.async_put_back(device, running)
            running = running.cleared()
            before = await writer.async_read(device, ABOUT_SCHEDULE)
            base = _base_of(running, before)
        if plan.period is not None:
            base = await self._writable(device, base)
        change = await writer.async_check(device, plan.change)
        told = _as_told(running, plan, change, base, stint)
        told.unsure = dt_util.utcnow() + _ARRIVES_WITHIN
        if before.schedule is not None and told.told is not None:
            told.instead = before.schedule.schedule
        if told.ending is not Ending.SELF_ENDING:
            told.note(before)
        former = store.overrides.get(device.key)
        store.overrides[device.key] = told
        await store.async_save()
        try:
            outcome = await writer.async_write(device, change, context)
        except UnconfirmedError:
            raise
        except HomeAssistantError:
            await self._undo(device, told, before)
            if former is None:
                del store.overrides[device.key]
            else:
                store.overrides[device.key] = former
            await store.async_save()
            raise
        told.told_at = dt_util.utcnow()
        told.arrived(runtime.settings.record(device.key) or before)
        await store.async_save()
        return outcome

    async def _undo(self, device: Device, told: Running, before: Record) -> None:
        """Take back what may have been written of something that was refused.

        What cannot be taken back now is left, as nobody may know of any of it.
        """
        writer = self._entry.runtime_data.writer
        try:
            settings = await writer.async_read(device, ABOUT_SCHEDULE)
            if before.schedule is not None and told.told is not None:
                back = ScheduleChange(before.schedule.schedule)
                await writer.async_write(device, back, None, always=True)
                settings = await writer.async_settings(device)
            refused = Running(wanted=told.wanted)
            refused.note(before)
            refused.touch(settings)
            if (controls := refused.controls_back(settings)) is not None:
                await writer.async_write(device, controls, None, always=True)
        except HomeAssistantError as err:
            _LOGGER.debug("What was refused may not be taken back whole: %s", err)

    def is_as_told(self, device: Device, running: Running) -> bool:
        """Tell whether a device holds what it was told, as far as was read."""
        settings = self._entry.runtime_data.settings.record(device.key)
        return settings is None or running.is_held_by(settings)

    async def async_find_out(self, device: Device, running: Running) -> bool:
        """Tell whether what was not confirmed has arrived.

        Raises:
            HomeAssistantError: It could not be read.
        """
        settings = await self._entry.runtime_data.writer.async_read(
            device, ABOUT_SCHEDULE
        )
        if not running.is_held_by(settings):
            return False
        running.arrived(settings)
        await self._entry.runtime_data.store.async_save()
        return True

    async def async_withdraw(
        self, device: Device, running: Running, end: datetime
    ) -> Outcome:
        """Have a device do nothing of an override that goes on all the same.

        Raises:
            HomeAssistantError: It did not work, or is not confirmed.
        """
        store = self._entry.runtime_data.store
        await self.async_put_back(device, running)
        store.overrides[device.key] = replace(
            running.cleared(),
            begins=end,
            ends=end,
            ending=Ending.SELF_ENDING,
            until=end,
            told_at=dt_util.utcnow(),
            writes=running.writes + 1,
        )
        await store.async_save()
        return Outcome.CONFIRMED

    def _plan(
        self,
        device: Device,
        running: Running,
        stint: Stint,
        base: Schedule,
        settings: Record,
    ) -> Plan:
        """Return how a device is told so, in its own way or by its schedule."""
        runtime = self._entry.runtime_data
        try:
            check_reserve(running.wanted, settings)
            return runtime.account.plan(
                device, running.wanted, stint, settings
            ) or plan_of(
                running.wanted,
                stint,
                base,
                settings,
                runtime.readings.zone(device),
                permitted_export=self._entry.options.get(CONF_PERMITTED_EXPORT),
            )
        except ChangeError as err:
            raise as_validation_error(err) from err

    async def _writable(self, device: Device, base: Schedule) -> Schedule:
        """Return a base schedule that can be put back.

        Of one that is not in force, periods may be nothing but leftovers.
        """
        try:
            await self._entry.runtime_data.writer.async_check(
                device, ScheduleChange(base), always=True
            )
        except ServiceValidationError as err:
            if not base.enabled:
                return Schedule(enabled=False)
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="base_unwritable",
                translation_placeholders={"reason": str(err)},
            ) from err
        return base

    async def async_put_back(self, device: Device, running: Running) -> None:
        """Put back what was before an override, as far as it is ours to change.

        Raises:
            HomeAssistantError: It did not work, or is not confirmed.
        """
        runtime = self._entry.runtime_data
        settings = await runtime.writer.async_read(device, ABOUT_SCHEDULE)
        if running.is_held_by(settings):
            running.unsure = None
        running.touch(settings)
        for change in ways_back(runtime.account, device, running, settings):
            await runtime.writer.async_write(device, change, None, always=True)
        settings = runtime.settings.record(device.key) or settings
        if (back := running.controls_back(settings)) is not None:
            await runtime.writer.async_write(device, back, None, always=True)


def ways_back(
    account: Account, device: Device, running: Running, settings: Record
) -> Iterator[Change]:
    """Yield what ends an override on a device, if it has not ended there by itself."""
    if settings.schedule is not None:
        base = running.way_back(settings.schedule.schedule)
        if base is not None:
            yield ScheduleChange(base)
    if (
        running.ending is Ending.SELF_ENDING
        and running.until is not None
        and running.until - dt_util.utcnow() > _NEARLY
        and running.controls
        and ControlChange(running.controls).held_by(settings)
        and (change := account.resumption(device, settings)) is not None
    ):
        yield change


def _base_of(running: Running, settings: Record) -> Schedule:
    """Return the schedule over which an override is to lie."""
    if settings.schedule is None:
        return Schedule(enabled=False)
    held = settings.schedule.schedule
    return running.way_back(held) or held


def _as_told(
    running: Running, plan: Plan, change: Change, base: Schedule, stint: Stint
) -> Running:
    """Return an override as it is once a device was told a plan."""
    by_schedule = isinstance(change, ScheduleChange)
    return replace(
        running,
        base=base if by_schedule else None,
        told=change.schedule if isinstance(change, ScheduleChange) else None,
        controls={
            key: value
            for key, value in (
                change.values.items() if isinstance(change, ControlChange) else ()
            )
            if isinstance(value, float | int | str)
        },
        period=plan.period,
        begins=stint.start,
        ends=stint.end,
        power=stint.power,
        ending=plan.ending,
        until=plan.until,
        told_at=dt_util.utcnow(),
        writes=running.writes + 1,
    )
