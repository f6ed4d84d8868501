"""The changes that a check makes through Home Assistant, and how it sees that they happened."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from .system import System, is_number

type Held = Callable[[dict[str, Any]], bool]


@dataclass(frozen=True, kw_only=True)
class Write:
    """A change: made by Home Assistant, held by the device, shown by Home Assistant."""

    name: str
    entity: str | None = None
    make: Callable[[System], Awaitable[None]]
    held: Held
    shown: Callable[[System], Awaitable[bool]]


def set_number(key: str, value: float, held: Held) -> Write:
    """Set a number entity."""

    async def make(system: System) -> None:
        await system.client.act(
            "number", "set_value", entity_id=system.entity(key), value=value
        )

    async def shown(system: System) -> bool:
        return is_number(state := await system.value(key)) and float(state) == value

    name = f"{key} = {value:g}"
    return Write(name=name, entity=key, make=make, held=held, shown=shown)


def select_option(key: str, option: str, held: Held) -> Write:
    """Choose an option of a select entity."""

    async def make(system: System) -> None:
        await system.client.act(
            "select", "select_option", entity_id=system.entity(key), option=option
        )

    async def shown(system: System) -> bool:
        return await system.value(key) == option

    name = f"{key} = {option}"
    return Write(name=name, entity=key, make=make, held=held, shown=shown)


def set_schedule(*periods: dict[str, Any], held: Held) -> Write:
    """Set the schedule."""

    async def make(system: System) -> None:
        await system.client.act(
            "home_battery",
            "set_schedule",
            device_id=[system.device_id],
            periods=list(periods),
            enabled=True,
        )

    async def shown(system: System) -> bool:
        schedule = await schedule_of(system)
        return schedule["enabled"] and _pattern(schedule["periods"]) == _pattern(
            periods
        )

    return Write(
        name=f"a schedule of {len(periods)} periods", make=make, held=held, shown=shown
    )


def clear_schedule(*, held: Held) -> Write:
    """Take the schedule away."""

    async def make(system: System) -> None:
        await system.client.act(
            "home_battery", "clear_schedule", device_id=[system.device_id]
        )

    async def shown(system: System) -> bool:
        return not (await schedule_of(system))["periods"]

    return Write(name="no schedule", make=make, held=held, shown=shown)


async def schedule_of(system: System) -> dict[str, Any]:
    """Return the schedule that Home Assistant shows."""
    response = await system.client.act(
        "home_battery", "get_schedule", response=True, device_id=[system.device_id]
    )
    schedule: dict[str, Any] = response[system.device_id]
    return schedule


def _pattern(periods: Any) -> list[tuple[Any, ...]]:
    """Return what periods say, in an order that does not matter."""
    keys = ("start", "end", "mode", "power", "target_soc")
    return sorted(
        tuple(
            str(period.get(key, ""))[:5] if key in keys[:2] else period.get(key)
            for key in keys
        )
        for period in periods
    )
