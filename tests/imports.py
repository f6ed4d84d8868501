"""What the tests of import_history share: a recorder that adds up, and what it has."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.home_battery.const import DOMAIN
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

HOUR: Final = timedelta(hours=1)
FIVE_MINUTES: Final = timedelta(minutes=5)
SUM_UNITS: Final = {"energy": "kWh", "power": "W"}
# Where sums begin, out of sight.
OUT_OF_SIGHT: Final = datetime(2001, 1, 1, tzinfo=UTC)

# Where more than energies are looked at, or waited for.
with_all_recorded = pytest.mark.parametrize(
    "recorder_config", [pytest.param(None, id="all")]
)

type Rows = Mapping[datetime, dict[str, Any]]


async def async_add_up(hass: HomeAssistant) -> None:
    """Have the recorder add up the five minutes that are just over."""
    await _async_add_up_to(hass, _full(dt_util.utcnow()))


async def _async_add_up_to(hass: HomeAssistant, moment: datetime) -> None:
    """Have the recorder add up the five minutes before a moment."""
    await async_wait_recording_done(hass)
    do_adhoc_statistics(hass, start=moment - FIVE_MINUTES)
    await async_wait_recording_done(hass)


async def async_live_on(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    minutes: int,
    since: datetime | None = None,
    step: timedelta = FIVE_MINUTES,
) -> None:
    """Let time pass, have the account asked, and the recorder add up.

    What waits for its turn at a vendor moves the time itself: `since` is when the
    recorder has added up last.
    """
    added = since or _full(dt_util.utcnow())
    for _ in range(minutes // 5):
        added += FIVE_MINUTES
        for left in range(FIVE_MINUTES // step - 1, -1, -1):
            freezer.move_to(max(added - left * step, dt_util.utcnow()))
            async_fire_time_changed(hass)
            await hass.async_block_till_done(wait_background_tasks=True)
            for entry in hass.config_entries.async_loaded_entries(DOMAIN):
                await entry.runtime_data.readings.async_refresh()
            await hass.async_block_till_done(wait_background_tasks=True)
        await _async_add_up_to(hass, added)


def _full(moment: datetime) -> datetime:
    """Return when the five minutes began that a moment is in."""
    return moment - (moment - OUT_OF_SIGHT) % FIVE_MINUTES


async def async_bring(
    hass: HomeAssistant, target: str, *, of: str = "device_id", **data: Any
) -> Any:
    """Perform the action on a device, or on a sensor, and let what follows be done."""
    response: Any = await hass.services.async_call(
        DOMAIN,
        "import_history",
        {of: target, **data},
        blocking=True,
        return_response=True,
    )
    await async_settle(hass)
    return response[target]


async def async_settle(hass: HomeAssistant) -> None:
    """Let what is under way be done."""
    await hass.async_block_till_done(wait_background_tasks=True)
    await async_wait_recording_done(hass)


async def async_rows(
    hass: HomeAssistant,
    entity_id: str,
    *,
    start: datetime = OUT_OF_SIGHT,
    period: Literal["hour", "day", "month"] = "hour",
) -> Rows:
    """Return the hours that the statistics of a sensor have, or what they come to."""
    found = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        start,
        None,
        {entity_id},
        period,
        SUM_UNITS,
        {"change", "max", "mean", "min", "state", "sum"},
    )
    return {
        datetime.fromtimestamp(row["start"], UTC): dict(row)
        for row in found.get(entity_id, [])
    }


async def async_changes(hass: HomeAssistant, entity_id: str) -> dict[datetime, float]:
    """Return what each hour has added to a sum."""
    rows = await async_rows(hass, entity_id)
    return {start: row["change"] or 0.0 for start, row in rows.items()}


def sensor(hass: HomeAssistant, key: str) -> str:
    """Return the only enabled sensor of a key."""
    (found,) = (
        entity.entity_id
        for entity in er.async_get(hass).entities.values()
        if entity.platform == DOMAIN
        and entity.domain == "sensor"
        and entity.unique_id.endswith(f"_{key}")
        and not entity.disabled
    )
    return found
