"""The vendor does not answer: at the start, at the end, and in between."""

import asyncio

import pytest

from homeassistant.exceptions import HomeAssistantError

from .brands import BRANDS, EATON, FOXESS, HYBRIDS, MIN, SCHEDULED
from .stage import Stage


def on(*brands: object) -> pytest.MarkDecorator:
    """Return what has a test run with a system of each of some brands."""
    return pytest.mark.parametrize("stage", brands, indirect=True, ids=str)


@on(*BRANDS)
async def test_outage_at_the_end(stage: Stage) -> None:
    """What cannot be put back is tried again, told after some tries, and then done."""
    before, settings = stage.told, stage.settings
    await stage.act("force_discharge", power=500, end="13:00")
    await stage.live(0.75)
    stage.cut_off()
    await stage.live(0.5)
    assert stage.events == ["started", "restore_failed"]
    (issue,) = stage.issues
    assert issue.startswith("leftover_")
    await stage.live(2.5)
    assert stage.events.count("restore_failed") == 1
    stage.mend()
    await stage.live(0.75)
    assert stage.events[-1] == "ended"
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.issues == {}
    assert stage.override == "none"


@on(*BRANDS)
async def test_outage_that_is_stopped_by_hand(stage: Stage) -> None:
    """Who stops what cannot be reached hears of it, and need not ask again."""
    before, settings = stage.told, stage.settings
    await stage.act("force_discharge", power=500, end="14:00")
    stage.cut_off()
    with pytest.raises(HomeAssistantError) as raised:
        await stage.act("stop_override")
    assert raised.value.translation_key == "communication_error"
    stage.mend()
    await stage.live(0.25)
    assert stage.events == ["started", "cancelled"]
    assert (stage.told, stage.settings) == (before, settings)


@on(FOXESS)
async def test_quota_gone_at_the_end(stage: Stage) -> None:
    """When all calls of a day are gone, what is over is put back with the next one."""
    before, settings = stage.told, stage.settings
    await stage.act("force_discharge", power=500, end="13:00")
    await stage.live(0.5)
    stage.break_with("quota_gone")
    stage.expected_errors.append("Error ")
    await stage.live(1)
    assert "restore_failed" in stage.events
    assert stage.issues.keys() == {"leftover_repeats_daily", "quota_exhausted"}
    assert stage.told != before
    stage.mend()
    await stage.live(2)
    assert stage.events[-1] == "ended"
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.issues == {}


@on(FOXESS)
async def test_quota_gone_at_the_start(stage: Stage) -> None:
    """What cannot be begun is said, and leaves nothing behind."""
    before, settings = stage.told, stage.settings
    stage.break_with("quota_gone")
    with pytest.raises(HomeAssistantError) as raised:
        await stage.act("force_discharge", power=500, end="13:00")
    assert raised.value.translation_key == "quota_exhausted"
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.override == "none"
    assert stage.events == []


@on(*HYBRIDS, EATON)
async def test_cut_off_in_the_middle(stage: Stage) -> None:
    """A battery that nobody reaches stops at its target."""
    await stage.act("force_charge", target_soc=60, end="20:00")
    await stage.live(0.1)
    stage.cut_off()
    stage.break_with("offline")
    reached = []
    for _ in range(8):
        await stage.live(0.5, step=15)
        reached.append(stage.soc)
    assert max(reached) == pytest.approx(60, abs=1)
    assert reached[-1] == pytest.approx(60, abs=1.5)


@on(*BRANDS)
async def test_refused_at_the_start(stage: Stage) -> None:
    """What is refused is said, and all is as it was."""
    before, settings = stage.told, stage.settings
    stage.expected_errors.append(TOO_SOON)
    stage.break_with("status", path=WRITES[stage.brand.name], value=503)
    with pytest.raises(HomeAssistantError) as raised:
        await stage.act("force_discharge", power=500, end="13:00")
    assert raised.value.translation_key in ("unconfirmed", "communication_error")
    stage.mend()
    await stage.live(0.25)
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.override == "none"
    assert stage.issues == {}


# Looking what became of it takes calls that the readings would have made.
TOO_SOON = "The vendor allows no such call now"
WRITES = {
    "foxess": "*/scheduler/enable",
    "min": "*/tlxSet",
    "sph": "*/mixSet",
    "noah": "*/setTimeSegment",
    "eaton": "*/device/command",
}


async def after_the_first_write(stage: Stage, kind: str, **fault: object) -> None:
    """Switch a fault on once something was written."""
    count = len(stage.writes)
    while len(stage.writes) == count:
        await asyncio.sleep(0)
    stage.break_with(kind, **fault)


