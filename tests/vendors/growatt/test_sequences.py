"""Records that follow each other: what a cloud sends over a night, and what people see."""

from typing import Any

import pytest

from custom_components.home_battery.battery.model import Role
from homeassistant.const import STATE_UNAVAILABLE

from .samples import RECORDS
from .stage import MakePlay

DAY = {"ppv": 2558.7, "pac": 2503.8, "status": 1, "faultType": 0}
NIGHT = {"ppv": 0.0, "pac": 0.0, "status": 0, "faultType": 0}
ZEROS = {"epvTotal": 0, "eacTotal": 0, "epv1Total": 0, "epv2Total": 0}


def counted(total: float, today: float) -> dict[str, Any]:
    """Return the counters of a PV inverter."""
    return {"epvTotal": total, "eacTotal": total, "eacToday": today}


async def test_midnight_bounce(make_play: MakePlay) -> None:
    """Today's energy is 0 from midnight on, whatever the counter of the day says."""
    play = make_play("min", Role.PRODUCER)
    await play.begin("2026-06-15 12:00:00", **DAY, **counted(1000.0, 10.0))
    await play.at("2026-06-15 18:00:00", **DAY, **counted(1012.0, 22.0))
    await play.at("2026-06-15 23:54:00", **NIGHT, **counted(1012.0, 22.0))
    assert play.number("pv_energy_today") == 12
    for moment, today in (
        ("2026-06-16 00:00:00", 0.0),
        ("2026-06-16 00:06:00", 22.0),
        ("2026-06-16 00:12:00", 0.0),
        ("2026-06-16 00:18:00", 22.0),
        ("2026-06-16 05:30:00", 22.0),
    ):
        await play.at(moment, **NIGHT, **counted(1012.0, today))
        assert play.number("pv_energy_today") == 0
        assert play.number("pv_energy") == 1012
    await play.at("2026-06-16 08:00:00", **DAY, **counted(1013.5, 1.5))
    assert play.number("pv_energy_today") == pytest.approx(1.5, abs=0.1)


@pytest.mark.parametrize(
    "zeros",
    [
        pytest.param(ZEROS, id="all totals"),
        pytest.param({"epvTotal": 0, "eacTotal": 1012.0}, id="one total"),
    ],
)
async def test_totals_of_0_until_dawn(
    make_play: MakePlay, zeros: dict[str, Any]
) -> None:
    """A total that reads 0 from midnight on is neither shown nor counted twice."""
    play = make_play("min", Role.PRODUCER)
    await play.begin("2026-06-15 20:00:00", **DAY, **counted(1012.0, 22.0))
    for hour in range(7):
        await play.at(f"2026-06-16 0{hour}:00:00", **NIGHT, **zeros)
        assert play.number("pv_energy") == 1012
    await play.restart()
    await play.at("2026-06-16 06:20:00", **NIGHT, **zeros)
    await play.at("2026-06-16 06:30:00", **DAY, **counted(1012.1, 0.1))
    assert play.number("pv_energy") == 1012.1
    assert play.number("pv_energy_today") == pytest.approx(0.1, abs=0.1)


async def test_first_seen_at_night(make_play: MakePlay) -> None:
    """Totals that read 0 when an account is added are not what is counted from."""
    play = make_play("min", Role.PRODUCER)
    await play.begin("2026-06-16 02:00:00", **NIGHT, **ZEROS)
    assert play.seen("pv_energy") is None
    await play.at("2026-06-16 06:40:00", **DAY, **counted(1012.1, 0.1))
    assert play.number("pv_energy") == 1012.1
    assert play.number("pv_energy_today") == 0


async def test_totals_that_waver(make_play: MakePlay) -> None:
    """Noise of 32 bits and a tenth less leave an energy where it was."""
    play = make_play("min", Role.PRODUCER)
    await play.begin("2026-06-15 12:00:00", **DAY, **counted(1859.5, 1.0))
    for minute, total in enumerate((1859.4000244140625, 1859.5, 1859.4, 1859.6)):
        await play.at(f"2026-06-15 12:{10 + 6 * minute}:00", **DAY, **counted(total, 1))
        assert play.number("pv_energy") == max(1859.5, total)


