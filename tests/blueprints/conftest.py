"""Fixtures: a Home Assistant that has our blueprints, and a battery that they steer."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
import shutil
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component

BLUEPRINTS = Path(__file__).parents[2] / "blueprints"

type AddBlueprint = Callable[..., Awaitable[None]]


@dataclass
class Battery:
    """A battery that does nothing, but remembers what it was told.

    Attributes:
        device_id: Its device.
        status: What it answers to get_status.
        calls: What it was told, in order.
    """

    device_id: str
    status: dict[str, Any]
    calls: list[ServiceCall] = field(default_factory=list)

    @property
    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the actions and their data, without the device."""
        return [
            (
                call.service,
                {key: value for key, value in call.data.items() if key != "device_id"},
            )
            for call in self.calls
        ]


@pytest.fixture
async def blueprints(hass: HomeAssistant, tmp_path: Path) -> None:
    """Have our blueprints in the configuration, and time in Berlin."""
    shutil.copytree(BLUEPRINTS, tmp_path / "blueprints")
    hass.config.config_dir = str(tmp_path)
    await hass.config.async_set_time_zone("Europe/Berlin")


@pytest.fixture
async def add_script(hass: HomeAssistant, blueprints: None) -> AddBlueprint:
    """Return what makes a script of a blueprint."""

    async def add(name: str, **inputs: Any) -> None:
        assert await async_setup_component(
            hass, "script", {"script": {name: _used(name, inputs)}}
        )
        await hass.async_block_till_done()
        assert hass.states.get(f"script.{name}")

    return add


@pytest.fixture
async def add_automation(
    hass: HomeAssistant, blueprints: None
) -> AsyncIterator[AddBlueprint]:
    """Yield what makes an automation of a blueprint, which the test's end turns off."""

    async def add(name: str, **inputs: Any) -> None:
        assert await async_setup_component(
            hass, "automation", {"automation": {"alias": name, **_used(name, inputs)}}
        )
        await hass.async_block_till_done()
        state = hass.states.get(f"automation.{name}")
        assert state
        assert state.state == "on"

    yield add
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": "all"}, blocking=True
    )


@pytest.fixture
def battery(hass: HomeAssistant) -> Battery:
    """Return a battery with the entities that the blueprints look at."""
    entry = MockConfigEntry(domain=DOMAIN)
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, "a_battery")},
        name="Cellar",
    )
    registry = er.async_get(hass)
    for platform, key, state in (
        ("number", "min_soc_on_grid", "10"),
        ("number", "export_limit", "6000"),
        ("binary_sensor", "problem", "off"),
        ("binary_sensor", "online", "on"),
        ("event", "override", "2026-06-15T00:00:00.000+00:00"),
    ):
        entity = registry.async_get_or_create(
            platform,
            DOMAIN,
            key,
            suggested_object_id=f"cellar_{key}",
            device_id=device.id,
        )
        hass.states.async_set(entity.entity_id, state)
    battery = Battery(
        device.id,
        {
            "override": "none",
            "battery_soc": 40,
            "battery_capacity_usable": 10,
            "battery_max_charge_power": 5000,
            "battery_max_discharge_power": 5000,
        },
    )
    async_mock_service(
        hass,
        DOMAIN,
        "get_status",
        response={device.id: battery.status},
        supports_response=SupportsResponse.ONLY,
    )
    for name in (
        "force_charge",
        "force_discharge",
        "hold",
        "stop_override",
        "set_soc_limits",
    ):
        hass.services.async_register(DOMAIN, name, battery.calls.append)
    hass.services.async_register("number", "set_value", battery.calls.append)
    return battery


def _used(name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration that uses a blueprint."""
    return {"use_blueprint": {"path": f"home_battery/{name}.yaml", "input": inputs}}
