"""Reading and writing the settings of a device."""

from datetime import time, timedelta

import pytest

from custom_components.home_battery.battery.change import (
    Change,
    ControlChange,
    ScheduleChange,
)
from custom_components.home_battery.battery.errors import ChangeError, Problem
from custom_components.home_battery.battery.model import Record
from custom_components.home_battery.battery.schedule import Period, Schedule
from custom_components.home_battery.transport.errors import (
    LimitError,
    NotSentError,
    TransientError,
    UnknownDeviceError,
    UnsupportedError,
)

from . import beans
from .cloud import Cloud, hiccup

NIGHT = Period(start=time(22), end=time(6), mode="force_charge", target_soc=80)
LATE = Period(start=time(18), end=time(20), mode="force_discharge")


async def bring(cloud: Cloud, change: Change) -> Record:
    """Bring a change to a device, and return what it holds then."""
    before = await cloud.control.read(None, None)
    change = change.completed(before)
    change.check(before)
    await cloud.control.write(change, before)
    after = await cloud.control.read(change, before)
    assert change.held_by(after)
    return after


@pytest.mark.parametrize(
    ("kind", "record", "tells"),
    [
        ("min", beans.MIN, "min_settings"),
        ("min", beans.MIN, "min_details"),
        ("sph", beans.SPH, "sph_details"),
        ("sph", beans.SPH, "details_v4"),
        ("spa", beans.SPA, "spa_details"),
        ("spa", beans.SPA, "details_v4"),
        ("noah", beans.NOAH, "noah_app_settings"),
        ("noah", beans.NOAH, "details_v4"),
    ],
)
async def test_whichever_call_tells(kind: str, record: dict, tells: str) -> None:
    """The first call that tells the settings is found, and asked from then on."""
    cloud = Cloud(kind, record, tells)
    first = await cloud.control.read(None, None)
    assert first.controls
    assert first.schedule is not None
    cloud.take_calls()
    again = await cloud.control.read(None, first)
    assert cloud.take_calls() == [tells]
    assert again == first


async def test_version_4_of_a_min() -> None:
    """Its record may be within that of the device."""
    cloud = Cloud("min", {"tlxSetbean": beans.MIN}, "details_v4")
    assert (await cloud.control.read(None, None)).controls["min_soc"].value == 12


async def test_another_call_takes_over() -> None:
    """When the call that was learned tells nothing any more, the next is asked."""
    cloud = Cloud("min", beans.MIN, "min_settings")
    known = await cloud.control.read(None, None)
    cloud.tells = ("min_details",)
    cloud.take_calls()
    assert (await cloud.control.read(None, known)).controls == known.controls
    assert cloud.take_calls() == ["min_settings", "min_details"]
    await cloud.control.read(None, known)
    assert cloud.take_calls() == ["min_details"]


async def test_a_spa_of_which_version_1_tells_too_little() -> None:
    """Where nobody tells of charging from the grid, the rest is shown all the same."""
    record = {key: value for key, value in beans.SPA.items() if key != "acChargeEnable"}
    cloud = Cloud("spa", record, "spa_details")
    known = await cloud.control.read(None, None)
    assert "ac_charge" not in known.controls
    assert "charge_power_rate" in known.controls
    cloud.take_calls()
    with pytest.raises(ChangeError) as caught:
        await bring(cloud, ControlChange({"charge_power_rate": 50}))
    assert caught.value.problem is Problem.NOT_READ
    assert cloud.take_calls() == ["spa_details"]


async def test_a_token_that_may_read_parameters_only() -> None:
    """Settings that no record tells are asked for one by one, seldom."""
    cloud = Cloud("min", beans.MIN)
    cloud.fails["min_details"] = UnsupportedError("error_permission_denied")
    cloud.singles = {
        "charge_power": "90",
        "charge_stop_soc": "100",
        "ac_charge": "1",
        "tlx_on_off": "1",
    }
    known = await cloud.control.read(None, None)
    assert {key: control.value for key, control in known.controls.items()} == {
        "charge_power_rate": 90,
        "max_soc": 100,
        "ac_charge": True,
        "on_off": True,
    }
    assert known.schedule is None
    cloud.take_calls()
    assert await cloud.control.read(None, known) == known
    assert cloud.take_calls() == []
    await cloud.control.read(ControlChange({"ac_charge": False}), known)
    assert cloud.take_calls() == ["min_parameter:ac_charge"]
    cloud.clock.at += timedelta(hours=4)
    await cloud.control.read(None, known)
    # What the device does not know is not asked for again.
    assert len(cloud.take_calls()) == 4


async def test_a_day_later_the_better_call_is_tried_again() -> None:
    """What a token may do can change."""
    cloud = Cloud("min", beans.MIN)
    cloud.singles = {"charge_stop_soc": "100"}
    known = await cloud.control.read(None, None)
    cloud.tells = ("min_settings",)
    cloud.clock.at += timedelta(days=1)
    assert (await cloud.control.read(None, known)).schedule is not None


