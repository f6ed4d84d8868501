"""Several calls at the same time, in a row, or for several systems."""

import asyncio
from typing import Any

import pytest

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant

from .brands import BRANDS, FOXESS, HYBRIDS, MIN, SCHEDULED, Brand
from .conftest import Play
from .stage import Stage

NIGHT = {"start": "02:00", "end": "05:00", "mode": "force_charge"}


def on(*brands: object) -> pytest.MarkDecorator:
    """Return what has a test run with a system of each of some brands."""
    return pytest.mark.parametrize("stage", brands, indirect=True, ids=str)


@on(*BRANDS)
async def test_same_start_twice(stage: Stage) -> None:
    """Two calls at the same moment are one override, begun once."""
    before, settings = stage.told, stage.settings
    answers = await asyncio.gather(
        *(stage.act("force_discharge", power=300, end="14:00") for _ in range(2))
    )
    assert {answer["outcome"] for answer in answers} == {"confirmed", "unchanged"}
    assert stage.events == ["started"]
    assert len(stage.told) == 1
    await stage.act("stop_override")
    assert (stage.told, stage.settings) == (before, settings)


@on(*BRANDS)
async def test_different_starts_at_once(stage: Stage) -> None:
    """Of two different calls at the same moment one replaces the other."""
    before, settings = stage.told, stage.settings
    await asyncio.gather(
        stage.act("force_discharge", power=300, end="14:00"),
        stage.act("force_charge", target_soc=90, end="15:00"),
    )
    assert [word for *_, word in stage.told] == ["charge"]
    assert stage.override == "force_charge"
    await stage.act("stop_override")
    assert (stage.told, stage.settings) == (before, settings)
    await stage.live(0.5)
    assert (stage.told, stage.settings) == (before, settings)


@on(*BRANDS)
async def test_start_while_another_is_cleared(stage: Stage) -> None:
    """Who starts while something is being stopped gets what he asked for."""
    before, settings = stage.told, stage.settings
    await stage.act("force_discharge", power=300, end="14:00")
    stopped, begun = await asyncio.gather(
        stage.act("stop_override"),
        stage.act("force_charge", target_soc=90, end="15:00"),
    )
    assert (stopped["outcome"], begun["outcome"]) == ("stopped", "confirmed")
    assert [word for *_, word in stage.told] == ["charge"]
    assert stage.events == ["started", "cancelled", "started"]
    await stage.act("stop_override")
    assert (stage.told, stage.settings) == (before, settings)


@on(*BRANDS)
async def test_start_while_another_cannot_be_cleared(stage: Stage) -> None:
    """What could not be cleared away is replaced, and its way back is kept."""
    before, settings = stage.told, stage.settings
    await stage.act("force_discharge", power=300, end="13:00")
    await stage.live(0.75)
    stage.cut_off()
    await stage.live(0.25)
    stage.mend()
    await stage.live(0.02, step=1)
    response = await stage.act("force_charge", target_soc=90, end="15:00")
    assert response["outcome"] == "confirmed"
    assert [word for *_, word in stage.told] == ["charge"]
    await stage.live(2.25)
    assert stage.override == "none"
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.issues == {}


@on(*BRANDS)
async def test_stop_twice(stage: Stage) -> None:
    """Stopping twice, and at once, is fine."""
    before, settings = stage.told, stage.settings
    await stage.act("force_discharge", power=300, end="14:00")
    answers = await asyncio.gather(*(stage.act("stop_override") for _ in range(2)))
    assert [answer["outcome"] for answer in answers] == ["stopped", "nothing"]
    assert await stage.act("stop_override") == {"outcome": "nothing"}
    assert stage.events == ["started", "cancelled"]
    assert (stage.told, stage.settings) == (before, settings)


@on(*HYBRIDS)
async def test_replacements_keep_the_way_back(stage: Stage) -> None:
    """However often it is replaced, the schedule from before comes back."""
    await stage.act("set_schedule", periods=[NIGHT])
    before, settings = stage.told, stage.settings
    assert len(before) == 1
    await stage.act("force_discharge", power=300, end="14:00")
    await stage.act("force_charge", target_soc=80, end="15:00")
    await stage.act("hold", end="16:00")
    await stage.live(0.25)
    await stage.restart()
    await stage.act("force_discharge", target_soc=30, end="17:00")
    await stage.act("stop_override")
    assert (stage.told, stage.settings) == (before, settings)


