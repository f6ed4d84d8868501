"""The config flow steps of Fox ESS."""

import logging
from typing import Any, Final, override

import probatio

from homeassistant.config_entries import SOURCE_REAUTH, ConfigFlowResult
from homeassistant.const import CONF_TOKEN
from homeassistant.data_entry_flow import section
from homeassistant.helpers.config_entry_oauth2_flow import AbstractOAuth2FlowHandler
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ...const import (
    CONF_AUTH_IMPLEMENTATION,
    CONF_BASE_URL,
    CONF_GRANT,
    CONF_SERVER,
    DOMAIN,
)
from ...flow import VendorFlow, server_of
from ...oauth import async_can_sign_in, at_server, is_signed_in
from .client import DEFAULT_BASE_URL
from .vendor import FOXESS

_LOGGER = logging.getLogger(__name__)

_TOKEN: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)


class FoxEssFlow(VendorFlow, AbstractOAuth2FlowHandler):
    """Asks for a private token of the Fox ESS cloud, or for signing in there."""

    DOMAIN = DOMAIN
    _foxess_server: str

    @property
    @override
    def logger(self) -> logging.Logger:
        """Return where Home Assistant logs what goes wrong in signing in."""
        return _LOGGER

    async def async_step_foxess(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how to connect, if there is a choice: few people have a client id."""
        if not await async_can_sign_in(self.hass):
            return await self.async_step_foxess_token()
        return self.async_show_menu(
            step_id="foxess", menu_options=["foxess_token", "foxess_sign_in"]
        )

    async def async_step_foxess_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask anew how to connect to the same account."""
        return await self.async_step_foxess()

    async def async_step_foxess_token(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the token."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = self._foxess_take_server(user_input)
            if not errors:
                token = user_input[CONF_TOKEN].strip()
                errors = await self._async_foxess_try({CONF_TOKEN: token})
            if not errors:
                return await self._async_go_on()
        return self.async_show_form(
            step_id="foxess_token",
            data_schema=self._foxess_schema(
                user_input, errors, {probatio.Required(CONF_TOKEN): _TOKEN}
            ),
            errors=errors,
            description_placeholders={"portal": DEFAULT_BASE_URL},
        )

    async def async_step_foxess_reauth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a new token of the same account, or for signing in again."""
        entry = self._get_reauth_entry()
        if is_signed_in(entry.data):
            return await self.async_step_foxess_sign_in()
        errors: dict[str, str] = {}
        if user_input is not None:
            data = {**entry.data, CONF_TOKEN: user_input[CONF_TOKEN].strip()}
            error = await self._async_try(FOXESS, data)
            if error is None:
                return await self._async_go_on()
            errors["base"] = error
        return self.async_show_form(
            step_id="foxess_reauth",
            data_schema=probatio.Schema({probatio.Required(CONF_TOKEN): _TOKEN}),
            errors=errors,
        )

    async def async_step_foxess_sign_in(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what signing in means, and send the person to the server."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = self._foxess_take_server(user_input)
            if not errors:
                return await self.async_step_pick_implementation(
                    self._foxess_implementation()
                )
        return self._foxess_sign_in_form(user_input, errors)

    @override
    async def async_step_auth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the person sign in at the server that was entered."""
        if user_input is None:
            self.flow_impl = at_server(self.flow_impl, self._foxess_server)
        return await super().async_step_auth(user_input)

    @override
    async def async_oauth_create_entry(self, data: dict[str, Any]) -> ConfigFlowResult:
        """See what is there for the person who has signed in."""
        known = {} if self._entry is None else self._entry.data
        grant = known.get(CONF_GRANT, self.flow_id)
        errors = await self._async_foxess_try({**data, CONF_GRANT: grant})
        if errors:
            entered = {CONF_SERVER: {CONF_BASE_URL: self._foxess_server}}
            return self._foxess_sign_in_form(entered, errors)
        return await self._async_go_on()

    async def _async_foxess_try(self, data: dict[str, Any]) -> dict[str, str]:
        """Try credentials at the server that was entered; return the form's errors."""
        data = {**data, CONF_BASE_URL: self._foxess_server}
        error = await self._async_try(FOXESS, data)
        return {} if error is None else {"base": error}

    def _foxess_implementation(self) -> dict[str, str] | None:
        """Return the client id to sign in with again, `None` if there is a choice."""
        if self.source != SOURCE_REAUTH:
            return None
        stored = self._get_reauth_entry().data[CONF_AUTH_IMPLEMENTATION]
        return {"implementation": stored}

    def _foxess_sign_in_form(
        self, user_input: dict[str, Any] | None, errors: dict[str, str]
    ) -> ConfigFlowResult:
        """Show the form before, and after what went wrong."""
        return self.async_show_form(
            step_id="foxess_sign_in",
            data_schema=self._foxess_schema(user_input, errors, {}),
            errors=errors,
            description_placeholders={"portal": DEFAULT_BASE_URL},
        )

    def _foxess_take_server(self, user_input: dict[str, Any]) -> dict[str, str]:
        """Take the server that was entered; return the form's errors."""
        base_url = server_of(user_input[CONF_SERVER][CONF_BASE_URL])
        if base_url is None:
            return {"base": "invalid_server"}
        self._foxess_server = base_url
        return {}

    def _foxess_schema(
        self,
        user_input: dict[str, Any] | None,
        errors: dict[str, str],
        fields: dict[probatio.Marker, TextSelector],
    ) -> probatio.Schema:
        """Return a form that ends in the server, which hardly anyone needs.

        An address that was entered stays, a token does not.
        """
        base_url = DEFAULT_BASE_URL
        if user_input is not None:
            base_url = user_input[CONF_SERVER][CONF_BASE_URL]
        elif self._entry is not None:
            base_url = self._entry.data[CONF_BASE_URL]
        server = {
            probatio.Required(CONF_BASE_URL, default=base_url): TextSelector(
                TextSelectorConfig(type=TextSelectorType.URL)
            )
        }
        return probatio.Schema(
            {
                **fields,
                probatio.Required(CONF_SERVER): section(
                    probatio.Schema(server), {"collapsed": not errors}
                ),
            }
        )
