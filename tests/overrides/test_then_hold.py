"""What is charged to a target and then held, with nothing put back in between."""

import pytest

from .brands import EATON, FOXESS, HYBRIDS
from .stage import Stage

WANTED = {"end": "14:00", "target_soc": 52, "power": 1000, "then_hold": True}


@pytest.mark.parametrize("stage", [*HYBRIDS, EATON], indirect=True, ids=str)
@pytest.mark.parametrize("repeated", [0, 1], ids=["once", "again and again"])
async def test_held_until_the_end(stage: Stage, repeated: int) -> None:
    """Charged, held, and at the end as before, however often it is asked for."""
    before, settings = stage.told, stage.settings
    await stage.act("force_charge", **WANTED)
    shown, writes = ["force_charge"], {len(stage.writes)}
    for _ in range(20):
        await stage.live(5 / 60)
        for _again in range(repeated):
            await stage.act("force_charge", **WANTED)
        shown.append(stage.override)
        writes.add(len(stage.writes))
        assert stage.told != before
    assert list(dict.fromkeys(shown)) == ["force_charge", "hold"]
    assert stage.soc == pytest.approx(52, abs=2)
    assert len(writes) == 2
    await stage.live(0.5)
    assert stage.override == "none"
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.events == ["started", "target_reached", "started", "ended"]


@pytest.mark.parametrize("stage", [FOXESS], indirect=True, ids=str)
async def test_held_at_once(stage: Stage) -> None:
    """What is reached already is held, also while it loses a little."""
    wanted = {"duration": 120, "target_soc": 45, "then_hold": True}
    told = await stage.act("force_charge", **wanted)
    assert told["outcome"] == "confirmed"
    assert stage.override == "hold"
    stage.device.unit.battery.soc = 43
    await stage.live(0.5)
    assert (await stage.act("force_charge", **wanted))["outcome"] == "unchanged"
    assert stage.override == "hold"
    stage.device.unit.battery.soc = 35
    await stage.live(0.5)
    await stage.act("force_charge", **wanted)
    assert stage.override == "force_charge"
    await stage.restart()
    stage.device.unit.battery.soc = 46
    await stage.live(0.5)
    assert stage.override == "hold"
