"""The documented fields of every record, with what stands there where the house knows nothing.

A file under `fields/` groups names by their value: a JSON value and a colon,
then names; a line that is indented goes on. -1, -0.1 and their float32 twins
are what the cloud sends for "not supported" (Growatt notes 1.11).
"""

from collections.abc import Mapping
from functools import cache
import json
from pathlib import Path
from struct import pack, unpack

from ..jsontypes import Json

_FOLDER = Path(__file__).parent / "fields"


@cache
def template(table: str) -> Mapping[str, Json]:
    """Return all fields of a record with their values."""
    fields: dict[str, Json] = {}
    value: Json = None
    for line in (_FOLDER / f"{table}.txt").read_text().splitlines():
        names = line
        if not line.startswith(" "):
            head, _, names = line.rpartition(": ")
            value = json.loads(head)
        fields |= dict.fromkeys(names.split(), value)
    return fields


def filled(table: str, values: Mapping[str, Json]) -> dict[str, Json]:
    """Return a record: documented fields only, and what is known of them."""
    fields = template(table)
    return {name: values.get(name, value) for name, value in fields.items()}


def noisy(value: float, digits: int = 1) -> float:
    """Return a number as it comes out of a 32-bit float."""
    single: float = unpack("f", pack("f", round(value, digits)))[0]
    return single


@cache
def exists(table: str) -> bool:
    """Return whether there is such a table."""
    return (_FOLDER / f"{table}.txt").is_file()
