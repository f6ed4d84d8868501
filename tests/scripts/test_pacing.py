"""Some days of simulated polling: the figures keep their bounds, and repeat."""

from dataclasses import asdict
import json
import sys
from unittest.mock import patch

import pytest

from scripts.house_pacing import __main__ as pacing
from scripts.house_pacing.__main__ import Scenario, main, play


@pytest.mark.parametrize(
    ("scenario", "seconds"),
    [
        (Scenario(vendor="foxess", inverters=1, nights=0), 30),
        (Scenario(vendor="foxess", inverters=3), 30),
        (Scenario(vendor="growatt", inverters=1, nights=0, jitter=30), 60),
        (Scenario(vendor="growatt", inverters=3), 60),
        (Scenario(vendor="growatt", inverters=1, nights=0, lone=True), 60),
    ],
)
async def test_fresh_for_few_calls(scenario: Scenario, seconds: float) -> None:
    """Following the uploads brings fresh data for few calls, and is never refused.

    The mornings count, in which a record is hours newer than the one before.
    """
    found = await play(scenario, days=4, seed="a")
    assert (scenario.least_mean or 0) < found.mean <= found.with_nights <= seconds
    assert found.calls_per_phase <= 400
    assert found.all_calls <= 1440 * scenario.inverters
    assert (found.refused, found.held_back) == (0, 0)


async def test_blind() -> None:
    """Asking blindly takes as many calls, and is half an interval behind."""
    found = await play(
        Scenario(vendor="foxess", inverters=1, nights=0, blind=True), days=3, seed="a"
    )
    assert found.mean > 100
    assert found.calls_per_phase == pytest.approx(287, abs=3)


async def test_stretched() -> None:
    """Where another app takes most calls, rounds are put apart before they run out."""
    scenario = Scenario(vendor="foxess", inverters=1, nights=0, used=0.4)
    found = await play(scenario, days=4, seed="a")
    assert found.stretched > 0.3
    assert found.held_back == 0


async def test_same_again() -> None:
    """The same seed gives the same figures, another one others."""
    scenario = Scenario(vendor="growatt", inverters=2)
    first, second, other = [
        asdict(await play(scenario, days=2, seed=seed)) for seed in ("a", "a", "b")
    ]
    assert first == second
    assert first != other


def test_report(capsys: pytest.CaptureFixture[str]) -> None:
    """A table for people, and one JSON object."""
    few = [
        Scenario(vendor="foxess", inverters=1, worth=60.0),
        Scenario(vendor="growatt", inverters=1, blind=True),
    ]
    with (
        patch.object(pacing, "scenarios", return_value=iter(few)),
        patch.object(sys, "argv", ["pacing", "--days", "1", "--seed", "a"]),
    ):
        main()
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert (report["days"], report["seed"], len(report["runs"])) == (1, "a", 2)
    assert len(err.splitlines()) == 3
    assert "worth 60" in err
    assert "blind" in err


def test_scenarios() -> None:
    """One, three and ten devices of each vendor are followed and asked blindly."""
    played = {(one.vendor, one.inverters, one.blind) for one in pacing.scenarios()}
    assert played == {
        (vendor, inverters, blind)
        for vendor in ("foxess", "growatt")
        for inverters in (1, 3, 10)
        for blind in (False, True)
    }
