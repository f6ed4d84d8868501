"""Fox ESS, as the rest of the integration sees it."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import CONF_TOKEN

from ...const import CONF_BASE_URL, CONF_GRANT
from ..vendor import Vendor
from .account import FoxEssAccount
from .discovery import anchors
from .endpoints import ENDPOINTS
from .oauth import SIGN_IN
from .tables import TABLES


def _credential(data: Mapping[str, Any]) -> str:
    """Return the key, or the name of the grant, which stays when tokens change."""
    return str(data.get(CONF_GRANT, data[CONF_TOKEN]))


FOXESS: Final = Vendor(
    key="foxess",
    name="Fox ESS",
    credential=_credential,
    base_url=lambda data: str(data[CONF_BASE_URL]),
    connect=FoxEssAccount,
    anchor=lambda inventory: anchors(inventory.devices.values())[0],
    tables=TABLES,
    endpoints=ENDPOINTS,
    sign_in=SIGN_IN,
)
