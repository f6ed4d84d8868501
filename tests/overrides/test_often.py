"""Who asks again and again: writes are few, and at last refused."""

import pytest

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .brands import BRANDS, FOXESS, MIN
from .stage import Stage

ONE_DAY = 23 * 12


def on(*brands: object) -> pytest.MarkDecorator:
    """Return what has a test run with a system of each of some brands."""
    return pytest.mark.parametrize("stage", brands, indirect=True, ids=str)


@on(*BRANDS)
async def test_same_end(stage: Stage) -> None:
    """The same call every five minutes until an end is one command."""
    before = len(stage.writes)
    await stage.act("force_discharge", power=300, end="18:00")
    once = len(stage.writes)
    for _ in range(60):
        await stage.live(5 / 60)
        response = await stage.act("force_discharge", power=300, end="18:00")
        assert response["outcome"] == "unchanged"
    assert len(stage.writes) == once
    assert once > before
    assert stage.events == ["started"]


@on(FOXESS)
async def test_same_end_all_day(stage: Stage) -> None:
    """A controller that repeats itself all day causes a single write."""
    stage.freezer.move_to("2026-06-15 22:01:00+00:00")
    await stage.live(5 / 60)
    for _ in range(ONE_DAY):
        await stage.act("hold", end="23:30")
        await stage.live(5 / 60)
    assert stage.writes_today == 1


@on(*BRANDS)
async def test_moving_end(stage: Stage) -> None:
    """A duration that begins anew with each call is a write every few hours."""
    await stage.act("hold", duration=30)
    once = len(stage.writes)
    for _ in range(12 * 12):
        await stage.live(5 / 60)
        await stage.act("hold", duration=30)
    assert stage.override == "hold"
    # It is told hours ahead, and again an hour before that ends: a write in three hours.
    assert len(stage.writes) - once <= 5


@on(*BRANDS)
async def test_without_end(stage: Stage) -> None:
    """What has no end is kept a few hours ahead, with a handful of writes a day."""
    before, settings = stage.told, stage.settings
    await stage.act("force_charge", target_soc=100, power=300)
    once = len(stage.writes)
    for _ in range(8):
        await stage.live(1, step=10)
        assert stage.override == "force_charge"
        assert stage.told != before
    # Told for four hours, and again an hour before they are over.
    assert once < len(stage.writes) <= once * 4
    await stage.act("stop_override")
    assert (stage.told, stage.settings) == (before, settings)


async def wiggle(stage: Stage) -> None:
    """Command a charge, and set its power every 30 seconds."""
    await stage.do("number", "set_value", "command_duration", value=1200)
    await stage.do("select", "select_option", "command", option="charge")
    for turn in range(400):
        await stage.live(0.5 / 60, step=0.5)
        await stage.do(
            "number", "set_value", "command_power", value=300 * (1 + turn % 9)
        )


@on(MIN)
async def test_number_that_is_set_again_and_again(stage: Stage) -> None:
    """A number set every 30 seconds ends in the limit, and stopping still works."""
    before, settings = stage.told, stage.settings
    with pytest.raises(ServiceValidationError) as raised:
        await wiggle(stage)
    assert raised.value.translation_key == "too_many_writes"
    assert stage.writes_today == 300
    assert stage.issues.keys() == {"many_writes"}
    assert stage.override == "force_charge"
    await stage.act("stop_override")
    assert stage.override == "none"
    assert (stage.told, stage.settings) == (before, settings)


@on(FOXESS)
async def test_number_that_uses_up_the_day(stage: Stage) -> None:
    """Where calls are fewer than writes, enough are left to end what runs."""
    before, settings = stage.told, stage.settings
    stage.expected_errors.append("All calls of this day are used up")
    with pytest.raises(HomeAssistantError) as raised:
        await wiggle(stage)
    assert raised.value.translation_key == "quota_exhausted"
    assert 100 < stage.writes_today < 300
    assert stage.override == "force_charge"
    await stage.act("stop_override")
    assert stage.override == "none"
    assert (stage.told, stage.settings) == (before, settings)
