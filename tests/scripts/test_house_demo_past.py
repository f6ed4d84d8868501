"""Tests of how the demonstration brings the houses' past into the statistics."""

from typing import Any, cast

import pytest

from scripts.house_demo.client import Client
from scripts.house_demo.houses import Houses
from scripts.house_demo.past import bring_past, hours_told

SHOWN = {
    "battery_soc": ("52", "%"),
    "battery_power": ("-300.0", "W"),
    "pv_energy": ("1001.75", "kWh"),
    "load_power": ("unknown", "W"),
    "status": ("running", None),
}
COUNTERS = ("imported", "exported", "load", "pv", "charge", "discharge")


def moment(at: str, soc: float | None, **counted: float) -> dict[str, Any]:
    """Return a row of the ledger."""
    row = {**dict.fromkeys(COUNTERS, 0.0), **counted}
    return {"at": f"2026-06-15T{at}:00+00:00", "soc": soc, **row}


PAST = {
    "A1": [
        moment("10:00", 40, pv=1000.0, charge=500.0),
        moment("10:30", 46, pv=1000.4, charge=500.3),
        moment("11:00", 49, pv=1001.0, charge=500.5, discharge=0.1),
        moment("11:30", 50, pv=1001.2, charge=500.5, discharge=0.2),
        moment("12:00", 48, pv=1001.5, charge=500.5, discharge=0.4),
        moment("12:20", 52, pv=1001.6, charge=500.9, discharge=0.4),
    ],
    "unknown": [moment("10:00", None)],
}


class Recorder:
    """Plays a Home Assistant in which one device has sensors."""

    def __init__(self) -> None:
        """Start without statistics."""
        self.imported: dict[str, dict[str, Any]] = {}

    async def states(self) -> dict[str, dict[str, Any]]:
        """Return the sensors' states."""
        return {
            f"sensor.{key}": {
                "state": state,
                "attributes": {"unit_of_measurement": unit},
            }
            for key, (state, unit) in SHOWN.items()
        }

    async def command(self, kind: str, **fields: Any) -> Any:
        """Answer a command."""
        return getattr(self, kind.partition("/")[2].replace("/", "_"))(**fields)

    def entity_registry_list(self) -> list[dict[str, Any]]:
        """Return the entity registry."""
        return [
            {
                "platform": "home_battery",
                "unique_id": f"foxess_inverter_A1_{key}",
                "entity_id": f"sensor.{key}",
                "device_id": "device",
                "disabled_by": None,
            }
            for key in SHOWN
        ]

    def history_during_period(
        self, entity_ids: list[str], **_: Any
    ) -> dict[str, list[dict[str, str]]]:
        """Return what a sensor has shown: at first nothing, then another number than now."""
        return {
            entity: [{"s": "unknown"}, {"s": "1001.5"}, {"s": "1001.75"}]
            for entity in entity_ids
        }

    def import_statistics(
        self, metadata: dict[str, Any], stats: list[dict[str, Any]]
    ) -> None:
        """Take rows."""
        self.imported[metadata["statistic_id"]] = {"metadata": metadata, "stats": stats}

    def statistics_during_period(self, statistic_ids: list[str], **_: Any) -> Any:
        """Return the rows."""
        return {entity: self.imported[entity]["stats"] for entity in statistic_ids}


class Past:
    """Plays the control server."""

    async def past(self, vendor: str) -> dict[str, Any]:
        """Return what devices could have told."""
        return {"foxess": PAST}[vendor]


@pytest.fixture
async def recorder() -> Recorder:
    """Return a recorder into which the past was brought."""
    recorder = Recorder()
    count = await bring_past(cast("Client", recorder), cast("Houses", Past()), "foxess")
    assert count == 3
    assert recorder.imported.keys() == {
        "sensor.battery_soc",
        "sensor.battery_power",
        "sensor.pv_energy",
    }
    return recorder


def test_sums_join_what_is_counted_live(recorder: Recorder) -> None:
    """Live sums begin with 0 at the first state; 0.25 kWh later the ledger stands at its last row."""
    energy = recorder.imported["sensor.pv_energy"]
    assert energy["metadata"] == {
        "statistic_id": "sensor.pv_energy",
        "source": "recorder",
        "name": None,
        "unit_of_measurement": "kWh",
        "unit_class": "energy",
        "has_sum": True,
        "mean_type": 0,
    }
    long_ago, *hours = energy["stats"]
    assert long_ago["start"] < "2001"
    assert long_ago["sum"] == pytest.approx(1000.0 - 1001.35)
    assert [row["start"] for row in hours] == [
        "2026-06-15T10:00:00+00:00",
        "2026-06-15T11:00:00+00:00",
    ]
    assert [row["sum"] for row in hours] == [
        pytest.approx(1001.0 - 1001.35),
        pytest.approx(1001.5 - 1001.35),
    ]


def test_powers_are_means(recorder: Recorder) -> None:
    """The power of an hour is what came out of the battery less what went in."""
    power = recorder.imported["sensor.battery_power"]
    assert power["metadata"]["mean_type"] == 1
    assert power["metadata"]["has_sum"] is False
    assert [row["mean"] for row in power["stats"]] == [
        pytest.approx(-400),
        pytest.approx(300),
    ]


def test_soc_is_as_it_stood(recorder: Recorder) -> None:
    """The SOC of an hour lies between what it was at its half hours."""
    soc = recorder.imported["sensor.battery_soc"]
    assert soc["metadata"]["unit_class"] == "unitless"
    assert [(row["mean"], row["min"], row["max"]) for row in soc["stats"]] == [
        (45, 40, 49),
        (49, 48, 50),
    ]


async def test_hours_are_counted(recorder: Recorder) -> None:
    """Of each battery so many hours are told."""
    assert await hours_told(cast("Client", recorder), "foxess") == 2
    assert await hours_told(cast("Client", recorder), "growatt") == 0
