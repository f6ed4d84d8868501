"""Repairs that do something: setting a wrong clock, trusting a new certificate."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Final, override

import probatio

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .const import CONF_FINGERPRINT, DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .errors import CERTIFICATE

# What is said in words of its own when a clock was not set.
_REASONS: Final = {"watch_only", "too_many_writes", "unconfirmed"}


class ConfirmedRepairFlow(RepairsFlow):
    """Repairs something once a person has seen what that does."""

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Say what will be done, and do it."""
        assert self.data is not None
        if user_input is None:
            issue = ir.async_get(self.hass).async_get_issue(self.handler, self.issue_id)
            return self.async_show_form(
                step_id="confirm",
                data_schema=probatio.Schema({}),
                description_placeholders=(
                    None if issue is None else issue.translation_placeholders
                ),
            )
        return await self._async_repair(self.data)

    @abstractmethod
    async def _async_repair(self, data: Mapping[str, Any]) -> RepairsFlowResult:
        """Do it, and end with what came of it."""


class ClockRepairFlow(ConfirmedRepairFlow):
    """Sets a device's clock."""

    @override
    async def _async_repair(self, data: Mapping[str, Any]) -> RepairsFlowResult:
        """Set the clock, and end with what came of it."""
        entries: list[HomeBatteryConfigEntry] = (
            self.hass.config_entries.async_loaded_entries(DOMAIN)
        )
        for entry in entries:
            runtime = entry.runtime_data
            device = runtime.inventory.devices.get(str(data["device"]))
            if entry.entry_id == data["entry_id"] and device is not None:
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


class CertificateRepairFlow(ConfirmedRepairFlow):
    """Trusts the certificate that a device shows now."""

    @override
    async def _async_repair(self, data: Mapping[str, Any]) -> RepairsFlowResult:
        """Pin the certificate that the person has seen, and connect anew."""
        entry = self.hass.config_entries.async_get_entry(data["entry_id"])
        if entry is None:
            return self.async_abort(reason="not_connected")
        self.hass.config_entries.async_update_entry(
            entry, data={**entry.data, CONF_FINGERPRINT: data[CONF_FINGERPRINT]}
        )
        self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,
    data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Return the flow that repairs an issue."""
    if issue_id.startswith(CERTIFICATE):
        return CertificateRepairFlow()
    return ClockRepairFlow()
