"""Fox ESS, as the rest of the integration sees it."""

from typing import Final

from homeassistant.const import CONF_TOKEN

from ...battery.model import Inventory, Role
from ...const import CONF_BASE_URL
from ..vendor import Vendor
from .account import FoxEssAccount
from .endpoints import ENDPOINTS
from .tables import TABLES


def _anchor(inventory: Inventory) -> str:
    """Return the smallest station, or where there is none the smallest inverter."""
    devices = inventory.with_role(Role.HOUSE) or inventory.with_role(
        Role.SYSTEM, Role.PRODUCER
    )
    return min(device.id for device in devices)


FOXESS: Final = Vendor(
    key="foxess",
    name="Fox ESS",
    credential=lambda data: str(data[CONF_TOKEN]),
    base_url=lambda data: str(data[CONF_BASE_URL]),
    connect=FoxEssAccount,
    anchor=_anchor,
    tables=TABLES,
    endpoints=ENDPOINTS,
)