@on(*SCHEDULED)
@pytest.mark.parametrize("action", ["set_schedule", "clear_schedule"])
async def test_schedule_meanwhile(stage: Stage, action: str) -> None:
    """A schedule that is set or cleared meanwhile is what is put back."""
    data = {"set_schedule": {"periods": [DAY[stage.brand.name]]}}.get(action, {})
    await stage.act("set_schedule", periods=[EVENING[stage.brand.name]])
    await stage.act("force_discharge", power=300, end="14:00")
    await stage.act(action, **data)
    assert "discharge" in [word for *_, word in stage.told]
    held = await stage.act("get_schedule")
    starts = [period["start"] for period in held["periods"]]
    assert starts == [period["start"] for period in data.get("periods", [])]
    await stage.live(2)
    assert stage.override == "none"
    assert [start for start, *_ in stage.told] == starts


DAY: dict[str, dict[str, Any]] = {
    "foxess": NIGHT,
    "min": NIGHT,
    "sph": NIGHT,
    "noah": {"start": "02:00", "end": "05:00", "mode": "growatt_battery_first"},
}
EVENING: dict[str, dict[str, Any]] = {
    name: {**period, "start": "18:00", "end": "19:00"} for name, period in DAY.items()
}


@on(*HYBRIDS)
async def test_limits_meanwhile(stage: Stage) -> None:
    """A limit that a person sets meanwhile is not put back."""
    await stage.act("force_charge", target_soc=90, end="14:00")
    await stage.act("set_soc_limits", min_soc_on_grid=25)
    await stage.act("stop_override")
    assert stage.told == []
    assert float(stage.value("number", "min_soc_on_grid")) == 25
    assert "25" in {str(value) for value in stage.settings.values()}


@pytest.mark.parametrize("brand", BRANDS, ids=str)
async def test_planned(play: Play, brand: Brand) -> None:
    """What is planned begins at its time, and writes nothing before."""
    stage = await play(brand)
    before, settings = stage.told, stage.settings
    count = len(stage.writes)
    response = await stage.act("force_discharge", power=300, start="13:30", end="14:30")
    assert response["outcome"] == "planned"
    await stage.live(1.25)
    assert len(stage.writes) == count
    assert stage.events == []
    await stage.live(0.25, step=1)
    assert stage.events == ["started"]
    assert [word for *_, word in stage.told] == ["discharge"]
    await stage.live(1)
    assert stage.events == ["started", "ended"]
    assert (stage.told, stage.settings) == (before, settings)


@on(*BRANDS)
async def test_planned_over_a_restart(stage: Stage) -> None:
    """What is planned is known after a restart, and can be stopped before it begins."""
    count = len(stage.writes)
    await stage.act("force_discharge", power=300, start="13:30", end="14:30")
    await stage.restart()
    assert await stage.act("stop_override") == {"outcome": "stopped"}
    await stage.live(2)
    assert len(stage.writes) == count
    assert "started" not in stage.events


@on(*BRANDS)
async def test_end_beyond_a_day(stage: Stage) -> None:
    """What lasts longer than a day is told again as long as it lasts."""
    before, settings = stage.told, stage.settings
    response = await stage.act("hold", end="2026-06-16T18:00:00")
    assert response["until"] == "2026-06-16T16:00:00+00:00"
    once = len(stage.writes)
    for _ in range(14):
        await stage.live(2, step=15)
        assert stage.override == "hold"
        assert stage.told != before
    assert len(stage.writes) <= once * 5
    await stage.live(2.25, step=15)
    assert stage.override == "none"
    assert (stage.told, stage.settings) == (before, settings)


async def test_two_systems(hass: HomeAssistant, play: Play) -> None:
    """One call steers several systems, of whichever vendors."""
    stages = [await play(brand) for brand in (FOXESS, MIN)]
    before = [stage.told for stage in stages]
    ids = [stage.device_id for stage in stages]
    begun: Any = await hass.services.async_call(
        DOMAIN,
        "force_discharge",
        {"device_id": ids, "power": 300, "end": "16:00"},
        blocking=True,
        return_response=True,
    )
    assert [begun[one]["outcome"] for one in ids] == ["confirmed"] * 2
    assert [stage.told[0][2] for stage in stages] == ["discharge"] * 2
    ended: Any = await hass.services.async_call(
        DOMAIN,
        "stop_override",
        {"device_id": ids},
        blocking=True,
        return_response=True,
    )
    assert [ended[one] for one in ids] == [{"outcome": "stopped"}] * 2
    assert [stage.told for stage in stages] == before
