"""Groups of named settings, each sent with its range or its options, and set as strings."""

from collections.abc import Iterable, Mapping

from ..jsontypes import JsonObject
from .registers import Register
from .schema import Fields

type Table = Mapping[str, Register]

SWITCH = ("disable", "enable")


def ranged(default: str, unit: str, high: float, *, low: float = 0) -> Register:
    """Return a setting with a range of whole numbers."""
    return Register(default=default, unit=unit, low=low, high=high)


def first_values(table: Table) -> dict[str, str]:
    """Return the factory values."""
    return {name: register.default for name, register in table.items()}


def named_json(table: Table, values: Mapping[str, str]) -> JsonObject:
    """Return all settings of a group as the server sends them."""
    return {name: register.as_json(values[name]) for name, register in table.items()}


def read_named(fields: Fields, table: Table, names: Iterable[str]) -> dict[str, str]:
    """Return the values of a request after checking each."""
    values: dict[str, str] = {}
    for name in names:
        values[name] = fields.text(name)
        table[name].check(values[name])
    return values
