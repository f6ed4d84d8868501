"""A battery system in Home Assistant, found by its unique ids and never by a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any

from .client import Client
from .errors import DemoError


@dataclass(frozen=True, kw_only=True)
class System:
    """One battery system, and its entities by key."""

    client: Client
    serial: str
    device_id: str
    entities: dict[str, str]

    def entity(self, key: str) -> str:
        """Return the entity id of a key."""
        if key not in self.entities:
            raise DemoError(f"{self.serial} has no entity {key}")
        return self.entities[key]

    async def value(self, key: str) -> str:
        """Return the state of a key's entity."""
        state: str = (await self.client.states())[self.entity(key)]["state"]
        return state


async def registered(client: Client) -> list[dict[str, Any]]:
    """Return the integration's entries in the entity registry."""
    return [
        entry
        for entry in await client.command("config/entity_registry/list")
        if entry["platform"] == "home_battery"
    ]


def find_system(
    client: Client, registry: Iterable[dict[str, Any]], vendor: str, serial: str
) -> System:
    """Find a system by its vendor and serial, over the `{vendor}_{kind}_{serial}_{key}` of its entities."""
    entities: dict[str, str] = {}
    devices: set[str] = set()
    for entry in registry:
        head, found, key = entry["unique_id"].partition(f"_{serial}_")
        if found and head.startswith(f"{vendor}_"):
            entities[key] = entry["entity_id"]
            devices.add(entry["device_id"])
    if len(devices) != 1:
        raise DemoError(f"{vendor} {serial} is {len(devices)} devices instead of one")
    return System(
        client=client, serial=serial, device_id=devices.pop(), entities=entities
    )


def is_number(state: str) -> bool:
    """Return whether a state is a number, and not unknown or unavailable."""
    try:
        return isfinite(float(state))
    except ValueError:
        return False