@pytest.mark.parametrize(
    ("kind", "record", "tells", "change"),
    [
        (
            "min",
            beans.MIN,
            "min_settings",
            ControlChange({"charge_power_rate": 50, "eps": False}),
        ),
        (
            "min",
            beans.MIN,
            "min_settings",
            ScheduleChange(Schedule(enabled=True, periods=(NIGHT, LATE))),
        ),
        (
            "sph",
            beans.SPH,
            "sph_details",
            ControlChange({"export_limit": 1000, "charge_stop_soc": 90}),
        ),
        (
            "sph",
            beans.SPH,
            "sph_details",
            ScheduleChange(Schedule(enabled=True, periods=(NIGHT, LATE))),
        ),
        (
            "noah",
            beans.NOAH,
            "noah_app_settings",
            ControlChange({"default_power": 300, "off_grid": True}),
        ),
    ],
)
async def test_changes(kind: str, record: dict, tells: str, change: Change) -> None:
    """A change is sent, and the device holds it."""
    await bring(Cloud(kind, record, tells), change)


async def test_what_is_read_for_one_setting() -> None:
    """A change of what is asked of the device itself asks for nothing else."""
    cloud = Cloud("sph", beans.SPH, "sph_details")
    cloud.singles = {"pv_on_off": "1"}
    known = await cloud.control.read(None, None)
    cloud.take_calls()
    await cloud.control.read(ControlChange({"on_off": False}), known)
    assert cloud.take_calls() == ["sph_parameter:pv_on_off"]
    await cloud.control.read(ScheduleChange(Schedule(enabled=False)), known)
    assert cloud.take_calls() == ["sph_details"]


async def test_only_what_differs_is_sent() -> None:
    """What the device holds already is not sent again."""
    cloud = Cloud("min", beans.MIN, "min_settings")
    before = await cloud.control.read(None, None)
    cloud.take_calls()
    await cloud.control.write(
        ControlChange({"charge_power_rate": 100, "max_soc": 90}), before
    )
    assert cloud.take_calls() == ["min_set"]


async def test_a_write_that_fails_and_is_taken() -> None:
    """The rest follows when the device turns out to have taken the first."""
    cloud = Cloud("min", beans.MIN, "min_settings")
    cloud.fails["min_set"] = hiccup()
    await bring(cloud, ScheduleChange(Schedule(enabled=True, periods=(NIGHT, LATE))))


@pytest.mark.parametrize("error", [hiccup(), NotSentError("No way")])
async def test_a_write_that_fails_and_is_lost(error: TransientError) -> None:
    """Nothing follows a write that the device has not taken."""
    cloud = Cloud("min", beans.MIN, "min_settings")
    before = await cloud.control.read(None, None)
    cloud.taken = False
    cloud.fails["min_set"] = error
    cloud.take_calls()
    with pytest.raises(type(error)):
        await cloud.control.write(
            ControlChange({"charge_power_rate": 50, "max_soc": 90}), before
        )
    assert cloud.take_calls().count("min_set") == 1


async def test_a_record_that_is_told_every_few_minutes() -> None:
    """What was told lately is enough for a change, and the call is kept to confirm it."""
    cloud = Cloud("sph_s", {"activeRate": 100}, "details_v4")
    change = ControlChange({"active_power_rate": 60})
    known = await cloud.control.read(None, None)
    cloud.clock.at += timedelta(minutes=20)
    cloud.take_calls()
    assert await cloud.control.read(change, known) == known
    assert cloud.take_calls() == []
    await cloud.control.write(change, known)
    assert change.held_by(await cloud.control.read(change, known))


async def test_a_record_that_cannot_be_told_again() -> None:
    """What was told before a write never confirms it."""
    cloud = Cloud("sph_s", {"activeRate": 100}, "details_v4")
    change = ControlChange({"active_power_rate": 60})
    known = await cloud.control.read(None, None)
    cloud.fails["details_v4!"] = LimitError("Too soon", retry_after=240)
    cloud.clock.at += timedelta(minutes=1)
    assert await cloud.control.read(None, known) == known
    await cloud.control.write(change, known)
    with pytest.raises(LimitError):
        await cloud.control.read(change, known)


async def test_a_record_of_which_a_part_is_told_more_often() -> None:
    """What a SPA tells more often confirms a change that it knows of."""
    cloud = Cloud("spa", beans.SPA, "details_v4")
    known = await cloud.control.read(None, None)
    cloud.record = {
        key: value for key, value in beans.SPA.items() if key != "acChargeEnable"
    }
    cloud.tells = ("spa_details",)
    cloud.fails["details_v4!"] = LimitError("Too soon", retry_after=240)
    cloud.take_calls()
    change = ControlChange({"charge_power_rate": 55})
    before = await cloud.control.read(change, known)
    assert before.controls == known.controls
    assert cloud.take_calls() == ["spa_details"]
    await cloud.control.write(change, before)
    after = await cloud.control.read(change, before)
    assert change.held_by(after)
    assert "ac_charge" in after.controls
    assert cloud.take_calls()[1:] == ["details_v4", "spa_details"]
    cloud.fails["spa_details"] = UnsupportedError("error_permission_denied")
    with pytest.raises(LimitError):
        await cloud.control.read(change, after)


