"""The power of a plant, in kW or in W."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.vendors.growatt.plant import (
    newest_power,
    plant_power,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 15, 12, 7, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("told", "measured", "expected"),
    [
        pytest.param(2.5, 2480.0, 2500.0, id="kW"),
        pytest.param("2.5", 2480.0, 2500.0, id="kW as text"),
        pytest.param(2500, 2480.0, 2500.0, id="W"),
        pytest.param(0, 2480.0, 2480.0, id="0 while it produces"),
        pytest.param(91.8, 2480.0, 2480.0, id="neither"),
        pytest.param("", 2480.0, 2480.0, id="empty"),
        pytest.param(0, 0.0, 0.0, id="night"),
        pytest.param(2.5, None, None, id="nothing to compare with"),
        pytest.param(0.8, 0.9, 0.8, id="dawn"),
    ],
)
def test_plant_power(told: Any, measured: float | None, expected: float | None) -> None:
    """What is told counts in the unit that fits what was measured."""
    assert plant_power(told, measured) == expected


@given(st.floats(1, 1e5), st.sampled_from([1.0, 1000.0]), st.floats(0.7, 1.3))
def test_any_unit(power: float, unit: float, drift: float) -> None:
    """Either unit is recognised while the two differ by minutes of clouds."""
    assert plant_power(power / unit, power * drift) == pytest.approx(power)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        pytest.param([("12:00", 500), ("12:05", 700), ("11:55", 900)], 700, id="unsorted"),
        pytest.param([("12:05", None), ("12:00", 500)], 500, id="not there yet"),
        pytest.param([("12:10", 0), ("12:05", 700)], 700, id="the future"),
        pytest.param([("11:50", 500)], None, id="too old"),
        pytest.param([], None, id="none"),
    ],
)  # fmt: skip
def test_newest_power(
    points: list[tuple[str, float | None]], expected: float | None
) -> None:
    """The newest point of the last ten minutes counts."""
    sent = [{"time": f"2026-06-15 {time}", "power": power} for time, power in points]
    assert newest_power([*sent, None, "x"], NOW, BERLIN) == expected
