"""Growatt, as the rest of the integration sees it."""

from typing import Final

from homeassistant.const import CONF_TOKEN

from ...const import CONF_BASE_URL
from ..vendor import Vendor
from .account import GrowattAccount
from .discovery import anchors
from .endpoints import ENDPOINTS
from .tables import TABLES

GROWATT: Final = Vendor(
    key="growatt",
    name="Growatt",
    credential=lambda data: str(data[CONF_TOKEN]),
    base_url=lambda data: str(data[CONF_BASE_URL]),
    connect=GrowattAccount,
    anchor=lambda inventory: anchors(inventory.devices.values())[0],
    tables=TABLES,
    endpoints=ENDPOINTS,
)
