"""Systems of a simulated cloud, and changes that are brought to them."""

from datetime import time
from typing import Any

from custom_components.home_battery.battery.model import Device, Inventory, Record, Role
from custom_components.home_battery.battery.schedule import Period
from custom_components.home_battery.vendors.foxess.account import FoxEssAccount
from custom_components.home_battery.vendors.vendor import IDENTITY

# Profile, and the version of the scheduler's API that it answers.
SYSTEMS = [("KH8", 3), ("KH10-V2", 2), ("H3-V1", 1), ("H1-V0", 0), ("EVO", 3)]
LACKING = {
    "KH8": [],
    "KH10-V2": ["scheduler_v3"],
    "H3-V1": ["scheduler_v3", "scheduler_v2", "peak_shaving"],
    "H1-V0": [
        *("scheduler_v3", "scheduler_v2", "scheduler_v1"),
        *("max_soc", "peak_shaving"),
    ],
    "EVO": ["work_mode", "peak_shaving"],
}
NIGHT = Period(
    start=time(22), end=time(6), mode="force_charge", power=2500, target_soc=80
)
DAY = Period(start=time(6), end=time(22), mode="self_consumption", min_soc=20)


async def discovered(account: FoxEssAccount) -> Inventory:
    """Return the inventory with nameplates."""
    inventory = await fetch(account, IDENTITY, [])
    assert inventory.inventory is not None
    return inventory.inventory


async def fetch(account: FoxEssAccount, name: str, devices: list[Device]) -> Any:
    """Fetch one feed."""
    return await next(f for f in account.feeds if f.name == name).fetch(devices)


async def system_of(account: FoxEssAccount) -> Device:
    """Return the first system."""
    return (await discovered(account)).with_role(Role.SYSTEM)[0]


async def bring(account: FoxEssAccount, device: Device, change: Any) -> Record:
    """Bring a change as the integration does, and return what the device holds then."""
    before = await account.read(device)
    change = change.completed(before)
    change.check(before)
    await account.write(device, change, before)
    after = await account.read(device)
    assert change.held_by(after)
    return after
