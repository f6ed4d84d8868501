"""What Assist knows of systems and houses, and what it may have them do.

A language model is told of what a person has exposed to the assistant, and steers a
system only if its command is among that.
"""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, override

import probatio

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.components.llm import LLMTools
from homeassistant.const import ATTR_DEVICE_ID, ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.intent import is_blank_slot_value
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)

from .battery.capabilities import ModeCapabilities
from .battery.model import Mode
from .const import DOMAIN
from .exposed import Exposed, async_exposed, named, names, the_one
from .schedule_view import override_data, schedule_data
from .steering import FORCE_SCHEMA, HOLD_SCHEMA, async_begin
from .targets import Target, async_permit

_PROMPT: Final = (
    "For home batteries use the tools of home_battery. Power is in W, energy in kWh,"
    " SOC (state of charge) in %. Battery power is positive while the battery"
    " discharges and negative while it charges; grid power is positive while the house"
    " imports and negative while it exports. An override is something that a battery"
    " does for a while in place of its schedule; when it is over, all is as it was"
    " before. Times of a schedule are the battery's wall clock. Names: {names}."
)
_READ: Final = ToolAnnotations(
    read_only=True, destructive=False, idempotent=True, open_world=False
)
_READINGS: Final = ("sensor.", "binary_sensor.")
_MODES: Final = {
    "charge": (Mode.FORCE_CHARGE, FORCE_SCHEMA),
    "discharge": (Mode.FORCE_DISCHARGE, FORCE_SCHEMA),
    "hold": (Mode.HOLD, HOLD_SCHEMA),
}
# What a model calls it, and what the actions do.
_TIMES: Final = {"until": "end", "minutes": "duration"}
_NAME: Final = probatio.Optional(
    "name", description="The battery or house; may be left out if there is only one"
)


@callback
def async_get_tools(
    hass: HomeAssistant, llm_context: LLMContext, api_id: str
) -> LLMTools | None:
    """Return what a model may use, as far as anything is exposed to it."""
    if api_id != LLM_API_ASSIST:
        return None
    devices = async_exposed(hass, llm_context.assistant)
    if not devices:
        return None
    tools: list[Tool] = [GetStatus()]
    if any(device.is_system for device in devices):
        tools.append(GetSchedule())
    if any(device.is_steerable for device in devices):
        tools += [StartOverride(), StopOverride()]
    return LLMTools(tools=tools, prompt=_PROMPT.format(names=names(devices)))


