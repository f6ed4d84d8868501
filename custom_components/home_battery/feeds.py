"""The feeds that do more than poll: readings, settings and identity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import sun
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from .admission import async_admitted
from .battery.house import PARTS, Member, house_readings
from .battery.model import Device, Record, Role, Status, Value
from .clocks import CLOCK_OFFSET, async_watch_clock
from .const import CONF_GRID_METER
from .coordinator import DeviceData, FeedCoordinator, HomeBatteryConfigEntry
from .descriptions import Hold
from .devices import async_register, async_served
from .errors import async_report_silence
from .readings import Readings
from .transport.breath import Breath
from .transport.told import harmless
from .vendors.vendor import Feed, FeedResult

_SILENT_AFTER: Final = timedelta(days=1)
_TICK: Final = timedelta(minutes=1)
# What the key of a moment ends with at which something will be over.
_UNTIL: Final = "_until"
_ASLEEP: Final[dict[str, Value]] = {
    "status": Status.SLEEPING.value,
    "pv_power": 0.0,
    "inverter_power": 0.0,
}


class ReadingsCoordinator(FeedCoordinator):
    """Adds what follows from the records: energies, the day's shares, the house."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: HomeBatteryConfigEntry,
        feed: Feed,
        readings: Readings,
    ) -> None:
        """Prepare to poll."""
        super().__init__(hass, entry, feed)
        self._readings = readings
        self._meters: list[str] = entry.options.get(CONF_GRID_METER, [])
        self._told: dict[str, DeviceData] = {}
        # On which day it was seen of which device that all it tells is of that day.
        self._days: dict[str, date] = {}
        # Of which devices there is something to work out, which houses are to be
        # summed anew, and whether the vendor answered when that was last done.
        self._due: set[str] = set()
        self._unsummed: set[str] = set()
        self._answered = True

    def zone(self, device: Device) -> tzinfo:
        """Return the zone whose wall clock a device lives by."""
        return self._readings.zone(device)

    def is_noise(self, device: Device, key: str, value: Value) -> bool:
        """Tell whether a reading, present or past, cannot be."""
        return self._readings.is_noise(device, key, value)

    def tells(self, house: Device, key: str) -> bool:
        """Tell whether it is the house itself that a reading is told of.

        What was counted today is told where the counter is.
        """
        told = self._told.get(house.key)
        return told is not None and (
            key in told.record.values
            or key.removesuffix("_today") in told.record.values
        )

    @override
    async def _async_fetch(self, devices: Sequence[Device]) -> FeedResult:
        """Fetch the readings, and note for how long the vendor has not answered."""
        try:
            result = await super()._async_fetch(devices)
        except UpdateFailed:
            self._note_contact(answered=False)
            raise
        self._note_contact(answered=True)
        return result

    @callback
    def _note_contact(self, *, answered: bool) -> None:
        """Say so when a vendor that may be gone has been silent for a day."""
        store, now = self._runtime.store, dt_util.utcnow()
        if answered or store.reached_at is None:
            store.reached_at = now
            store.async_schedule_save()
        if (issue := self._runtime.vendor.silent_issue) is not None:
            silent = now - store.reached_at > _SILENT_AFTER
            async_report_silence(self.hass, self.config_entry, issue, silent=silent)

    @callback
    def async_start_clock(self) -> None:
        """Let time pass for what changes without a record, such as midnight."""
        self.config_entry.async_on_unload(
            async_track_time_interval(self.hass, self._async_tick, _TICK)
        )

    @callback
    def _async_tick(self, _now: datetime) -> None:
        """Work out anew what hangs on the time of day."""
        self._note_aged()
        self._runtime.settings.async_age()
        self.async_derive(self._runtime.inventory.devices)

    @callback
    def async_follow(self, feed: FeedCoordinator) -> None:
        """Work out anew what hangs on what another feed is just telling of."""
        self.async_derive(feed.news)

    @callback
    def async_derive(self, devices: Iterable[str]) -> None:
        """Work out anew what follows from the records of devices, and tell of what changed.

        That of a few is done when this returns, that of many soon afterwards. It is
        always done of the account: whatever was done since has taken calls.
        """
        accounts = self._runtime.inventory.with_role(Role.ACCOUNT)
        self._due.update(devices, (account.key for account in accounts))
        self.config_entry.async_create_task(
            self.hass, self._async_derive(), name=f"{self.name} worked out"
        )

    async def _async_derive(self) -> None:
        """Work out what is due, and tell of what changed."""
        await self._async_work_out()
        self.async_update_listeners()

    @override
    async def _async_update_data(self) -> dict[str, DeviceData]:
        """Fetch the readings, and work out what follows from the new ones.

        What follows from the time alone, every minute brings.
        """
        inventory, failing = self._runtime.inventory, self._failing
        if not self.data:
            self._due.update(inventory.devices)
        data = await super()._async_update_data()
        self._due |= failing ^ self._failing
        await self._async_work_out()
        return data

    @callback
    def async_add(self, device: Device, record: Record) -> None:
        """Take over what another feed has brought beside the device's records."""
        if device.role is Role.HOUSE:
            self._hear_house(device, record)
            return
        now, record = dt_util.utcnow(), self._prepare(device, record)
        known = self.data.setdefault(device.key, DeviceData())
        known.record = known.record.updated(record.values)
        known.seen.update(dict.fromkeys(record.values, now))
        self._note(device.key)
        self._runtime.async_learn(device.key, record.values)

    @override
    @callback
    def async_take(self, device: Device, record: Record) -> None:
        """Take over a record; what a house tells is only a part of what it comes to."""
        if device.role is Role.HOUSE:
            self._hear_house(device, record)
        else:
            super().async_take(device, record)

    @callback
    def _hear_house(self, house: Device, record: Record) -> None:
        """Keep what is told of a house itself until it is worked out."""
        told = self._told.setdefault(house.key, DeviceData())
        told.record = told.record.updated(record.values)
        told.seen.update(dict.fromkeys(record.values, dt_util.utcnow()))
        self._unsummed.add(house.key)

    @override
    @callback
    def _note(self, device: str) -> None:
        """Remember that a device has something else to show, which its house sums."""
        super()._note(device)
        self._due.add(device)
        if (known := self._runtime.inventory.devices.get(device)) and known.parent:
            self._unsummed.add(known.parent)

    @override
    def _prepare(self, device: Device, record: Record) -> Record:
        """Return the record without what cannot be, with energies that never fall."""
        return self._readings.guard(device, record)

    @override
    @callback
    def _async_refresh_finished(self) -> None:
        """Tell of news; who is online hangs on whether the vendor answers, too."""
        self._note_aged()
        answered, self._answered = self._answered, self.last_update_success
        self.async_derive(
            () if answered is self._answered else self._runtime.inventory.devices
        )

    async def _async_work_out(self) -> None:
        """Work out what is due: of devices, then of houses with news, which sum them."""
        inventory, breath = self._runtime.inventory, Breath()
        for device in inventory.devices.values():
            if device.role is not Role.HOUSE and device.key in self._due:
                self._derive(device)
                await breath.take()
        for house in inventory.with_role(Role.HOUSE):
            if house.key in self._unsummed:
                self._unsummed.discard(house.key)
                self._take_house(house)
            if house.key in self._due:
                self._derive(house)
                await breath.take()

    def _take_house(self, house: Device) -> None:
        """Take over what a house comes to; what it cannot tell now is gone at once.

        Its systems have kept their values for a while already.
        """
        told = self._house_record(house)
        super().async_take(house, told)
        known = self.data[house.key]
        for key in known.record.values.keys() - told.values.keys():
            known.seen.pop(key, None)
        known.record = replace(known.record, values=told.values)
        if (own := self._told.get(house.key)) is not None:
            known.seen.update(own.seen)

    def _house_record(self, house: Device) -> Record:
        """Return what the house's systems come to together."""
        members = self._members(
            {one.key: self.recent(one.key, PARTS) for one in self.devices(house.key)}
        )
        if (own := self._told.get(house.key)) is None:
            return Record(values=house_readings(members, self._meters))
        told = self._recent(own, own.record.values)
        members.append(Member(house.key, told, frozenset(told), totals=True))
        summed = house_readings(members, self._meters)
        return Record(values={**summed, **own.record.values})

    def _members(self, told: Mapping[str, Mapping[str, Value]]) -> list[Member]:
        """Return systems and producers with what they tell, by device."""
        devices, learned = self._runtime.inventory.devices, self._runtime.store.learned
        return [
            Member(
                key, values, learned.get(key, frozenset()), totals=devices[key].totals
            )
            for key, values in told.items()
        ]

    def summed(self, told: Mapping[str, Mapping[str, Value]]) -> dict[str, Value]:
        """Return what the systems of a house come to by what they tell, or have told."""
        return house_readings(self._members(told), self._meters)

    def _calls(self) -> dict[str, Value]:
        """Return how many calls the account has left of the day's, if that is known."""
        left = self._runtime.limiter.calls_left
        return {} if left is None else {"calls_left": left}

    def recent(self, device: str, keys: Iterable[str]) -> dict[str, Value]:
        """Return those of a device's values that are recent enough to be summed."""
        data = self.data.get(device)
        return {} if data is None else self._recent(data, keys)

    def _recent(self, data: DeviceData, keys: Iterable[str]) -> dict[str, Value]:
        """Return those of the values that are recent enough to be summed."""
        now, seen = dt_util.utcnow(), data.seen
        powers, others = now - self.feed.patience, now - Hold.LONG.value
        return {
            key: value
            for key in keys
            if (at := seen.get(key)) is not None
            and at >= (powers if key.endswith("_power") else others)
            and (value := data.value(key)) is not None
        }

    def _derive(self, device: Device) -> None:
        """Keep what follows from a device's records, and note what changed."""
        self._keep_derived(device, dt_util.utcnow())
        self._due.discard(device.key)

    def _keep_derived(self, device: Device, now: datetime) -> None:
        """Work out what follows from a device's records, if there are any."""
        if device.role in (Role.PART, Role.ACCOUNT):
            self.data.setdefault(device.key, DeviceData())
        if (data := self.data.get(device.key)) is None:
            return
        self._forget_past(device, data)
        settings = self._runtime.settings.record(device.key)
        derived = self._readings.derive(device, data.record, settings)
        if device.role is Role.ACCOUNT:
            derived |= self._calls()
        derived |= self._runtime.imports.readings(device)
        data.seen.update(dict.fromkeys(derived, data.received or now))
        present = self._presence(device, data.received, now)
        data.seen.update(dict.fromkeys(present, now))
        if present is _ASLEEP:
            # What a counter held at dusk is true until dawn.
            data.seen.update(
                (key, now)
                for key in data.values
                if key.startswith(self._readings.counters)
            )
        derived |= present
        if derived != data.derived:
            for key in data.derived.keys() - derived.keys():
                # What has just come in a record needs no working out any more.
                if key not in data.record.values or data.seen.get(key) != data.received:
                    data.seen.pop(key, None)
            data.derived = derived
            self._note(device.key)
            self._runtime.async_learn(device.key, derived)

    def _forget_past(self, device: Device, data: DeviceData) -> None:
        """Drop what was told of a day or a month that is over, and ends that have come."""
        now, values = dt_util.utcnow(), data.record.values
        past = {
            key
            for key, value in values.items()
            if isinstance(value, datetime) and value <= now and key.endswith(_UNTIL)
        }
        # What is told of a house is put together again and again, whenever it came.
        today = dt_util.now(self.zone(device)).date()
        if device.role is Role.HOUSE or self._days.get(device.key) != today:
            self._days[device.key] = today
            past |= self._readings.past(device, data.seen) & values.keys()
        if past:
            data.record = data.record.without(past)
            for key in past:
                data.seen.pop(key, None)
            self._note(device.key)

    def _presence(
        self, device: Device, received: datetime | None, now: datetime
    ) -> dict[str, Value]:
        """Return whether a device is there, as far as its records tell."""
        told = self.last_update_success and device.key not in self._failing
        if device.role is Role.HOUSE or not self.feed.is_about(device) or not told:
            return {}
        online = received is not None and now - received <= self.feed.patience
        if (
            device.role is Role.PRODUCER
            and not online
            and self._may_sleep(device)
            and not sun.is_up(self.hass, now)
        ):
            return _ASLEEP
        return {"online": online}

    def _may_sleep(self, device: Device) -> bool:
        """Tell whether a device rests at night: a meter, which has no PV, does not."""
        learned = self._runtime.store.learned.get(device.key)
        return not learned or any(key.startswith("pv_") for key in learned)


