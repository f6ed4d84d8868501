"""What a device's scheduler can hold, and SOC limits within its groups."""

from typing import Any

import pytest

from custom_components.home_battery.battery.capabilities import (
    PowerMeaning,
    Range,
    ScheduleCapabilities,
)
from custom_components.home_battery.battery.errors import Problem, ScheduleError
from custom_components.home_battery.vendors.foxess.models import Scheduler
from custom_components.home_battery.vendors.foxess.schedule import (
    capabilities_of,
    soc_limit,
    with_soc_limits,
)

from . import wire

NUMBERS: dict[str, float] = {
    "minSocOnGrid": 20,
    "fdSoc": 60,
    "fdPwr": 3000,
    "maxSoc": 90,
}


def scheduler(*groups: dict[str, Any], version: int = 3, **more: Any) -> Scheduler:
    """Return a scheduler with these groups."""
    answer = {"groups": list(groups), "properties": wire.properties(version), **more}
    return Scheduler.parse(answer, version)


def capabilities(
    version: int = 3, *, min_soc: float | None = 10, **more: Any
) -> ScheduleCapabilities:
    """Return what a scheduler can hold."""
    return capabilities_of(
        scheduler(version=version, **more), max_power=8000, min_soc=min_soc
    )


def changed(name: str, **prop: Any) -> dict[str, Any]:
    """Return the properties with one of them changed."""
    return {"properties": {**wire.properties(3), name: prop}}


@pytest.mark.parametrize(
    ("told", "most"), [(24, 8), (96, 8), (6, 6), (None, 8), ("4", 4), ("many", 8)]
)
def test_most_groups(told: object, most: int) -> None:
    """No more than 8 groups, whatever the device promises."""
    assert capabilities(maxGroupCount=told).max_periods == most


def test_shape() -> None:
    """Groups end behind their start within a day, on all days, and are in force."""
    can = capabilities()
    assert (can.crosses_midnight, can.days, can.disabled_periods) == (False,) * 3
    assert (can.minute_step, can.min_minutes) == (1, 2)
    assert can.target_not_below_min
    assert (can.target_soc, can.min_soc, can.max_soc) == (Range(10, 100),) * 3


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        pytest.param({"range": {"min": 0, "max": 10500}}, Range(1, 10500), id="told"),
        pytest.param({"range": {"min": 100, "max": 500}}, Range(100, 500), id="both"),
        pytest.param({"range": {"min": 0, "max": 0}}, None, id="no power at all"),
        pytest.param({}, Range(1, 8000), id="not told"),
        pytest.param({"range": {"min": None, "max": "x"}}, Range(1, 8000), id="broken"),
    ],
)
def test_power(limits: dict[str, Any], expected: Range | None) -> None:
    """The power is the device's own range, but never 0; else the rated one."""
    assert capabilities(**changed("fdpwr", **limits)).power == expected


def test_forced_modes_need_a_power() -> None:
    """Where no power is known, nothing is forced."""
    can = capabilities_of(
        Scheduler(version=3, enabled=True), max_power=None, min_soc=None
    )
    assert set(can.modes) == {"self_consumption", "feed_in_first", "backup"}


@pytest.mark.parametrize(
    ("version", "has"), [(0, False), (1, True), (2, True), (3, True)]
)
def test_ceiling_is_newer_than_version_0(version: int, has: bool) -> None:
    """Version 0 knows no highest SOC."""
    can = capabilities(version)
    assert (can.max_soc is not None) is has
    assert {mode.max_soc for mode in can.modes.values()} == {has}


@pytest.mark.parametrize(
    ("min_soc", "floor"), [(None, 10.0), (5.0, 10.0), (25.0, 25.0)]
)
def test_defaults(min_soc: float | None, floor: float) -> None:
    """What a period leaves open is the device's floor, full power and a full battery."""
    modes = capabilities(min_soc=min_soc).modes
    assert modes["self_consumption"].defaults == {"min_soc": floor, "max_soc": 100.0}
    assert modes["force_charge"].defaults == {
        "min_soc": floor,
        "max_soc": 100.0,
        "power": 10500.0,
        "target_soc": 100.0,
    }
    assert modes["foxess_force_discharge_bat"].defaults["target_soc"] == floor


def test_modes() -> None:
    """Forced modes have a power and a target, the others only limits."""
    modes = capabilities().modes
    assert {word for word, mode in modes.items() if mode.power} == {
        "force_charge",
        "foxess_force_discharge_bat",
    }
    assert modes["force_charge"].power_meaning is PowerMeaning.UNKNOWN
    assert modes["backup"].power_meaning is PowerMeaning.IGNORED


@pytest.mark.parametrize("lacking", ["minsocongrid", "fdsoc", "maxsoc"])
def test_parameter_that_the_device_lacks(lacking: str) -> None:
    """What cannot be sent is not offered, or reading back would contradict."""
    known = wire.properties(3)
    del known[lacking]
    can = capabilities(properties=known)
    field = {"minsocongrid": "min_soc", "fdsoc": "target_soc", "maxsoc": "max_soc"}
    offered = [
        word
        for word, mode in can.modes.items()
        if getattr(mode, field[lacking]) or field[lacking] in mode.defaults
    ]
    assert offered == []


@pytest.mark.parametrize("version", wire.VERSIONS)
def test_soc_limits_go_into_every_group(version: int) -> None:
    """All groups get the limits, and keep everything else."""
    before = scheduler(
        wire.group(version, 0, 599, "SelfUse", {**NUMBERS, "fdSoc": 20}),
        wire.group(version, 600, 900, "ForceCharge", NUMBERS),
        version=version,
    )
    after = with_soc_limits(before, min_soc=30, max_soc=95)
    assert [one.params["minSocOnGrid"] for one in after.groups] == [30, 30]
    assert [one.params["fdSoc"] for one in after.groups] == [30, 60]
    assert [one.params["fdPwr"] for one in after.groups] == [3000, 3000]
    assert [(one.start, one.end, one.work_mode) for one in after.groups] == [
        (one.start, one.end, one.work_mode) for one in before.groups
    ]
    assert with_soc_limits(before, min_soc=None, max_soc=None) == before


def test_floor_over_a_groups_target() -> None:
    """A forced group whose target would lie under the floor is told by its place."""
    before = scheduler(
        wire.group(3, 0, 599, "SelfUse", NUMBERS),
        wire.group(3, 600, 900, "ForceDischarge(BAT)", NUMBERS),
    )
    with pytest.raises(ScheduleError) as caught:
        with_soc_limits(before, min_soc=61, max_soc=None)
    assert caught.value.problem is Problem.SCHEDULE_TARGET_BELOW_MIN
    assert (caught.value.period_index, caught.value.limit) == (1, "61")
    assert caught.value.placeholders["value"] == "60"


@pytest.mark.parametrize(
    ("floors", "expected"), [((20, 20), 20), ((20, 30), None), ((), None)]
)
def test_soc_limit(floors: tuple[float, ...], expected: float | None) -> None:
    """A limit is known while all groups agree on it."""
    groups = [
        wire.group(3, index * 60, index * 60 + 59, "SelfUse", {"minSocOnGrid": floor})
        for index, floor in enumerate(floors)
    ]
    assert soc_limit(scheduler(*groups), "minSocOnGrid") == expected
