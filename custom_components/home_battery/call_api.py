"""The action that makes any documented call of a vendor, for administrators."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import partial
from typing import Any, Final

import probatio

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.helpers.json import json_bytes
from homeassistant.util.json import json_loads_object

from .battery.model import Device, Inventory, Role
from .const import DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .errors import async_failed
from .transport.errors import ApiError
from .vendors.endpoint import Access, Endpoint

ATTR_CONFIG_ENTRY: Final = "config_entry"
_SUGGESTIONS: Final = 5


def _as_json(value: Any) -> dict[str, Any]:
    """Return parameters as a vendor can be sent them.

    Raises:
        probatio.Invalid: They are no object, or hold what JSON does not know.
    """
    try:
        return dict(json_loads_object(json_bytes(value)))
    except (TypeError, ValueError) as err:
        raise probatio.Invalid("expected an object that JSON can hold") from err


_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required(ATTR_CONFIG_ENTRY): cv.string,
        probatio.Required("endpoint"): cv.string,
        probatio.Optional("parameters", default=dict): _as_json,
        probatio.Optional("confirm", default=False): cv.boolean,
    }
)


@callback
def async_setup_call_api(hass: HomeAssistant) -> None:
    """Register the action."""
    service.async_register_admin_service(
        hass,
        DOMAIN,
        "call_api",
        _async_call_api,
        schema=_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_call_api(call: ServiceCall) -> ServiceResponse:
    """Make one call through the limits of the account, and return its answer."""
    entry: HomeBatteryConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY]
    )
    runtime = entry.runtime_data
    name: str = call.data["endpoint"]
    parameters: dict[str, Any] = call.data["parameters"]
    endpoint = _endpoint(runtime.vendor.endpoints, name)
    make = partial(runtime.account.call, name, parameters)
    match endpoint.access_with(parameters):
        case Access.READ:
            try:
                return {"result": await make()}
            except ApiError as err:
                raise async_failed(call.hass, entry, err) from err
        case Access.WRITE:
            if not call.data["confirm"]:
                raise ServiceValidationError(
                    translation_domain=DOMAIN,
                    translation_key="not_confirmed",
                    translation_placeholders={"endpoint": name},
                )
            device = (
                next(iter(runtime.inventory.with_role(Role.SYSTEM)), None)
                if endpoint.about_the_only_device
                else _device(runtime.inventory, endpoint.devices_in(parameters))
            )
            return {
                "result": await runtime.writer.async_call(device, make, call.context)
            }
        case Access.REFUSED:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="call_refused"
            )


def _endpoint(endpoints: Mapping[str, Endpoint], name: str) -> Endpoint:
    """Return the endpoint of a name, or name those that are like it."""
    if (endpoint := endpoints.get(name)) is None:
        similar = get_close_matches(name, endpoints, _SUGGESTIONS, cutoff=0)
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="unknown_endpoint",
            translation_placeholders={
                "endpoint": name,
                "similar": ", ".join(similar),
            },
        )
    return endpoint


def _device(inventory: Inventory, named: set[str]) -> Device | None:
    """Return the device that a call names; a part stands for its system."""
    for device in inventory.devices.values():
        if {device.id, device.serial, device.vendor_id} & named:
            return inventory.system_of(device.key) or device
    return None
