"""Energies of a day, whichever way they come, and over outages."""

import pytest

from simulator.faults import Fault

from .conftest import MakeStage
from .stage import EXPORT, Stage, since


class Meter:
    """What was counted here and in the simulator since a moment."""

    def __init__(self, stage: Stage) -> None:
        """Begin now."""
        self._stage = stage
        self._counted = stage.energies()
        self._measured = stage.measured()
        self._really = stage.totals()

    def check(self) -> None:
        """Compare what was counted with what was measured, and with what was.

        A meter that is looked at once a minute does not see what is between,
        which is much only where it turns round all the time.
        """
        counted = since(self._counted, self._stage.energies())
        measured = since(self._measured, self._stage.measured())
        really = since(self._really, self._stage.totals())
        assert counted == pytest.approx(measured, rel=0.01, abs=0.01)
        whole = sum(really.values())
        assert counted == pytest.approx(really, rel=0.01, abs=0.01 * whole)
        assert sum(counted.values()) == pytest.approx(whole, rel=0.01)
        assert max(really.values()) > 1


async def test_day_of_the_export(stage: Stage) -> None:
    """Polling counts what the house has used."""
    stage.cloud.paths.serve(latest=None, stream=None)
    await stage.begin()
    meter = Meter(stage)
    await stage.live(hours=24, step=300)
    meter.check()


async def test_day_of_the_latest_data(stage: Stage) -> None:
    """So do the latest data where nothing else answers."""
    stage.cloud.paths.serve(stream=None)
    await stage.begin()
    meter = Meter(stage)
    stage.fail(EXPORT)
    await stage.live(hours=24)
    meter.check()


async def test_day_of_the_stream(stage: Stage) -> None:
    """So does the stream."""
    stage.cloud.paths.serve(latest=None)
    await stage.begin()
    await stage.connect()
    await stage.stream(hours=0.5)
    stage.fail(EXPORT)
    meter = Meter(stage)
    await stage.stream(hours=24)
    meter.check()


async def test_stream_beside_the_export(stage: Stage) -> None:
    """Nothing is counted twice when both tell it."""
    await stage.begin()
    await stage.connect()
    await stage.stream(hours=0.5)
    meter = Meter(stage)
    await stage.stream(hours=6)
    stage.fail("/ws", value=404)
    await stage.cloud.stream.close()
    await stage.live(hours=0.2)
    meter.check()


@pytest.mark.parametrize("hours", [0.5, 6, 30])
async def test_outage(stage: Stage, hours: float) -> None:
    """What an outage has hidden is filled in afterwards, today's share as well."""
    await stage.begin()
    meter = Meter(stage)
    stage.fail("*")
    await stage.live(hours=hours, step=600)
    stage.sim.faults.clear()
    await stage.live(hours=0.5)
    meter.check()


async def test_outage_of_the_export_alone(stage: Stage) -> None:
    """A stream that goes on meanwhile leaves no gap, nor does it count twice."""
    await stage.begin()
    await stage.connect()
    await stage.stream(hours=0.5)
    meter = Meter(stage)
    stage.fail(EXPORT)
    await stage.stream(hours=3)
    stage.sim.faults.clear()
    await stage.stream(hours=1)
    await stage.cloud.stream.close()
    await stage.live(hours=0.2)
    meter.check()


async def test_restart(stage: Stage) -> None:
    """What happened while Home Assistant was down is filled in."""
    await stage.begin()
    meter = Meter(stage)
    await stage.hass.config_entries.async_unload(stage.entry.entry_id)
    stage.freezer.tick(3 * 3600)
    await stage.hass.config_entries.async_setup(stage.entry.entry_id)
    await stage.hass.async_block_till_done(wait_background_tasks=True)
    meter.check()


async def test_two_batteries(make_stage: MakeStage) -> None:
    """The house's energies are counted once, though each battery tells them."""
    stage = await make_stage("SMART+SMART")
    await stage.begin()
    meter = Meter(stage)
    await stage.live(hours=12, step=300)
    meter.check()
    other = stage.number("battery_energy_charged", "product_190")
    assert stage.number("battery_energy_charged", "group_64") == pytest.approx(
        stage.number("battery_energy_charged") + other, abs=0.002
    )


async def test_device_that_was_away(stage: Stage) -> None:
    """A gap that the vendor has not, either, stays a gap."""
    await stage.begin()
    before = stage.energies()
    stage.sim.faults.clear()
    stage.fail("*", kind="offline", value=0)
    await stage.live(hours=0.1)
    assert stage.energies() == pytest.approx(before, abs=0.5)


async def test_glimpses_in_an_outage(stage: Stage) -> None:
    """Single moments that come through meanwhile leave the rest to be filled in."""
    stage.cloud.paths.serve(stream=None)
    await stage.begin()
    meter = Meter(stage)
    stage.fail(EXPORT)
    await stage.live(hours=5, step=1000)
    stage.sim.faults.clear()
    await stage.live(hours=0.5)
    meter.check()


async def test_long_gap_before_live_data(stage: Stage) -> None:
    """A gap is left open as long as it is itself, though live data came back before."""
    stage.cloud.paths.serve(stream=None)
    await stage.begin()
    meter = Meter(stage)
    stage.fail("*")
    await stage.live(hours=4, step=600)
    stage.sim.faults.clear()
    stage.fail(EXPORT)
    await stage.live(hours=2, step=120)
    stage.sim.faults.clear()
    await stage.live(hours=0.5)
    meter.check()


async def test_answer_that_was_cut_off(stage: Stage) -> None:
    """What half an answer left out is asked for again."""
    await stage.begin()
    meter = Meter(stage)
    stage.fail("*")
    await stage.live(hours=2.9, step=600)
    stage.sim.faults.clear()
    fault = Fault(vendor="voltstorage", kind="truncated", path=EXPORT, count=1)
    stage.sim.faults.add(fault)
    await stage.live(hours=0.5)
    meter.check()