class SettingsCoordinator(FeedCoordinator):
    """Keeps controls and schedules, which writes bring up to date at once."""

    def __init__(
        self, hass: HomeAssistant, entry: HomeBatteryConfigEntry, feed: Feed
    ) -> None:
        """Prepare to poll."""
        super().__init__(hass, entry, feed)
        self._confirmed: set[str] = set()
        self._doubted = False

    def known(self, device: str) -> Record | None:
        """Return a device's settings as last read, unless they are in doubt."""
        return None if self._doubted else self.record(device)

    async def async_doubt(self) -> None:
        """Have everything read anew, also what it is not the time for."""
        self._doubted = True
        await self.async_request_refresh()

    @override
    async def _async_update_data(self) -> dict[str, DeviceData]:
        """Fetch the settings, which a write may overtake."""
        self._confirmed.clear()
        self._changed |= self._runtime.drafts.expire(dt_util.utcnow())
        data = await super()._async_update_data()
        self._doubted = self._put_off
        return data

    @override
    @callback
    def async_take(self, device: Device, record: Record) -> None:
        """Take over what the feed brought, unless a write has read it since."""
        if device.key not in self._confirmed:
            super().async_take(device, record)

    @callback
    def async_confirmed(self, device: Device, record: Record) -> None:
        """Take over what a write has read back."""
        super().async_take(device, record)
        self._confirmed.add(device.key)
        self.async_show(device.key)


