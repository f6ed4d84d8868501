"""The list of products, with its filters."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from aiohttp import web

from ..jsontypes import Json
from .call import Call
from .errors import InvalidError
from .fleet import Group
from .product import Product

_MADE_BEFORE: Final = timedelta(days=90)
_TYPE_ID: Final = 6


def list_products(call: Call) -> web.Response:
    """Answer with the products that all filters leave, page by page."""
    query = call.query
    count, page = query.whole("count", least=1), query.whole("page", least=1)
    words = query.given.get("q", "").lower()
    group, owner = query.whole("groupId"), query.whole("ownerId")
    installed, ids = query.flag("installationDate"), query.wholes("ids")
    rows = [product_row(group, product) for group, product in call.products()]
    rows = [
        row
        for row in rows
        if (not ids or row["id"] in ids)
        and (group is None or row["groupId"] == group)
        and (owner is None or _owner(row) == owner)
        and (installed is None or (row["installationDate"] is not None) == installed)
        and words in _searched(row)
    ]
    rows = _sorted(rows, query.text("sort"))
    size = count or call.cloud.page_size
    first = ((page or 1) - 1) * size
    return web.json_response(rows[first : first + size])


def product_row(group: Group, product: Product) -> dict[str, Json]:
    """Return a product as the list shows it."""
    installed = product.installed.astimezone(product.house.time_zone).date()
    made = product.installed - _MADE_BEFORE
    lab = product.profile.lab
    latitude, longitude = group.place or (None, None)
    # Whoever has no battery at home has no name in the list either (the documents' sample).
    owner_name = None if lab else group.owner_name
    return {
        "id": product.id,
        "ownerName": owner_name,
        "serialNumber": product.serial,
        "hardwareVersion": "5.4",
        "manufacturingDate": made.date().isoformat(),
        "installationDate": None if lab else installed.isoformat(),
        "timezone": product.house.time_zone.key,
        "createdAt": stamp(made),
        "updatedAt": stamp(product.installed),
        "typeId": _TYPE_ID,
        "groupId": group.id,
        "type": {
            "id": _TYPE_ID,
            "name": "VoltStorage SMART",
            "startOfProduction": "2018-08-20",
            "baseType": "storage",
        },
        "group": {
            "id": group.id,
            "ownerId": group.owner_id,
            "name": group.name,
            "latitude": latitude,
            "longitude": longitude,
            "owner": {
                "id": group.owner_id,
                "name": group.owner_name,
                "email": f"owner{group.owner_id}@example.com",
                "demo": False,
            },
        },
        "errors": list(product.fault_codes),
        "online": product.reachable,
        **product.changes,
    }


def stamp(moment: datetime) -> str:
    """Return a moment (UTC) with milliseconds and a Z."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _owner(row: dict[str, Json]) -> Json:
    """Return the id of a row's owner."""
    group = row["group"]
    return group["ownerId"] if isinstance(group, dict) else None


def _searched(row: dict[str, Json]) -> str:
    """Return what free text is searched in."""
    names = [
        part.get("name")
        for part in (row["type"], row["group"])
        if isinstance(part, dict)
    ]
    texts = [row["id"], row["serialNumber"], row["ownerName"], *names]
    return "\n".join(str(text) for text in texts if text is not None).lower()


def _sorted(rows: list[dict[str, Json]], sort: str | None) -> list[dict[str, Json]]:
    """Return rows in the order of some fields, a minus sign turning one round; what is null is last."""
    for name in reversed((sort or "id").split(",")):
        field, backwards = name.removeprefix("-"), name.startswith("-")
        if rows and (field not in rows[0] or isinstance(rows[0][field], dict | list)):
            raise InvalidError(f"products cannot be sorted by {field!r}")
        known = [row for row in rows if row[field] is not None]
        unknown = [row for row in rows if row[field] is None]
        known.sort(key=partial(_rank, field), reverse=backwards)
        rows = known + unknown
    return rows


def _rank(field: str, row: dict[str, Json]) -> tuple[float, str]:
    """Return what a row is sorted by."""
    value = row[field]
    if isinstance(value, int | float):
        return value, ""
    return 0.0, str(value)
