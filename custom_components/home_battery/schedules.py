"""Schedules that were set here: until when they hold, and what comes next of them."""

from dataclasses import replace
from datetime import datetime, timedelta
import logging
from typing import Final

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .battery.change import ScheduleChange
from .battery.errors import ChangeError, Problem
from .battery.fit import TooMany, merged, next_up
from .battery.model import Device
from .battery.schedule import Schedule, ScheduleState, normalize
from .battery.tenure import Tenure
from .const import CONF_CONTROL, CONTROL
from .coordinator import HomeBatteryConfigEntry
from .errors import as_validation_error

_LOGGER = logging.getLogger(__name__)

_TICK: Final = timedelta(minutes=1)
_PAUSE: Final = timedelta(minutes=15)


class Schedules:
    """The schedules that one entry's systems were given by Home Battery."""

    def __init__(self, hass: HomeAssistant, entry: HomeBatteryConfigEntry) -> None:
        """Keep the means; nothing is sent yet."""
        self._hass = hass
        self._entry = entry
        self._busy: set[str] = set()

    @callback
    def async_watch(self) -> None:
        """Watch them until the entry is unloaded."""
        if self._entry.options[CONF_CONTROL] != CONTROL:
            return
        self._entry.async_on_unload(
            async_track_time_interval(self._hass, self._async_look_all, _TICK)
        )

    @callback
    def _async_look_all(self, _now: datetime) -> None:
        """Look after every schedule that something is still to come of."""
        runtime = self._entry.runtime_data
        for key, tenure in list(runtime.store.tenures.items()):
            device = runtime.inventory.devices.get(key)
            if device is not None and tenure.is_due(dt_util.utcnow()):
                self._entry.async_create_background_task(
                    self._hass, self._async_look(device, tenure), f"schedule of {key}"
                )

    def fitted(
        self, device: Device, schedule: Schedule, if_too_many: TooMany
    ) -> Schedule:
        """Return of a schedule what a device is told now.

        Raises:
            ServiceValidationError: It cannot be told so.
        """
        settings = self._entry.runtime_data.settings.record(device.key)
        if settings is None or settings.schedule is None or not schedule.enabled:
            return schedule
        capabilities = settings.schedule.capabilities
        local = dt_util.now(self._entry.runtime_data.readings.zone(device))
        try:
            if if_too_many is TooMany.MERGE:
                return merged(schedule, capabilities)
            if if_too_many is TooMany.NEXT:
                return next_up(schedule, capabilities, local.time())
        except ChangeError as err:
            raise as_validation_error(err) from err
        return schedule

    async def async_set(
        self,
        device: Device,
        schedule: Schedule,
        context: Context | None,
        *,
        until: datetime | None = None,
        if_too_many: TooMany = TooMany.ERROR,
    ) -> str:
        """Have a device follow a schedule, for a while or for good.

        Args:
            device: The system.
            schedule: All of it.
            context: Who asks for it.
            until: When what was before is put back.
            if_too_many: What becomes of it where it has too many periods.

        Raises:
            ServiceValidationError: It cannot be, and nothing was sent.
            HomeAssistantError: It was refused, not sent, or is not confirmed.
        """
        runtime = self._entry.runtime_data
        settings = await runtime.writer.async_settings(device)
        if settings.schedule is None:
            raise as_validation_error(ChangeError(Problem.NO_SCHEDULE))
        former = self._former(device, settings.schedule)
        told = self.fitted(device, schedule, if_too_many)
        outcome = await runtime.overrides.async_write(
            device, ScheduleChange(told), context
        )
        runtime.store.tenures[device.key] = Tenure(
            whole=schedule,
            chosen=told,
            told=self._base(device) or told,
            former=former if until is not None else None,
            until=until,
            rolls=if_too_many is TooMany.NEXT and told != schedule,
        )
        await runtime.store.async_save()
        runtime.readings.async_show(device.key)
        return str(outcome)

    @callback
    def async_forget(self, device: Device) -> None:
        """Have nothing come any more of what was set before."""
        if self._entry.runtime_data.store.tenures.pop(device.key, None):
            self._entry.runtime_data.store.async_schedule_save()

    def tenure(self, device: str, base: Schedule) -> Tenure | None:
        """Return what was set here, if it is what a device still has."""
        found = self._entry.runtime_data.store.tenures.get(device)
        if found is None or normalize(found.told) != normalize(base):
            return None
        return found

    def _former(self, device: Device, state: ScheduleState) -> Schedule:
        """Return what is to be put back after what is set now."""
        base = self._entry.runtime_data.overrides.base(device.key, state)
        tenure = self.tenure(device.key, base)
        return base if tenure is None or tenure.former is None else tenure.former

    def _base(self, device: Device) -> Schedule | None:
        """Return the schedule that people see, as it was last read."""
        runtime = self._entry.runtime_data
        settings = runtime.settings.record(device.key)
        if settings is None or settings.schedule is None:
            return None
        return runtime.overrides.base(device.key, settings.schedule)

    async def _async_look(self, device: Device, tenure: Tenure) -> None:
        """Do what it is time for with one schedule."""
        if device.key in self._busy:
            return
        self._busy.add(device.key)
        try:
            await self._look(device, tenure, dt_util.utcnow())
        except HomeAssistantError as err:
            tenure.retry_at = dt_util.utcnow() + _PAUSE
            _LOGGER.debug("The schedule of a %s waits: %s", device.kind, err)
        finally:
            self._busy.discard(device.key)

    async def _look(self, device: Device, tenure: Tenure, now: datetime) -> None:
        """Put back what was before, or tell what comes next.

        What somebody else has changed meanwhile is left alone.
        """
        runtime = self._entry.runtime_data
        base = self._base(device)
        if base is None:
            return
        if normalize(base) != normalize(tenure.told):
            self.async_forget(device)
            return
        if tenure.until is not None and now >= tenure.until:
            if tenure.former is not None:
                await runtime.overrides.async_write(
                    device, ScheduleChange(tenure.former), None, always=True
                )
            self.async_forget(device)
            return
        chosen = self.fitted(device, tenure.whole, TooMany.NEXT)
        if chosen == tenure.chosen:
            return
        await runtime.overrides.async_write(device, ScheduleChange(chosen), None)
        runtime.store.tenures[device.key] = replace(
            tenure, chosen=chosen, told=self._base(device) or chosen, retry_at=None
        )
        runtime.store.async_schedule_save()
