"""Energies out of powers: in one direction, over restarts, with gaps left as gaps."""

from datetime import UTC, datetime, timedelta
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.integral import EnergyIntegrator

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LONGEST = 15 * MINUTE


def integral(*samples: tuple[float, float]) -> EnergyIntegrator:
    """Return what comes of W at minutes after noon."""
    made = EnergyIntegrator()
    for minutes, power in samples:
        made.update(power, NOON + minutes * MINUTE, LONGEST)
    return made


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param([], 0.0, id="nothing"),
        pytest.param([(0, 6000)], 0.0, id="a single record"),
        pytest.param([(0, 6000), (5, 6000)], 0.5, id="steady"),
        pytest.param([(0, 0), (5, 6000)], 0.25, id="rising"),
        pytest.param([(0, -6000), (5, -3000)], 0.0, id="the other direction"),
        pytest.param([(0, -6000), (5, 6000)], 0.125, id="turning"),
        pytest.param([(0, 6000), (5, -6000)], 0.125, id="turning back"),
        pytest.param([(0, 6000), (15, 6000)], 1.5, id="the longest gap"),
        pytest.param([(0, 6000), (15.1, 6000)], 0.0, id="a gap"),
        pytest.param([(0, 6000), (60, 6000), (65, 6000)], 0.5, id="on after a gap"),
        pytest.param([(0, 6000), (0, 9000)], 0.0, id="the same moment"),
        pytest.param([(5, 6000), (0, 6000), (5, 6000)], 0.5, id="clock set back"),
    ],
)
def test_integral(samples: list[tuple[float, float]], expected: float) -> None:
    """Between records the power changes evenly; what is unknown is not made up."""
    assert integral(*samples).total == pytest.approx(expected)


@given(st.lists(st.tuples(st.floats(0.1, 40), st.floats(-1e5, 1e5)), max_size=20))
def test_never_falls_and_never_exceeds_the_power(
    steps: list[tuple[float, float]],
) -> None:
    """Each step adds between nothing and the larger power all the time."""
    made, at, former = EnergyIntegrator(), NOON, 0.0
    for minutes, power in steps:
        at += minutes * MINUTE
        before = made.total
        made.update(power, at, LONGEST)
        most = max(power, former, 0.0) / 1000 * minutes / 60
        assert 0 <= made.total - before <= most + 1e-6
        former = power


@given(st.lists(st.tuples(st.floats(0.1, 15), st.floats(-1e5, 1e5)), max_size=20))
def test_both_directions_come_to_the_whole(steps: list[tuple[float, float]]) -> None:
    """What was charged and discharged differ by the integral of the power."""
    charged, discharged, at, net = EnergyIntegrator(), EnergyIntegrator(), NOON, 0.0
    former = steps[0][1] if steps else 0.0
    charged.update(-former, at, LONGEST)
    discharged.update(former, at, LONGEST)
    for minutes, power in steps:
        at += minutes * MINUTE
        charged.update(-power, at, LONGEST)
        discharged.update(power, at, LONGEST)
        net += (former + power) / 2 / 1000 * minutes / 60
        former = power
    assert discharged.total - charged.total == pytest.approx(net, abs=1e-4)


@pytest.mark.parametrize(
    "made", [integral(), integral((0, 6000), (5, 3000))], ids=["new", "running"]
)
def test_survives_a_restart(made: EnergyIntegrator) -> None:
    """What is stored as JSON comes back, and goes on where it was."""
    back = EnergyIntegrator.from_dict(json.loads(json.dumps(made.as_dict())))
    assert back == made


def test_short_restart_leaves_no_gap() -> None:
    """A restart between two records loses nothing."""
    back = EnergyIntegrator.from_dict(integral((0, 6000)).as_dict())
    back.update(6000, NOON + 5 * MINUTE, LONGEST)
    assert back.total == pytest.approx(0.5)
