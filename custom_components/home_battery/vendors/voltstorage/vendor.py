"""VoltStorage, as the rest of the integration sees it."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import CONF_EMAIL
from homeassistant.helpers.selector import TextSelector

from ...const import CONF_BASE_URL
from ..vendor import Vendor
from .account import PATH_OPTIONS, VoltStorageAccount
from .endpoints import ENDPOINTS, PLACE, places_in
from .export_file import CSV, JSON
from .tables import TABLES

_PATH: Final = TextSelector()


def _email(data: Mapping[str, Any]) -> str:
    """Return the e-mail of an account in the one form that it is compared in."""
    return str(data[CONF_EMAIL]).strip().lower()


def _wrong_paths(given: Mapping[str, Any]) -> dict[str, str]:
    """Return an error for each path that is none on the server of the account."""
    return {
        option: "invalid_path"
        for option in PATH_OPTIONS.values()
        if (path := given.get(option)) and not _is_path(path)
    }


def _is_path(text: str) -> bool:
    """Tell whether a text is a path, and nothing that leads to another server."""
    if not text.startswith("/") or text.startswith("//") or set(text) & set("?#\\ @"):
        return False
    try:
        return places_in(text) <= {PLACE}
    except ValueError:
        return False


VOLTSTORAGE: Final = Vendor(
    key="voltstorage",
    name="VoltStorage",
    credential=_email,
    base_url=lambda data: str(data[CONF_BASE_URL]),
    connect=VoltStorageAccount,
    anchor=lambda inventory: min(inventory.devices),
    account_id=_email,
    tables=TABLES,
    endpoints=ENDPOINTS,
    read_only=True,
    options=dict.fromkeys(PATH_OPTIONS.values(), _PATH),
    check_options=_wrong_paths,
    exports=(CSV, JSON),
    silent_issue="voltstorage_silent",
)
