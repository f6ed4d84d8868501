"""The config flow steps of Growatt."""

from typing import Any, Final

import probatio

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_TOKEN
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ...const import CONF_BASE_URL, CONF_SERVER
from ...flow import VendorFlow, server_of
from .client import SERVERS
from .vendor import GROWATT

_FIND: Final = "find"
_TOKEN: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)


class GrowattFlow(VendorFlow):
    """Asks for a token of the Growatt cloud, and finds the server of its region."""

    async def async_step_growatt(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the token and, if the person knows it, the server."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = await self._async_growatt_try(
                user_input[CONF_TOKEN], user_input[CONF_SERVER][CONF_BASE_URL]
            )
            if not errors:
                return await self._async_go_on()
        return self.async_show_form(
            step_id="growatt",
            data_schema=self._growatt_schema(user_input, errors),
            errors=errors,
        )

    async def async_step_growatt_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask anew for token and server of the same account."""
        return await self.async_step_growatt()

    async def async_step_growatt_reauth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a new token of the same account."""
        errors: dict[str, str] = {}
        if user_input is not None:
            base_url = self._get_reauth_entry().data[CONF_BASE_URL]
            errors = await self._async_growatt_try(user_input[CONF_TOKEN], base_url)
            if not errors:
                return await self._async_go_on()
        return self.async_show_form(
            step_id="growatt_reauth",
            data_schema=probatio.Schema({probatio.Required(CONF_TOKEN): _TOKEN}),
            errors=errors,
        )

    async def _async_growatt_try(self, token: str, server: str) -> dict[str, str]:
        """Try a token at a server, or at one after the other; return the form's errors."""
        base_urls = [SERVERS.get(server, server_of(server))]
        if server == _FIND:
            # Unasked, a token goes to no server without encryption.
            base_urls = [server_of(url) for url in SERVERS.values()]
        error: str | None = "invalid_server"
        for base_url in filter(None, base_urls):
            error = await self._async_try(
                GROWATT, {CONF_TOKEN: token.strip(), CONF_BASE_URL: base_url}
            )
            if error != "wrong_server":
                break
        if error == "no_devices":
            return {"base": "growatt_no_devices"}
        return {} if error is None else {"base": error}

    def _growatt_schema(
        self, user_input: dict[str, Any] | None, errors: dict[str, str]
    ) -> probatio.Schema:
        """Return the form; a server that was entered stays, a token does not."""
        base_url = _FIND
        if user_input is not None:
            base_url = user_input[CONF_SERVER][CONF_BASE_URL]
        elif self._entry is not None:
            base_url = self._entry.data[CONF_BASE_URL]
        server = {
            probatio.Required(CONF_BASE_URL, default=base_url): SelectSelector(
                SelectSelectorConfig(
                    options=[_FIND, *SERVERS],
                    custom_value=True,
                    mode=SelectSelectorMode.DROPDOWN,
                    translation_key="growatt_server",
                )
            )
        }
        return probatio.Schema(
            {
                probatio.Required(CONF_TOKEN): _TOKEN,
                probatio.Required(CONF_SERVER): section(
                    probatio.Schema(server), {"collapsed": not errors}
                ),
            }
        )
