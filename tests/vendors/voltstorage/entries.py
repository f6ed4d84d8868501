"""Entries of simulated VoltStorage accounts, as people have them."""

from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator import Simulation


def make_voltstorage_entry(
    sim: Simulation, *, options: dict[str, Any] | None = None, **data: Any
) -> MockConfigEntry:
    """Return an entry that reads the simulated account."""
    cloud = sim.voltstorage
    return MockConfigEntry(
        domain=DOMAIN,
        title="VoltStorage",
        data={
            "vendor": "voltstorage",
            "email": cloud.email,
            "password": cloud.password,
            "base_url": cloud.base_url.removesuffix("/rest"),
            **data,
        },
        options={"control": "watch", **(options or {})},
        unique_id=f"voltstorage_{cloud.email}",
    )


def entity_of(hass: HomeAssistant, device: str, key: str) -> str | None:
    """Return the entity id of a device's key, `None` where there is none."""
    unique_id = f"voltstorage_{device}_{key}"
    return next(
        (
            entity_id
            for entity_id, entity in er.async_get(hass).entities.items()
            if entity.unique_id == unique_id
        ),
        None,
    )


def seen(hass: HomeAssistant, device: str, key: str) -> str | None:
    """Return the state of a device's key, `None` where there is none."""
    entity_id = entity_of(hass, device, key)
    state = None if entity_id is None else hass.states.get(entity_id)
    return None if state is None else state.state
