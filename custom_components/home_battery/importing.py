"""Brings the past of one device from its vendor into the statistics, the newest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from itertools import chain
import logging
from typing import Final

from homeassistant.components.sensor import SensorStateClass
from homeassistant.const import UnitOfEnergy
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .battery.bringing import Bringing
from .battery.history import History, HistoryRequest, Point, Resolution
from .battery.hours import (
    HOUR,
    CountedBack,
    MeansBack,
    Piece,
    Reading,
    Window,
    grown,
    held,
    integrated,
    midnight,
    midnight_after,
    windows,
)
from .battery.integral import POWERS
from .battery.model import Device, Role
from .const import CONF_CORRECTION
from .coordinator import HomeBatteryConfigEntry
from .descriptions import ReadingSensorDescription
from .devices import async_sensor
from .long_term import Known, async_known, async_put_means, async_put_sums
from .readings import ENERGY_KEYS
from .sensor import COMMON_SENSORS
from .transport.errors import ApiError, LimitError, RejectedError, UnsupportedError

_LOGGER = logging.getLogger(__name__)

# What the energy page and its graphs are made of.
USUAL: Final = (
    *ENERGY_KEYS,
    "battery_power",
    "battery_soc",
    "grid_power",
    "load_power",
    "pv_power",
)

# Over a longer time than this nothing is known between two records.
_LONGEST_GAP: Final = timedelta(minutes=15)
# Of the day's calls this share is left to what shows the present.
_LEFT_ALONE: Final = 0.5
_CALLS_WAIT: Final = timedelta(minutes=30).total_seconds()
_RETRY_WAIT: Final = timedelta(minutes=15).total_seconds()
# The statistics of a new sensor begin within some minutes.
_FIRST_WAIT: Final = 60.0
_FIRST_PATIENCE: Final = timedelta(minutes=20)
# Where there has been nothing for so long, nothing was before.
_EMPTY_DAYS: Final = timedelta(days=31)


class _Way(Enum):
    """How the hours of a reading are had."""

    SLOTS = "slots"
    COUNTER = "counter"
    POWER = "power"
    MEAN = "mean"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A reading of a device that can be brought in.

    Attributes:
        key: The reading.
        entity_id: The sensor that shows it, which may be the house's.
        unit: Its unit as a reading.
        way: How its hours are had.
    """

    key: str
    entity_id: str
    unit: str | None
    way: _Way

    @property
    def resolution(self) -> Resolution:
        """Return how finely the vendor is asked."""
        return Resolution.HOUR if self.way is _Way.SLOTS else Resolution.RECORDS

    @property
    def told_by(self) -> str:
        """Return the reading that the vendor is asked for."""
        return POWERS[self.key][0] if self.way is _Way.POWER else self.key


@callback
def async_sources(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, device: Device
) -> dict[str, Source]:
    """Return all that can be brought in of a device, by reading."""
    runtime = entry.runtime_data
    account = runtime.account
    if device.role is Role.HOUSE:
        return _house_sources(hass, entry, device)
    if device.role not in (Role.SYSTEM, Role.PRODUCER):
        return {}
    hours = account.history_keys(device, Resolution.HOUR)
    records = account.history_keys(device, Resolution.RECORDS)
    counters = {*ENERGY_KEYS, *runtime.vendor.tables.counters}
    found: dict[str, Source] = {}
    for description in (*COMMON_SENSORS, *runtime.vendor.tables.sensors):
        way = _way(description, hours, records, counters)
        if way is None:
            continue
        entity_id = async_entity_id(hass, entry, device, description.key)
        if entity_id is not None:
            found[description.key] = Source(
                key=description.key,
                entity_id=entity_id,
                unit=description.native_unit_of_measurement,
                way=way,
            )
    return found


@callback
def _house_sources(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, house: Device
) -> dict[str, Source]:
    """Return what can be made of the past of a house's systems, by reading."""
    return {
        key: Source(
            key=key,
            entity_id=sensor.entity_id,
            unit=UnitOfEnergy.KILO_WATT_HOUR,
            way=_Way.SLOTS,
        )
        for key in ENERGY_KEYS
        if not _is_all(entry, house, key)
        and (sensor := async_sensor(hass, entry, house, key)) is not None
        and not sensor.disabled
    }


def _way(
    description: ReadingSensorDescription,
    hours: frozenset[str],
    records: frozenset[str],
    counters: set[str],
) -> _Way | None:
    """Return how the hours of a reading are had, `None` if they are not."""
    key = description.key
    if key in counters:
        if key in hours:
            return _Way.SLOTS
        if key in records:
            return _Way.COUNTER
        return _Way.POWER if key in POWERS and POWERS[key][0] in records else None
    if description.state_class is SensorStateClass.MEASUREMENT and key in records:
        return _Way.MEAN
    return None


