"""Writing to a device: checked first, counted, and confirmed by reading back."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from enum import StrEnum
from functools import partial
import logging
from typing import Final

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .battery.change import Change
from .battery.errors import ChangeError
from .battery.export import check_export, with_permitted_power
from .battery.model import Device, Record
from .clocks import CLOCK_OFFSET, async_watch_clock, is_right
from .connect import async_clock
from .const import CONF_CONTROL, CONF_PERMITTED_EXPORT, CONTROL, DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .errors import as_validation_error, async_failed, async_report_cloud_mode
from .readings import Readings
from .transport.errors import (
    ApiError,
    AuthenticationError,
    LimitError,
    NotSentError,
    TransientError,
)
from .vendors.parameters import Parameters

_LOGGER = logging.getLogger(__name__)

# Within a minute a person hears what became of a change.
_READ_BACK_AFTER: Final = (0, 3, 7, 15, 25)
_LOOK_AGAIN_AFTER: Final = 300
_MANY_WRITES: Final = 100
_TOO_MANY_WRITES: Final = 300
# Of the calls that are reserved for changes, what is kept for ending and restoring.
_TO_END: Final = 0.4


class Outcome(StrEnum):
    """What became of a change."""

    CONFIRMED = "confirmed"
    UNCHANGED = "unchanged"


class UnconfirmedError(HomeAssistantError):
    """A change that was sent, and of which nobody knows whether the device holds it."""


class Writer:
    """Brings changes to the devices of one entry, one at a time for each."""

    def __init__(
        self, hass: HomeAssistant, entry: HomeBatteryConfigEntry, readings: Readings
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._hass = hass
        self._entry = entry
        self._readings = readings
        self._permitted_export: float | None = entry.options.get(CONF_PERMITTED_EXPORT)
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def async_settings(self, device: Device) -> Record:
        """Return a system's settings as last read, or read them now.

        Raises:
            HomeAssistantError: They could not be read.
        """
        runtime = self._entry.runtime_data
        if (record := runtime.settings.record(device.key)) is not None:
            return record
        async with self._locks[device.key]:
            return await self._read(device, None)

    async def async_read(self, device: Device, change: Change) -> Record:
        """Read what a change is about from a device, now.

        Raises:
            HomeAssistantError: It could not be read.
        """
        async with self._locks[device.key]:
            return await self._read(device, change)

    async def async_check(
        self, device: Device, change: Change, *, always: bool = False
    ) -> Change:
        """Check a change against what is known of the device, and complete it.

        Raises:
            ServiceValidationError: It would be refused; nothing was sent.
            HomeAssistantError: The device's settings could not be read.
        """
        self.check_control()
        if not always:
            self.check_calls()
        settings = await self.async_settings(device)
        return self._checked(change, settings, always=always)

    async def async_write(
        self,
        device: Device,
        change: Change,
        context: Context | None,
        *,
        always: bool = False,
    ) -> Outcome:
        """Bring a change to a device, and return when the device holds it.

        Args:
            device: The system.
            change: What it shall hold.
            context: Who asks for it.
            always: It ends something or puts it back, which has to work however much
                was written, and whatever export is permitted by now.

        Raises:
            ServiceValidationError: It cannot be, and nothing was sent.
            HomeAssistantError: It was refused, not sent, or is not confirmed.
        """
        await self.async_check(device, change, always=always)
        async with self._locks[device.key]:
            before = await self._read(device, change)
            change = self._checked(change, before, always=always)
            if change.held_by(before):
                return Outcome.UNCHANGED
            account = self._entry.runtime_data.account
            write = partial(account.write, device, change, before)
            if account.wears(change):
                if not always:
                    self._check_wear(device)
                write = partial(self._counted, device, write, context)
            await self._send(write)
            await self._confirm(device, partial(self._holds, device, change))
            return Outcome.CONFIRMED

    async def async_set_parameter(
        self,
        device: Device,
        parameters: Parameters,
        name: str,
        values: Sequence[str],
        context: Context,
    ) -> Outcome:
        """Set a setting by the vendor's name, and return when the device holds it.

        Args:
            device: Whose setting it is.
            parameters: The settings of its account.
            name: What the vendor calls it.
            values: The vendor's words, in its order.
            context: Who asks for it.

        Raises:
            ServiceValidationError: It cannot be, and nothing was sent.
            HomeAssistantError: It was refused, not sent, or is not confirmed.
        """
        self.check_control()
        try:
            parameters.check(device, name, values)
        except ChangeError as err:
            raise as_validation_error(err) from err

        async def is_held() -> bool:
            told = await parameters.read(device, name)
            return parameters.held(device, name, values, told)

        async with self._locks[device.key]:
            try:
                if await is_held():
                    return Outcome.UNCHANGED
            except ApiError as err:
                raise async_failed(self._hass, self._entry, err) from err
            self._check_wear(device)
            try:
                write = partial(parameters.write, device, name, values)
                await self._send(partial(self._counted, device, write, context))
                await self._confirm(device, is_held)
            finally:
                self._read_settings_anew()
            return Outcome.CONFIRMED

    async def async_set_clock(self, device: Device) -> None:
        """Set a device's clock, and return when it is right.

        Raises:
            ServiceValidationError: It must not be, and nothing was sent.
            HomeAssistantError: It was refused, not sent, or is not confirmed.
        """
        self.check_control()
        account = self._entry.runtime_data.account
        async with self._locks[device.key]:
            try:
                if await self._has_right_time(device):
                    return
            except ApiError as err:
                raise async_failed(self._hass, self._entry, err) from err
            self._check_wear(device)
            await self._send(
                partial(self._counted, device, partial(account.set_clock, device), None)
            )
            await self._confirm(device, partial(self._has_right_time, device))

    async def async_press(
        self, device: Device, key: str, context: Context | None
    ) -> None:
        """Have a device do what a button stands for; nothing is there to be read back.

        Raises:
            ServiceValidationError: It must not be, and nothing was sent.
            HomeAssistantError: It was refused, not sent, or nobody knows.
        """
        account = self._entry.runtime_data.account
        await self.async_call(device, partial(account.press, device, key), context)

    async def async_call[T](
        self,
        device: Device | None,
        call: Callable[[], Awaitable[T]],
        context: Context | None,
    ) -> T:
        """Make a call that changes something, and return its answer unproven.

        Args:
            device: The system that it is about, if that is known.
            call: Makes the call.
            context: Who asks for it.

        Raises:
            ServiceValidationError: It must not be, and nothing was sent.
            HomeAssistantError: It failed.
        """
        self.check_control()
        if device is None:
            return await self._call(call)
        async with self._locks[device.key]:
            self._check_wear(device)
            return await self._call(partial(self._counted, device, call, context))

    async def _call[T](self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call, and have the settings read again whatever became of it."""
        try:
            return await call()
        except ApiError as err:
            raise async_failed(self._hass, self._entry, err) from err
        finally:
            self._read_settings_anew()

    def _read_settings_anew(self) -> None:
        """Have the settings read, when something may have changed any of them."""
        self._entry.async_create_background_task(
            self._hass,
            self._entry.runtime_data.settings.async_doubt(),
            name="settings after a call",
        )

    async def _counted[T](
        self,
        device: Device,
        call: Callable[[], Awaitable[T]],
        context: Context | None,
    ) -> T:
        """Make a call, and count it unless it certainly changed nothing."""
        try:
            answer = await call()
        except NotSentError:
            raise
        except TransientError:
            await self._count(device, context)
            raise
        await self._count(device, context)
        return answer

    def check_control(self) -> None:
        """Check that something may be changed.

        Raises:
            ServiceValidationError: Nothing can be, or only watching was chosen.
        """
        if self._entry.runtime_data.vendor.read_only:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="read_only",
                translation_placeholders={
                    "vendor": self._entry.runtime_data.vendor.name
                },
            )
        if self._entry.options[CONF_CONTROL] != CONTROL:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="watch_only"
            )

    def check_calls(self) -> None:
        """Check that what is begun can also be ended today.

        Raises:
            HomeAssistantError: The last calls of the day are for that.
        """
        limiter = self._entry.runtime_data.limiter
        left = limiter.calls_left
        if left is not None and left <= limiter.reserved_calls * _TO_END:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="quota_exhausted"
            )

    def _checked(self, change: Change, settings: Record, *, always: bool) -> Change:
        """Return a change completed; raise if the device may not or would not take it."""
        permitted = None if always else self._permitted_export
        if permitted is not None:
            change = with_permitted_power(change, settings, permitted)
        change = change.completed(settings)
        try:
            change.check(settings)
            if permitted is not None:
                check_export(change, settings, permitted)
        except ChangeError as err:
            raise as_validation_error(err) from err
        return change

    async def _read(self, device: Device, change: Change | None) -> Record:
        """Read what a change is about from the device."""
        try:
            record = await self._fetch(device, change)
        except ApiError as err:
            raise async_failed(self._hass, self._entry, err) from err
        return record

    async def _fetch(self, device: Device, change: Change | None) -> Record:
        """Read what a change is about, and show it."""
        runtime = self._entry.runtime_data
        record = await runtime.account.read(
            device, change, runtime.settings.record(device.key)
        )
        runtime.settings.async_confirmed(device, record)
        return record

    async def _holds(self, device: Device, change: Change) -> bool:
        """Tell whether a device holds a change."""
        return change.held_by(await self._fetch(device, change))

    async def _has_right_time(self, device: Device) -> bool:
        """Tell whether a device's clock is right, and show it."""
        runtime = self._entry.runtime_data
        offset = await runtime.account.read_clock(device)
        runtime.readings.async_add(device, Record(values={CLOCK_OFFSET: offset}))
        runtime.readings.async_derive([device.key])
        async_watch_clock(self._hass, self._entry, device, offset)
        return is_right(offset)

    async def _send(self, write: Callable[[], Awaitable[None]]) -> None:
        """Send a change; whether it arrived is for reading back to tell."""
        try:
            await write()
        except ChangeError as err:
            raise as_validation_error(err) from err
        except NotSentError as err:
            raise async_failed(self._hass, self._entry, err) from err
        except TransientError:
            pass
        except ApiError as err:
            raise async_failed(self._hass, self._entry, err) from err
        else:
            async_report_cloud_mode(self._hass, self._entry, refused=False)
        self._entry.runtime_data.readings.async_hurry()

    async def _confirm(
        self, device: Device, is_done: Callable[[], Awaitable[bool]]
    ) -> None:
        """Read back until the device holds what was sent."""
        clock = async_clock(self._hass)
        for delay in _READ_BACK_AFTER:
            await clock.sleep(delay)
            try:
                if await is_done():
                    return
            except AuthenticationError, LimitError:
                break
            except ApiError:
                continue
        self._entry.async_on_unload(
            async_call_later(
                self._hass,
                _LOOK_AGAIN_AFTER,
                partial(self._async_look_again, device, is_done),
            )
        )
        raise UnconfirmedError(
            translation_domain=DOMAIN,
            translation_key="unconfirmed",
            translation_placeholders={"device": device.name},
        )

    async def _async_look_again(
        self, device: Device, is_done: Callable[[], Awaitable[bool]], _now: object
    ) -> None:
        """Find out later what became of a change that was not confirmed."""
        async with self._locks[device.key]:
            try:
                await is_done()
            except ApiError as err:
                _LOGGER.debug("Looking again at an unconfirmed change failed: %s", err)

    def _today(self, device: Device) -> date:
        """Return the day on the device's own calendar."""
        return dt_util.now(self._readings.zone(device)).date()

    def _check_wear(self, device: Device) -> None:
        """Raise if more writes would wear out the device's memory."""
        store = self._entry.runtime_data.store
        if store.writes_on(device.key, self._today(device)) >= _TOO_MANY_WRITES:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="too_many_writes",
                translation_placeholders={"limit": str(_TOO_MANY_WRITES)},
            )

    async def _count(self, device: Device, context: Context | None) -> None:
        """Count a write that the device may have taken, and say if it is one of many."""
        store = self._entry.runtime_data.store
        count = store.async_count_write(device.key, self._today(device))
        self._entry.runtime_data.readings.async_derive([device.key])
        issue_id = f"many_writes_{self._entry.entry_id}_{device.key}"
        if count <= _MANY_WRITES:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
        else:
            ir.async_create_issue(
                self._hass,
                DOMAIN,
                issue_id,
                is_fixable=False,
                severity=ir.IssueSeverity.WARNING,
                translation_key="many_writes",
                translation_placeholders={
                    "device": device.name,
                    "limit": str(_MANY_WRITES),
                    "caller": await _async_caller(self._hass, context),
                },
            )


async def _async_caller(hass: HomeAssistant, context: Context | None) -> str:
    """Return the name of the person, automation or script that asks."""
    if context is None:
        return "?"
    ids = {context.id, context.parent_id}
    for state in hass.states.async_all(("automation", "script")):
        if state.context.id in ids:
            return state.name
    if context.user_id and (user := await hass.auth.async_get_user(context.user_id)):
        return user.name or user.id
    return "?"
