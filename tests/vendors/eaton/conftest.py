"""A simulated unit behind real HTTPS, and a Home Assistant that reads it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from simulator.eaton import CommCard, Role
from simulator.faults import Switchboard
from tests.conftest import Simulate, async_set_up

from .entries import Seen, make_eaton_entry

type See = Callable[..., Awaitable[Seen]]


@pytest.fixture
def see(
    hass: HomeAssistant, enable_custom_integrations: None, simulate: Simulate
) -> See:
    """Return how to set up an entry of a unit of some model."""

    async def start(
        model: str = "AC",
        *,
        role: Role = Role.CUSTOMER,
        history_days: int = 2,
        **kwargs: Any,
    ) -> Seen:
        sim = await simulate(eaton=(model,), history_days=history_days)
        entry = make_eaton_entry(sim, role=role, **kwargs)
        await async_set_up(hass, entry)
        return Seen(hass, entry, sim.eaton.first)

    return start


@pytest.fixture
async def seen(see: See) -> Seen:
    """Return a unit with foreign PV and both meters, as its owner sees it."""
    return await see()


@pytest.fixture
def simulation_faults(seen: Seen) -> Switchboard:
    """Return the faults that can be switched on."""
    return seen.unit.switchboard


@pytest.fixture
def unit(seen: Seen) -> CommCard:
    """Return the unit itself."""
    return seen.unit