async def test_repeated_record(make_play: MakePlay) -> None:
    """What the cloud repeats is live for three uploads only; what was counted holds."""
    play = make_play("sph", Role.SYSTEM)
    record = {k: v for k, v in RECORDS["sph"].items() if k != "time"}
    await play.begin("2026-06-15 12:00:00", **record)
    for minute in (6, 12):
        await play.at(f"2026-06-15 12:{minute:02}:00")
        assert play.number("pv_power") == 1058
    await play.at("2026-06-15 12:18:00")
    assert play.seen("pv_power") == STATE_UNAVAILABLE
    assert play.seen("battery_power") == STATE_UNAVAILABLE
    assert play.seen("online") == "off"
    assert play.number("battery_soc") == 100
    assert play.number("battery_energy_charged") == 6113.2
    await play.at("2026-06-15 12:24:00", **record)
    assert play.number("pv_power") == 1058
    assert play.seen("online") == "on"


async def test_record_that_was_old_from_the_start(make_play: MakePlay) -> None:
    """A record of yesterday is not live because Home Assistant has just started."""
    play = make_play("sph", Role.SYSTEM)
    record = {**RECORDS["sph"], "time": "2026-06-14 21:10:00"}
    await play.begin("2026-06-15 12:00:00", **record)
    assert play.seen("pv_power") == STATE_UNAVAILABLE
    assert play.seen("online") == "off"


async def test_night_of_a_pv_inverter(make_play: MakePlay) -> None:
    """After sunset the last record comes again and again: 0 W, and no problem."""
    play = make_play("inverter", Role.PRODUCER)
    record = {k: v for k, v in RECORDS["inverter"].items() if k != "time"}
    await play.begin("2026-06-15 21:20:00", **record)
    assert play.number("pv_power") == 1111.9
    for moment in ("22:30", "23:30", "00:30", "03:00"):
        day = 15 + (moment < "12")
        await play.at(f"2026-06-{day} {moment}:00")
        assert play.number("pv_power") == 0
        assert play.number("inverter_power") == 0
        assert play.seen("status") == "sleeping"
        assert play.number("pv_energy") == 139.3
    await play.at("2026-06-16 06:00:00", **{**record, "epvTotal": 139.5})
    assert play.number("pv_power") == 1111.9
    assert play.number("pv_energy") == 139.5


def noah(power: float, status: int, grid: float) -> dict[str, Any]:
    """Return a record of a NOAH, whose time a test sets."""
    record = {key: value for key, value in RECORDS["noah"].items() if key != "time"}
    return {
        **record,
        "totalBatteryPackChargingPower": power,
        "totalBatteryPackChargingStatus": status,
        "ctSelfPower": grid,
        "timeStr": None,
    }


async def test_energies_that_nobody_counts(make_play: MakePlay) -> None:
    """What a NOAH charges, discharges, imports and exports is integrated, also over a restart."""
    play = make_play("noah", Role.SYSTEM)
    await play.begin("2026-06-15 12:00:00", **noah(600, 1, 1200))
    assert play.number("battery_energy_charged") == 0
    for minute in (10, 20, 30):
        await play.at(f"2026-06-15 12:{minute}:00", **noah(600, 1, 1200))
    await play.restart()
    for minute in (40, 50):
        await play.at(f"2026-06-15 12:{minute}:00", **noah(600, 1, 1200))
    assert play.number("battery_energy_charged") == pytest.approx(0.5, abs=0.001)
    assert play.number("grid_energy_imported") == pytest.approx(1.0, abs=0.001)
    await play.at("2026-06-15 15:00:00", **noah(-600, 2, -600))
    for minute in (10, 20, 30):
        await play.at(f"2026-06-15 15:{minute}:00", **noah(-600, 2, -600))
    # What happened in the two hours in between, nobody knows.
    assert play.number("battery_energy_charged") == pytest.approx(0.5, abs=0.001)
    assert play.number("battery_energy_discharged") == pytest.approx(0.3, abs=0.001)
    assert play.number("grid_energy_exported") == pytest.approx(0.3, abs=0.001)
    assert play.number("battery_energy_discharged_today") == pytest.approx(
        0.3, abs=0.001
    )


async def test_counter_that_comes_is_not_integrated(make_play: MakePlay) -> None:
    """Where the vendor counts after all, its counter is what is shown."""
    play = make_play("sph", Role.SYSTEM)
    record = {k: v for k, v in RECORDS["sph"].items() if k != "time"}
    await play.begin("2026-06-15 12:00:00", **record)
    for minute in (10, 20, 30):
        await play.at(f"2026-06-15 12:{minute}:00", **record)
    assert play.number("battery_energy_discharged") == 5540.6
