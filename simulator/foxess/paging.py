"""Lists that come in pages."""

from collections.abc import Sequence

from ..jsontypes import Json, JsonObject
from .call import Call

_SMALLEST, _LARGEST = 10, 1000


def page(call: Call, rows: Sequence[Json], *more: str) -> JsonObject:
    """Return the page that a call with `more` fields asks for; pages have 10 to 1000 rows."""
    fields = call.fields("currentPage", "pageSize", *more)
    number = fields.whole("currentPage", 1, 1_000_000)
    size = fields.whole("pageSize", _SMALLEST, _LARGEST)
    first = (number - 1) * size
    return {
        "currentPage": number,
        "pageSize": size,
        "total": len(rows),
        "data": list(rows[first : first + size]),
    }
