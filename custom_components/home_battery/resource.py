"""The card and the dashboard strategy, shipped with the integration."""

import logging
from pathlib import Path
from typing import Final

from homeassistant.components.http import StaticPathConfig
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.components.lovelace.resources import ResourceStorageCollection
from homeassistant.core import HomeAssistant

from .const import DOMAIN, VERSION

_LOGGER = logging.getLogger(__name__)

_FOLDER: Final = Path(__file__).parent / "frontend"
_BASE: Final = f"/{DOMAIN}_files"
_MODULE: Final = "home-battery.js"
# The version is a part of the path, as the modules name each other relatively.
_URL: Final = f"{_BASE}/{VERSION}"


async def async_serve_files(hass: HomeAssistant) -> None:
    """Serve the modules to browsers, which may keep them."""
    await hass.http.async_register_static_paths(
        [StaticPathConfig(_URL, str(_FOLDER), cache_headers=True)]
    )


async def async_add_resource(hass: HomeAssistant) -> None:
    """Have every dashboard load the modules, and those of this version only."""
    if (resources := await _resources(hass)) is None:
        return
    url = f"{_URL}/{_MODULE}"
    ours = [item for item in resources.async_items() if _is_ours(item)]
    if not ours:
        await resources.async_create_item({"res_type": "module", "url": url})
    elif ours[0]["url"] != url:
        await resources.async_update_item(ours[0]["id"], {"url": url})


async def async_remove_resource(hass: HomeAssistant) -> None:
    """Have no dashboard load the modules any more."""
    if (resources := await _resources(hass)) is None:
        return
    for item in resources.async_items():
        if _is_ours(item):
            await resources.async_delete_item(item["id"])


def _is_ours(item: dict[str, str]) -> bool:
    """Tell whether a resource is one of ours, of whatever version."""
    return item["url"].startswith(f"{_BASE}/")


async def _resources(hass: HomeAssistant) -> ResourceStorageCollection | None:
    """Return the resources of the dashboards, `None` where a person keeps them in YAML."""
    if LOVELACE_DATA not in hass.data:
        return None
    resources = hass.data[LOVELACE_DATA].resources
    if not isinstance(resources, ResourceStorageCollection):
        _LOGGER.info("Dashboards are kept in YAML: add %s/%s there", _URL, _MODULE)
        return None
    # Without having been loaded, it would overwrite what people have added.
    await resources.async_get_info()
    return resources
