"""What a battery takes and gives by SOC, as it shows when asked for more."""

import json

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.taper import Taper

LIMIT = 5000.0


def learned(*samples: tuple[float, float, float], charging: bool = True) -> Taper:
    """Return what comes of samples of SOC in %, W and the W that were asked for."""
    made = Taper()
    for soc, power, asked in samples:
        made.learn(soc, power, asked, LIMIT, charging=charging)
    return made


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param([], 1287.5, id="what batteries do"),
        pytest.param([(96, 2000, 5000)], 2000, id="asked for more"),
        pytest.param([(96.9, 2000, 5000)], 2000, id="one bucket a percent"),
        pytest.param([(97, 2000, 5000)], 1287.5, id="another percent"),
        pytest.param([(96, 2000, 5000), (96, 1000, 5000)], 1750, id="tired"),
        pytest.param([(96, 2000, 5000), (96, 3000, 5000)], 2250, id="recovered"),
        pytest.param([(96, 500, 500)], 1287.5, id="as asked, less than thought"),
        pytest.param([(96, 3000, 3000)], 3000, id="as asked, more than thought"),
        pytest.param([(96, 1, 5000)], 250, id="next to nothing"),
        pytest.param([(96, 0, 5000)], 1287.5, id="nothing at all"),
        pytest.param([(96, 6000, 6000)], 5000, id="never over the limit"),
        pytest.param([(96, 3000, 1000)], 1287.5, id="not what was asked"),
        pytest.param([(101, 3000, 5000)], 1287.5, id="no SOC"),
        pytest.param([(96, float("nan"), 5000)], 1287.5, id="no power"),
        pytest.param([(96, 3000, float("inf"))], 1287.5, id="no order"),
    ],
)
def test_learns(samples: list[tuple[float, float, float]], expected: float) -> None:
    """What it took when asked for more is what it takes; else it is a guess."""
    assert learned(*samples).most(96, LIMIT, charging=True) == pytest.approx(expected)


def test_directions_are_apart() -> None:
    """What a battery gives says nothing about what it takes."""
    made = learned((96, 3000, 5000), charging=False)
    assert made.most(96, LIMIT, charging=False) == 3000
    assert made.most(96, LIMIT, charging=True) == pytest.approx(1287.5)


def test_full_battery_is_in_the_last_bucket() -> None:
    """100 % is the end of the last percent."""
    assert learned((100, 800, 5000)).most(99, LIMIT, charging=True) == 800


@pytest.mark.parametrize(
    ("soc", "target", "power", "hours"),
    [
        pytest.param(20, 70, 5000, 1.0, id="charge"),
        pytest.param(70, 20, 2500, 2.0, id="discharge"),
        pytest.param(20.5, 21.5, 1000, 0.1, id="parts of a percent"),
        pytest.param(50, 50, 1000, 0.0, id="there"),
        pytest.param(90, 91, 5000, 0.1 / 2.6375, id="tapering"),
        pytest.param(91, 90, 5000, 0.1 / 5, id="no taper downwards"),
        pytest.param(90, 91, 1000, 0.1, id="gentler than the taper"),
        pytest.param(99, 100, 5000, 0.1 / 0.6125, id="to the top"),
    ],
)
def test_hours(soc: float, target: float, power: float, hours: float) -> None:
    """The way of 10 kWh is driven as fast as asked and possible at each percent."""
    assert Taper().hours(soc, target, power, LIMIT, 10) == pytest.approx(hours)


SAMPLES = st.lists(
    st.tuples(st.floats(0, 100), st.floats(0, 9000), st.floats(0, 9000)), max_size=20
)


@given(SAMPLES, st.booleans(), st.integers(0, 99))
def test_stays_within_the_limit(
    samples: list[tuple[float, float, float]], charging: bool, bucket: int
) -> None:
    """Whatever was seen, it is more than nothing and not over the device's limit."""
    made = learned(*samples, charging=charging)
    assert 0 < made.most(bucket, LIMIT, charging=charging) <= LIMIT


@given(SAMPLES, st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_way_in_parts(
    samples: list[tuple[float, float, float]], one: float, two: float, three: float
) -> None:
    """A way with a stop takes as long as its two parts."""
    made = learned(*samples)
    low, middle, high = sorted((one, two, three))
    assert made.hours(low, high, 3000, LIMIT, 10) == pytest.approx(
        made.hours(low, middle, 3000, LIMIT, 10)
        + made.hours(middle, high, 3000, LIMIT, 10)
    )


@given(SAMPLES, st.booleans())
def test_survives_a_restart(
    samples: list[tuple[float, float, float]], charging: bool
) -> None:
    """What is stored as JSON comes back."""
    made = learned(*samples, charging=charging)
    assert Taper.from_dict(json.loads(json.dumps(made.as_dict()))) == made