class AddingCoordinator(FeedCoordinator):
    """Adds to the readings what is asked for at a pace of its own."""

    @override
    @callback
    def async_take(self, device: Device, record: Record) -> None:
        """Hand it on; the readings are told when the round is over."""
        self._runtime.readings.async_add(device, record)
        self._changed.add(device.key)

    @override
    @callback
    def _handle_result(self, result: FeedResult) -> None:
        """Tell of what has happened."""
        for device, happenings in result.happenings.items():
            for happening in happenings:
                told = replace(
                    happening,
                    attributes={
                        key: harmless(value) if isinstance(value, str) else value
                        for key, value in happening.attributes.items()
                    },
                )
                for tell in self._runtime.on_happening:
                    tell(device, told)


class ClockCoordinator(AddingCoordinator):
    """Watches the devices' clocks."""

    @override
    @callback
    def async_take(self, device: Device, record: Record) -> None:
        """Hand the offset on, and see whether the clock is right."""
        super().async_take(device, record)
        offset = record.values[CLOCK_OFFSET]
        assert isinstance(offset, int | float)
        async_watch_clock(self.hass, self.config_entry, device, offset)


class IdentityCoordinator(AddingCoordinator):
    """Keeps the inventory, and follows devices that come and go."""

    @override
    @callback
    def _handle_result(self, result: FeedResult) -> None:
        """Take over nameplates and new parts; all else needs a new set-up."""
        if result.inventory is None:
            return
        runtime = self._runtime
        inventory = async_admitted(
            self.hass,
            self.config_entry,
            runtime.vendor,
            runtime.store,
            result.inventory,
        )
        former = runtime.store.inventory
        if former.devices and not inventory.devices:
            # Nobody would be asked any more, not even for what there is.
            return
        runtime.store.inventory = inventory
        runtime.store.async_schedule_save()
        gone = _shape(former.devices) - _shape(inventory.devices)
        new = inventory.devices.keys() - former.devices.keys()
        if gone or any(inventory.devices[key].role is not Role.PART for key in new):
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)
            return
        served = async_served(self.hass, self.config_entry, runtime.vendor, inventory)
        runtime.inventory = served
        runtime.device_ids.update(
            async_register(self.hass, self.config_entry, runtime.vendor, served)
        )
        self._changed.update(served.devices)
        self._async_welcome(
            [served.devices[key] for key in sorted(new & served.devices.keys())]
        )

    def _async_welcome(self, parts: list[Device]) -> None:
        """Add what is known of new parts, and have the rest asked for at once."""
        for part in parts:
            # One that comes back has been learned before.
            self._runtime.async_add(part.key)
        for feed in self._runtime.others:
            if any(map(feed.feed.is_about, parts)):
                self.config_entry.async_create_background_task(
                    self.hass, feed.async_refresh(), name=f"{feed.name} of new parts"
                )


def _shape(devices: Mapping[str, Device]) -> set[tuple[str, Role, str | None]]:
    """Return what devices there are, and how they hang together."""
    return {(device.key, device.role, device.parent) for device in devices.values()}
