"""NOAH and NEXA: signs, a load that wraps, and two kinds of records."""

from datetime import UTC
from typing import Any

import pytest

from custom_components.home_battery.battery.model import Value
from custom_components.home_battery.vendors.growatt.readings import record_of

from .samples import RECORDS


def told(name: str = "noah", **raw: Any) -> dict[str, Value]:
    """Return the readings of a record with some fields changed."""
    return dict(record_of("noah", {**RECORDS[name], **raw}, zone=UTC).values)


@pytest.mark.parametrize(
    ("power", "status", "expected"),
    [
        (-339, 2, 339),
        (339, 2, 339),
        ("339", "2", 339),
        (339, 1, -339),
        (-339, 1, -339),
        (5, 0, 0),
        (339, None, -339),
        (-339, 9, 339),
        ("", 1, None),
    ],
)
def test_battery_power(power: Any, status: Any, expected: float | None) -> None:
    """The status says which way it flows, with or without a sign to the power."""
    values = told(
        totalBatteryPackChargingPower=power, totalBatteryPackChargingStatus=status
    )
    assert values.get("battery_power") == expected


@pytest.mark.parametrize(
    ("charge", "discharge", "expected"),
    [("0", "240", 240), ("180", "0", -180), ("0", "0", 0)],
)
def test_battery_power_of_the_app(charge: str, discharge: str, expected: float) -> None:
    """The app's calls tell two powers."""
    values = told("nexa_app", chargePower=charge, disChargePower=discharge)
    assert values["battery_power"] == expected


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("pv", "power", "status", "expected"),
    [
        pytest.param(0, 300, 2, 261, id="discharging"),
        pytest.param(600, 300, 1, 261, id="PV for house and battery"),
        pytest.param(0, 300, 1, -261, id="charging from the house"),
        pytest.param(20, 300, 1, -261, id="charging from both"),
        pytest.param(300, 0, 0, 261, id="PV alone"),
    ],
)
def test_sign_of_pac(
    sign: int, pv: float, power: float, status: int, expected: float
) -> None:
    """What comes out is positive, whichever sign is sent."""
    values = told(
        ppv=pv,
        pac=261 * sign,
        totalBatteryPackChargingPower=power,
        totalBatteryPackChargingStatus=status,
    )
    assert values["inverter_power"] == expected


def test_sign_of_pac_without_a_balance() -> None:
    """Where the battery is not known, the power is as it was sent."""
    values = told(totalBatteryPackChargingPower=None, pac=-20)
    assert values["inverter_power"] == -20


@pytest.mark.parametrize(
    ("load", "expected"),
    [(300.0, 300.0), (0, 0.0), (65451.0, None), (65535, None), ("412", 412.0)],
)
def test_load(load: Any, expected: float | None) -> None:
    """A load of -85 W that wrapped into 16 bits is none."""
    assert told(totalHouseholdLoad=load).get("load_power") == expected


@pytest.mark.parametrize(
    ("name", "flag", "expected"),
    [
        ("noah", {"ctFlag": 1}, -85),
        ("noah", {"ctFlag": 0}, None),
        ("noah", {"ctFlag": "0"}, None),
        ("nexa_app", {"isHaveCt": "true"}, 12),
        ("nexa_app", {"isHaveCt": "false"}, None),
    ],
)
def test_grid(name: str, flag: dict[str, Any], expected: float | None) -> None:
    """The grid is told only where something measures it."""
    assert told(name, **flag).get("grid_power") == expected


def test_packs() -> None:
    """Packs that are not there are not told."""
    values = told(battery2Soc=44, battery2Temp=35.5)
    assert values["pack_2_soc"] == 44
    assert [key for key in values if key.startswith(("pack_3", "pack_4"))] == []
