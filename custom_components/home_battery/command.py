"""Control without YAML: a command for a system, and the numbers that go with it."""

from datetime import timedelta
from typing import Final

from homeassistant.components.number import NumberDeviceClass, NumberMode
from homeassistant.const import PERCENTAGE, UnitOfPower, UnitOfTime
from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from .battery.model import Device, Mode
from .battery.override import Direction, Override
from .battery.running import Running
from .const import DOMAIN
from .coordinator import HomeBatteryData
from .descriptions import CommandNumberDescription, ControlSelectDescription

NORMAL: Final = "normal"
COMMANDS: Final = (NORMAL, "charge", "hold", "hold_charge", "discharge")

POWER: Final = CommandNumberDescription(
    key="command_power",
    translation_key="command_power",
    device_class=NumberDeviceClass.POWER,
    native_unit_of_measurement=UnitOfPower.WATT,
    native_step=1,
)
TARGET_SOC: Final = CommandNumberDescription(
    key="command_target_soc",
    translation_key="command_target_soc",
    native_unit_of_measurement=PERCENTAGE,
    native_max_value=100,
    native_step=1,
    mode=NumberMode.BOX,
    usual=100,
)
DURATION: Final = CommandNumberDescription(
    key="command_duration",
    translation_key="command_duration",
    device_class=NumberDeviceClass.DURATION,
    native_unit_of_measurement=UnitOfTime.MINUTES,
    native_max_value=1440,
    native_step=1,
    usual=60,
)
COMMAND_NUMBERS: Final = (POWER, TARGET_SOC, DURATION)
COMMAND: Final = ControlSelectDescription(
    key="command", translation_key="command", options=list(COMMANDS)
)
COMMAND_KEYS: Final = (COMMAND.key, *(number.key for number in COMMAND_NUMBERS))


def command_of(running: Running | None) -> str:
    """Return the command that runs."""
    if running is None or running.over is not None:
        return NORMAL
    wanted = running.wanted
    if wanted.mode is Mode.HOLD:
        return "hold_charge" if wanted.direction is Direction.CHARGE else "hold"
    return "charge" if wanted.mode is Mode.FORCE_CHARGE else "discharge"


def wish(
    runtime: HomeBatteryData, device: Device, description: CommandNumberDescription
) -> float:
    """Return a number of the next command."""
    wishes = runtime.store.wishes.get(device.key, {})
    return wishes.get(description.key, description.usual)


def _target(runtime: HomeBatteryData, device: Device) -> float | None:
    """Return the target SOC in %; without one it goes to the device's own limit."""
    return runtime.store.wishes.get(device.key, {}).get(TARGET_SOC.key)


async def async_command(
    runtime: HomeBatteryData, device: Device, command: str, context: Context | None
) -> None:
    """Have a system do something for a while, or nothing but what it always does.

    Raises:
        ServiceValidationError: It cannot, or there is nothing to do.
        HomeAssistantError: It was refused, not sent, or is not confirmed.
    """
    if command == NORMAL:
        await runtime.overrides.async_stop(device)
        return
    now = dt_util.utcnow()
    minutes = wish(runtime, device, DURATION)
    end = now + timedelta(minutes=minutes) if minutes else None
    if command in ("hold", "hold_charge"):
        wanted = Override(
            mode=Mode.HOLD,
            start=now,
            end=end,
            direction=Direction.DISCHARGE if command == "hold" else Direction.CHARGE,
        )
    else:
        wanted = Override(
            mode=Mode.FORCE_CHARGE if command == "charge" else Mode.FORCE_DISCHARGE,
            start=now,
            end=end,
            power=wish(runtime, device, POWER) or None,
            target_soc=_target(runtime, device),
        )
    begun = await runtime.overrides.async_start(device, wanted, context, command=True)
    if begun.running is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="target_reached",
            translation_placeholders={
                "target": f"{wish(runtime, device, TARGET_SOC):g}"
            },
        )
