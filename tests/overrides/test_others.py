"""Somebody else steers as well: what he changes is respected."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pytest

from simulator.eaton.operations import Operation
from simulator.foxess.schedule import Group

from .brands import EATON, FOXESS, HYBRIDS, MIN, SPH, Told
from .stage import Stage

EVENING: Final[Told] = ("18:00", "20:00", "discharge")


def on(*brands: object) -> pytest.MarkDecorator:
    """Return what has a test run with a system of each of some brands."""
    return pytest.mark.parametrize("stage", brands, indirect=True, ids=str)


def _foxess_adds(inverter: Any) -> None:
    """Add a period in the vendor's app."""
    group = Group(
        start=18 * 60,
        end=20 * 60 - 1,
        work_mode="ForceDischarge",
        params={
            "minSocOnGrid": 10,
            "fdSoc": 20,
            "fdPwr": 2000,
            "maxSoc": 100,
            "importLimit": 0,
            "exportLimit": 0,
        },
    )
    inverter.scheduler.replace([*inverter.scheduler.groups, group])
    inverter.scheduler.enabled = True


def _min_adds(device: Any) -> None:
    """Add a slot in the vendor's app."""
    device.settings |= {
        "forcedTimeStart9": "18:0",
        "forcedTimeStop9": "19:59",
        "time9Mode": 2,
        "forcedStopSwitch9": 1,
    }


def _sph_adds(device: Any) -> None:
    """Add a period of discharging in the vendor's app."""
    device.settings |= {
        "forcedDischargeTimeStart3": "18:0",
        "forcedDischargeTimeStop3": "19:59",
        "forcedDischargeStopSwitch3": 1,
    }


def _foxess_clears(inverter: Any) -> None:
    """Remove everything in the vendor's app."""
    inverter.scheduler.replace([])
    inverter.scheduler.enabled = False


def _min_clears(device: Any) -> None:
    """Switch all slots off in the vendor's app."""
    device.settings |= {f"forcedStopSwitch{number}": 0 for number in range(1, 10)}


def _sph_clears(device: Any) -> None:
    """Switch all periods off in the vendor's app."""
    device.settings |= {
        f"forced{kind}StopSwitch{number}": 0
        for number in range(1, 4)
        for kind in ("Charge", "Discharge")
    }


ADDS: Final[dict[str, Callable[[Any], None]]] = {
    "foxess": _foxess_adds,
    "min": _min_adds,
    "sph": _sph_adds,
}
CLEARS: Final[dict[str, Callable[[Any], None]]] = {
    "foxess": _foxess_clears,
    "min": _min_clears,
    "sph": _sph_clears,
}


def change(stage: Stage, how: dict[str, Callable[[Any], None]]) -> None:
    """Change a device by the vendor's app."""
    stage.device.change(lambda: how[stage.brand.name](stage.device))


@on(*HYBRIDS)
async def test_added_beside_ours(stage: Stage) -> None:
    """What somebody adds beside ours stays, and ours goes on to its end."""
    await stage.act("force_charge", power=500, end="14:30")
    await stage.live(0.25)
    change(stage, ADDS)
    await stage.live(1)
    assert stage.override == "force_charge"
    held = await stage.act("get_schedule")
    assert [period["start"] for period in held["periods"]] == ["18:00"]
    await stage.live(1.25)
    assert stage.override == "none"
    assert stage.told == [EVENING]
    assert stage.issues == {}
    assert "superseded" not in stage.events


@on(*HYBRIDS)
async def test_ours_removed(stage: Stage) -> None:
    """What somebody removes is over, and nothing is written."""
    await stage.act("force_discharge", end="14:30")
    await stage.live(0.25)
    change(stage, CLEARS)
    count = len(stage.writes)
    await stage.live(0.75)
    assert stage.events == ["started", "superseded"]
    assert stage.override == "none"
    assert stage.told == []
    assert len(stage.writes) == count
    assert stage.issues == {}


@on(*HYBRIDS)
async def test_ours_removed_twice(stage: Stage) -> None:
    """Who removes ours twice in a day is shown beside us."""
    for _ in range(2):
        await stage.act("force_discharge", target_soc=20, duration=180)
        change(stage, CLEARS)
        change(stage, ADDS)
        await stage.live(0.75)
    assert stage.events.count("superseded") == 2
    assert stage.issues.keys() == {"fight"}
    shown = stage.issues["fight"]
    assert "force_discharge" in shown["ours"]
    assert "18:00-20:00 force_discharge" in shown["theirs"]
    assert stage.told == [EVENING]
    await stage.act("force_discharge", target_soc=20, duration=30)
    await stage.live(0.75)
    assert stage.issues == {}


@on(EATON)
async def test_another_command(stage: Stage) -> None:
    """Another command is left to run, and ours is over."""
    unit = stage.device
    await stage.act("force_charge", target_soc=80, duration=180)
    command = unit.new_command(Operation(command="SET_BASIC_MODE"), 5)
    unit.change(lambda: unit.obey_command(command))
    count = len(stage.writes)
    await stage.live(0.5)
    assert stage.events == ["started", "superseded"]
    assert [word for _, _, word in stage.told] == ["rest"]
    assert len(stage.writes) == count


@on(EATON)
async def test_another_command_twice(stage: Stage) -> None:
    """Who commands something else twice in a day is shown beside us."""
    unit = stage.device
    for _ in range(2):
        await stage.act("force_charge", target_soc=80, duration=180)
        command = unit.new_command(Operation(command="SET_BASIC_MODE"), 5)
        unit.change(partial(unit.obey_command, command))
        await stage.live(0.5)
    assert stage.issues.keys() == {"fight"}
    assert "force_charge" in stage.issues["fight"]["ours"]
    assert "eaton_basic" in stage.issues["fight"]["theirs"]


@on(FOXESS, MIN, SPH)
async def test_ours_removed_while_nobody_looked(stage: Stage) -> None:
    """What was removed while Home Assistant was away is not put back to anything."""
    await stage.act("force_discharge", end="14:30")
    await stage.unload()
    change(stage, CLEARS)
    change(stage, ADDS)
    stage.freezer.tick(4 * 3600)
    await stage.hass.config_entries.async_setup(stage.entry.entry_id)
    await stage.hass.async_block_till_done(wait_background_tasks=True)
    await stage.live(0.25)
    assert stage.told == [EVENING]
    assert stage.override == "none"
