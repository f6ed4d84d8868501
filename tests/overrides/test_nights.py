"""The two nights in which a wall clock is put forward or back."""

from datetime import datetime

import pytest

from .brands import BRANDS, Brand
from .conftest import Play
from .stage import Stage

# At midnight in Berlin, each after ten minutes.
AUTUMN = "2026-10-24 21:50:00+00:00"
SPRING = "2026-03-28 22:50:00+00:00"


async def minutes_told(stage: Stage, hours: float) -> int:
    """Let hours pass, and return for how many minutes the device was told something."""
    told = 0
    for _ in range(round(hours * 12)):
        await stage.live(5 / 60)
        told += 5 * (stage.override != "none" and bool(stage.told))
    return told


@pytest.mark.parametrize("brand", BRANDS, ids=str)
@pytest.mark.parametrize(
    ("at", "until", "hours"),
    [
        pytest.param(AUTUMN, "2026-10-25T05:00:00+00:00", 7, id="autumn"),
        pytest.param(SPRING, "2026-03-29T04:00:00+00:00", 5, id="spring"),
    ],
)
async def test_until_six(
    play: Play, brand: Brand, at: str, until: str, hours: int
) -> None:
    """What ends at six ends at six, whatever the clock did meanwhile."""
    stage = await play(brand, at=at)
    before, settings = stage.told, stage.settings
    response = await stage.act("force_discharge", power=300, end="06:00")
    assert response["until"] == until
    assert datetime.fromisoformat(response["device_until"]) >= datetime.fromisoformat(
        until
    )
    await stage.live(hours - 0.25, step=15)
    assert stage.override == "force_discharge"
    assert [word for *_, word in stage.told] == ["discharge"]
    await stage.live(0.5)
    assert stage.override == "none"
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.issues == {}


@pytest.mark.parametrize("brand", BRANDS, ids=str)
@pytest.mark.parametrize(
    ("at", "start", "end", "minutes"),
    [
        pytest.param(AUTUMN, "01:30", "03:30", 180, id="autumn, over the hour"),
        pytest.param(AUTUMN, "02:15", "02:45", 30, id="autumn, within the hour"),
        pytest.param(AUTUMN, "02:00", "03:00", 120, id="autumn, the hour itself"),
        pytest.param(SPRING, "01:30", "03:30", 60, id="spring, over the hour"),
        pytest.param(SPRING, "02:15", "02:45", 30, id="spring, within the hour"),
    ],
)
async def test_over_the_hour(
    play: Play, brand: Brand, at: str, start: str, end: str, minutes: int
) -> None:
    """What is planned over the hour that comes twice or never happens once."""
    stage = await play(brand, at=at)
    before, settings = stage.told, stage.settings
    await stage.act("force_discharge", power=300, start=start, end=end)
    assert await minutes_told(stage, 6) == pytest.approx(minutes, abs=5)
    assert stage.events[0] == "started"
    assert stage.events[-1] == "ended"
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.issues == {}
