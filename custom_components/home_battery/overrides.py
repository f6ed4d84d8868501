"""Overrides as they run: begun, watched, ended, and everything put back as it was."""

import asyncio
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
import logging
from typing import Final, NamedTuple

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .battery.change import Change
from .battery.model import Device, Mode, Role
from .battery.override import OPEN, Ending, Override, Pace, Stint
from .battery.pace import Worth
from .battery.running import Running
from .battery.schedule import Schedule, ScheduleState
from .below import Below
from .command import COMMAND_KEYS
from .const import CONF_CONTROL, CONTROL, DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .descriptions import Hold
from .doubts import Doubts
from .errors import async_failed, async_report_leftover
from .pacing import Pacing
from .telling import ABOUT_SCHEDULE, Teller
from .tidings import (
    CANCELLED,
    ENDED,
    RESTORE_FAILED,
    STARTED,
    SUPERSEDED,
    TARGET_REACHED,
    Tidings,
)
from .transport.errors import ApiError
from .writes import Outcome

_LOGGER = logging.getLogger(__name__)

_TICK: Final = timedelta(minutes=1)
_RENEW_BEFORE: Final = timedelta(hours=1)
# What was moved once will be moved again, and a device is not told each time.
_AHEAD: Final = timedelta(hours=3)
_SLACK: Final = 5.0
_LONGEST_PAUSE: Final = timedelta(minutes=30)
_FAILED_AFTER: Final = 3


class Begun(NamedTuple):
    """What became of the wish for an override.

    Attributes:
        outcome: A word for it.
        running: The override, if one runs or is planned now.
    """

    outcome: str
    running: Running | None = None


