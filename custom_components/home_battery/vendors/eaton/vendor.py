"""Eaton, as the rest of the integration sees it."""

from typing import Final

from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

from ...const import CONF_BASE_URL, CONF_CORRECTION
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
    options={
        CONF_CORRECTION: NumberSelector(
            NumberSelectorConfig(
                min=0.5, max=1.5, step=0.01, mode=NumberSelectorMode.BOX
            )
        )
    },
)
