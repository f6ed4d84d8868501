"""Diagnostics of a unit name neither account nor serial number."""

import json
from typing import Any

from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.setup import async_setup_component
from simulator.eaton import Role

from .conftest import See


async def test_nothing_tells_whose_unit_it_is(
    see: See, hass_client: ClientSessionGenerator
) -> None:
    """Password, user name and serial numbers are left out."""
    seen = await see(role=Role.TECHNICIAN)
    assert await async_setup_component(seen.hass, "diagnostics", {})
    told: Any = await get_diagnostics_for_config_entry(
        seen.hass, hass_client, seen.entry
    )
    text = json.dumps(told)
    for secret in (
        seen.unit.technician.password,
        seen.unit.technician.name,
        seen.unit.serial,
    ):
        assert secret not in text
    assert told["feeds"]["readings"]["succeeded"] is True
