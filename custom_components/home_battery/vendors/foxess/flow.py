"""The config flow steps of Fox ESS."""

from typing import Any, Final

import probatio

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_TOKEN
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ...const import CONF_BASE_URL, CONF_SERVER
from ...flow import VendorFlow, server_of
from .client import DEFAULT_BASE_URL
from .vendor import FOXESS

_TOKEN: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)


def _schema(base_url: str, *, collapsed: bool) -> probatio.Schema:
    """Return the form for the token, and for a server that hardly anyone needs."""
    return probatio.Schema(
        {
            probatio.Required(CONF_TOKEN): _TOKEN,
            probatio.Required(CONF_SERVER): section(
                probatio.Schema(
                    {
                        probatio.Required(
                            CONF_BASE_URL, default=base_url
                        ): TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
                    }
                ),
                {"collapsed": collapsed},
            ),
        }
    )


class FoxEssFlow(VendorFlow):
    """Asks for a private token of the Fox ESS cloud."""

    async def async_step_foxess(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the token."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = await self._async_foxess_try(user_input)
            if not errors:
                await self._async_identify()
                return await self.async_step_found()
        return self._foxess_form("foxess", user_input, errors)

    async def async_step_foxess_reauth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a new token of the same account."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            data = {**entry.data, CONF_TOKEN: user_input[CONF_TOKEN].strip()}
            error = await self._async_try(FOXESS, data)
            if error is None:
                return await self._async_replace(entry)
            errors["base"] = error
        return self.async_show_form(
            step_id="foxess_reauth",
            data_schema=probatio.Schema({probatio.Required(CONF_TOKEN): _TOKEN}),
            errors=errors,
        )

    async def async_step_foxess_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another token or server of the same account."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = await self._async_foxess_try(user_input)
            if not errors:
                return await self._async_replace(entry)
        return self._foxess_form(
            "foxess_reconfigure", user_input, errors, entry.data[CONF_BASE_URL]
        )

    async def _async_foxess_try(self, user_input: dict[str, Any]) -> dict[str, str]:
        """Try what was entered; return the form's errors."""
        base_url = server_of(user_input[CONF_SERVER][CONF_BASE_URL])
        if base_url is None:
            return {"base": "invalid_server"}
        data = {CONF_TOKEN: user_input[CONF_TOKEN].strip(), CONF_BASE_URL: base_url}
        error = await self._async_try(FOXESS, data)
        return {} if error is None else {"base": error}

    def _foxess_form(
        self,
        step_id: str,
        user_input: dict[str, Any] | None,
        errors: dict[str, str],
        base_url: str = DEFAULT_BASE_URL,
    ) -> ConfigFlowResult:
        """Show the form; an address that was entered stays, a token does not."""
        if user_input is not None:
            base_url = user_input[CONF_SERVER][CONF_BASE_URL]
        return self.async_show_form(
            step_id=step_id,
            data_schema=_schema(base_url, collapsed=not errors),
            errors=errors,
            description_placeholders={"portal": DEFAULT_BASE_URL},
        )