async def test_a_record_that_is_too_old() -> None:
    """What was told long ago is not enough."""
    cloud = Cloud("sph_s", {"activeRate": 100}, "details_v4")
    known = await cloud.control.read(None, None)
    cloud.fails["details_v4!"] = LimitError("Too soon", retry_after=240)
    cloud.clock.at += timedelta(hours=1)
    with pytest.raises(LimitError):
        await cloud.control.read(ControlChange({"active_power_rate": 60}), known)


async def test_a_write_of_which_nothing_can_be_learned() -> None:
    """When the settings cannot be read after a failure, the failure counts."""
    cloud = Cloud("min", beans.MIN, "min_settings")
    before = await cloud.control.read(None, None)
    cloud.fails = {
        "min_set": hiccup(),
        "min_settings": LimitError("Too soon", retry_after=60),
    }
    with pytest.raises(TransientError, match="System error"):
        await cloud.control.write(
            ControlChange({"charge_power_rate": 50, "max_soc": 90}), before
        )


async def test_the_last_write_is_for_reading_back_to_tell() -> None:
    """One write that fails is not looked into here."""
    cloud = Cloud("min", beans.MIN, "min_settings")
    before = await cloud.control.read(None, None)
    cloud.fails["min_set"] = hiccup()
    cloud.take_calls()
    with pytest.raises(TransientError):
        await cloud.control.write(ControlChange({"max_soc": 90}), before)
    assert cloud.take_calls() == ["min_set"]


async def test_a_record_that_cannot_be_read() -> None:
    """A hiccup is told, and stops a change, however much is known."""
    cloud = Cloud("min", beans.MIN, "min_settings")
    known = await cloud.control.read(None, None)
    cloud.fails["min_settings!"] = hiccup()
    with pytest.raises(TransientError):
        await cloud.control.read(None, known)
    with pytest.raises(TransientError):
        await cloud.control.read(ControlChange({"max_soc": 90}), known)
    with pytest.raises(TransientError):
        await cloud.control.read(None, None)


@pytest.mark.parametrize(
    "error", [LimitError("Too soon", retry_after=60), UnknownDeviceError("Gone")]
)
async def test_errors_that_end_it(error: Exception) -> None:
    """Limits and a device that is gone are told at once."""
    cloud = Cloud("min", beans.MIN, "min_settings")
    cloud.fails["min_settings!"] = error  # type: ignore[assignment]  # Both are such
    with pytest.raises(type(error)):
        await cloud.control.read(None, None)


async def test_an_inverter_at_night() -> None:
    """What was asked of a device that sleeps stays as it was known."""
    cloud = Cloud("inverter", {})
    cloud.singles = {"pv_on_off": "1", "power_v4": 100}
    known = await cloud.control.read(None, None)
    assert known.controls.keys() == {"on_off", "active_power_rate"}
    assert known.read.keys() == {"on_off", "active_power_rate"}
    cloud.clock.at += timedelta(hours=4)
    cloud.fails = {"pv_on_off": hiccup(), "power_v4": hiccup()}
    assert (await cloud.control.read(None, known)).controls == known.controls
    cloud.fails = {"power_v4": LimitError("Too soon", retry_after=60)}
    with pytest.raises(LimitError):
        await cloud.control.read(None, known)


async def test_an_answer_that_tells_nothing() -> None:
    """What a device does not tell any more is no fresher for having been asked for."""
    cloud = Cloud("inverter", {})
    cloud.singles = {"pv_on_off": "1", "power_v4": 100}
    known = await cloud.control.read(None, None)
    cloud.clock.at += timedelta(hours=4)
    cloud.singles = {"pv_on_off": "", "power_v4": 100}
    after = await cloud.control.read(None, known)
    assert after.controls == known.controls
    assert (
        after.read["on_off"] == known.read["on_off"] < after.read["active_power_rate"]
    )
    assert after.seldom == {"on_off", "active_power_rate"}


async def test_an_inverter_that_is_gone() -> None:
    """A device that the vendor does not know lacks nothing for that."""
    cloud = Cloud("inverter", {})
    cloud.fails = {"pv_on_off": UnknownDeviceError("Gone")}
    cloud.singles = {"pv_on_off": "1"}
    with pytest.raises(UnknownDeviceError):
        await cloud.control.read(None, None)
    assert (await cloud.control.read(None, None)).controls.keys() == {"on_off"}


async def test_a_device_without_a_schedule() -> None:
    """A schedule for a unit without a battery is refused."""
    cloud = Cloud("min", beans.PV_ONLY, "min_settings")
    before = await cloud.control.read(None, None)
    with pytest.raises(ChangeError) as caught:
        await cloud.control.write(ScheduleChange(Schedule(enabled=False)), before)
    assert caught.value.problem is Problem.NO_SCHEDULE
