"""Entries of simulated Growatt accounts, as people have them."""

from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator import Simulation

ALL = ("MIN-XH", "SPH", "NOAH", "INV+METER")


def make_growatt_entry(
    sim: Simulation, *, token: str | None = None, **kwargs: Any
) -> MockConfigEntry:
    """Return an entry that controls a simulated account."""
    kwargs.setdefault("unique_id", "growatt_1234567")
    return MockConfigEntry(
        domain=DOMAIN,
        title="Growatt",
        data={
            "vendor": "growatt",
            "token": token or sim.growatt.token,
            "base_url": sim.growatt.base_url,
        },
        options={"control": "control"},
        **kwargs,
    )


def entity_of(hass: HomeAssistant, serial: str, key: str) -> str:
    """Return the entity id of a device's key."""
    (entity_id,) = (
        entity.entity_id
        for entity in er.async_get(hass).entities.values()
        if entity.unique_id.endswith(f"_{serial}_{key}")
    )
    return entity_id


def seen(hass: HomeAssistant, serial: str, key: str) -> str:
    """Return the state of a device's key."""
    state = hass.states.get(entity_of(hass, serial, key))
    assert state is not None
    return state.state
