"""The house: what its systems come to together."""

from collections.abc import Collection, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from .model import Value

_SUMMED = (
    "battery_power",
    "battery_energy_charged",
    "battery_energy_discharged",
    "battery_energy_stored",
    "battery_capacity",
    "battery_capacity_usable",
    "pv_power",
    "pv_energy",
)
_METERED = (
    ("grid_power",),
    ("grid_energy_imported", "grid_energy_exported"),
)
# All that a house is made of.
PARTS: Final = frozenset(
    {
        *_SUMMED,
        *(key for keys in _METERED for key in keys),
        "battery_soc",
        "load_power",
        "load_energy",
    }
)
# Who has the one has the other too, whether it tells it or not.
_IMPLIED_BY = {
    "battery_energy_charged": "battery_power",
    "battery_energy_discharged": "battery_power",
    "battery_energy_stored": "battery_soc",
    "battery_capacity": "battery_soc",
    "battery_capacity_usable": "battery_soc",
    "pv_energy": "pv_power",
}


@dataclass(frozen=True)
class Member:
    """A system or producer of the house and its present readings.

    Attributes:
        key: The device's key.
        values: What it tells now.
        expected: What it is known to tell when all is well.
        totals: What it tells is what the other members come to.
    """

    key: str
    values: Mapping[str, Value]
    expected: AbstractSet[str] = frozenset()
    totals: bool = False

    def has(self, key: str) -> bool:
        """Tell whether it has a reading, be it told or not."""
        return key in self.expected or _IMPLIED_BY.get(key, key) in self.expected

    @cached_property
    def numbers(self) -> dict[str, float]:
        """Return the readings that are numbers."""
        return {
            key: value
            for key, value in self.values.items()
            if isinstance(value, int | float)
        }


def house_readings(
    members: Sequence[Member], meters: Collection[str]
) -> dict[str, Value]:
    """Return the readings of a house.

    Powers and energies of batteries and PV are summed, SOC is weighted by
    usable capacity, the grid comes from one meter only, and the load is what
    balances them. A sum that lacks a member that has the reading is not told,
    nor is what follows from it. Who tells totals is never added to the others,
    but stands in where none of them has the reading.

    Args:
        members: Every system and producer of the house.
        meters: Keys of members whose meter is the grid's; where none of these
            reports the grid, who tells totals does, and else the first that can.
    """
    result: dict[str, Value] = {}
    lacking: set[str] = set()
    for key in _SUMMED:
        tellers = _tellers(key, members)
        values = [m.numbers[key] for m in tellers if key in m.numbers]
        if _lacking(key, tellers):
            lacking.add(key)
        elif values:
            result[key] = round(sum(values), 3)
    tellers = _tellers("battery_soc", members)
    soc = _weighted_soc(tellers)
    if soc is not None and not _lacking("battery_soc", tellers):
        result["battery_soc"] = soc
    for keys in _METERED:
        if (meter := _meter(keys, members, meters)) is not None:
            result |= {key: meter.values[key] for key in keys if key in meter.values}
    return result | _load(Member("house", result).numbers, lacking, members)


def _tellers(key: str, members: Sequence[Member]) -> list[Member]:
    """Return those whose readings make a reading of the house."""
    able = [m for m in members if m.has(key) or key in m.values]
    return [m for m in able if not m.totals] or able[:1]


def _meter(
    keys: Collection[str], members: Sequence[Member], meters: Collection[str]
) -> Member | None:
    """Return the member whose meter is the grid's."""
    able = [m for m in members if not m.expected.isdisjoint(keys)]
    return min(able, key=lambda m: (m.key not in meters, not m.totals), default=None)


def _lacking(key: str, tellers: Sequence[Member]) -> bool:
    """Tell whether a member that has a reading does not tell it now."""
    return any(key not in m.numbers and m.has(key) for m in tellers)


def _weighted_soc(members: Sequence[Member]) -> float | None:
    """Return the mean SOC in %, a larger battery counting for more."""
    pairs = [
        (
            m.numbers["battery_soc"],
            m.numbers.get("battery_capacity_usable")
            or m.numbers.get("battery_capacity"),
        )
        for m in members
        if "battery_soc" in m.numbers
    ]
    if not pairs:
        return None
    weights = [weight for _, weight in pairs if weight is not None]
    if len(weights) < len(pairs) or not sum(weights):
        return round(sum(soc for soc, _ in pairs) / len(pairs), 1)
    return round(
        sum(soc * weight for (soc, _), weight in zip(pairs, weights, strict=True))
        / sum(weights),
        1,
    )


def _load(
    house: Mapping[str, float], lacking: Collection[str], members: Sequence[Member]
) -> dict[str, Value]:
    """Return what the house itself uses, by balance; never below 0.

    Where nobody has a meter for a balance, it is what a member tells of all.
    """
    result: dict[str, Value] = {}
    for load, meter, sources, sinks in _BALANCES:
        if not any(meter in m.expected for m in members):
            told = [m.values[load] for m in members if m.totals and load in m.values]
            if told:
                result[load] = told[0]
        if not {*sources, *sinks}.isdisjoint(lacking):
            continue
        if (balance := house.get(meter)) is not None:
            balance += sum(house.get(key, 0) for key in sources)
            balance -= sum(house.get(key, 0) for key in sinks)
            result[load] = round(max(balance, 0.0), 3)
    return result


_BALANCES = (
    ("load_power", "grid_power", ("pv_power", "battery_power"), ()),
    (
        "load_energy",
        "grid_energy_imported",
        ("pv_energy", "battery_energy_discharged"),
        ("grid_energy_exported", "battery_energy_charged"),
    ),
)
