"""A vendor's server that sends us elsewhere: nobody else is ever asked."""

import pytest

from homeassistant.core import HomeAssistant
from tests.conftest import async_set_up

from .hostile import Trap
from .life import Life

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "few_entities")

STATUSES = [301, 302, 303, 307, 308]
# Another port, another host, another scheme.
TARGETS = [
    "http://127.0.0.1:{port}/else",
    "http://localhost:{port}/else",
    "https://127.0.0.1:{port}/else",
]


async def set_up_anew(hass: HomeAssistant, life: Life) -> None:
    """Sign in and read everything once more, and let time pass."""
    await hass.config_entries.async_reload(life.entry.entry_id)
    await life.go_on()


@pytest.mark.parametrize("status", STATUSES)
async def test_nobody_else_is_asked(
    hass: HomeAssistant, life: Life, trap: Trap, status: int
) -> None:
    """Not in a poll, a write, a sign-in or a renewal of a token."""
    struck = life.sim.faults.struck
    await async_set_up(hass, life.entry)
    for target in TARGETS:
        before = len(struck)
        life.fail(kind="redirect", value=f"{status} {target.format(port=trap.port)}")
        await life.go_on(120)
        polled = len(struck)
        assert polled > before
        await life.act("force_charge", duration=60)
        await set_up_anew(hass, life)
        assert len(struck) > polled
        life.sim.faults.clear()
        await set_up_anew(hass, life)
    assert trap.came == []
    assert f"HTTP {status}" in repr(life.told)


@pytest.mark.parametrize("status", STATUSES)
async def test_no_write_goes_elsewhere(
    hass: HomeAssistant, life: Life, trap: Trap, status: int
) -> None:
    """What is written arrives at the vendor's server or nowhere."""
    await async_set_up(hass, life.entry)
    await life.act("force_discharge", duration=60)
    calls = list(life.case.calls(life.sim))
    written = {(call.method, call.path) for call in calls if call.write}
    assert bool(written) is life.case.steers
    await life.act("stop_override")
    life.redirect({path for _, path in written}, f"{status} {trap.url}/else")
    await life.act("force_discharge", duration=60)
    await life.go_on()
    assert set(life.sim.faults.struck) <= written
    assert bool(life.sim.faults.struck) is life.case.steers
    assert trap.came == []
