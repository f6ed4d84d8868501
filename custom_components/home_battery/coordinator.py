"""The coordinator for a feed, and the runtime data of an entry."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import logging
from typing import TYPE_CHECKING, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .battery.model import Device, Happening, Inventory, Record, Value
from .connect import async_clock
from .const import DOMAIN
from .descriptions import Hold
from .errors import async_report_certificate, async_report_quota, problem_of
from .following import Following
from .store import EntryStore
from .transport.breath import Breath
from .transport.errors import (
    ApiError,
    AuthenticationError,
    CrowdedError,
    OfflineError,
    QuotaError,
    RejectedError,
    UnsupportedError,
    lighten,
)
from .transport.limiter import Limiter
from .transport.rhythm import Rhythm
from .vendors.vendor import Account, Feed, FeedResult, Vendor

if TYPE_CHECKING:
    from .drafts import Drafts
    from .feeds import ReadingsCoordinator, SettingsCoordinator
    from .imports import Imports
    from .overrides import Overrides
    from .schedules import Schedules
    from .writes import Writer

_LOGGER = logging.getLogger(__name__)

_HOLDS = tuple(hold.value for hold in Hold)
# So often a feed is asked at its quicker pace after a change.
_BURST = 6
# So soon a round is made up for that our own calls were in the way of.
_PUT_OFF = timedelta(minutes=2)
# So soon a feed is asked again that failed, although it is asked seldom.
_TRY_AGAIN = timedelta(minutes=30)
# A timer of Home Assistant's may come so much early.
_EARLY = timedelta(seconds=1)
# What is wrong with those that were asked for, and not with the vendor.
_OF_DEVICES = (OfflineError, RejectedError, UnsupportedError)


@dataclass
class DeviceData:
    """The latest of everything that a feed has told of one device.

    Attributes:
        record: Every value and control, each as it last came.
        received: When the last new record came.
        derived: What was worked out from it.
        seen: When each value and control last came.
    """

    record: Record = field(default_factory=Record)
    received: datetime | None = None
    derived: dict[str, Value] = field(default_factory=dict)
    seen: dict[str, datetime] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Value]:
        """Return all values, what came and what was worked out."""
        return {**self.record.values, **self.derived}

    def value(self, key: str) -> Value | None:
        """Return one value, `None` if it never came."""
        return self.derived.get(key, self.record.values.get(key))

    def age(self, key: str, now: datetime) -> timedelta | None:
        """Return how old a value or control is, `None` if it never came."""
        seen = self.seen.get(key)
        return None if seen is None else now - seen


@dataclass(kw_only=True)
class HomeBatteryData:
    """The runtime data of a config entry.

    Attributes:
        vendor: The entry's vendor.
        account: The connection to it.
        store: What outlives a restart.
        inventory: The devices that this entry serves.
        limiter: The limits of these credentials.
        readings: The feed of what is measured.
        settings: The feed of what can be set.
        others: The further feeds; no entity stands on one of them.
        device_ids: The device registry's ids, by device key.
        writer: Brings changes to the devices.
        overrides: What runs over the devices' schedules for a while.
        schedules: What is still to come of schedules that were set here.
        drafts: Times that no device has got yet.
        imports: The past on its way into the statistics.
        on_learned: Called with the key of a device that is new or shows something new.
        on_happening: Called with the key of a device, and what happened there.
    """

    vendor: Vendor
    account: Account
    store: EntryStore
    inventory: Inventory
    limiter: Limiter
    readings: ReadingsCoordinator
    settings: SettingsCoordinator
    others: tuple[FeedCoordinator, ...]
    device_ids: dict[str, str]
    writer: Writer
    overrides: Overrides
    schedules: Schedules
    drafts: Drafts
    imports: Imports
    on_learned: list[Callable[[str], None]] = field(default_factory=list)
    on_happening: list[Callable[[str, Happening], None]] = field(default_factory=list)

    @callback
    def async_learn(self, device: str, keys: Mapping[str, object]) -> None:
        """Remember what a device has, and let the platforms add what is new."""
        if self.store.async_learn(device, keys):
            self.async_add(device)

    @callback
    def async_add(self, device: str) -> None:
        """Let the platforms add what a device has and they have not yet."""
        for update in self.on_learned:
            update(device)


type HomeBatteryConfigEntry = ConfigEntry[HomeBatteryData]


class FeedCoordinator(DataUpdateCoordinator[dict[str, DeviceData]]):
    """Polls one feed, and tells only the entities of devices that have news."""

    config_entry: HomeBatteryConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: HomeBatteryConfigEntry, feed: Feed
    ) -> None:
        """Prepare to poll; the first refresh starts it."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=f"{entry.title} {feed.name}",
            update_interval=feed.interval,
        )
        self.data = {}
        self.feed = feed
        # Whose news are being told.
        self.news: frozenset[str] = frozenset()
        self._changed: set[str] = set()
        # The listeners by what they listen for: a device's key, or nothing less than all.
        self._by_context: dict[object, dict[object, CALLBACK_TYPE]] = {}
        self._failing: set[str] = set()
        self._checked = dt_util.utcnow()
        self._hurried = 0
        # Whether the last round was put off, in whole or in part.
        self._put_off = False
        # Whether a round has ever come through.
        self._served = False
        self._following: Following | None = None

    @callback
    def async_hurry(self) -> None:
        """Ask more often for a little while: something was changed."""
        if self.feed.burst is None:
            return
        self._hurried = _BURST
        self.update_interval = self.feed.burst
        if self._listeners:
            self._schedule_refresh()

    def patience(self, hold: timedelta) -> timedelta:
        """Return how long a value stands here that would stand for so long elsewhere."""
        return self.feed.patience if hold == Hold.SHORT.value else hold

    def record(self, device: str) -> Record | None:
        """Return the latest of everything that is known of a device."""
        data = self.data.get(device)
        return None if data is None else data.record

    @property
    def _runtime(self) -> HomeBatteryData:
        """Return the runtime data of the entry."""
        return self.config_entry.runtime_data

    def devices(self, parent: str | None = None) -> list[Device]:
        """Return the devices to ask for, or those of one parent: a disabled one costs no call."""
        registry = dr.async_get(self.hass)
        return [
            device
            for device in self._runtime.inventory.devices.values()
            if (parent is None or device.parent == parent)
            and self.feed.is_about(device)
            and (entry := registry.async_get(self._runtime.device_ids[device.key]))
            and not entry.disabled
        ]

    @override
    async def _async_update_data(self) -> dict[str, DeviceData]:
        """Fetch the feed; where devices are asked apart, show each at once."""
        if self._hurried:
            self._hurried -= 1
        else:
            self.update_interval = self.feed.interval
        self._put_off = False
        devices = self._turns()
        rounds = [[device] for device in devices] if self.feed.apart else [devices]
        failed: dict[str, ApiError] = {}
        breath = Breath()
        for asked in filter(None, rounds):
            result = await self._async_fetch(asked)
            failed |= result.failed
            for device in asked:
                if (record := result.records.get(device.key)) is not None:
                    self.async_take(device, record)
                    await breath.take()
            self._handle_result(result)
            if self.feed.apart:
                self.async_update_listeners()
        # Who was not asked after all is not back.
        answered = set() if self._put_off else {device.key for device in devices}
        self._log_failures(failed, answered)
        if self._put_off:
            self.update_interval = min(self.feed.interval, _PUT_OFF)
        elif (following := self.following) is not None and not self._hurried:
            if devices := self.devices():
                self.update_interval = following.wait(devices) + _EARLY
        return self.data

    @property
    def following(self) -> Following | None:
        """Return what follows the devices' uploads, if the feed does."""
        if self._following is None and self.feed.pace is not None:
            runtime = self._runtime
            self._following = Following(
                self.feed.pace,
                runtime.store.rhythms.setdefault(self.feed.name, Rhythm()),
                runtime.limiter,
                async_clock(self.hass),
            )
        return self._following

    def _turns(self) -> list[Device]:
        """Return whose turn it is; in the first round it is everybody's."""
        devices = self.devices()
        if (following := self.following) is None:
            return devices
        turns = following.turns(devices)
        return turns if self.data else devices

    @callback
    def async_listen(self) -> None:
        """Take what comes unasked, where the feed has that, until the entry is unloaded."""
        if self.feed.listen is not None:
            self.config_entry.async_on_unload(self.feed.listen(self.async_push))

    @callback
    def async_push(self, result: FeedResult) -> None:
        """Take over what came unasked, and tell of it."""
        for device in self.devices():
            if (record := result.records.get(device.key)) is not None:
                self.async_take(device, record)
        self._handle_result(result)
        self._async_refresh_finished()

    async def _async_fetch(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch the feed for some devices; what went wrong decides what follows."""
        try:
            result = await self.feed.fetch(devices)
        except AuthenticationError as err:
            lighten(err)
            raise ConfigEntryAuthFailed(
                translation_domain=DOMAIN, translation_key="authentication_error"
            ) from err
        except ApiError as err:
            if isinstance(err, CrowdedError) and self._can_wait:
                # Our own calls are in the way, which is nobody's failure, nor the end of one.
                self._put_off = True
                failure = self.last_exception
                if isinstance(failure, UpdateFailed) and not self.last_update_success:
                    self.update_interval = min(self.feed.interval, _PUT_OFF)
                    raise failure.with_traceback(None) from err
                return FeedResult()
            if isinstance(err, _OF_DEVICES) and len(devices) < len(self.devices()):
                return self._heard(
                    devices, FeedResult(failed={device.key: err for device in devices})
                )
            lighten(err)
            async_report_quota(
                self.hass, self.config_entry, gone=isinstance(err, QuotaError)
            )
            async_report_certificate(self.hass, self.config_entry, err)
            self.update_interval = min(self.update_interval or _TRY_AGAIN, _TRY_AGAIN)
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key=problem_of(err),
                translation_placeholders={"error": str(err)},
            ) from err
        self._served = True
        # What was under way already may still have come through.
        async_report_quota(
            self.hass, self.config_entry, gone=self._runtime.limiter.spent
        )
        async_report_certificate(self.hass, self.config_entry, None)
        return self._heard(devices, result)

    @property
    def _can_wait(self) -> bool:
        """Tell whether a round can be left out; without any readings there is no entry."""
        return self._served or self is not self._runtime.readings

    def _heard(self, devices: Sequence[Device], result: FeedResult) -> FeedResult:
        """Learn from a round when devices upload, where that is followed."""
        if (following := self.following) is not None:
            following.heard(devices, result)
        return result

    @callback
    def _handle_result(self, result: FeedResult) -> None:
        """Do what a feed needs beside keeping its records."""

    def _log_failures(self, failed: Mapping[str, ApiError], asked: set[str]) -> None:
        """Say once that a device fails, and once that it is back."""
        for key in failed.keys() - self._failing:
            _LOGGER.warning(
                "Fetching %s of a %s failed: %s",
                self.name,
                key.split("_")[0],
                failed[key],
            )
        for key in (self._failing & asked) - failed.keys():
            _LOGGER.info(
                "Fetching %s of a %s works again", self.name, key.split("_")[0]
            )
        self._failing = (self._failing - asked) | failed.keys()

    @callback
    def async_take(self, device: Device, record: Record) -> None:
        """Take over a record, unless it is the one that is known already."""
        known = self.data.setdefault(device.key, DeviceData())
        if record.time and known.record.time == record.time:
            return
        now = dt_util.utcnow()
        # Until a second record comes, the device's own clock is all there is.
        seen = min(now, record.time) if known.received is None and record.time else now
        known.received = seen
        record = self._prepare(device, record)
        known.record = Record(
            time=record.time,
            values={**known.record.values, **record.values},
            controls={**known.record.controls, **record.controls},
            schedule=record.schedule or known.record.schedule,
            seldom=record.seldom,
            wire=record.wire,
        )
        fresh: dict[str, object] = {**record.values, **record.controls}
        if record.schedule is not None:
            fresh["schedule"] = record.schedule
        known.seen.update(dict.fromkeys(fresh, seen))
        known.seen.update((key, at) for key, at in record.read.items() if key in fresh)
        self._note(device.key)
        self._runtime.async_learn(device.key, fresh)

    def _prepare(self, device: Device, record: Record) -> Record:
        """Return a new record as it is to be kept."""
        return record

    @override
    @callback
    def _async_refresh_finished(self) -> None:
        """Tell of news, and of values that have become too old meanwhile."""
        self.async_age()

    def _note_aged(self) -> None:
        """Find the devices of which a value has just outlived its time."""
        now = dt_util.utcnow()
        before, self._checked = self._checked, now
        edges = [(before - hold, now - hold) for hold in {*_HOLDS, self.feed.patience}]
        for key, device in self.data.items():
            if any(
                first <= seen < last
                for seen in set(device.seen.values())
                for first, last in edges
            ):
                self._note(key)

    @callback
    def async_age(self) -> None:
        """Tell of values that have become too old meanwhile."""
        self._note_aged()
        self.async_update_listeners()

    @callback
    def _note(self, device: str) -> None:
        """Remember that a device has something else to show."""
        self._changed.add(device)

    @callback
    def async_show(self, device: str) -> None:
        """Tell a device's entities that they have something else to show."""
        self._changed.add(device)
        self.async_update_listeners()

    @override
    @callback
    def async_update_listeners(self) -> None:
        """Tell the entities of devices with news, device by device."""
        self.news = frozenset(self._changed)
        self._changed.clear()
        if not self.news:
            return
        self._tell(None)
        self.config_entry.async_create_task(
            self.hass, self._async_tell(sorted(self.news)), name=f"{self.name} news"
        )

    async def _async_tell(self, devices: Iterable[str]) -> None:
        """Tell devices' entities, letting others have the loop in between."""
        breath = Breath()
        for device in devices:
            self._tell(device)
            await breath.take()

    @callback
    def _tell(self, context: str | None) -> None:
        """Tell a device's entities, or who wants to hear of every device.

        If one stumbles, the others are told all the same.
        """
        for update in tuple(self._by_context.get(context, {}).values()):
            try:
                update()
            except Exception:
                _LOGGER.exception(
                    "Unexpected error updating an entity of %s", self.name
                )

    @override
    @callback
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: object = None
    ) -> Callable[[], None]:
        """Listen for the news of a device, found without a look at all the others."""
        forget = super().async_add_listener(update_callback, context)
        listeners = self._by_context.setdefault(context, {})
        listeners[forget] = update_callback

        def remove() -> None:
            """Listen no more."""
            del listeners[forget]
            forget()

        return remove
