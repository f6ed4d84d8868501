"""The config flow: which vendor, then the vendor's own steps; then the options open."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import ConfigFlowResult, FlowType
from homeassistant.core import callback

from .const import CONF_VENDOR, DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .options_flow import HomeBatteryOptionsFlow
from .vendors import VENDORS
from .vendors.flows import VendorFlows


class HomeBatteryConfigFlow(VendorFlows, domain=DOMAIN):
    """Adds an account of one of the vendors."""

    VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(
        config_entry: HomeBatteryConfigEntry,
    ) -> HomeBatteryOptionsFlow:
        """Return the options flow."""
        return HomeBatteryOptionsFlow(VENDORS[config_entry.data[CONF_VENDOR]])

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the vendor."""
        return self.async_show_menu(step_id="user", menu_options=list(VENDORS))

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Open the options of the new entry: what is left to do is there."""
        options = await self.hass.config_entries.options.async_init(
            result["result"].entry_id
        )
        result["next_flow"] = (FlowType.OPTIONS_FLOW, options["flow_id"])
        return result

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask for new credentials the vendor's way."""
        return await self._async_vendor_step(entry_data[CONF_VENDOR], "reauth")

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another connection the vendor's way."""
        vendor = self._get_reconfigure_entry().data[CONF_VENDOR]
        return await self._async_vendor_step(vendor, "reconfigure")

    async def _async_vendor_step(self, vendor: str, step: str) -> ConfigFlowResult:
        """Go on with a step of a vendor, which bears the vendor's name."""
        result: ConfigFlowResult = await getattr(self, f"async_step_{vendor}_{step}")()
        return result
