"""Repairs that do something: setting a clock that is wrong."""

from typing import Final

import probatio

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .coordinator import HomeBatteryConfigEntry

# What is said in words of its own when a clock was not set.
_REASONS: Final = {"watch_only", "too_many_writes", "unconfirmed"}


class ClockRepairFlow(RepairsFlow):
    """Sets a device's clock once a person has seen what that does."""

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Say what will be done, and do it."""
        if user_input is None:
            issue = ir.async_get(self.hass).async_get_issue(self.handler, self.issue_id)
            return self.async_show_form(
                step_id="confirm",
                data_schema=probatio.Schema({}),
                description_placeholders=(
                    None if issue is None else issue.translation_placeholders
                ),
            )
        return await self._async_set_clock()

    async def _async_set_clock(self) -> RepairsFlowResult:
        """Set the clock, and end with what came of it."""
        assert self.data is not None
        entries: list[HomeBatteryConfigEntry] = (
            self.hass.config_entries.async_loaded_entries(DOMAIN)
        )
        for entry in entries:
            runtime = entry.runtime_data
            device = runtime.inventory.devices.get(str(self.data["device"]))
            if entry.entry_id == self.data["entry_id"] and device is not None:
                break
        else:
            return self.async_abort(reason="not_connected")
        try:
            await runtime.writer.async_set_clock(device)
        except HomeAssistantError as err:
            placeholders = err.translation_placeholders or {}
            if err.translation_key in _REASONS:
                return self.async_abort(
                    reason=err.translation_key, description_placeholders=placeholders
                )
            return self.async_abort(
                reason="not_set",
                description_placeholders={"error": placeholders.get("error", "?")},
            )
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,
    data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Return the flow that repairs an issue; clocks are all there is to repair."""
    return ClockRepairFlow()
