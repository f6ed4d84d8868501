"""Days before the demonstration, brought into Home Assistant's statistics from the houses' own ledgers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from .client import Client
from .errors import DemoError
from .houses import Houses
from .system import System, find_system, is_number, registered
from .waiting import wait

# What of the ledger a sensor shows: energies that grow, and powers as what flows in less what flows out.
_ENERGIES = {
    "battery_energy_charged": "charge",
    "battery_energy_discharged": "discharge",
    "pv_energy": "pv",
    "grid_energy_imported": "imported",
    "grid_energy_exported": "exported",
    "load_energy": "load",
}
_POWERS: dict[str, tuple[str, str | None]] = {
    "battery_power": ("discharge", "charge"),
    "pv_power": ("pv", None),
    "grid_power": ("imported", "exported"),
    "load_power": ("load", None),
}
_SOC = "battery_soc"
_UNIT_CLASSES = {"kWh": "energy", "W": "power", "%": "unitless"}
_MEAN, _NO_MEAN = 1, 0
_W_PER_KW = 1000
_HISTORY_SECONDS = 60
_LONGEST = timedelta(days=60)
_IMPORT_SECONDS = 120
# Of a sum, Home Assistant takes the first row for a change from nothing: it is put where no one looks.
_LONG_AGO = "2000-01-01T00:00:00+00:00"

type _Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Hour:
    """A full hour: its start, and the rows of the ledger at start, middle and end."""

    start: str
    rows: Sequence[_Row]

    def grown(self, counter: str) -> float:
        """Return what was counted in the hour, in kWh, which is the mean power in kW as well."""
        grown: float = self.rows[-1][counter] - self.rows[0][counter]
        return grown

    @property
    def socs(self) -> list[float]:
        """Return the SOC at the three moments, as far as there is a battery."""
        return [row["soc"] for row in self.rows if row["soc"] is not None]


async def bring_past(client: Client, houses: Houses, vendor: str) -> int:
    """Import the past of all devices and houses of a vendor; return of how many sensors."""
    past = await houses.past(vendor)
    registry = await registered(client)
    imported: list[str] = []
    for key, rows in past.items():
        try:
            system = find_system(client, registry, vendor, key)
        except DemoError:
            # The vendor does not show this house by itself.
            continue
        imported += await _bring_device(system, rows)

    async def is_there() -> bool:
        # What is counted live is there before that, of today alone.
        told = await _statistics(client, imported, "day", ["mean", "sum"])
        return all(len(told.get(entity, [])) > 1 for entity in imported)

    if not await wait(is_there, _IMPORT_SECONDS):
        raise DemoError(f"{vendor}: the past has not arrived in the statistics")
    return len(imported)


async def hours_told(client: Client, vendor: str) -> int:
    """Return of how many hours the statistics tell for each of a vendor's batteries."""
    entities = [
        entry["entity_id"]
        for entry in await registered(client)
        if entry["unique_id"].startswith(f"{vendor}_")
        and entry["unique_id"].endswith(f"_{_SOC}")
        and entry["disabled_by"] is None
    ]
    told = await _statistics(client, entities, "hour", ["mean"])
    return min((len(told.get(entity, [])) for entity in entities), default=0)


async def _statistics(
    client: Client, entities: list[str], period: str, types: list[str]
) -> dict[str, list[_Row]]:
    """Return the statistics of the last days by entity."""
    told: dict[str, list[_Row]] = await client.command(
        "recorder/statistics_during_period",
        start_time=(datetime.now(UTC) - _LONGEST).isoformat(),
        statistic_ids=entities,
        period=period,
        types=types,
    )
    return told


async def _bring_device(system: System, rows: Sequence[_Row]) -> list[str]:
    """Import the past of one device, and return the entities that have one now."""
    hours = list(_hours(rows))
    states = await system.client.states()
    shown = {
        key: entity
        for key, entity in system.entities.items()
        if key in {*_ENERGIES, *_POWERS, _SOC}
        and is_number(states.get(entity, {"state": ""})["state"])
    }
    counters = [entity for key, entity in shown.items() if key in _ENERGIES]
    firsts = await _first_states(system.client, counters)
    for key, entity in shown.items():
        if key in _ENERGIES:
            counter = _ENERGIES[key]
            since_first = float(states[entity]["state"]) - firsts[entity]
            stats = _sums(hours, counter, rows[-1][counter] - since_first)
        elif key in _POWERS:
            stats = _means(hours, *_POWERS[key])
        else:
            stats = _socs(hours)
        await _import(
            system.client,
            entity,
            states[entity]["attributes"]["unit_of_measurement"],
            stats,
        )
    return list(shown.values())


def _hours(rows: Sequence[_Row]) -> Iterator[_Hour]:
    """Iterate over the full hours in rows of half hours; what follows the last of them is left out."""
    full = [
        index
        for index, row in enumerate(rows[:-1])
        if datetime.fromisoformat(row["at"]).minute == 0
    ]
    for begin, end in pairwise(full):
        yield _Hour(start=rows[begin]["at"], rows=rows[begin : end + 1])


def _sums(hours: Sequence[_Hour], counter: str, before: float) -> list[dict[str, Any]]:
    """Return sums; `before` is the counter at the sensor's first state, where Home Assistant begins with 0."""
    rows = [(hour.start, hour.rows[-1]) for hour in hours]
    return [
        {"start": start, "sum": row[counter] - before}
        for start, row in ((_LONG_AGO, hours[0].rows[0]), *rows)
    ]


def _means(
    hours: Sequence[_Hour], inwards: str, outwards: str | None
) -> list[dict[str, Any]]:
    """Return mean powers in W."""
    return [
        {
            "start": hour.start,
            "mean": _W_PER_KW
            * (hour.grown(inwards) - (hour.grown(outwards) if outwards else 0)),
        }
        for hour in hours
    ]


def _socs(hours: Sequence[_Hour]) -> list[dict[str, Any]]:
    """Return the SOC of each hour in percent."""
    return [
        {
            "start": hour.start,
            "mean": sum(hour.socs) / len(hour.socs),
            "min": min(hour.socs),
            "max": max(hour.socs),
        }
        for hour in hours
        if hour.socs
    ]


async def _first_states(client: Client, entities: Sequence[str]) -> dict[str, float]:
    """Return the first number that each sensor has shown, once the recorder has it."""
    found: dict[str, float] = {}

    async def is_known() -> bool:
        told = await client.command(
            "history/history_during_period",
            start_time=(datetime.now(UTC) - timedelta(days=1)).isoformat(),
            entity_ids=list(entities),
            include_start_time_state=False,
            significant_changes_only=False,
            minimal_response=True,
            no_attributes=True,
        )
        for entity, states in told.items():
            numbers = [float(row["s"]) for row in states if is_number(row["s"])]
            found.update((entity, number) for number in numbers[:1])
        return found.keys() == set(entities)

    if entities and not await wait(is_known, _HISTORY_SECONDS):
        raise DemoError(f"no history of {', '.join(set(entities) - found.keys())}")
    return found


async def _import(
    client: Client, entity: str, unit: str, stats: list[dict[str, Any]]
) -> None:
    """Hand rows to the recorder."""
    await client.command(
        "recorder/import_statistics",
        metadata={
            "statistic_id": entity,
            "source": "recorder",
            "name": None,
            "unit_of_measurement": unit,
            "unit_class": _UNIT_CLASSES[unit],
            "has_sum": "sum" in stats[0],
            "mean_type": _MEAN if "mean" in stats[0] else _NO_MEAN,
        },
        stats=stats,
    )
