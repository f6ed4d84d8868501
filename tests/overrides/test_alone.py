"""Nobody is there any more: what the battery does of what it was told."""

import pytest

from .brands import BRANDS, EATON, FOXESS, HYBRIDS, MIN, NOAH_2000, SPH
from .stage import Stage

QUARTER = 900
DAY = 24 * 4


def on(*brands: object) -> pytest.MarkDecorator:
    """Return what has a test run with a system of each of some brands."""
    return pytest.mark.parametrize("stage", brands, indirect=True, ids=str)


def days(stage: Stage, count: int = 2) -> list[list[float]]:
    """Let days pass without Home Assistant, and return the SOC of each quarter."""
    course = []
    for _ in range(count * DAY):
        stage.freezer.tick(QUARTER)
        course.append(stage.soc)
    return [course[day * DAY : (day + 1) * DAY] for day in range(count)]


async def killed(stage: Stage, action: str, **data: object) -> None:
    """Begin an override by a Home Assistant that is never seen again."""
    await stage.act(action, end="16:10", **data)
    await stage.unload()


@on(*HYBRIDS)
async def test_charge_comes_again(stage: Stage) -> None:
    """A charge stops at its target and its end, and comes again every day."""
    await killed(stage, "force_charge", target_soc=70)
    told = stage.told
    first, second = days(stage)
    for day in (first, second):
        assert max(day) == pytest.approx(70, abs=1)
        # In the last quarter of the window it is there; long afterwards it is used.
        assert day[15] == pytest.approx(70, abs=1)
        assert min(day[16:]) < 60
    assert stage.told == told
    assert [(end, word) for _, end, word in told] == [("16:10", "charge")]


@on(EATON)
async def test_charge_does_not_come_again(stage: Stage) -> None:
    """A command stops at its target, ends within the hour, and is never seen again."""
    before = stage.told
    await killed(stage, "force_charge", target_soc=70)
    first, second = days(stage)
    assert max(first) == pytest.approx(70, abs=1)
    assert max(second) < 50
    assert stage.told == before


@on(*BRANDS)
async def test_discharge(stage: Stage) -> None:
    """A discharge leaves what is kept for an outage, tonight and every day."""
    reserve = stage.reserve
    await killed(stage, "force_discharge", power=700)
    told = stage.told
    first, second = days(stage)
    assert min(*first, *second) >= float(reserve) - 0.5
    assert stage.reserve == reserve
    assert stage.told == (told if stage.brand.repeats else [])


@on(FOXESS, MIN, SPH, EATON)
async def test_discharge_to_a_target(stage: Stage) -> None:
    """A discharge stops at its target while it lasts."""
    await killed(stage, "force_discharge", target_soc=35)
    first, _ = days(stage)
    assert min(first[:16]) == pytest.approx(35, abs=1)
    assert first[15] == pytest.approx(35, abs=1)


@on(NOAH_2000)
async def test_what_no_device_can_stop(stage: Stage) -> None:
    """A NOAH knows no target of a discharge, and gives until the end or its floor."""
    await killed(stage, "force_discharge", power=800, target_soc=40)
    first, second = days(stage)
    assert min(first) == pytest.approx(float(stage.reserve), abs=1)
    assert [(end, word) for _, end, word in stage.told] == [("16:10", "discharge")]
    assert max(second) <= first[-1] + 0.1


@on(FOXESS)
async def test_hold(stage: Stage) -> None:
    """A held battery is held until the end, and again every day at the same SOC."""
    await stage.act("hold", end="16:10")
    held = stage.soc
    await stage.unload()
    first, second = days(stage)
    assert first[15] == pytest.approx(held, abs=1)
    assert min(first[17:]) < held - 5
    assert second[15] < held - 5
    assert [word for *_, word in stage.told] == ["rest"]


@on(EATON)
async def test_hold_ends_by_itself(stage: Stage) -> None:
    """A unit that rests does so until the command ends."""
    await stage.act("hold", end="16:10")
    held = stage.soc
    await stage.unload()
    first, second = days(stage)
    assert first[15] == pytest.approx(held, abs=1)
    assert min(second) < 20
    assert stage.told == []