@on(MIN)
@pytest.mark.parametrize("former", [False, True])
async def test_refused_half_way(stage: Stage, former: bool) -> None:
    """What was written of something that is then refused is taken back."""
    for _ in range(former):
        await stage.act("force_charge", target_soc=90, end="15:00")
    before, settings = stage.told, stage.settings
    answers = await asyncio.gather(
        stage.act("force_discharge", power=600, end="14:00"),
        after_the_first_write(stage, "errno", path="*/tlxSet", value=10004, count=1),
        return_exceptions=True,
    )
    assert isinstance(answers[0], HomeAssistantError)
    assert answers[0].translation_key == "refused"
    assert (stage.told, stage.settings) == (before, settings)
    await stage.live(0.25)
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.override == ("force_charge" if former else "none")


@on(*BRANDS)
async def test_out_of_order_for_hours(stage: Stage) -> None:
    """Also after many tries to go on, the end is told of that could not be put back."""
    before, settings = stage.told, stage.settings
    await stage.act("hold", end="20:00")
    await stage.act("force_discharge", power=300)
    stage.cut_off()
    await stage.live(5, step=15)
    with pytest.raises(HomeAssistantError):
        await stage.act("stop_override")
    await stage.live(1.5)
    assert stage.events[-1] == "restore_failed"
    stage.mend()
    await stage.live(0.75)
    assert stage.events[-1] == "cancelled"
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.issues == {}


@on(*SCHEDULED)
async def test_replacement_that_is_lost(stage: Stage) -> None:
    """When a replacement never arrives, what it should replace is cleared away."""
    before, settings = stage.told, stage.settings
    await stage.act("force_charge", end="15:00", target_soc=90)
    stage.expected_errors.append(TOO_SOON)
    stage.break_with("write_lost")
    with pytest.raises(HomeAssistantError) as raised:
        await stage.act("force_discharge", power=300, end="14:00")
    assert raised.value.translation_key == "unconfirmed"
    stage.mend()
    await stage.live(0.5)
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.override == "none"


@on(*BRANDS)
async def test_renewal_that_is_lost(stage: Stage) -> None:
    """When it is not told to go on, it is told once more, and put back at last."""
    before, settings = stage.told, stage.settings
    await stage.act("force_discharge", power=300)
    await stage.live(2.75)
    stage.expected_errors.append(TOO_SOON)
    stage.break_with("write_lost")
    await stage.live(0.5)
    stage.mend()
    await stage.live(1.5)
    assert stage.override == "force_discharge"
    assert [word for *_, word in stage.told] == ["discharge"]
    assert stage.events == ["started"]
    await stage.act("stop_override")
    assert (stage.told, stage.settings) == (before, settings)


@on(*BRANDS)
@pytest.mark.parametrize("fault", ["write_lost", "write_delayed"])
async def test_unconfirmed_at_the_start(stage: Stage, fault: str) -> None:
    """What nobody knows is said so, and in the end all is as it was."""
    before, settings = stage.told, stage.settings
    stage.expected_errors.append(TOO_SOON)
    stage.break_with(fault, value=200)
    with pytest.raises(HomeAssistantError) as raised:
        await stage.act("force_discharge", power=500, end="13:00")
    assert raised.value.translation_key == "unconfirmed"
    await stage.live(0.3, step=1)
    stage.mend()
    await stage.live(1.2)
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.override == "none"
    assert stage.issues == {}


@on(*SCHEDULED)
@pytest.mark.parametrize("fault", ["write_lost", "write_delayed"])
async def test_unconfirmed_at_the_end(stage: Stage, fault: str) -> None:
    """A way back that is not confirmed is gone again, until it is."""
    before, settings = stage.told, stage.settings
    await stage.act("force_discharge", power=500, end="13:00")
    await stage.live(0.75)
    stage.break_with(fault, value=200)
    await stage.live(0.3, step=1)
    stage.mend()
    await stage.live(1)
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.override == "none"
    assert stage.events[-1] == "ended"
    assert stage.issues == {}


@on(*BRANDS)
async def test_removed(stage: Stage) -> None:
    """An entry that goes leaves its device as it was."""
    before, settings = stage.told, stage.settings
    await stage.act("force_discharge", power=500, end="14:00")
    await stage.live(0.25)
    await stage.remove()
    assert (stage.told, stage.settings) == (before, settings)
    assert stage.issues == {}


@on(*BRANDS)
async def test_removed_while_nobody_answers(stage: Stage) -> None:
    """What cannot be put back any more is said in a repair issue that stays."""
    await stage.act("force_discharge", power=500, end="14:00")
    told = stage.told
    stage.cut_off()
    await stage.remove()
    (issue,) = stage.issues
    assert issue.startswith("leftover_")
    assert stage.lasting_issues == [issue]
    stage.mend()
    stage.freezer.tick(60)
    assert stage.told == told
