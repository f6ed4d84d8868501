"""What lies below an override, and can be changed while it runs."""

from homeassistant.core import Context, callback

from .battery.change import Change, ControlChange, ScheduleChange
from .battery.model import Device
from .battery.overlay import base_below, overlay
from .battery.running import Running
from .coordinator import HomeBatteryConfigEntry
from .writes import Outcome


class Below:
    """Changes what lies below the overrides of one entry, and follows others' changes."""

    def __init__(self, entry: HomeBatteryConfigEntry) -> None:
        """Keep the means; nothing is sent yet."""
        self._entry = entry

    async def async_write(
        self,
        device: Device,
        running: Running,
        change: Change,
        context: Context | None,
        *,
        always: bool,
    ) -> Outcome:
        """Bring a change to a device on which something runs.

        Raises:
            ServiceValidationError: It cannot be, and nothing was sent.
            HomeAssistantError: It was refused, not sent, or is not confirmed.
        """
        runtime = self._entry.runtime_data
        if isinstance(change, ScheduleChange) and running.period is not None:
            settings = await runtime.writer.async_settings(device)
            checked = await runtime.writer.async_check(device, change, always=always)
            if settings.schedule is not None and isinstance(checked, ScheduleChange):
                told = overlay(
                    checked.schedule, running.period, settings.schedule.capabilities
                )
                outcome = await runtime.writer.async_write(
                    device, ScheduleChange(told), context, always=always
                )
                running.base, running.told = checked.schedule, told
                await runtime.store.async_save()
                return outcome
        settings = await runtime.writer.async_settings(device)
        outcome = await runtime.writer.async_write(
            device, change, context, always=always
        )
        if isinstance(change, ControlChange):
            running.keep(change, settings)
        self.adopt(device, running)
        return outcome

    @callback
    def adopt(self, device: Device, running: Running) -> bool:
        """Take what a device holds by now for what lies below, if ours is still there."""
        runtime = self._entry.runtime_data
        settings = runtime.settings.record(device.key)
        if (
            settings is None
            or settings.schedule is None
            or running.period is None
            or running.base is None
        ):
            return False
        held = settings.schedule.schedule
        base = base_below(held, running.period, running.base, running.told)
        if base is None:
            return False
        running.base, running.told = base, held
        runtime.store.async_schedule_save()
        return True
