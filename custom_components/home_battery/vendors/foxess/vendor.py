"""Fox ESS, as the rest of the integration sees it."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import CONF_TOKEN

from ...battery.model import Inventory, Role
from ...const import CONF_BASE_URL, CONF_GRANT
from ..vendor import Vendor
from .account import FoxEssAccount
from .endpoints import ENDPOINTS
from .oauth import SIGN_IN
from .tables import TABLES


def _anchor(inventory: Inventory) -> str:
    """Return the smallest station, or where there is none the smallest inverter."""
    devices = inventory.with_role(Role.HOUSE) or inventory.with_role(
        Role.SYSTEM, Role.PRODUCER
    )
    return min(device.id for device in devices)


def _credential(data: Mapping[str, Any]) -> str:
    """Return the key, or the name of the grant, which stays when tokens change."""
    return str(data.get(CONF_GRANT, data[CONF_TOKEN]))


FOXESS: Final = Vendor(
    key="foxess",
    name="Fox ESS",
    credential=_credential,
    base_url=lambda data: str(data[CONF_BASE_URL]),
    connect=FoxEssAccount,
    anchor=_anchor,
    tables=TABLES,
    endpoints=ENDPOINTS,
    sign_in=SIGN_IN,
)
