"""Signing in with a vendor, by Home Assistant's application credentials."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, cast, override

from aiohttp import RequestInfo
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from homeassistant.components.application_credentials import (
    AuthImplementation,
    AuthorizationServer,
    ClientCredential,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import (
    ImplementationUnavailableError,
    OAuth2TokenRequestBaseError,
    OAuth2TokenRequestConnectionError,
    OAuth2TokenRequestReauthError,
)
from homeassistant.helpers.config_entry_oauth2_flow import (
    AbstractOAuth2Implementation,
    OAuth2Session,
    async_get_config_entry_implementation,
    async_get_implementations,
)
from homeassistant.util import dt as dt_util

from .connect import async_http
from .const import CONF_AUTH_IMPLEMENTATION, DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .transport.errors import ApiError, AuthenticationError, NotSentError
from .transport.http import Http
from .vendors.oauth import AccessToken, OAuthClient, SignIn, Tokens
from .vendors.vendor import Vendor

# Where a vendor does not tell how long a token is good, it is renewed every day.
_LIFETIME: Final = 24 * 3600
_EARLY: Final = 2 * 3600
_EARLY_SHARE: Final = 0.1


class VendorImplementation(AuthImplementation):
    """A client id at the server of one entry or flow; the vendor makes the calls."""

    def __init__(
        self,
        hass: HomeAssistant,
        auth_domain: str,
        credential: ClientCredential,
        sign_in: SignIn,
        base_url: str,
    ) -> None:
        """Keep the means; nothing is sent yet."""
        super().__init__(
            hass,
            auth_domain,
            credential,
            AuthorizationServer(
                authorize_url=f"{base_url}{sign_in.page}", token_url=base_url
            ),
        )
        self._credential = credential
        self._sign_in = sign_in

    def at(self, base_url: str) -> VendorImplementation:
        """Return the same client id at another server."""
        return VendorImplementation(
            self.hass, self.domain, self._credential, self._sign_in, base_url
        )

    @property
    @override
    def extra_authorize_data(self) -> dict[str, str]:
        """Return what the vendor's page wants to know beside what is usual."""
        return {"scope": self._sign_in.scope}

    @override
    async def async_resolve_external_data(self, external_data: Any) -> dict[str, Any]:
        """Return the tokens for the code that the vendor's page sent."""
        return await self._ask(self._sign_in.exchange, external_data["code"])

    @override
    async def _async_refresh_token(self, token: dict[str, Any]) -> dict[str, Any]:
        """Return the next tokens; a refresh token that is not replaced stays."""
        former = token.get("refresh_token", "")
        return {**token, **await self._ask(self._sign_in.refresh, former)}

    async def _ask(
        self,
        request: Callable[[Http, OAuthClient, str], Awaitable[Tokens]],
        secret: str,
    ) -> dict[str, Any]:
        """Ask the vendor for tokens, and return them in Home Assistant's form.

        Raises:
            OAuth2TokenRequestReauthError: The vendor refuses.
            OAuth2TokenRequestConnectionError: The vendor is not to be reached.
        """
        client = OAuthClient(client_id=self.client_id, client_secret=self.client_secret)
        try:
            async with async_http(self.hass, self.token_url) as http:
                tokens = await request(http, client, secret)
        except AuthenticationError as err:
            # Home Assistant logs the address, so it has to be one without a query.
            raise OAuth2TokenRequestReauthError(
                request_info=RequestInfo(
                    URL(self.token_url), "", CIMultiDictProxy(CIMultiDict())
                ),
                message=str(err),
                domain=DOMAIN,
            ) from err
        except ApiError as err:
            raise OAuth2TokenRequestConnectionError(domain=DOMAIN) from err
        answer = {
            "access_token": tokens.access_token,
            "expires_in": tokens.lifetime or _LIFETIME,
        }
        if tokens.refresh_token is not None:
            answer["refresh_token"] = tokens.refresh_token
        return answer


class EntryTokens(OAuth2Session):
    """The tokens of an entry, renewed early, and when the vendor refuses one."""

    @property
    @override
    def valid_token(self) -> bool:
        """Tell whether the access token is good for a while yet."""
        early = min(_EARLY, self.token["expires_in"] * _EARLY_SHARE)
        good_until: float = self.token["expires_at"] - early
        return good_until > dt_util.utcnow().timestamp()

    async def async_access_token(self, refused: str | None) -> str:
        """Return the access token that is good now, and not the refused one."""
        if refused == self.token["access_token"]:
            self.hass.config_entries.async_update_entry(
                self.config_entry,
                data={
                    **self.config_entry.data,
                    "token": {**self.token, "expires_at": 0},
                },
            )
        try:
            await self.async_ensure_token_valid()
        except OAuth2TokenRequestReauthError as err:
            raise AuthenticationError("The sign-in has ended") from err
        except OAuth2TokenRequestBaseError as err:
            raise NotSentError("The sign-in could not be renewed") from err
        return str(self.token["access_token"])


def at_server(
    implementation: AbstractOAuth2Implementation, base_url: str
) -> VendorImplementation:
    """Return a client id of ours at the server of an entry or flow."""
    return cast("VendorImplementation", implementation).at(base_url)


async def async_can_sign_in(hass: HomeAssistant) -> bool:
    """Tell whether a client id was entered, without which nobody can sign in."""
    try:
        return bool(await async_get_implementations(hass, DOMAIN))
    except ImplementationUnavailableError:
        return False


def is_signed_in(data: Mapping[str, Any]) -> bool:
    """Tell whether an entry has tokens of a sign-in, not a key."""
    return CONF_AUTH_IMPLEMENTATION in data


def new_tokens(data: Mapping[str, Any]) -> AccessToken | None:
    """Return the access to tokens that are new and no entry's yet, if there are any."""
    if not is_signed_in(data):
        return None

    async def access_token(refused: str | None) -> str:
        if refused is not None:
            raise AuthenticationError("A new token is refused")
        return str(data["token"]["access_token"])

    return access_token


async def async_entry_tokens(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, vendor: Vendor
) -> AccessToken | None:
    """Return the access to an entry's tokens, if it has any.

    Raises:
        ConfigEntryAuthFailed: Its client id is gone.
        ConfigEntryNotReady: Its client id is not there yet.
    """
    if not is_signed_in(entry.data):
        return None
    implementation = await async_get_config_entry_implementation(hass, entry)
    there = at_server(implementation, vendor.base_url(entry.data))
    return EntryTokens(hass, entry, there).async_access_token
