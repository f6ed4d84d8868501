"""The config flow: which vendor, then the vendor's own steps; and the options."""

from collections.abc import Mapping
from typing import Any, Final, override

import probatio

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import UnitOfPower
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .battery.model import Inventory, Role
from .const import (
    CONF_CONTROL,
    CONF_GRID_METER,
    CONF_PERMITTED_EXPORT,
    CONF_VENDOR,
    CONTROL,
    DOMAIN,
    WATCH,
)
from .store import EntryStore
from .vendors import VENDORS
from .vendors.flows import VendorFlows

_CONTROL: Final = SelectSelector(
    SelectSelectorConfig(
        options=[WATCH, CONTROL],
        mode=SelectSelectorMode.LIST,
        translation_key=CONF_CONTROL,
    )
)


_PERMITTED_EXPORT: Final = NumberSelector(
    NumberSelectorConfig(
        min=0,
        mode=NumberSelectorMode.BOX,
        unit_of_measurement=UnitOfPower.WATT,
    )
)


class HomeBatteryConfigFlow(VendorFlows, domain=DOMAIN):
    """Adds an account of one of the vendors."""

    VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> HomeBatteryOptionsFlow:
        """Return the options flow."""
        return HomeBatteryOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the vendor."""
        return self.async_show_menu(step_id="user", menu_options=list(VENDORS))

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


class HomeBatteryOptionsFlow(OptionsFlowWithReload):
    """What can be chosen anew at any time."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to control, how much may be exported, and for what else counts.

        Of what cannot be told anything, there is nothing to control.
        """
        vendor = VENDORS[self.config_entry.data[CONF_VENDOR]]
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = vendor.check_options(user_input)
            if not errors:
                return self.async_create_entry(data={CONF_CONTROL: WATCH, **user_input})
        store = EntryStore(self.hass, self.config_entry.entry_id)
        await store.async_load()
        fields: dict[probatio.Marker, Selector[Any]] = {}
        if not vendor.read_only:
            fields[probatio.Required(CONF_CONTROL)] = _CONTROL
            fields[probatio.Optional(CONF_PERMITTED_EXPORT)] = _PERMITTED_EXPORT
        for name, selector in vendor.options.items():
            fields[probatio.Optional(name)] = selector
        if meters := _rival_meters(store.inventory):
            fields[probatio.Optional(CONF_GRID_METER, default=list)] = SelectSelector(
                SelectSelectorConfig(options=meters, multiple=True)
            )
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                probatio.Schema(fields), user_input or self.config_entry.options
            ),
            errors=errors,
        )


def _rival_meters(inventory: Inventory) -> list[SelectOptionDict]:
    """Return the devices of houses in which several may report the same meter."""
    return [
        SelectOptionDict(value=device.key, label=f"{house.name}: {device.name}")
        for house in inventory.with_role(Role.HOUSE)
        if len(devices := inventory.members(house.key)) > 1
        for device in devices
    ]
