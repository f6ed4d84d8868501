"""The actions for settings by the names that a vendor documents."""

from typing import Any, Final

import probatio

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service

from .battery.errors import ChangeError
from .const import DOMAIN
from .errors import as_validation_error, async_failed
from .targets import Target, async_systems
from .transport.errors import ApiError
from .vendors.parameters import Parameters

READ_PARAMETER_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required(ATTR_DEVICE_ID): probatio.All(
            probatio.EnsureList(), probatio.Length(min=1), [cv.string]
        ),
        probatio.Required("parameter"): cv.string,
    }
)
# Templates and YAML send numbers; the vendor is sent text.
_WRITE_SCHEMA: Final = READ_PARAMETER_SCHEMA.extend(
    {
        probatio.Required("values"): probatio.All(
            probatio.EnsureList(), probatio.Length(min=1), [cv.string]
        )
    }
)


@callback
def async_setup_write_parameter(hass: HomeAssistant) -> None:
    """Register the action that writes, which is for administrators."""
    service.async_register_admin_service(
        hass,
        DOMAIN,
        "growatt_write_parameter",
        _async_write,
        schema=_WRITE_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def async_read_parameter(call: ServiceCall) -> ServiceResponse:
    """Read a setting from each device."""
    name: str = call.data["parameter"]
    response: dict[str, Any] = {}
    for target in async_systems(call, steer=False):
        try:
            values = await _parameters(target).read(target.device, name)
        except ChangeError as err:
            raise as_validation_error(err) from err
        except ApiError as err:
            raise async_failed(call.hass, target.entry, err) from err
        response[target.device_id] = {
            "name": target.device.name,
            "values": list(values),
        }
    return response


async def _async_write(call: ServiceCall) -> ServiceResponse:
    """Write a setting to each device, and read it back."""
    return {
        target.device_id: str(
            await target.entry.runtime_data.writer.async_set_parameter(
                target.device,
                _parameters(target),
                call.data["parameter"],
                call.data["values"],
                call.context,
            )
        )
        for target in async_systems(call, steer=False)
    }


def _parameters(target: Target) -> Parameters:
    """Return the settings by name of a device's account."""
    if (parameters := target.entry.runtime_data.account.parameters) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_parameters",
            translation_placeholders={"device": target.device.name},
        )
    return parameters
