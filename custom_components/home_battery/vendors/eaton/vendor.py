"""Eaton, as the rest of the integration sees it."""

from typing import Final

from ...const import CONF_BASE_URL
from ..vendor import Vendor
from .account import EatonAccount
from .endpoints import ENDPOINTS
from .tables import TABLES

EATON: Final = Vendor(
    key="eaton",
    name="Eaton",
    credential=lambda data: (
        f"{data['user_type']}\n{data['username']}\n{data['password']}"
    ),
    base_url=lambda data: str(data[CONF_BASE_URL]),
    connect=EatonAccount,
    anchor=lambda inventory: next(iter(inventory.devices.values())).id,
    tables=TABLES,
    endpoints=ENDPOINTS,
)
