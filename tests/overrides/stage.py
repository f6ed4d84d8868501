"""A system that is steered, seen at the device itself and through Home Assistant."""

from collections.abc import Mapping
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.home_battery.const import DOMAIN
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from simulator import Simulation
from simulator.faults import Fault
from tests.conftest import async_pass, async_set_up

from .brands import Brand, Told


class Stage:
    """A device with an entry of its own, in a Home Assistant."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        sim: Simulation,
        brand: Brand,
        entry: MockConfigEntry,
    ) -> None:
        """Look at a device."""
        self.freezer = freezer
        self.sim = sim
        self.brand = brand
        self.device = brand.device(sim)
        self.expected_errors: list[str] = []
        self.enter(hass, entry)

    def enter(self, hass: HomeAssistant, entry: MockConfigEntry) -> None:
        """Be in a Home Assistant."""
        self.hass = hass
        self.entry = entry
        self._changes: list[Event[Any]] = async_capture_events(
            hass, EVENT_STATE_CHANGED
        )

    @property
    def device_id(self) -> str:
        """Return the registry's id of the system."""
        (found,) = (
            device.id
            for device in dr.async_entries_for_config_entry(
                dr.async_get(self.hass), self.entry.entry_id
            )
            if device.serial_number == self.device.serial
        )
        return found

    def entity_id(self, platform: str, key: str) -> str:
        """Return the entity id of a key of the system."""
        (found,) = (
            entity.entity_id
            for entity in er.async_get(self.hass).entities.values()
            if entity.domain == platform
            and entity.unique_id.endswith(f"_{self.device.serial}_{key}")
        )
        return found

    def value(self, platform: str, key: str) -> str:
        """Return what an entity shows."""
        state = self.hass.states.get(self.entity_id(platform, key))
        assert state is not None
        return state.state

    @property
    def override(self) -> str:
        """Return what runs over the schedule."""
        return self.value("sensor", "override")

    @property
    def writes_today(self) -> int:
        """Return how many writes of today are shown."""
        return int(self.value("sensor", "writes_today"))

    @property
    def events(self) -> list[str]:
        """Return the types of all events of overrides until now."""
        entity_id = self.entity_id("event", "override")
        return [
            state.attributes["event_type"]
            for change in self._changes
            if change.data["entity_id"] == entity_id
            and (state := change.data["new_state"]) is not None
            and (was := change.data["old_state"]) is not None
            and state.state not in (was.state, "unavailable", "unknown")
            and was.state != "unavailable"
        ]

    @property
    def issues(self) -> dict[str, Mapping[str, str]]:
        """Return the repair issues that are open, by their kind."""
        return {
            str(issue.translation_key): issue.translation_placeholders or {}
            for issue in ir.async_get(self.hass).issues.values()
            if issue.active and issue.domain == DOMAIN
        }

    @property
    def lasting_issues(self) -> list[str]:
        """Return the kinds of the issues that a restart does not forget."""
        return [
            str(issue.translation_key)
            for issue in ir.async_get(self.hass).issues.values()
            if issue.is_persistent and issue.domain == DOMAIN
        ]

    @property
    def told(self) -> list[Told]:
        """Return what the device is told for times of the day, now."""
        self.device.settle()
        return self.brand.told(self.device)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return what else it holds."""
        self.device.settle()
        return self.brand.settings(self.device)

    @property
    def reserve(self) -> Any:
        """Return what it keeps for an outage."""
        return self.settings[self.brand.reserve]

    @property
    def soc(self) -> float:
        """Return what is in the battery, in %."""
        self.device.settle()
        return float(self.device.unit.battery.soc)

    @property
    def power(self) -> float:
        """Return the W that the battery gives, negative while it is charged."""
        self.device.settle()
        return float(self.device.unit.flow.battery)

    @property
    def writes(self) -> list[str]:
        """Return the paths of all writes that reached the server."""
        return [call.path for call in self.brand.calls(self.sim) if call.write]

    async def act(self, action: str, **data: Any) -> Any:
        """Perform an action on the system, and return its response."""
        device_id = self.device_id
        response: Any = await self.hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": device_id, **data},
            blocking=True,
            return_response=True,
        )
        await self.hass.async_block_till_done(wait_background_tasks=True)
        return response[device_id]

    async def do(self, platform: str, action: str, key: str, **data: Any) -> None:
        """Have an entity do something."""
        await self.hass.services.async_call(
            platform,
            action,
            {"entity_id": self.entity_id(platform, key), **data},
            blocking=True,
        )
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def live(self, hours: float, *, step: float = 5) -> None:
        """Let hours pass in steps of some minutes."""
        for _ in range(round(hours * 60 / step)):
            await async_pass(self.hass, self.freezer, minutes=step)

    def cut_off(self, *, path: str = "*") -> None:
        """Let the vendor be out of order: every call is answered with an error."""
        self.expected_errors.append("Error ")
        self.break_with("status", path=path, value=503)

    def break_with(self, kind: str, **fault: Any) -> None:
        """Switch a fault on."""
        self.sim.faults.add(Fault(vendor=self.brand.vendor, kind=kind, **fault))

    def mend(self) -> None:
        """Have everything work again."""
        self.sim.faults.clear()

    async def restart(self) -> None:
        """Unload and set up again."""
        await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def unload(self) -> None:
        """Have Home Assistant stop looking."""
        await self.hass.config_entries.async_unload(self.entry.entry_id)
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def remove(self) -> None:
        """Remove the entry."""
        await self.hass.config_entries.async_remove(self.entry.entry_id)
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def be_born_again(self, hass: HomeAssistant) -> None:
        """Go on in another Home Assistant, which knows only what was stored."""
        entry = self.brand.entry(self.sim, entry_id=self.entry.entry_id)
        self.enter(hass, entry)
        await async_set_up(hass, entry)

    def unexpected(self, records: list[logging.LogRecord]) -> list[str]:
        """Return the errors among log records that nobody expects."""
        return [
            record.getMessage()
            for record in records
            if record.levelno >= logging.ERROR
            and not any(part in record.getMessage() for part in self.expected_errors)
        ]