class HomeBatteryTool(Tool):
    """Something that a model may use, which tells in words what goes wrong."""

    integration = DOMAIN

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Use it, with what is exposed now."""
        given = {
            key: value
            for key, value in tool_input.tool_args.items()
            if not is_blank_slot_value(value)
        }
        try:
            told = await self._use(
                hass,
                async_exposed(hass, llm_context.assistant),
                self.parameters(given),
                llm_context,
            )
        except (HomeAssistantError, probatio.Invalid) as err:
            return ToolResult(data={"error": str(err)}, error=True)
        return ToolResult(data=told)

    @abstractmethod
    async def _use(
        self,
        hass: HomeAssistant,
        devices: list[Exposed],
        given: Mapping[str, Any],
        llm_context: LLMContext,
    ) -> dict[str, Any]:
        """Do what it is for, and return what is to be told.

        Raises:
            HomeAssistantError: It could not be done.
            probatio.Invalid: What is given is not valid.
        """


class GetStatus(HomeBatteryTool):
    """Tells the readings."""

    name = f"{DOMAIN}__get_status"
    title = "Get home battery status"
    description = (
        "Get the present readings of home batteries and houses: charge, power of"
        " battery, PV, grid and house, energies, what runs and why."
    )
    parameters = probatio.Schema({_NAME: str})
    annotations = _READ

    @override
    async def _use(
        self,
        hass: HomeAssistant,
        devices: list[Exposed],
        given: Mapping[str, Any],
        llm_context: LLMContext,
    ) -> dict[str, Any]:
        """Return what the exposed entities show."""
        return {
            "devices": [
                {
                    "name": device.name,
                    "kind": str(device.target.device.role),
                    "readings": _readings(hass, device),
                }
                for device in named(devices, given.get("name"))
            ]
        }


class GetSchedule(HomeBatteryTool):
    """Tells the schedule, and what lies over it."""

    name = f"{DOMAIN}__get_schedule"
    title = "Get home battery schedule"
    description = (
        "Get the schedule of home batteries, the override that runs or is planned,"
        " and what each mode really does on the device."
    )
    parameters = probatio.Schema({_NAME: str})
    annotations = _READ

    @override
    async def _use(
        self,
        hass: HomeAssistant,
        devices: list[Exposed],
        given: Mapping[str, Any],
        llm_context: LLMContext,
    ) -> dict[str, Any]:
        """Return what the devices hold; one that fails leaves the others alone."""
        systems = [device for device in devices if device.is_system]
        told: list[dict[str, Any]] = []
        for system in named(systems, given.get("name")):
            try:
                found = await _schedule(system.target)
            except HomeAssistantError as err:
                found = {"error": str(err)}
            told.append({"name": system.name, **found})
        return {"systems": told}


class StartOverride(HomeBatteryTool):
    """Has a battery do something for a while."""

    name = f"{DOMAIN}__start_override"
    title = "Start home battery override"
    description = (
        "Have a home battery charge, discharge (also into the grid) or hold its charge"
        " now, until a time, for some minutes, or until a target is reached."
    )
    parameters = probatio.Schema(
        {
            _NAME: str,
            probatio.Required("mode"): probatio.In(list(_MODES)),
            probatio.Optional("until", description="Wall clock, HH:MM"): str,
            probatio.Optional("minutes"): probatio.Coerce(float),
            probatio.Optional(
                "target_soc", description="% at which it is over; not with hold"
            ): probatio.Coerce(float),
            probatio.Optional(
                "power", description="W, else as much as it can; not with hold"
            ): probatio.Coerce(float),
        }
    )
    annotations = ToolAnnotations(open_world=False)

    @override
    async def _use(
        self,
        hass: HomeAssistant,
        devices: list[Exposed],
        given: Mapping[str, Any],
        llm_context: LLMContext,
    ) -> dict[str, Any]:
        """Begin it, as the action of that mode does."""
        system = await _steerable(hass, devices, given, llm_context)
        mode, schema = _MODES[given["mode"]]
        wanted = {
            _TIMES.get(key, key): value
            for key, value in given.items()
            if key not in ("name", "mode")
        }
        device_id = system.target.device_id
        begun = await async_begin(
            [system.target],
            mode,
            schema({ATTR_DEVICE_ID: device_id, **wanted}),
            llm_context.context,
        )
        return {
            "name": system.name,
            "outcome": str(begun[device_id].outcome),
            "override": _override(system.target),
        }


class StopOverride(HomeBatteryTool):
    """Has a battery do again what it always does."""

    name = f"{DOMAIN}__stop_override"
    title = "Stop home battery override"
    description = (
        "End what a home battery does for a while, so that it follows its schedule"
        " or its own mode again. Nothing running is fine as well."
    )
    parameters = probatio.Schema({_NAME: str})
    annotations = ToolAnnotations(idempotent=True, open_world=False)

    @override
    async def _use(
        self,
        hass: HomeAssistant,
        devices: list[Exposed],
        given: Mapping[str, Any],
        llm_context: LLMContext,
    ) -> dict[str, Any]:
        """End it."""
        system = await _steerable(hass, devices, given, llm_context)
        overrides = system.target.entry.runtime_data.overrides
        outcome = await overrides.async_stop(system.target.device)
        return {"name": system.name, "outcome": outcome}


async def _steerable(
    hass: HomeAssistant,
    devices: list[Exposed],
    given: Mapping[str, Any],
    llm_context: LLMContext,
) -> Exposed:
    """Return the system that is to be steered.

    Raises:
        ServiceValidationError: It is unknown, or not to be steered.
        Unauthorized: Not by the person who speaks.
    """
    found = the_one([one for one in devices if one.is_steerable], given.get("name"))
    await async_permit(hass, found.target, llm_context.context, POLICY_CONTROL)
    return found


def _readings(hass: HomeAssistant, device: Exposed) -> dict[str, str]:
    """Return what the exposed entities of a device show, with their units."""
    states = {
        key.partition(".")[2]: hass.states.get(entity_id)
        for key, entity_id in device.entities.items()
        if key.startswith(_READINGS)
    }
    return {
        key: f"{state.state} {state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, '')}".strip()
        for key, state in sorted(states.items())
        if state is not None
    }


async def _schedule(system: Target) -> dict[str, Any]:
    """Return a system's schedule, what lies over it, and what its modes do.

    Raises:
        ServiceValidationError: It has none.
        HomeAssistantError: It could not be read.
    """
    runtime = system.entry.runtime_data
    settings = await runtime.writer.async_settings(system.device)
    if (state := settings.schedule) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_schedule"
        )
    told = schedule_data(system.entry, system.device, state)
    return {
        **{key: told[key] for key in ("enabled", "periods", "valid_until")},
        "override": _override(system),
        "modes": {
            mode: _effect(capabilities)
            for mode, capabilities in state.capabilities.modes.items()
        },
    }


def _effect(mode: ModeCapabilities) -> dict[str, Any]:
    """Return what a mode really does on a device."""
    return {
        "pv_meanwhile": mode.pv,
        "power_is_a": mode.power_meaning,
        "exports_battery_power": mode.exports,
        "max_soc_stops_pv": mode.max_soc_binds_pv,
    }


def _override(system: Target) -> dict[str, Any] | None:
    """Return what runs over a system's schedule or is planned, by its wall clock."""
    runtime = system.entry.runtime_data
    running = runtime.overrides.running(system.device.key)
    if running is None or running.over is not None:
        return None
    told = override_data(running)
    zone = runtime.readings.zone(system.device)
    for key in ("start", "end", "device_until"):
        if told[key] is not None:
            moment = datetime.fromisoformat(told[key]).astimezone(zone)
            told[key] = moment.isoformat(timespec="minutes")
    return told
