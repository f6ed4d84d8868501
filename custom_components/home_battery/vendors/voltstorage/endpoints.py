"""Every documented call of VoltStorage: where it goes, and who may make it.

Three paths are proven by a client that was seen at work; of the others the
documents tell everything but the path (VoltStorage notes, 1.1 and 1.8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Final
from urllib.parse import quote

from multidict import MultiDict

from ...transport.errors import RejectedError
from ..endpoint import Access, Endpoint

LOGIN: Final = "login"
PRODUCTS: Final = "products"
EXPORT_CSV: Final = "export_csv"
EXPORT_JSON: Final = "export_json"
LATEST: Final = "latest"
STATISTICS: Final = "statistics"
STREAM: Final = "stream"

PRODUCT_ID: Final = "productId"
# How a path names the product, where it does.
PLACE: Final = "product_id"

# People around a product, whatever the call.
_PEOPLE: Final = frozenset(
    {"email", "latitude", "longitude", "owner", "ownername", "token"}
)
_EXPORT: Final = (
    PRODUCT_ID,
    "componentId",
    "from",
    "to",
    "fields",
    "tz",
    "precision",
    "tolerance",
    "separator",
)


@dataclass(frozen=True, kw_only=True)
class VoltStorageEndpoint(Endpoint):
    """One call of the REST API.

    Attributes:
        path: The path below the server; `{product_id}` stands for the product.
        parameters: What may be sent along.
        text: The answer is text and no JSON.
        proven: The path is known, so that what is not there is the server's failure.
    """

    path: str
    parameters: tuple[str, ...] = ()
    text: bool = False
    proven: bool = False
    names_device: frozenset[str] = frozenset({PRODUCT_ID, "ids"})
    secrets: frozenset[str] = _PEOPLE

    def request(
        self, given: Mapping[str, Any], path: str
    ) -> tuple[str, MultiDict[str]]:
        """Return the path and the query of a call.

        Args:
            given: What is said, by the vendor's names.
            path: The path below the server, which may name the product.

        Raises:
            RejectedError: The vendor documents no such parameter.
        """
        if unknown := given.keys() - set(self.parameters):
            raise RejectedError(f"No such parameter: {', '.join(sorted(unknown))}")
        return request_of(path, given)


ENDPOINTS: Final[Mapping[str, VoltStorageEndpoint]] = {
    LOGIN: VoltStorageEndpoint(
        access=Access.REFUSED,
        path="/rest/login/password",
        parameters=("email", "password", "validity"),
        proven=True,
    ),
    PRODUCTS: VoltStorageEndpoint(
        access=Access.READ,
        path="/rest/products",
        parameters=(
            "count",
            "page",
            "q",
            "groupId",
            "installationDate",
            "ids",
            "ownerId",
            "sort",
        ),
        proven=True,
    ),
    EXPORT_CSV: VoltStorageEndpoint(
        access=Access.READ,
        path="/rest/data/export.csv",
        parameters=_EXPORT,
        text=True,
        proven=True,
    ),
    EXPORT_JSON: VoltStorageEndpoint(
        access=Access.READ, path="/rest/data/export.json", parameters=_EXPORT
    ),
    LATEST: VoltStorageEndpoint(
        access=Access.READ,
        path="/rest/products/{product_id}/data",
        parameters=(PRODUCT_ID, "includeTime"),
    ),
    STATISTICS: VoltStorageEndpoint(
        access=Access.READ,
        path="/rest/data/statistics",
        parameters=(PRODUCT_ID, "tstart", "tend", "timespan"),
    ),
}
# Where the stream is, which is no call that anybody makes.
STREAM_PATH: Final = "/ws"


def request_of(path: str, given: Mapping[str, Any]) -> tuple[str, MultiDict[str]]:
    """Return path and query; what the path names is not said again in the query.

    Of a list, each item is said by itself.
    """
    query = MultiDict(
        (key, _text(item))
        for key, value in given.items()
        for item in (value if isinstance(value, list) else [value])
    )
    if PLACE in places_in(path):
        product = query.popone(PRODUCT_ID, "")
        path = path.format_map({PLACE: quote(product, safe="")})
    return path, query


def with_token(query: Mapping[str, str], token: str) -> MultiDict[str]:
    """Return a query that says who asks."""
    return MultiDict([*query.items(), ("token", token)])


def places_in(path: str) -> set[str]:
    """Return the names that a path leaves open.

    Raises:
        ValueError: Its braces make no sense.
    """
    return {name for _, name, *_ in Formatter().parse(path) if name is not None}


def _text(value: Any) -> str:
    """Return a value as the vendor takes it in a query."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
