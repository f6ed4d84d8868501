"""An override on a system: begun, seen on both sides, stopped, and nothing left of it."""

from typing import Any

from .errors import DemoError
from .houses import Houses
from .system import System
from .vendors import Vendor
from .waiting import wait
from .writes import schedule_of

_MINUTES = 60
_SECONDS = 90
# Above this SOC there is something to discharge, at whatever time of the year.
_ENOUGH_SOC = 35
_LOWEST_SOC = 25
# What a battery gives at least when it is told to discharge.
_FORCED_W = 100


async def try_override(
    name: str, vendor: Vendor, system: System, houses: Houses
) -> str | None:
    """Let something run for a while, stop it, and return what was not as it should be.

    A battery that has enough in it is discharged, and else held.
    """
    discharges = float(await system.value("battery_soc")) > _ENOUGH_SOC

    async def device() -> dict[str, Any]:
        return await houses.device(name, system.serial)

    async def seen() -> dict[str, Any]:
        """Return what has to be as before in the end, on both sides."""
        keys = {"operating_mode", "active_mode", "override"} & system.entities.keys()
        return {
            "device": vendor.kept(await device()),
            "schedule": (await schedule_of(system))["periods"],
            **{key: await system.value(key) for key in sorted(keys)},
        }

    async def runs() -> bool:
        now = await device()
        return (
            await system.value("override") != "none"
            and vendor.steered(now) != steered
            and (not discharges or now["power"]["battery"] > _FORCED_W)
        )

    before, steered = await seen(), vendor.steered(await device())
    try:
        if discharges:
            await _act(
                system, "force_discharge", duration=_MINUTES, target_soc=_LOWEST_SOC
            )
        else:
            await _act(system, "hold", duration=_MINUTES)
        if not await wait(runs, _SECONDS):
            return f"it has no effect: {await device()}"
        if (await schedule_of(system))["periods"] != before["schedule"]:
            return "the schedule that people see has changed"
    except DemoError as error:
        return str(error)
    finally:
        await _act(system, "stop_override")

    async def is_as_before() -> bool:
        return await seen() == before

    if not await wait(is_as_before, _SECONDS):
        return f"afterwards it was not as before: {before} became {await seen()}"
    return None


async def _act(system: System, action: str, **data: Any) -> None:
    """Perform an action on a system."""
    await system.client.act(
        "home_battery", action, device_id=[system.device_id], **data
    )