class Overrides:
    """The overrides of one entry's systems, one at a time for each."""

    def __init__(self, hass: HomeAssistant, entry: HomeBatteryConfigEntry) -> None:
        """Keep the means; nothing is sent yet."""
        self._hass = hass
        self._entry = entry
        self._teller = Teller(hass, entry)
        self._doubts = Doubts(entry)
        self._pacing = Pacing(hass, entry)
        self._below = Below(entry)
        self._tidings = Tidings(hass, entry)
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @callback
    def async_watch(self) -> None:
        """Watch them until the entry is unloaded, also those of a former run."""
        if self._entry.options[CONF_CONTROL] != CONTROL:
            return
        for stop in (
            async_track_time_interval(self._hass, self._async_look_all, _TICK),
            self._entry.runtime_data.settings.async_add_listener(self._async_look_all),
        ):
            self._entry.async_on_unload(stop)
        self._async_look_all()

    @callback
    def _async_look_all(self, _now: datetime | None = None) -> None:
        """Look after every override that nobody looks after already."""
        runtime = self._entry.runtime_data
        for device in runtime.inventory.with_role(Role.SYSTEM):
            settings = runtime.settings.record(device.key)
            if settings is not None and settings.schedule is not None:
                runtime.async_learn(device.key, dict.fromkeys(COMMAND_KEYS))
        for key in list(runtime.store.overrides):
            found = runtime.inventory.devices.get(key)
            if found is not None and not self._locks[key].locked():
                self._entry.async_create_background_task(
                    self._hass, self._async_look(found), name=f"override of {key}"
                )

    def running(self, device: str) -> Running | None:
        """Return what runs over a device's schedule, also when it is being cleared."""
        return self._entry.runtime_data.store.overrides.get(device)

    def base(self, device: str, state: ScheduleState) -> Schedule:
        """Return the schedule that people see and edit, under any override."""
        running = self.running(device)
        return (running and running.way_back(state.schedule)) or state.schedule

    async def async_check(self, device: Device, wanted: Override) -> None:
        """Check that a device could be told an override.

        Raises:
            ServiceValidationError: It cannot.
            HomeAssistantError: What it can do could not be read.
        """
        running = Running(wanted=wanted)
        stint = self._stint(device, running, wanted.start)
        await self._teller.async_check(device, running, stint)

    async def async_start(
        self,
        device: Device,
        wanted: Override,
        context: Context | None,
        *,
        command: bool = False,
        take_control: bool = False,
    ) -> Begun:
        """Begin an override, or plan it; what runs already is replaced.

        Args:
            device: The system.
            wanted: What is wanted of it.
            context: Who asks for it.
            command: It is the system's command, whose numbers may change it.
            take_control: Also if something else steers the system remotely.

        Raises:
            ServiceValidationError: The device cannot, and nothing was sent.
            HomeAssistantError: It was refused, not sent, or is not confirmed.
        """
        self._entry.runtime_data.writer.check_control()
        async with self._locks[device.key]:
            now, soc = dt_util.utcnow(), self._soc(device)
            former = self.running(device.key)
            reached = (
                soc is not None
                and wanted.start <= now
                and wanted.is_reached(soc, self._slack(device, wanted))
            )
            if reached and wanted.then_hold:
                self._note_reached(device, wanted)
                wanted, reached = wanted.held, False
            if (
                former is not None
                and former.over is None
                and former.unsure is None
                and former.wanted.means_the_same(wanted)
                and (former.wanted.start <= now) == (wanted.start <= now)
            ):
                return await self._prolong(device, former, wanted.end, context)
            if former is None and not take_control:
                await self._check_free(device)
            if wanted.start > now:
                running = Running(wanted=wanted)
                await self.async_check(device, wanted)
                if former is not None:
                    await self._finish(device, former, CANCELLED)
                self._entry.runtime_data.store.overrides[device.key] = running
                await self._entry.runtime_data.store.async_save()
                self._tidings.show(device)
                return Begun("planned", running)
            if reached:
                if former is not None:
                    await self._finish(device, former, CANCELLED)
                return Begun("reached")
            running = Running(wanted=wanted, began_soc=soc, command=command)
            return await self._begin(device, running, former, context)

    async def _check_free(self, device: Device) -> None:
        """Check that nothing else steers a device from afar.

        Raises:
            ServiceValidationError: Something does.
            HomeAssistantError: The device could not be asked.
        """
        try:
            taken = await self._entry.runtime_data.account.is_taken(device)
        except ApiError as err:
            raise async_failed(self._hass, self._entry, err) from err
        if taken:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="steered_elsewhere"
            )

    def _slack(self, device: Device, wanted: Override) -> float:
        """Return by how much % the SOC may be off a target that was reached before.

        Who repeats a call would else have it begun again with each percent lost.
        """
        reached = self._entry.runtime_data.store.reached.get(device.key)
        same = reached is not None and reached.means_the_same(wanted)
        return _SLACK if same else 0.0

    async def _begin(
        self,
        device: Device,
        running: Running,
        former: Running | None,
        context: Context | None,
    ) -> Begun:
        """Begin an override now; it keeps the way back of one that it replaces."""
        if former is not None and former.ending is not None:
            running.follows(former)
        outcome = await self._tell(device, running, context)
        if running.wanted.mode is not Mode.HOLD:  # It may follow a target reached.
            self._entry.runtime_data.store.reached.pop(device.key, None)
        self._tidings.tell_of_start(device, self.running(device.key) or running)
        return Begun(outcome, self.running(device.key))

    async def _prolong(
        self,
        device: Device,
        running: Running,
        end: datetime | None,
        context: Context | None,
    ) -> Begun:
        """Move the end of an override; the device is told only when it needs that."""
        if end == running.wanted.end:
            return Begun(Outcome.UNCHANGED, running)
        running.wanted = replace(running.wanted, end=end)
        running.moving = True
        self._entry.runtime_data.store.async_schedule_save()
        outcome: str = Outcome.UNCHANGED
        if self._needs_telling(running, dt_util.utcnow()):
            outcome = await self._tell(device, running, context)
        self._tidings.show(device)
        return Begun(outcome, self.running(device.key))

    async def async_stop(self, device: Device) -> str:
        """End what runs or is planned, and have everything as it was.

        Raises:
            HomeAssistantError: It could not be put back now; that is tried again.
        """
        async with self._locks[device.key]:
            if (running := self.running(device.key)) is None:
                return "nothing"
            running.retry_at = None
            await self._finish(device, running, running.over or CANCELLED)
            return "stopped"

    async def async_write(
        self,
        device: Device,
        change: Change,
        context: Context | None,
        *,
        always: bool = False,
    ) -> Outcome:
        """Bring a change by a person or an automation to a device.

        A schedule becomes the base of what runs; whatever else is changed is not
        put back afterwards.

        Raises:
            ServiceValidationError: It cannot be, and nothing was sent.
            HomeAssistantError: It was refused, not sent, or is not confirmed.
        """
        async with self._locks[device.key]:
            running = self.running(device.key)
            if running is None:
                return await self._entry.runtime_data.writer.async_write(
                    device, change, context, always=always
                )
            return await self._below.async_write(
                device, running, change, context, always=always
            )

    async def _async_look(self, device: Device) -> None:
        """Do what it is time for."""
        async with self._locks[device.key]:
            if (running := self.running(device.key)) is None:
                return
            try:
                await self._look(device, running, dt_util.utcnow())
            except HomeAssistantError as err:
                _LOGGER.debug("An override of %s waits: %s", device.kind, err)

    async def _look(self, device: Device, running: Running, now: datetime) -> None:
        """Do what it is time for with one override."""
        if running.retry_at is not None and now < running.retry_at:
            return
        soc = self._soc(device)
        over = running.over
        if (
            over is None
            and running.wanted.end is not None
            and now >= running.wanted.end
        ):
            over = ENDED
        if over is None and now < running.wanted.start:
            return
        paced = running.wanted.pace is Pace.JUST_IN_TIME
        reached = soc is not None and running.wanted.is_reached(soc)
        holds = reached and not paced and running.wanted.then_hold
        if reached and (over == ENDED or (over is None and not paced and not holds)):
            over = TARGET_REACHED
        if over is None and running.unsure is not None:
            if not await self._teller.async_find_out(device, running):
                if now >= running.unsure:
                    await self._give_up(device, running)
                return
            self._tidings.tell_of_start(device, running)
        if over is None and await self._is_superseded(device, running):
            over = SUPERSEDED
        if over is not None:
            await self._finish(device, running, over)
            return
        if holds:
            await self._hold_reached(device, running, soc)
            return
        if running.ending is None:
            await self._begin_planned(device, running, soc)
        elif paced:
            await self._pace(device, running, now)
        elif self._needs_telling(running, now):
            await self._tell_again(device, running)
        self._pacing.learn(device, running)
        for doubt in self._doubts.about(device, running, now):
            self._tidings.tell(device, doubt, running)
        self._tidings.show(device)

    async def _begin_planned(
        self, device: Device, running: Running, soc: float | None
    ) -> None:
        """Begin what was planned, however often that takes."""
        running.began_soc = soc
        await self._tell_again(device, running)
        self._tidings.tell_of_start(device, self.running(device.key) or running)

    async def _hold_reached(
        self, device: Device, running: Running, soc: float | None
    ) -> None:
        """Have a device hold what it has reached; what was before waits until the end."""
        self._note_reached(device, running.wanted)
        held = Running(wanted=running.wanted.held)
        held.follows(running)
        await self._begin_planned(device, held, soc)

    @callback
    def _note_reached(self, device: Device, wanted: Override) -> None:
        """Remember that a target is reached, and tell so if something ran for it."""
        self._entry.runtime_data.store.reached[device.key] = wanted
        running = self.running(device.key)
        if running is None or not running.wanted.means_the_same(wanted):
            return
        if TARGET_REACHED not in running.said:
            running.said.add(TARGET_REACHED)
            self._tidings.tell(device, TARGET_REACHED, running)

    async def _give_up(self, device: Device, running: Running) -> None:
        """Have done with what never arrived, unless it goes on already."""
        if STARTED in running.said:
            await self._tell_again(device, running)
        else:
            await self._finish(device, running, CANCELLED)

    async def _tell_again(self, device: Device, running: Running) -> None:
        """Have a device do the next stint, and wait if that fails.

        Raises:
            HomeAssistantError: It failed.
        """
        try:
            await self._tell(device, running, None)
        except HomeAssistantError:
            if (known := self.running(device.key)) is not None:
                self._pause(known)
            raise

    async def _pace(self, device: Device, running: Running, now: datetime) -> None:
        """Move the window of an override that is paced, if that is worth a write."""
        planned = self._pacing.step(device, running.wanted, now)
        if running.reason != planned.reason:
            running.reason = planned.reason
            self._tidings.show(device)
        worth = self._pacing.weigh(device, running, planned, now)
        if worth is not Worth.KEEP:
            await self._tell_again(device, running)

    async def _is_superseded(self, device: Device, running: Running) -> bool:
        """Tell whether somebody else has taken ours from the device."""
        runtime = self._entry.runtime_data
        settings = runtime.settings.record(device.key)
        if running.ending is None or settings is None:
            return False
        if (
            running.ending is Ending.SELF_ENDING
            and running.until is not None
            and running.until - dt_util.utcnow() <= _TICK
        ):
            # The device's clock counts whole minutes, and may be ahead.
            return False
        if self._teller.is_as_told(device, running):
            return False
        # What was read before ours was written would say the same.
        await runtime.writer.async_read(device, ABOUT_SCHEDULE)
        return not self._teller.is_as_told(device, running) and not self._below.adopt(
            device, running
        )

    async def _tell(
        self, device: Device, running: Running, context: Context | None
    ) -> Outcome:
        """Have a device do the next stint."""
        stint = self._stint(device, running, dt_util.utcnow())
        if stint.start >= stint.end:
            return await self._teller.async_withdraw(device, running, stint.end)
        return await self._teller.async_tell(device, running, stint, context)

    def _stint(self, device: Device, running: Running, start: datetime) -> Stint:
        """Return what a device is to be told next; without any length, to do nothing."""
        wanted, end = running.wanted, running.wanted.end
        stint = Stint(
            start=start, end=start + OPEN, power=wanted.power, soc=self._soc(device)
        )
        if end is None:
            return stint
        if wanted.pace is Pace.FULL:
            return replace(stint, end=end + _AHEAD if running.moving else end)
        step = self._pacing.step(device, wanted, start)
        running.reason = step.reason
        return replace(stint, start=step.start, end=step.end, power=step.power)

    def _needs_telling(self, running: Running, now: datetime) -> bool:
        """Tell whether the device would end it before it is wanted to end."""
        if running.until is None:
            return False
        end = running.wanted.end
        return (end is None or running.until < end) and (
            running.until - now < _RENEW_BEFORE
        )

    async def _finish(self, device: Device, running: Running, over: str) -> None:
        """End an override; what cannot be put back now is put back later.

        Raises:
            HomeAssistantError: It is to be later.
        """
        store = self._entry.runtime_data.store
        if running.over is None:
            running.over, running.failures = over, 0
        await store.async_save()
        try:
            if running.ending is not None:
                await self._teller.async_put_back(device, running)
        except HomeAssistantError:
            self._pause(running)
            if running.failures == _FAILED_AFTER:
                self._tidings.tell(device, RESTORE_FAILED, running)
                async_report_leftover(self._hass, self._entry, device, running)
            await store.async_save()
            raise
        if running.unsure is not None and dt_util.utcnow() < running.unsure:
            running.retry_at = running.unsure
            await store.async_save()
            return
        del store.overrides[device.key]
        if over == TARGET_REACHED:
            store.reached[device.key] = running.wanted
        if over == SUPERSEDED:
            self._tidings.note_superseded(device, running)
        await store.async_save()
        async_report_leftover(self._hass, self._entry, device, None)
        self._tidings.tell(device, over, running)

    @callback
    def _pause(self, running: Running) -> None:
        """Put off what failed, for longer each time."""
        running.failures += 1
        pause = min(_TICK * 2 ** min(running.failures, 10), _LONGEST_PAUSE)
        running.retry_at = dt_util.utcnow() + pause

    def _soc(self, device: Device) -> float | None:
        """Return the SOC in %, unless it is too old."""
        data = self._entry.runtime_data.readings.data.get(device.key)
        if data is None:
            return None
        age = data.age("battery_soc", dt_util.utcnow())
        soc = data.value("battery_soc")
        if age is None or age > Hold.LONG.value or not isinstance(soc, int | float):
            return None
        return soc
