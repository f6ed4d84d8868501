"""The config flow steps of Eaton."""

from collections.abc import Mapping
from typing import Any, Final

import probatio

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_USERNAME
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ...connect import async_fingerprint
from ...const import CONF_BASE_URL, CONF_FINGERPRINT
from ...errors import problem_of, readable
from ...flow import VendorFlow, server_of
from ...transport.errors import ApiError
from .credential import CUSTOMER, TECHNICIAN
from .vendor import EATON

CONF_USER_TYPE: Final = "user_type"
CONF_SERIAL: Final = "inverter_serial"

_HTTPS: Final = "https://"
_USER_TYPE: Final = SelectSelector(
    SelectSelectorConfig(
        options=[CUSTOMER, TECHNICIAN],
        mode=SelectSelectorMode.LIST,
        translation_key="eaton_user_type",
    )
)
_PASSWORD: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)


class EatonFlow(VendorFlow):
    """Asks for a unit in the own network and an account there, and pins its certificate."""

    _eaton_data: dict[str, Any]
    _eaton_serial: str | None = None

    async def async_step_eaton(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask where the unit is, and for an account there."""
        if user_input is None:
            return self._eaton_form({})
        base_url = _address(user_input[CONF_HOST])
        known = {} if self._entry is None else self._entry.data
        self._eaton_data = {
            CONF_BASE_URL: base_url,
            **_account(user_input, known),
        }
        if base_url is None:
            return self._eaton_form({"base": "eaton_invalid_host"})
        try:
            fingerprint = await async_fingerprint(self.hass, base_url)
        except ApiError as err:
            return self._eaton_form({"base": problem_of(err)})
        self._eaton_data[CONF_FINGERPRINT] = fingerprint
        if fingerprint == known.get(CONF_FINGERPRINT):
            return await self._async_eaton_account()
        return await self.async_step_eaton_certificate()

    async def async_step_eaton_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask anew where the unit is, and for an account there."""
        return await self.async_step_eaton()

    async def async_step_eaton_reauth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for an account of the same unit."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            self._eaton_data = {**entry.data, **_account(user_input, {})}
            if user_input[CONF_USER_TYPE] == TECHNICIAN:
                return await self.async_step_eaton_technician()
            error = await self._async_try(EATON, self._eaton_data)
            if error is None:
                return await self._async_go_on()
            errors["base"] = error
        return self.async_show_form(
            step_id="eaton_reauth",
            data_schema=_account_schema(user_input or entry.data, probatio.Required),
            errors=errors,
        )

    async def async_step_eaton_certificate(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the certificate that nobody vouches for, and have it confirmed."""
        if user_input is not None:
            return await self._async_eaton_account()
        return self.async_show_form(
            step_id="eaton_certificate",
            data_schema=probatio.Schema({}),
            description_placeholders={
                "address": self._eaton_data[CONF_BASE_URL],
                "fingerprint": readable(self._eaton_data[CONF_FINGERPRINT]),
            },
        )

    async def async_step_eaton_technician(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the serial number that a technician has to know."""
        errors: dict[str, str] = {}
        serial = self._eaton_known_serial()
        if user_input is not None:
            serial = user_input[CONF_SERIAL].strip()
            error = await self._async_try(
                EATON, {**self._eaton_data, CONF_SERIAL: serial}
            )
            if error is None:
                return await self._async_go_on()
            errors["base"] = error
        return self.async_show_form(
            step_id="eaton_technician",
            data_schema=probatio.Schema(
                {probatio.Required(CONF_SERIAL, default=serial): TextSelector()}
            ),
            errors=errors,
        )

    async def _async_eaton_account(self) -> ConfigFlowResult:
        """Sign in; a technician is asked for more first."""
        if self._eaton_data[CONF_USER_TYPE] == TECHNICIAN:
            return await self.async_step_eaton_technician()
        error = await self._async_try(EATON, self._eaton_data)
        if error is not None:
            return self._eaton_form({"base": error})
        # Who knows the unit as a customer need not type its serial number.
        self._eaton_serial = EATON.anchor(self._inventory)
        self._further = ("eaton",)
        return await self._async_go_on()

    def _eaton_known_serial(self) -> str:
        """Return the inverter's serial number, as far as it is known already."""
        if self._entry is not None and self._entry.unique_id is not None:
            return self._entry.unique_id.removeprefix(f"{EATON.key}_")
        return self._eaton_serial or ""

    def _eaton_form(self, errors: dict[str, str]) -> ConfigFlowResult:
        """Show the form; all that was entered stays, but for the password."""
        before: Mapping[str, Any] = getattr(self, "_eaton_data", {})
        if not before and self._entry is not None:
            before = self._entry.data
        host = str(before.get(CONF_BASE_URL) or "").removeprefix(_HTTPS)
        if self._eaton_serial is not None:
            before = {CONF_USER_TYPE: TECHNICIAN}
        password = (
            probatio.Optional
            if self.source == SOURCE_RECONFIGURE
            else probatio.Required
        )
        return self.async_show_form(
            step_id="eaton",
            data_schema=probatio.Schema(
                {
                    probatio.Required(CONF_HOST, default=host): TextSelector(),
                    **_account_schema(before, password).schema,
                }
            ),
            errors=errors,
        )


def _account_schema(
    before: Mapping[str, Any], password: type[probatio.Marker]
) -> probatio.Schema:
    """Return the fields of an account, filled in as before but for the password."""
    return probatio.Schema(
        {
            probatio.Required(
                CONF_USER_TYPE, default=before.get(CONF_USER_TYPE, CUSTOMER)
            ): _USER_TYPE,
            probatio.Required(
                CONF_USERNAME, default=before.get(CONF_USERNAME, "")
            ): TextSelector(),
            password(CONF_PASSWORD): _PASSWORD,
        }
    )


def _account(user_input: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the account that was entered; a password left out is that of before."""
    return {
        CONF_USER_TYPE: user_input[CONF_USER_TYPE],
        CONF_USERNAME: user_input[CONF_USERNAME].strip(),
        CONF_PASSWORD: user_input.get(CONF_PASSWORD, known.get(CONF_PASSWORD, "")),
    }


def _address(text: str) -> str | None:
    """Return a unit's address, `None` if it is none; a unit is always encrypted."""
    text = text.strip()
    address = server_of(text if "://" in text else f"{_HTTPS}{text}")
    return address if address is not None and address.startswith(_HTTPS) else None
