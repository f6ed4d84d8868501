"""Typed models of what the cloud tells, from good answers and from any."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.transport.errors import TransientError
from custom_components.home_battery.vendors.foxess.models import (
    AccessCount,
    DeviceDetail,
    DeviceEntry,
    Plant,
    RealTime,
    Scheduler,
    Setting,
    SocLimits,
    parse_time,
    truth,
)

from .wire import JSON

ZONES = [
    "",
    "Z",
    "BST",
    "GMT",
    "AEST",
    "ACWST",
    "+03",
    "-03",
    "+0530",
    "+1245",
    "<+03>",
]


@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 1, 1)),
    st.sampled_from(ZONES),
    st.integers(-14 * 60, 14 * 60),
)
def test_time(moment: datetime, name: str, minutes: int) -> None:
    """The trailing offset counts, however long the zone's name before it."""
    zone = timezone(timedelta(minutes=minutes))
    moment = moment.replace(microsecond=0, tzinfo=zone)
    assert parse_time(f"{moment:%Y-%m-%d %H:%M:%S} {name}{moment:%z}") == moment


@given(st.one_of(JSON, st.text(), st.from_regex(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*")))
def test_any_time(value: object) -> None:
    """Whatever stands for a time is one with an offset, or none."""
    parsed = parse_time(value)
    assert parsed is None or parsed.utcoffset() is not None


@pytest.mark.parametrize(
    "text",
    [
        None,
        0,
        "",
        "2025-09-14 18:43:09",
        "2025-09-14 18:43:09 BST",
        "2025-02-30 18:43:09 BST+0100",
        "2025-09-14 24:00:00 BST+0100",
        "2025-09-14 18:43:09 BST+9900",
    ],
)
def test_no_time(text: object) -> None:
    """What is no moment is none."""
    assert parse_time(text) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (1, True),
        ("1", True),
        ("true", True),
        ("enable", True),
        (False, False),
        (0, False),
        ("0", False),
        ("disable", False),
        (None, False),
        ("", False),
    ],
)
def test_truth(value: object, expected: bool) -> None:
    """Flags come as booleans, numbers and texts."""
    assert truth(value) is expected


@pytest.mark.parametrize(
    ("data", "power", "capacity"),
    [
        pytest.param({}, None, None, id="nothing"),
        pytest.param({"capacity": 8}, 8000, None, id="kW"),
        pytest.param({"capacity": "10.5"}, 10500, None, id="text"),
        pytest.param({"capacity": 0}, None, None, id="none told"),
        pytest.param({"batteryList": None}, None, None, id="null"),
        pytest.param(
            {
                "batteryList": [
                    {"type": "bcu", "version": "1.005"},
                    {"type": "bmu", "capacity": 10360},
                    {"type": "bmu", "capacity": "10360"},
                    {"type": "bmu", "capicty": 5000},
                    {"type": "bmu", "capacity": None, "capicty": 1000},
                    {"type": "ivu"},
                    None,
                ]
            },
            None,
            26.72,
            id="packs, in both spellings",
        ),
    ],
)
def test_detail(
    data: dict[str, Any], power: float | None, capacity: float | None
) -> None:
    """The nameplate is in W and kWh, summed over packs."""
    detail = DeviceDetail.parse(data)
    assert (detail.rated_power, detail.battery_capacity) == (power, capacity)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (None, True),
        ({}, True),
        ({"scheduler": True}, True),
        ({"scheduler": False}, False),
    ],
)
def test_detail_tells_of_a_scheduler(function: object, expected: bool) -> None:
    """A device has a scheduler unless it is denied."""
    assert DeviceDetail.parse({"function": function}).has_scheduler is expected


def test_unknown_versions() -> None:
    """Dashes and nothing are no version."""
    detail = DeviceDetail.parse(
        {"managerVersion": "--", "masterVersion": "", "hardwareVersion": "1.2"}
    )
    assert (detail.manager_version, detail.master_version) == (None, None)
    assert detail.hardware_version == "1.2"


@pytest.mark.parametrize(
    ("parse", "data"),
    [
        (Plant.parse, {"name": "House"}),
        (DeviceEntry.parse, {"deviceSN": "--"}),
        (RealTime.parse, {"datas": []}),
        (SocLimits.parse, {"minSoc": 10}),
        (Setting.parse, {"value": None}),
        (AccessCount.parse, None),
        (Plant.parse, []),
    ],
)
def test_answer_without_what_matters(
    parse: Callable[[object], Any], data: object
) -> None:
    """What could not be written back or recognised is a bad answer."""
    with pytest.raises(TransientError):
        parse(data)


def test_entry() -> None:
    """An inverter has a battery unless that is denied."""
    bare = DeviceEntry.parse({"deviceSN": "SN"})
    assert (bare.has_battery, bare.station) == (True, None)
    denied = DeviceEntry.parse({"deviceSN": "1", "hasBattery": False, "hasPV": False})
    assert (denied.serial, denied.has_battery) == ("1", False)


def test_plant_without_a_name() -> None:
    """A station is named by its id where it has no name."""
    plant = Plant.parse({"stationID": "x", "name": "", "ianaTimezone": None})
    assert (plant.name, plant.time_zone) == ("x", None)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"total": "1440", "remaining": 7}, (1440, 7)),
        ({"total": "many", "remaining": None}, (None, None)),
    ],
)
def test_access_count(data: object, expected: tuple[int | None, int | None]) -> None:
    """Numbers come as texts too, or not at all."""
    count = AccessCount.parse(data)
    assert (count.total, count.remaining) == expected


@pytest.mark.parametrize(
    "spoilt",
    [
        {"workMode": None},
        {"workMode": 7},
        {"startHour": None},
        {"endMinute": ["n/a"]},
    ],
)
def test_group_that_cannot_be_read(spoilt: dict[str, Any]) -> None:
    """A group is not taken for another, which would be written back as such."""
    group = {
        "startHour": 2,
        "startMinute": 0,
        "endHour": 4,
        "endMinute": 59,
        "workMode": "ForceCharge",
    }
    answer = {"enable": 1, "groups": [{**group, **spoilt}]}
    with pytest.raises(TransientError):
        Scheduler.parse(answer, 3)
