"""An override of whole hours ends as it was meant to, to the minute."""

from freezegun.api import FrozenDateTimeFactory

from homeassistant.core import HomeAssistant
from tests.conftest import async_pass

from .conftest import See


async def test_whole_hour(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, see: See
) -> None:
    """The unit counts in whole minutes, and so is done some seconds before us."""
    seen = await see("NO-PV")
    await async_pass(hass, freezer, seconds=40)
    await seen.act("force_charge", duration=60, power=360)
    for _ in range(375):
        await async_pass(hass, freezer, seconds=10)
    assert seen.state("event", "override").attributes["event_type"] == "ended"
