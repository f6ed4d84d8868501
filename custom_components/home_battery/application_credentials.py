"""The client ids that a person has entered, for the vendor with which one signs in."""

from homeassistant.components.application_credentials import ClientCredential
from homeassistant.core import HomeAssistant
from homeassistant.helpers.config_entry_oauth2_flow import (
    MY_AUTH_CALLBACK_PATH,
    AbstractOAuth2Implementation,
)

from .oauth import VendorImplementation
from .vendors import VENDORS

# Home Assistant keeps client ids by integration, so there can be one such vendor.
(_SIGN_IN,) = (vendor.sign_in for vendor in VENDORS.values() if vendor.sign_in)


async def async_get_auth_implementation(
    hass: HomeAssistant, auth_domain: str, credential: ClientCredential
) -> AbstractOAuth2Implementation:
    """Return a client id at the vendor's own server; an entry may have another."""
    return VendorImplementation(
        hass, auth_domain, credential, _SIGN_IN, _SIGN_IN.base_url
    )


async def async_get_description_placeholders(hass: HomeAssistant) -> dict[str, str]:
    """Return what the dialog for a client id tells."""
    return {"redirect_url": MY_AUTH_CALLBACK_PATH}
