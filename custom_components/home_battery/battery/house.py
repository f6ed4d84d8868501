"""The house: what its systems come to together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

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
    "grid_power",
    "grid_energy_imported",
    "grid_energy_exported",
)


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
    expected: frozenset[str] = frozenset()
    totals: bool = False

    def number(self, key: str) -> float | None:
        """Return a reading that is a number."""
        value = self.values.get(key)
        return value if isinstance(value, int | float) else None


def house_readings(
    members: Sequence[Member], meters: Collection[str]
) -> dict[str, Value]:
    """Return the readings of a house.

    Powers and energies of batteries and PV are summed, SOC is weighted by
    usable capacity, the grid comes from one meter only, and the load is what
    balances them. A sum that lacks a member that has the reading is not told,
    nor is what follows from it.

    Args:
        members: Every system and producer of the house.
        meters: Keys of members whose meter is the grid's; where none of these
            reports the grid, the first does that can.
    """
    result: dict[str, Value] = {}
    for key in _SUMMED:
        values = [number for m in members if (number := m.number(key)) is not None]
        if values and not _lacking(key, members):
            result[key] = round(sum(values), 3)
    soc = _weighted_soc(members)
    if soc is not None and not _lacking("battery_soc", members):
        result["battery_soc"] = soc
    metered = next(
        iter(
            sorted(
                (m for m in members if "grid_power" in m.expected),
                key=lambda member: member.key not in meters,
            )
        ),
        None,
    )
    if metered is not None:
        result |= {
            key: metered.values[key] for key in _METERED if key in metered.values
        }
    lacking = frozenset(key for key in _SUMMED if _lacking(key, members))
    return result | _load(Member("house", result), lacking)


def _lacking(key: str, members: Sequence[Member]) -> bool:
    """Tell whether a member that has a reading does not tell it now."""
    return any(key in m.expected and m.number(key) is None for m in members)


def _weighted_soc(members: Sequence[Member]) -> float | None:
    """Return the mean SOC in %, a larger battery counting for more."""
    pairs = [
        (soc, m.number("battery_capacity_usable") or m.number("battery_capacity"))
        for m in members
        if (soc := m.number("battery_soc")) is not None
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


def _load(house: Member, lacking: frozenset[str]) -> dict[str, Value]:
    """Return what the house itself uses, by balance; never below 0."""
    result: dict[str, Value] = {}
    for load, meter, sources, sinks in _BALANCES:
        if not lacking.isdisjoint((*sources, *sinks)):
            continue
        if (balance := house.number(meter)) is not None:
            balance += sum(house.number(key) or 0 for key in sources)
            balance -= sum(house.number(key) or 0 for key in sinks)
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
