"""Whatever the cloud sends, it is understood or refused, and nothing breaks."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.transport.errors import ApiError, TransientError
from custom_components.home_battery.vendors.growatt.envelope import (
    Envelope,
    error_in,
    opened,
    result_in,
)
from custom_components.home_battery.vendors.growatt.errors import Meaning
from custom_components.home_battery.vendors.growatt.models import (
    Attached,
    CheckedSerial,
    DeviceEntry,
    Logger,
    Plant,
    PlantData,
    PlantDetails,
    PowerPoint,
    join,
)

from .wire import JSON, objects

V1_ENTRY = objects(
    "device_sn", "type", "datalogger_sn", "lost", "model", "last_update_time"
)
V4_ENTRY = objects("deviceSn", "deviceType", "datalogSn")
ANSWER = objects("error_code", "error_msg", "code", "message", "data", "result", "obj")


@pytest.mark.parametrize(
    ("parse", "answers"),
    [
        pytest.param(Plant.parse, objects("plant_id", "name"), id="plant"),
        pytest.param(PlantDetails.parse, objects("timezone"), id="details"),
        pytest.param(
            PlantData.parse,
            objects("timezone", "last_update_time", "current_power", "total_energy"),
            id="data",
        ),
        pytest.param(
            lambda data: DeviceEntry.parse_v1(data, "7"), V1_ENTRY, id="device of v1"
        ),
        pytest.param(DeviceEntry.parse_v4, V4_ENTRY, id="device of v4"),
        pytest.param(Logger.parse, objects("sn", "model", "lost"), id="logger"),
        pytest.param(
            lambda data: Attached.parse(data, "LOG1"),
            objects("address", "device_type", "deviceName", "lost", "datalog_sn"),
            id="meter",
        ),
        pytest.param(
            CheckedSerial.parse,
            objects("deviceType", "model", "normalPower"),
            id="check",
        ),
    ],
)
@given(data=st.data())
def test_any_answer_is_understood_or_refused(
    parse: Callable[[object], Any], answers: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    """Whatever comes, a parser returns or raises what stands for a bad answer."""
    answer = data.draw(answers)
    with suppress(TransientError):
        assert asdict(parse(answer)) is not None


@given(
    st.one_of(
        objects("powers"),
        st.fixed_dictionaries({"powers": st.lists(objects("time", "power"))}),
    )
)
def test_any_powers(answer: Any) -> None:
    """Whatever powers come, those that are some are in order."""
    with suppress(TransientError):
        points = PowerPoint.parse_all(answer, UTC)
        assert [point.time for point in points] == sorted(
            point.time for point in points
        )


@given(JSON)
def test_any_time_of_a_plant(value: Any) -> None:
    """A plant's time is a moment, or none."""
    data = PlantData.parse({"timezone": "GMT+1", "last_update_time": value})
    assert data.time is None or isinstance(data.time, datetime)


@given(
    st.one_of(ANSWER, st.binary().map(lambda raw: raw.decode(errors="replace"))),
    st.sampled_from(Envelope),
    st.sampled_from(Meaning),
)
def test_any_envelope(answer: Any, envelope: Envelope, meaning: Meaning) -> None:
    """Whatever comes is an error, or has a result that is no empty text."""
    try:
        whole = opened(answer)
        error = error_in(whole, envelope, meaning, 0.0)
    except TransientError:
        return
    assert error is None or isinstance(error, ApiError)
    assert result_in(whole, envelope) != ""


@given(st.lists(st.one_of(V1_ENTRY, V4_ENTRY), max_size=6))
def test_any_lists_join(items: list[Any]) -> None:
    """Whatever two lists hold, each serial number is one device."""
    entries = []
    for item in items:
        with suppress(TransientError):
            entries.append(DeviceEntry.parse_v1(item, "7"))
        with suppress(TransientError):
            entries.append(DeviceEntry.parse_v4(item))
    devices = join(entries)
    assert set(devices) == {entry.serial for entry in entries}
    assert all(serial == device.serial for serial, device in devices.items())
