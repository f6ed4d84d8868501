"""How an account is reached: session, limits and memory, the same for all who ask."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, tzinfo
import hashlib
from typing import Any, Final

from aiohttp import ClientSession, DummyCookieJar

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from .battery.model import Device, Inventory, Record
from .const import DOMAIN, VERSION
from .transport.clock import Clock, SystemClock
from .transport.http import Http, fingerprint_of, no_stream_elsewhere
from .transport.limiter import Limiter
from .vendors.oauth import AccessToken
from .vendors.vendor import Account, Connection, Vendor

_LIMITERS: HassKey[dict[str, Limiter]] = HassKey(f"{DOMAIN}_limiters")
_CLOCK: HassKey[Clock] = HassKey(f"{DOMAIN}_clock")
_VERSION: Final = 1
_SAVE_DELAY: Final = 15
_USER_AGENT: Final = f"HomeBattery/{VERSION}"


@callback
def async_clock(hass: HomeAssistant) -> Clock:
    """Return the clock that all of the integration lives by."""
    return hass.data.setdefault(_CLOCK, SystemClock())


async def async_get_limiter(
    hass: HomeAssistant, vendor: Vendor, data: Mapping[str, Any]
) -> Limiter:
    """Return the one limiter of a server and a credential.

    The config flow and every entry share it, and what it counted outlives a
    restart, in a file for this user of the machine alone. The credential
    itself is not stored.
    """
    name = hashlib.sha256(
        f"{vendor.base_url(data)}\n{vendor.credential(data)}".encode()
    ).hexdigest()[:16]
    limiters = hass.data.setdefault(_LIMITERS, {})
    if (known := limiters.get(name)) is not None:
        return known
    store: Store[dict[str, Any]] = Store(
        hass, _VERSION, f"{DOMAIN}.limits.{name}", private=True
    )
    limiter = Limiter(async_clock(hass), await store.async_load())
    limiter.on_change = lambda: store.async_delay_save(limiter.as_dict, _SAVE_DELAY)
    # Another may have loaded it meanwhile, and only one can count.
    return limiters.setdefault(name, limiter)


async def async_connect(
    hass: HomeAssistant,
    vendor: Vendor,
    data: Mapping[str, Any],
    *,
    watch_only: bool = True,
    memory: dict[str, dict[str, Any]] | None = None,
    known: Callable[[str], Record | None] = lambda _key: None,
    inventory: Callable[[], Inventory] = Inventory,
    zone: Callable[[Device], tzinfo] = lambda _device: UTC,
    permitted_export: float | None = None,
    access_token: AccessToken | None = None,
    options: Mapping[str, Any] | None = None,
) -> Account:
    """Return an account that is ready to be asked; nothing is sent yet."""
    return vendor.connect(
        Connection(
            session=_async_client(hass),
            clock=async_clock(hass),
            limiter=await async_get_limiter(hass, vendor, data),
            data=data,
            options=options or {},
            watch_only=watch_only,
            memory={} if memory is None else memory,
            known=known,
            inventory=inventory,
            zone=zone,
            language=hass.config.language,
            permitted_export=permitted_export,
            access_token=access_token,
            user_agent=_USER_AGENT,
        )
    )


@callback
def _async_client(hass: HomeAssistant, *, auto_cleanup: bool = True) -> ClientSession:
    """Return a session that keeps to the server that it is used for.

    No vendor needs cookies, and none shall see another's.
    """
    return async_create_clientsession(
        hass,
        auto_cleanup=auto_cleanup,
        cookie_jar=DummyCookieJar(),
        middlewares=(no_stream_elsewhere,),
    )


@asynccontextmanager
async def async_http(hass: HomeAssistant, base_url: str) -> AsyncGenerator[Http]:
    """Reach a vendor's server for what belongs to no account yet."""
    session = _async_client(hass, auto_cleanup=False)
    try:
        yield Http(session, base_url, _USER_AGENT)
    finally:
        session.detach()


async def async_fingerprint(hass: HomeAssistant, base_url: str) -> str:
    """Return the SHA-256 in hex of the certificate that a server shows.

    Raises:
        ApiError: It was not reached, or is not encrypted.
    """
    session = _async_client(hass, auto_cleanup=False)
    try:
        return await fingerprint_of(session, base_url, _USER_AGENT)
    finally:
        session.detach()
