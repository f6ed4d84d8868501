"""Entries of simulated units, as people have them."""

from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulator import Simulation
from simulator.eaton import CommCard, Role


def make_eaton_entry(
    sim: Simulation,
    *,
    role: Role = Role.CUSTOMER,
    data: dict[str, Any] | None = None,
    options: dict[str, Any] | None = None,
    **kwargs: Any,
) -> MockConfigEntry:
    """Return an entry that controls the first unit."""
    unit = sim.eaton.first
    user = unit.sign_in.users[role]
    kwargs.setdefault("unique_id", f"eaton_{unit.serial}")
    technician = {"inverter_serial": unit.serial} if role is Role.TECHNICIAN else {}
    return MockConfigEntry(
        domain=DOMAIN,
        title="Eaton",
        data={
            "vendor": "eaton",
            "base_url": unit.base_url,
            "fingerprint": unit.fingerprint,
            "user_type": str(role),
            "username": user.name,
            "password": user.password,
            **technician,
            **(data or {}),
        },
        options={"control": "control", **(options or {})},
        **kwargs,
    )


class Seen:
    """The unit as Home Assistant shows it."""

    def __init__(
        self, hass: HomeAssistant, entry: MockConfigEntry, unit: CommCard
    ) -> None:
        """Look at an entry."""
        self.hass = hass
        self.entry = entry
        self.unit = unit

    @property
    def device_id(self) -> str:
        """Return the id of the unit in the registry."""
        (device,) = dr.async_entries_for_config_entry(
            dr.async_get(self.hass), self.entry.entry_id
        )
        return device.id

    def entity_id(self, platform: str, key: str) -> str:
        """Return the entity id of a key."""
        found = er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"eaton_unit_{self.unit.serial}_{key}"
        )
        assert found is not None, key
        return found

    def state(self, platform: str, key: str) -> State:
        """Return the state of an entity."""
        state = self.hass.states.get(self.entity_id(platform, key))
        assert state is not None, key
        return state

    def value(self, platform: str, key: str) -> str:
        """Return what an entity shows."""
        return self.state(platform, key).state

    def number(self, key: str) -> float:
        """Return what a sensor shows."""
        return float(self.value("sensor", key))

    async def do(self, platform: str, action: str, key: str, **data: Any) -> None:
        """Have an entity do something."""
        await self.hass.services.async_call(
            platform,
            action,
            {"entity_id": self.entity_id(platform, key), **data},
            blocking=True,
        )
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def choose(self, key: str, option: str) -> None:
        """Choose an option of a select."""
        await self.do("select", "select_option", key, option=option)

    async def set(self, key: str, value: float) -> None:
        """Set a number."""
        await self.do("number", "set_value", key, value=value)

    async def act(self, action: str, **data: Any) -> Any:
        """Call an action for the unit."""
        response = await self.hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": self.device_id, **data},
            blocking=True,
            return_response=True,
        )
        await self.hass.async_block_till_done(wait_background_tasks=True)
        assert response is not None
        return response[self.device_id]
