"""What the config flow steps of all vendors share."""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any, Final

from yarl import URL

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.util.network import is_ip_address, is_local

from .admission import sound
from .battery.model import Device, Inventory, Role
from .connect import async_connect, async_get_limiter
from .const import CONF_CONTROL, CONF_VENDOR, CONTROL, WATCH
from .coordinator import HomeBatteryConfigEntry
from .errors import problem_of
from .oauth import new_tokens
from .store import EntryStore
from .transport.errors import ApiError
from .vendors.vendor import Vendor

# So many devices are named where an account is shown.
_MOST_NAMES: Final = 20


class VendorFlow(ConfigFlow):
    """A vendor's part of the config flow."""

    _data: dict[str, Any]
    # Steps that a person may go to from what was found, such as another account.
    _further: tuple[str, ...] = ()
    _inventory: Inventory
    _vendor: Vendor

    async def _async_try(self, vendor: Vendor, data: dict[str, Any]) -> str | None:
        """Connect with what was entered and see what is there.

        Returns:
            The key of the error to show, `None` if all is well.
        """
        self._vendor = vendor
        self._data = {CONF_VENDOR: vendor.key, **data}
        account = await async_connect(
            self.hass, vendor, data, access_token=new_tokens(data)
        )
        try:
            self._inventory = sound(await account.discover())
        except ApiError as err:
            return problem_of(err)
        found = self._inventory.with_role(Role.SYSTEM, Role.PRODUCER)
        return None if found else "no_devices"

    @property
    def _unique_id(self) -> str:
        """Return the identity of the account that was found."""
        vendor = self._vendor
        if vendor.account_id is not None:
            return f"{vendor.key}_{vendor.account_id(self._data)}"
        return f"{vendor.key}_{vendor.anchor(self._inventory)}"

    @property
    def _entry(self) -> HomeBatteryConfigEntry | None:
        """Return the entry that is to be connected anew, `None` for a new account."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        if self.source == SOURCE_RECONFIGURE:
            return self._get_reconfigure_entry()
        return None

    async def _async_go_on(self) -> ConfigFlowResult:
        """Go on with the account that was found; the flow ends if it is known already."""
        if (entry := self._entry) is not None:
            return await self._async_replace(entry)
        await self.async_set_unique_id(self._unique_id)
        self._abort_if_unique_id_configured()
        return await self.async_step_found()

    async def async_step_found(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what is there, and ask whether to watch or to control.

        A menu, because a form would come with one of the answers preselected.
        """
        limiter = await async_get_limiter(self.hass, self._vendor, self._data)
        left = limiter.calls_left
        return self.async_show_menu(
            step_id="found",
            menu_options=[
                WATCH,
                *(() if self._vendor.read_only else (CONTROL,)),
                *self._further,
            ],
            description_placeholders={
                "systems": _names(self._inventory.with_role(Role.SYSTEM)),
                "producers": _names(self._inventory.with_role(Role.PRODUCER)),
                "calls_left": "?" if left is None else str(left),
            },
        )

    async def async_step_watch(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Create an entry that never writes."""
        return self._async_finish(WATCH)

    async def async_step_control(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Create an entry that may write."""
        return self._async_finish(CONTROL)

    def _async_finish(self, control: str) -> ConfigFlowResult:
        """Create the entry, which is named after the vendor, not the person."""
        return self.async_create_entry(
            title=self._vendor.name, data=self._data, options={CONF_CONTROL: control}
        )

    async def _async_replace(self, entry: HomeBatteryConfigEntry) -> ConfigFlowResult:
        """Give an entry what was entered, if it leads to the same account.

        It does if it has the anchor, or any device that the entry has known.
        """
        store = EntryStore(self.hass, entry.entry_id)
        await store.async_load()
        if (
            self._unique_id != entry.unique_id
            and self._inventory.devices.keys().isdisjoint(store.inventory.devices)
        ):
            return self.async_abort(reason="other_account")
        return self.async_update_reload_and_abort(entry, data=self._data)


def _names(devices: Iterable[Device]) -> str:
    """Return the devices' names as one text."""
    names = [device.name for device in devices]
    more = ["…"] if len(names) > _MOST_NAMES else []
    return ", ".join(names[:_MOST_NAMES] + more) or "–"


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
