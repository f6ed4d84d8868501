"""The config flow steps of VoltStorage."""

from collections.abc import Mapping
from typing import Any, Final

import probatio

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_EMAIL, CONF_PASSWORD
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ...const import CONF_BASE_URL, CONF_SERVER
from ...flow import VendorFlow, server_of
from .client import SERVER
from .vendor import VOLTSTORAGE

_EMAIL: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.EMAIL, autocomplete="username")
)
_PASSWORD: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)


class VoltStorageFlow(VendorFlow):
    """Asks for e-mail and password of the VoltStorage cloud."""

    async def async_step_voltstorage(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the credentials and, for a server of one's own, its address."""
        errors: dict[str, str] = {}
        if user_input is not None:
            error = await self._async_voltstorage_try(
                user_input, user_input[CONF_SERVER][CONF_BASE_URL]
            )
            if error is None:
                return await self._async_go_on()
            errors["base"] = error
        known = self._entry.data if self._entry is not None else {}
        given = user_input or {
            **known,
            CONF_SERVER: {CONF_BASE_URL: known.get(CONF_BASE_URL, SERVER)},
        }
        server = given[CONF_SERVER][CONF_BASE_URL]
        return self.async_show_form(
            step_id="voltstorage",
            data_schema=_credentials(given).extend(
                {
                    probatio.Required(CONF_SERVER): section(
                        probatio.Schema(
                            {
                                probatio.Required(
                                    CONF_BASE_URL, default=server
                                ): TextSelector()
                            }
                        ),
                        {"collapsed": not errors},
                    )
                }
            ),
            errors=errors,
            description_placeholders={"server": SERVER},
        )

    async def async_step_voltstorage_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask anew for credentials and server of the same account."""
        return await self.async_step_voltstorage()

    async def async_step_voltstorage_reauth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the credentials that are good now."""
        known = self._get_reauth_entry().data
        errors: dict[str, str] = {}
        if user_input is not None:
            error = await self._async_voltstorage_try(user_input, known[CONF_BASE_URL])
            if error is None:
                return await self._async_go_on()
            errors["base"] = error
        return self.async_show_form(
            step_id="voltstorage_reauth",
            data_schema=_credentials(user_input or known),
            errors=errors,
        )

    async def _async_voltstorage_try(
        self, given: dict[str, Any], server: str
    ) -> str | None:
        """Try credentials at a server; return the key of the error to show."""
        if (base_url := server_of(server)) is None:
            return "invalid_server"
        return await self._async_try(
            VOLTSTORAGE,
            {
                CONF_EMAIL: given[CONF_EMAIL].strip(),
                CONF_PASSWORD: given[CONF_PASSWORD],
                CONF_BASE_URL: base_url,
            },
        )


def _credentials(given: Mapping[str, Any]) -> probatio.Schema:
    """Return the form; an e-mail that is known stays, a password does not."""
    email = given.get(CONF_EMAIL, probatio.UNDEFINED)
    return probatio.Schema(
        {
            probatio.Required(CONF_EMAIL, default=email): _EMAIL,
            probatio.Required(CONF_PASSWORD): _PASSWORD,
        }
    )
