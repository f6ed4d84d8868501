"""Puts the statistics that another integration has gathered in front of ours, and takes them away again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import Statistics
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    get_metadata,
    statistics_during_period,
)
from homeassistant.components.recorder.util import session_scope
from homeassistant.components.sensor import DOMAIN as SENSOR
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er

from .battery.hours import HOUR, CountedBack, Mean, Piece
from .battery.model import Role
from .const import DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .importing import USUAL, async_entity_id
from .long_term import LONG_AGO, Known, async_known, async_put_means, async_put_sums
from .rivals import async_rivals


@dataclass(frozen=True)
class Move:
    """What is put in front of the statistics of a sensor of ours.

    Attributes:
        entity_id: Our sensor.
        source: The sensor of the other integration.
        known: What ours begin with.
        rows: What the other one has, in the unit of ours.
    """

    entity_id: str
    source: str
    known: Known
    rows: list[StatisticsRow]

    def as_response(self) -> dict[str, Any]:
        """Return it as people are told of it."""
        starts = map(_start, self.rows)
        hours = [start for start in starts if start < self.known.first]
        return {
            "source": self.source,
            "hours": len(hours),
            "first": hours[0].isoformat() if hours else None,
            "last": hours[-1].isoformat() if hours else None,
            "begins": self.known.first.isoformat(),
        }


async def async_move(hass: HomeAssistant, entity_id: str, source: str) -> Move:
    """Look what is to be put in front of a sensor of ours; nothing is done yet.

    Raises:
        ServiceValidationError: Either has no statistics, or they do not fit.
    """
    _own_entry(hass, entity_id)
    known = (await async_known(hass, {entity_id: None})).get(entity_id)
    if known is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_statistics",
            translation_placeholders={"entity": entity_id},
        )
    known = replace(known, unit=known.metadata["unit_of_measurement"])
    rows = await get_instance(hass).async_add_executor_job(_rows, hass, source, known)
    if rows is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_statistics",
            translation_placeholders={"entity": source},
        )
    if not rows:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="statistics_differ",
            translation_placeholders={"entity": source},
        )
    return Move(entity_id, source, known, rows)


@callback
def async_make(hass: HomeAssistant, move: Move) -> None:
    """Put it there; ours stay as they are."""
    entry = _own_entry(hass, move.entity_id)
    store, known = entry.runtime_data.store, move.known
    store.moved.setdefault(move.entity_id, known.first)
    store.async_schedule_save()
    if known.total is None:
        means = [_mean(row) for row in move.rows if _start(row) < known.first]
        async_put_means(hass, known, means)
        return
    back = CountedBack(known.first, known.total, known.own)
    back.add(_pieces(move.rows))
    sums = back.settle(LONG_AGO)
    async_put_sums(hass, known, sums, back.before)


async def async_undo(hass: HomeAssistant, entity_id: str) -> bool:
    """Take away what was put in front of a sensor of ours; tell whether there was anything."""
    store = _own_entry(hass, entity_id).runtime_data.store
    if (first := store.moved.pop(entity_id, None)) is None:
        return False
    store.async_schedule_save()
    recorder = get_instance(hass)
    await recorder.async_block_till_done()
    await recorder.async_add_executor_job(_forget, hass, entity_id, first)
    return True


@callback
def async_offers(hass: HomeAssistant, entry: HomeBatteryConfigEntry) -> dict[str, str]:
    """Return the sensors of others, by those of ours that may go on from them."""
    runtime = entry.runtime_data
    offers: dict[str, str] = {}
    for device in runtime.inventory.with_role(Role.SYSTEM, Role.PRODUCER):
        for key in USUAL:
            entity_id = async_entity_id(hass, entry, device, key)
            if entity_id is None or entity_id in runtime.store.moved:
                continue
            rivals = async_rivals(hass, runtime.vendor.key, key, device.serial)
            if (rival := next(rivals, None)) is not None:
                offers.setdefault(entity_id, rival)
    return offers


def _own_entry(hass: HomeAssistant, entity_id: str) -> HomeBatteryConfigEntry:
    """Return the loaded entry of a sensor of ours.

    Raises:
        ServiceValidationError: It is none.
    """
    known = er.async_get(hass).async_get(entity_id)
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        if (
            known is not None
            and known.domain == SENSOR
            and known.config_entry_id == entry.entry_id
        ):
            return entry
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="not_ours",
        translation_placeholders={"entity": entity_id},
    )


def _rows(hass: HomeAssistant, source: str, known: Known) -> list[StatisticsRow] | None:
    """Read statistics in the unit of others; runs in the recorder.

    Returns:
        `None` where there are none, nothing where they are of another kind.
    """
    found = get_metadata(hass, statistic_ids={source}).get(source)
    if found is None:
        return None
    metadata, ours = found[1], known.metadata
    unit, kind = ours["unit_of_measurement"], ours["unit_class"]
    alike = metadata["unit_class"] == kind and (
        kind is not None or metadata["unit_of_measurement"] == unit
    )
    if not alike or metadata["has_sum"] != ours["has_sum"]:
        return []
    units = {kind: unit} if kind is not None and unit is not None else None
    return statistics_during_period(
        hass,
        LONG_AGO + HOUR,
        None,
        {source},
        "hour",
        units,
        {"max", "mean", "min", "sum"},
    ).get(source, [])


def _pieces(rows: Iterable[StatisticsRow]) -> list[Piece]:
    """Return what each hour has added to a sum.

    The first one has added its own sum, if that is not more than any other has:
    else it goes on from something older.
    """
    sums = [
        (_start(row), total) for row in rows if (total := row.get("sum")) is not None
    ]
    pieces = [
        Piece(at, at + HOUR, total - before)
        for (_, before), (at, total) in pairwise(sums)
    ]
    most = max((piece.value for piece in pieces), default=0.0)
    begun = [
        Piece(at, at + HOUR, total) for at, total in sums[:1] if 0 <= total <= most
    ]
    return [*begun, *pieces]


def _mean(row: StatisticsRow) -> Mean:
    """Return the mean of a row."""
    mean = row.get("mean") or 0.0
    low, high = row.get("min"), row.get("max")
    return Mean(
        _start(row),
        mean,
        mean if low is None else low,
        mean if high is None else high,
    )


def _start(row: StatisticsRow) -> datetime:
    """Return when a row begins."""
    return datetime.fromtimestamp(row["start"], UTC)


def _forget(hass: HomeAssistant, entity_id: str, first: datetime) -> None:
    """Delete the rows before an hour; runs in the recorder."""
    metadata_id, _ = get_metadata(hass, statistic_ids={entity_id})[entity_id]
    with session_scope(hass=hass) as session:
        session.query(Statistics).filter(
            Statistics.metadata_id == metadata_id,
            Statistics.start_ts < first.timestamp(),
        ).delete()
