"""The readings that a device must have before anything is done with it."""

from collections.abc import Collection
from typing import Any

from .client import Client
from .errors import DemoError
from .system import System, find_system, is_number, registered
from .vendors import VENDORS
from .waiting import wait

_READ_SECONDS = 120
_NO_STATE = {"state": "unknown"}


async def read(
    client: Client,
    vendor: str,
    device: dict[str, Any],
    *,
    controls: Collection[str] = (),
) -> tuple[System, list[str]]:
    """Return a device once all its readings are numbers and its controls are there, and what is missing in the end."""
    serial = device["serial"]

    async def missing() -> list[str]:
        try:
            system = find_system(client, await registered(client), vendor, serial)
        except DemoError as error:
            # What is on a data logger is found later than what is in the lists.
            return [str(error)]
        states = await client.states()
        unread = [
            key
            for key in VENDORS[vendor].readings_of(device)
            if not is_number(
                states.get(system.entities.get(key, ""), _NO_STATE)["state"]
            )
        ]
        return [*unread, *sorted(set(controls) - system.entities.keys())]

    async def complete() -> bool:
        return not await missing()

    complete_in_time = await wait(complete, _READ_SECONDS)
    system = find_system(client, await registered(client), vendor, serial)
    return system, [] if complete_in_time else await missing()
