"""Home Assistant starts again, or never: the battery ends where it should."""

import copy
from typing import Any

import pytest

from .brands import BRANDS
from .conftest import NewHome
from .stage import Stage

pytestmark = pytest.mark.parametrize("stage", BRANDS, indirect=True, ids=str)


async def test_restart_in_the_middle(stage: Stage) -> None:
    """It goes on without a write, and is over at its time."""
    before, settings = stage.told, stage.settings
    await stage.act("force_discharge", power=500, end="13:00")
    told, count = stage.told, len(stage.writes)
    assert told != before
    await stage.live(0.25)
    await stage.restart()
    assert stage.override == "force_discharge"
    assert stage.told == told
    await stage.live(0.2)
    assert len(stage.writes) == count
    await stage.live(0.5)
    assert stage.override == "none"
    assert stage.events == ["started", "ended"]
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.issues == {}


async def test_restart_after_the_end(stage: Stage) -> None:
    """What should be over meanwhile is cleared away at the start."""
    before, settings = stage.told, stage.settings
    await stage.act("force_discharge", power=500, end="13:00")
    await stage.live(0.1)
    await stage.unload()
    stage.freezer.tick(3 * 3600)
    await stage.hass.config_entries.async_setup(stage.entry.entry_id)
    await stage.hass.async_block_till_done(wait_background_tasks=True)
    await stage.live(0.1, step=1)
    assert stage.override == "none"
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.events[-1] == "ended"


@pytest.mark.parametrize("minutes", [30, 180])
async def test_killed_and_started_anew(
    stage: Stage, new_home: NewHome, hass_storage: dict[str, Any], minutes: int
) -> None:
    """A new Home Assistant knows from the store what has to be put back."""
    before, settings = stage.told, stage.settings
    await stage.act("force_discharge", power=500, end="14:00")
    stored = copy.deepcopy(hass_storage)
    await stage.unload()
    hass_storage.clear()
    hass_storage.update(stored)
    stage.freezer.tick(minutes * 60)
    await stage.be_born_again(await new_home())
    await stage.live(2.5)
    assert stage.override == "none"
    assert stage.events[-1] == "ended"
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.issues == {}
