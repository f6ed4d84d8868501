"""A status as common readings: directions, what is missing, and when a mode ends."""

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from custom_components.home_battery.battery.model import Value
from custom_components.home_battery.vendors.eaton.models import Status, Unit
from custom_components.home_battery.vendors.eaton.readings import values_of

BERLIN: Final = ZoneInfo("Europe/Berlin")
NOON: Final = datetime(2026, 6, 15, 10, tzinfo=UTC)
METERED: Final = Unit(serial="SE1", meters=frozenset({1}))


def read(unit: Unit = METERED, mode: Any = None, **flow: Any) -> dict[str, Value]:
    """Return the readings of a flow of energy."""
    status = Status.from_api({"energyFlow": {"-": 0, **flow}, "currentMode": mode})
    return values_of(status, unit, BERLIN, NOON)


@pytest.mark.parametrize(
    ("status", "flow", "power"),
    [
        ("BAT_CHARGING", 406, -406.0),
        ("CHARGE", 1100, -1100.0),
        ("BAT_DISCHARGING", 406, 406.0),
        # Nobody has seen a negative one; the status decides all the same.
        ("BAT_CHARGING", -406, -406.0),
        ("BAT_DISCHARGING", -406, 406.0),
        ("BAT_IDLE", 0, 0.0),
        ("BAT_IDLE", 12, 0.0),
        ("BAT_MOON", 12, None),
        ("BAT_MOON", 0, 0.0),
        (None, 12, None),
        ("BAT_CHARGING", None, None),
        ("BAT_CHARGING", "n/a", None),
    ],
)
def test_battery(status: Any, flow: Any, power: float | None) -> None:
    """The status tells the direction, and the number only how much."""
    values = read(batteryStatus=status, batteryEnergyFlow=flow)
    assert values.get("battery_power") == power


@pytest.mark.parametrize(
    ("role", "value", "power"),
    [
        ("PRODUCER", 1337, 1337.0),
        ("CONSUMER", 1337, -1337.0),
        ("NONE", 0, 0.0),
        ("DISCONNECTED", 0, None),
        ("SUPPLYING", 5, None),
        ("SUPPLYING", 0, 0.0),
    ],
)
def test_grid(role: str, value: float, power: float | None) -> None:
    """A grid that produces is one that the house imports from."""
    assert read(gridRole=role, gridValue=value).get("grid_power") == power


def test_no_meter() -> None:
    """Without a meter at the grid its 0 says nothing."""
    flow: dict[str, Any] = {
        "gridRole": "NONE",
        "gridValue": 0,
        "criticalLoadRole": "CONSUMER",
        "criticalLoadValue": 200,
        "nonCriticalLoadRole": "NONE",
        "nonCriticalLoadValue": 0,
    }
    assert not {"grid_power", "load_power"} & read(Unit(serial="SE1"), **flow).keys()
    assert read(**flow)["load_power"] == 200.0
    assert read(Unit(serial="SE1"), **flow)["eps_power"] == 200.0


def test_load_that_gives() -> None:
    """PV without a meter stands among the loads, and gives."""
    values = read(
        criticalLoadRole="CONSUMER",
        criticalLoadValue=200,
        nonCriticalLoadRole="PRODUCER",
        nonCriticalLoadValue=900,
    )
    assert values["non_critical_load_power"] == -900.0
    assert values["load_power"] == -700.0


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        ({"dcPvRole": "DISCONNECTED", "acPvRole": "DISCONNECTED"}, None),
        ({"dcPvRole": "PRODUCER", "dcPvValue": 900}, 900.0),
        (
            {
                "dcPvRole": "PRODUCER",
                "dcPvValue": 900,
                "acPvRole": "NONE",
                "acPvValue": 0,
            },
            900.0,
        ),
    ],
)
def test_pv(flow: dict[str, Any], expected: float | None) -> None:
    """PV is what is installed, added up."""
    assert read(**flow).get("pv_power") == expected


@pytest.mark.parametrize(
    ("unit", "flow", "status"),
    [
        (METERED, {}, "running"),
        (METERED, {"energySavingModeActivated": True}, "standby"),
        (Unit(serial="SE1", powered=False), {}, "off"),
        (Unit(serial="SE1", update="UPDATE_INITIATED"), {}, "updating"),
        (Unit(serial="SE1", update="UPDATE_COMPLETE"), {}, "running"),
    ],
)
def test_status(unit: Unit, flow: dict[str, Any], status: str) -> None:
    """What the unit is doing as a machine."""
    assert read(unit, **flow)["status"] == status


@pytest.mark.parametrize(
    ("end", "until"),
    [
        (1409, "2026-06-15T14:09:00+02:00"),
        (1159, "2026-06-16T11:59:00+02:00"),
        (5, "2026-06-16T00:05:00+02:00"),
        (1275, None),
        (None, None),
    ],
)
def test_when_a_mode_ends(end: int | None, until: str | None) -> None:
    """The unit tells the time of day on its own clock, which may be tomorrow's."""
    values = read(mode={"command": "SET_BASIC_MODE", "type": "MANUAL", "endTime": end})
    assert values.get("active_mode_until") == (
        None if until is None else datetime.fromisoformat(until)
    )


@pytest.mark.parametrize("mode", [{}, None, {"command": "SET_MOON"}])
def test_no_known_mode(mode: Any) -> None:
    """Without a mode that has a word none is told."""
    assert not any(key.startswith("active_mode") for key in read(mode=mode))


def test_old_word_for_a_discharge() -> None:
    """A discharge by its old name is one."""
    assert read(mode={"command": "SET_DISCHARGE"})["active_mode"] == "force_discharge"
