"""What the config flow steps of all vendors share."""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any, Final

import probatio
from yarl import URL

from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.util.network import is_ip_address, is_local

from .battery.model import Device, Inventory, Role
from .connect import async_connect, async_get_limiter
from .const import CONF_CONTROL, CONF_VENDOR, CONTROL, WATCH
from .errors import problem_of
from .store import EntryStore
from .transport.errors import ApiError
from .vendors.vendor import Vendor

CONTROL_SELECTOR: Final = SelectSelector(
    SelectSelectorConfig(
        options=[WATCH, CONTROL],
        mode=SelectSelectorMode.LIST,
        translation_key=CONF_CONTROL,
    )
)
CONTROL_SCHEMA: Final = probatio.Schema(
    {probatio.Required(CONF_CONTROL): CONTROL_SELECTOR}
)


class VendorFlow(ConfigFlow):
    """A vendor's part of the config flow."""

    _data: dict[str, Any]
    _inventory: Inventory

    async def _async_try(self, vendor: Vendor, data: dict[str, Any]) -> str | None:
        """Connect with what was entered and see what is there.

        Returns:
            The key of the error to show, `None` if all is well.
        """
        self._data = {CONF_VENDOR: vendor.key, **data}
        account = await async_connect(self.hass, vendor, data)
        try:
            self._inventory = await account.discover()
        except ApiError as err:
            return problem_of(err)
        found = self._inventory.with_role(Role.SYSTEM, Role.PRODUCER)
        return None if found else "no_devices"

    async def _async_identify(self, vendor: Vendor) -> None:
        """Take the account's identity; the flow ends if it is known already."""
        await self.async_set_unique_id(f"{vendor.key}_{vendor.anchor(self._inventory)}")
        self._abort_if_unique_id_configured()

    def _async_finish(self, vendor: Vendor, control: str) -> ConfigFlowResult:
        """Create the entry, which is named after the vendor, not the person."""
        return self.async_create_entry(
            title=vendor.name, data=self._data, options={CONF_CONTROL: control}
        )

    async def _async_replace(
        self, vendor: Vendor, entry: ConfigEntry
    ) -> ConfigFlowResult:
        """Give an entry what was entered, if it leads to the same account.

        It does if it has the anchor, or any device that the entry has known.
        """
        store = EntryStore(self.hass, entry.entry_id)
        await store.async_load()
        anchor = f"{vendor.key}_{vendor.anchor(self._inventory)}"
        if anchor != entry.unique_id and self._inventory.devices.keys().isdisjoint(
            store.inventory.devices
        ):
            return self.async_abort(reason="other_account")
        return self.async_update_reload_and_abort(entry, data=self._data)

    async def _async_found(self, vendor: Vendor) -> dict[str, str]:
        """Return what is told of the account before the entry is created."""
        limiter = await async_get_limiter(self.hass, vendor, self._data)
        systems = self._inventory.with_role(Role.SYSTEM)
        producers = self._inventory.with_role(Role.PRODUCER)
        return {
            "systems": _names(systems),
            "producers": _names(producers),
            "calls_left": "?" if (left := limiter.calls_left) is None else str(left),
        }


def _names(devices: Iterable[Device]) -> str:
    """Return the devices' names as one text."""
    return ", ".join(device.name for device in devices) or "–"


def server_of(text: str) -> str | None:
    """Return a server's address in its plain form, `None` if it is not one to trust.

    Without encryption only a server in the own network will do: the
    credentials travel with every request.
    """
    try:
        url = URL(text.strip())
    except ValueError:
        return None
    if url.host is None or url.user or url.scheme not in {"http", "https"}:
        return None
    if url.scheme == "http" and not _is_local(url.host):
        return None
    return str(url.origin())


def _is_local(host: str) -> bool:
    """Tell whether a host lies in the own network."""
    return host == "localhost" or (is_ip_address(host) and is_local(ip_address(host)))