@callback
def async_entity_id(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, device: Device, key: str
) -> str | None:
    """Return the enabled sensor of a reading, on the device or on its house.

    What a house comes to is more than what one of several devices tells, but
    some vendors tell of the house by each of its devices.
    """
    house = entry.runtime_data.inventory.devices.get(device.parent or "")
    for shown in (device, house):
        if shown is None or (shown is house and not _is_all(entry, shown, key)):
            continue
        if (sensor := async_sensor(hass, entry, shown, key)) is not None:
            return None if sensor.disabled else sensor.entity_id
    return None


def _is_all(entry: HomeBatteryConfigEntry, house: Device, key: str) -> bool:
    """Tell whether each of a house's devices tells all that the house comes to."""
    runtime = entry.runtime_data
    told_by, _ = POWERS.get(key, (key, 1))
    return len(runtime.inventory.members(house.key)) == 1 or any(
        runtime.readings.tells(house, one) for one in (key, told_by)
    )


class _Series:
    """One reading on its way back."""

    def __init__(self, source: Source, known: Known, scale: float) -> None:
        """Begin at what the statistics have."""
        self.source = source
        self.known = known
        self._scale = scale
        self._means = MeansBack(known.first)
        self._sums = CountedBack(known.first, known.total or 0.0, known.own)
        # The oldest reading of a counter so far, up to which what is older leads.
        self._edge: Reading | None = None
        self._since = known.first

    def take(
        self, points: tuple[Point, ...], window: Window, *, days: bool, oldest: bool
    ) -> None:
        """Take what the vendor tells of a window, before the oldest of which nothing is."""
        way, self._since = self.source.way, window.start
        readings = [
            Reading(point.start, float(point.value))
            for point in points
            if isinstance(point.value, int | float)
        ]
        if days or way is _Way.SLOTS:
            self._sums.add(self._slots(points, days=days))
        elif way is _Way.COUNTER:
            if self._edge is not None:
                readings.append(self._edge)
            if readings:
                self._sums.add(grown(readings))
                self._edge = readings[0]
            # Of the hour in which the oldest was read, the rest is to come.
            if not oldest:
                self._since = window.end if self._edge is None else self._edge.at
        elif way is _Way.POWER:
            sign = POWERS[self.source.key][1]
            pieces = integrated(readings, sign, window, _LONGEST_GAP)
            self._sums.add(self._scaled(pieces))
        else:
            self._means.add(held(readings, window, _LONGEST_GAP))

    def _slots(self, points: tuple[Point, ...], *, days: bool) -> Iterator[Piece]:
        """Yield the energies of slots; what is known by the day is put at its end."""
        for point in points:
            if isinstance(point.value, int | float) and point.end is not None:
                start = point.end - HOUR if days else point.start
                yield Piece(start, point.end, point.value * self._scale)

    def _scaled(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        """Yield energies with the factor that a person may have measured."""
        for piece in pieces:
            yield piece._replace(value=piece.value * self._scale)

    @callback
    def async_put(self, hass: HomeAssistant) -> None:
        """Put the hours that are settled into the statistics."""
        if not self.known.counts:
            if means := self._means.settle(self._since):
                async_put_means(hass, self.known, means)
        elif sums := self._sums.settle(self._since):
            async_put_sums(hass, self.known, sums, self._sums.before)


class DeviceImport:
    """Brings in the past of one device; what is there already stays as it is."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: HomeBatteryConfigEntry,
        device: Device,
        bringing: Bringing,
    ) -> None:
        """Keep what is wanted; nothing is asked yet."""
        self._hass = hass
        self._entry = entry
        self._device = device
        self._bringing = bringing
        self._begun = dt_util.utcnow()
        self._series: list[_Series] | None = None
        self._windows: Iterator[tuple[Window, bool]] = iter(())
        self._next: tuple[Window, bool] | None = None
        self._empty = timedelta(0)
        # From where on records are asked for.
        self._oldest = bringing.start

    async def async_advance(self) -> float | None:
        """Bring in the next window.

        Returns:
            The seconds until it is worth going on, `None` if all is done.
        """
        if self._series is None:
            if not await self._async_begin():
                return _FIRST_WAIT
            self._next = next(self._windows, None)
        if self._next is None:
            return None
        window, days = self._next
        try:
            found = await self._async_window(window, days=days)
        except LimitError as err:
            return max(err.retry_after, 1.0)
        except ApiError as err:
            _LOGGER.debug("The past could not be fetched: %s", err)
            return _RETRY_WAIT
        if found is None:
            return _CALLS_WAIT
        self._empty = timedelta(0) if found else self._empty + _length(window)
        self._bringing.reached = window.start
        self._next = next(self._windows, None)
        return None if self._next is None or self._empty >= _EMPTY_DAYS else 0.0

    async def _async_begin(self) -> bool:
        """Look what the statistics begin with; tell whether that is known yet."""
        sources = async_sources(self._hass, self._entry, self._device)
        wanted = [sources[key] for key in self._bringing.keys if key in sources]
        known = await async_known(
            self._hass, {source.entity_id: source.unit for source in wanted}
        )
        missing = [one.key for one in wanted if one.entity_id not in known]
        if missing and dt_util.utcnow() - self._begun < _FIRST_PATIENCE:
            return False
        self._bringing.left_out = tuple(
            key
            for key in self._bringing.keys
            if key not in sources or sources[key].entity_id not in known
        )
        self._series = [
            _Series(source, known[source.entity_id], self._scale(source.key))
            for source in wanted
            if source.entity_id in known
            and known[source.entity_id].first > self._bringing.start
        ]
        self._windows = self._all_windows()
        return True

    def _scale(self, key: str) -> float:
        """Return the factor that a person may have measured for an energy."""
        corrected = self._entry.runtime_data.vendor.tables.corrected
        factor: float = self._entry.options.get(CONF_CORRECTION, 1.0)
        return factor if key in corrected else 1.0

    def _all_windows(self) -> Iterator[tuple[Window, bool]]:
        """Return all windows, those last of which only days are kept."""
        if not self._series:
            return iter(())
        now = dt_util.utcnow()
        runtime = self._entry.runtime_data
        zone = runtime.readings.zone(self._device)
        days = runtime.account.history_days
        first = max(series.known.first for series in self._series)
        # A whole day is asked for, so that no hour of it is missing.
        end = min(midnight_after(first + HOUR, zone), now)
        start = self._bringing.start
        if (reach := self._reach()) is not None:
            self._oldest = max(start, midnight(now - reach, zone))
        oldest = self._oldest
        return chain(
            ((window, False) for window in windows(oldest, end, days, zone)),
            ((window, True) for window in windows(start, min(oldest, end), days, zone)),
        )

    def _reach(self) -> timedelta | None:
        """Return how far back more than days is told, `None` if all the way."""
        account = self._entry.runtime_data.account
        return account.history_reach(Resolution.RECORDS)

    async def _async_window(self, window: Window, *, days: bool) -> bool | None:
        """Bring in one window.

        Returns:
            Whether the vendor had anything but zeros, `None` if there are no calls
            for it.
        """
        account = self._entry.runtime_data.account
        series = [
            one for one in self._series or () if one.known.first + HOUR > window.start
        ]
        requests: dict[Resolution, HistoryRequest] = {}
        asked: dict[Resolution, set[str]] = {}
        for one in series:
            resolution = Resolution.DAY if days else one.source.resolution
            asked.setdefault(resolution, set()).add(one.source.told_by)
        if days:
            asked[Resolution.DAY] &= account.history_keys(self._device, Resolution.DAY)
        for resolution, keys in asked.items():
            if keys:
                requests[resolution] = self._request(window, resolution, keys)
        if not self._has_calls(requests):
            return None
        told = {
            resolution: await self._async_ask(request)
            for resolution, request in requests.items()
        }
        for one in series:
            resolution = Resolution.DAY if days else one.source.resolution
            if resolution in told:
                points = self._points(told[resolution], one.source.told_by)
                oldest = window.start <= self._oldest
                one.take(points, window, days=days, oldest=oldest)
                one.async_put(self._hass)
        return any(
            point.value
            for history in told.values()
            for points in history.points.values()
            for point in points
        )

    def _request(
        self, window: Window, resolution: Resolution, keys: set[str]
    ) -> HistoryRequest:
        """Return the question for a window."""
        return HistoryRequest(
            start=window.start,
            end=window.end,
            resolution=resolution,
            keys=frozenset(keys),
            time_zone=self._entry.runtime_data.readings.zone(self._device),
        )

    def _has_calls(self, requests: Mapping[Resolution, HistoryRequest]) -> bool:
        """Tell whether the day's calls are enough for some questions, and what goes on."""
        runtime = self._entry.runtime_data
        limiter = runtime.limiter
        if limiter.calls_left is None or limiter.daily_calls is None:
            return True
        calls = sum(
            runtime.account.history_calls(self._device, request)
            for request in requests.values()
        )
        return limiter.calls_left - calls >= limiter.daily_calls * _LEFT_ALONE

    async def _async_ask(self, request: HistoryRequest) -> History:
        """Ask the vendor; what it will never tell is nothing."""
        try:
            return await self._entry.runtime_data.account.history(self._device, request)
        except UnsupportedError, RejectedError:
            return History()

    def _points(self, history: History, key: str) -> tuple[Point, ...]:
        """Return what was told of a reading, without what cannot be."""
        readings = self._entry.runtime_data.readings
        return tuple(
            point
            for point in history.points.get(key, ())
            if not readings.is_noise(self._device, key, point.value)
        )


def _length(window: Window) -> timedelta:
    """Return how long a window is."""
    return window.end - window.start
