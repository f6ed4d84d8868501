"""A week with everything that goes wrong in it: energies never fall, and nothing doubles."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, Platform
from homeassistant.core import HomeAssistant
from simulator import Simulation
from simulator.faults import Fault
from tests.conftest import Simulate, async_pass, async_set_up, patch_platforms

from .entries import make_growatt_entry, seen, too_frequent

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "in_berlin")

STATION = "MIN-XH+SPH+MIC"
COUNTERS = {
    "MIN-XH": {
        "pv_energy": "pv",
        "battery_energy_charged": "charge",
        "battery_energy_discharged": "discharge",
    },
    "SPH": {
        "pv_energy": "pv",
        "battery_energy_charged": "charge",
        "battery_energy_discharged": "discharge",
    },
    "MIC": {"pv_energy": "pv"},
}
METERED = {"grid_energy_imported": "imported", "grid_energy_exported": "exported"}
HOUSE = "plant_1234567"
MONDAY = datetime(2026, 6, 15, 10, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Hours:
    """What goes wrong from one hour of the week to another, which begins on Monday noon.

    So many kWh more than the sun gave it a day may show, where what was gained
    over several days is shared out among them.
    """

    begin: float
    end: float
    faults: Sequence[dict[str, Any]] = ()
    restarts: bool = False
    minutes: float = 30
    slack: float = 1


WEEK = (
    Hours(begin=0, end=11, minutes=5.1),
    # The first night: yesterday's totals of the day come back after midnight.
    Hours(begin=11, end=13, faults=[{"kind": "midnight_bounce"}], minutes=5.1),
    Hours(begin=13, end=19, faults=[{"kind": "midnight_bounce"}]),
    Hours(begin=19, end=35.5),
    # The second: lifetime totals are 0 from midnight until the sun is up.
    Hours(begin=35.5, end=37, faults=[{"kind": "zero_totals"}], minutes=5.1),
    Hours(begin=37, end=40, faults=[{"kind": "zero_totals"}]),
    Hours(begin=40, end=42.5, faults=[{"kind": "zero_totals"}], restarts=True),
    Hours(begin=42.5, end=48, restarts=True),
    # The cloud is down over the third noon, and Home Assistant restarts in it.
    Hours(begin=48, end=51, faults=[{"kind": "status", "value": 503}]),
    Hours(begin=51, end=53, faults=[{"kind": "status", "value": 503}], restarts=True),
    Hours(begin=53, end=59),
    # Both at once, over a midnight with restarts.
    Hours(
        begin=59,
        end=61,
        faults=[{"kind": "midnight_bounce"}, {"kind": "zero_totals"}],
        restarts=True,
        minutes=20,
    ),
    Hours(
        begin=61, end=66, faults=[{"kind": "midnight_bounce"}, {"kind": "zero_totals"}]
    ),
    Hours(begin=66, end=72, faults=[{"kind": "html", "path": "*/queryLastData"}]),
    # Everything is out of touch for a day, then its records stand still for another.
    Hours(begin=72, end=96, faults=[{"kind": "offline"}], minutes=60, slack=inf),
    Hours(begin=96, end=120, faults=[{"kind": "stale"}], minutes=60, slack=inf),
    Hours(begin=120, end=132, faults=[{"kind": "zero_soc"}], slack=inf),
    Hours(begin=132, end=142, faults=[{"kind": "no_data", "count": 8}]),
    Hours(begin=142, end=150, faults=[{"kind": "truncated", "count": 9}]),
    Hours(begin=150, end=168),
)


@pytest.fixture(autouse=True)
async def sensors_only() -> AsyncIterator[None]:
    """Set up what is counted, and little else."""
    with patch_platforms(Platform.SENSOR):
        yield


class Watch:
    """What the counters show, time after time."""

    def __init__(self, hass: HomeAssistant, sim: Simulation) -> None:
        """Begin with what there is."""
        self._hass = hass
        self._sim = sim
        self.seen: dict[tuple[str, str], float] = {}
        self.unseen: set[tuple[str, str]] = set()
        self._midnight = self._produced()
        self._day = self._today()
        self.look(slack=1)

    def look(self, slack: float) -> None:
        """Check that nothing fell, and no day has more than the sun gave it."""
        keys = [
            (self._sim.growatt.first(model).serial, key)
            for model, counters in COUNTERS.items()
            for key in (*counters, *METERED)
            if not (model == "MIC" and key in METERED)
        ] + [(HOUSE, key) for key in ("pv_energy", *METERED)]
        shown = {where: seen(self._hass, *where) for where in keys}
        known = {
            where: float(value)
            for where, value in shown.items()
            if value not in {STATE_UNAVAILABLE, STATE_UNKNOWN}
        }
        fell = {
            where: (self.seen[where], value)
            for where, value in known.items()
            if value < self.seen.get(where, value)
        }
        assert fell == {}
        self.seen |= known
        self.unseen = shown.keys() - known.keys()
        self._look_at_the_day(slack)

    def _look_at_the_day(self, slack: float) -> None:
        """Check that no day has more than the sun gave it."""
        produced, today = self._produced(), self._today()
        self._midnight = {self._day: self._midnight}.get(today, produced)
        self._day = today
        for serial, total in produced.items():
            value = seen(self._hass, serial, "pv_energy_today")
            told = {STATE_UNAVAILABLE: 0.0, STATE_UNKNOWN: 0.0}.get(value)
            least = float(value) if told is None else told
            assert least <= total - self._midnight[serial] + slack

    def _produced(self) -> dict[str, float]:
        """Return what the sun has given to each device, in kWh."""
        return {
            device.serial: device.unit.ledger.pv
            for device in self._sim.growatt.inverters
        }

    def _today(self) -> int:
        """Return the day by the clock on the wall."""
        return (datetime.now(UTC) + timedelta(hours=2)).day


async def async_live(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    sim: Simulation,
    entry: MockConfigEntry,
    watch: Watch,
    hours: Hours,
) -> None:
    """Let some hours pass as they are."""
    for fault in hours.faults:
        sim.faults.add(Fault(vendor="growatt", **fault))
    restarts = [entry.entry_id] * hours.restarts
    while datetime.now(UTC) < MONDAY + timedelta(hours=hours.end):
        await async_pass(hass, freezer, minutes=hours.minutes)
        watch.look(hours.slack)
        for entry_id in restarts:
            await hass.config_entries.async_reload(entry_id)
            await hass.async_block_till_done(wait_background_tasks=True)
            watch.look(hours.slack)
    sim.faults.clear()


async def test_week(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """What was gained in a week is what the devices counted; no limit was ever met."""
    sim = await simulate(growatt=(STATION,))
    entry = make_growatt_entry(sim)
    await async_set_up(hass, entry)
    watch = Watch(hass, sim)
    devices = {model: sim.growatt.first(model) for model in COUNTERS}
    before = {model: one.unit.ledger.as_dict() for model, one in devices.items()}
    house = devices["MIN-XH"].house
    metered = house.ledger.as_dict()
    first = dict(watch.seen)
    for hours in WEEK:
        await async_live(hass, freezer, sim, entry, watch, hours)
    assert too_frequent(sim) == []
    assert watch.unseen == set()
    assert len(sim.growatt.calls) > 2000
    gained = {where: watch.seen[where] - first[where] for where in first}
    for model, counters in COUNTERS.items():
        after = sim.growatt.first(model).unit.ledger.as_dict()
        for key, name in counters.items():
            assert gained[devices[model].serial, key] > 1
            assert gained[devices[model].serial, key] == pytest.approx(
                after[name] - before[model][name], rel=0.01, abs=0.5
            )
    for key, name in METERED.items():
        assert gained[HOUSE, key] == pytest.approx(
            house.ledger.as_dict()[name] - metered[name], rel=0.01, abs=0.5
        )
    assert gained[HOUSE, "pv_energy"] == pytest.approx(
        sum(gained[one.serial, "pv_energy"] for one in devices.values()), abs=0.5
    )
