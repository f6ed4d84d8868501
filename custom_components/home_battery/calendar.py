"""What a system will do, as a calendar: its schedule, and an override over it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final, override

from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from .battery.agenda import Event, agenda
from .battery.override import Override
from .const import DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .descriptions import AgendaDescription, Hold
from .entity import HomeBatteryEntity, async_add_as_learned

PARALLEL_UPDATES = 0

SCHEDULE: Final = AgendaDescription(key="schedule", translation_key="schedule")

_NEAR: Final = timedelta(days=2)
# A period comes again after a week, unless the clock leaves it out.
_AHEAD: Final = timedelta(days=15)
_NUMBERS: Final = ("power", "target_soc", "min_soc", "max_soc")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the calendar of every system that has a schedule."""
    runtime = entry.runtime_data
    await async_add_as_learned(
        entry,
        async_add_entities,
        (SCHEDULE,),
        partial(ScheduleCalendar, runtime, runtime.settings),
    )


class ScheduleCalendar(HomeBatteryEntity, CalendarEntity):
    """The schedule that people see, and what lies over it."""

    entity_description: AgendaDescription

    _texts: Mapping[str, str]

    @override
    async def async_added_to_hass(self) -> None:
        """Listen also for overrides, which are told with the readings."""
        language = self.hass.config.language
        self._texts = {
            key: text
            for category in ("entity", "common")
            for key, text in (
                await async_get_translations(self.hass, language, category, {DOMAIN})
            ).items()
        }
        await super().async_added_to_hass()
        self.async_on_remove(
            self._runtime.readings.async_add_listener(
                self._handle_coordinator_update, self._device.key
            )
        )

    @property
    @override
    def available(self) -> bool:
        """Return whether the schedule is known."""
        return self._is_settable() and self._is_fresh(
            self.entity_description.key, self._patience(Hold.LONG.value)
        )

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """Return what is done now, or else next."""
        now = dt_util.utcnow()
        # Home Assistant asks for it often, and mostly it is near.
        for ahead in (_NEAR, _AHEAD):
            event = next(self._events(now, now + ahead), None)
            if event is not None and event.end < now + ahead:
                break
        return event

    @override
    def _made_of(self) -> tuple[object, ...]:
        """Return what makes the state, which is written at each edge of an event anyway."""
        return self.available, self.event

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return all that is done within a range."""
        return list(self._events(start_date, end_date))

    def _events(self, start: datetime, end: datetime) -> Iterator[CalendarEvent]:
        """Yield the events of a range, but for those that nobody can be shown.

        Where the clock is put back, Home Assistant refuses an event that is over
        before it began as the clock shows it, as it does times of one zone.
        """
        settings = self._runtime.settings.record(self._device.key)
        if settings is None or settings.schedule is None:
            return
        overrides, key = self._runtime.overrides, self._device.key
        for event in agenda(
            overrides.base(key, settings.schedule),
            overrides.running(key),
            self._runtime.readings.zone(self._device),
            start,
            end,
        ):
            if dt_util.as_local(event.start) <= dt_util.as_local(event.end):
                yield self._shown(event)

    def _shown(self, event: Event) -> CalendarEvent:
        """Return an event in words; what it is on, and when, is its identity."""
        mode = event.what.mode
        key = f"component.{DOMAIN}.entity.sensor.active_mode.state.{mode}"
        return CalendarEvent(
            start=dt_util.as_local(event.start),
            end=dt_util.as_local(event.end),
            # A device may know modes that nobody has a word for.
            summary=self._texts.get(key, str(mode)),
            description=self._described(event),
            uid=f"{self.unique_id}_{event.start:%Y%m%dT%H%M%SZ}",
        )

    def _described(self, event: Event) -> str:
        """Return power, target and limits in one line."""
        what, said = event.what, []
        if isinstance(what, Override):
            said.append(self._said("override"))
            if what.end is None:
                said.append(self._said("open_end"))
        said += [
            self._said(name, value=f"{value:g}")
            for name in _NUMBERS
            if (value := getattr(what, name, None)) is not None
        ]
        return " · ".join(said)

    def _said(self, name: str, **numbers: str) -> str:
        """Return one thing that is told of an event."""
        key = f"component.{DOMAIN}.common.calendar_{name}"
        return self._texts[key].format(**numbers)
