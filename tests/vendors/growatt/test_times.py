"""Moments in every form that the cloud writes them in."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.vendors.growatt.times import (
    SERVER_ZONE,
    moment_of,
    offset_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
JAVA_DATE = {
    "date": 27,
    "day": 1,
    "hours": 16,
    "minutes": 26,
    "month": 6,
    "seconds": 14,
    "time": 1595838374000,
    "timezoneOffset": -480,
    "year": 120,
}


@pytest.mark.parametrize(
    ("value", "zone", "expected"),
    [
        pytest.param(
            "2024-05-25 14:35:31",
            BERLIN,
            datetime(2024, 5, 25, 12, 35, 31, tzinfo=UTC),
            id="plant's clock",
        ),
        pytest.param(
            "2026-06-06 17:09", UTC, datetime(2026, 6, 6, 17, 9, tzinfo=UTC), id="short"
        ),
        pytest.param(
            "2025-08-15 14:59:52",
            SERVER_ZONE,
            datetime(2025, 8, 15, 6, 59, 52, tzinfo=UTC),
            id="server's clock",
        ),
        pytest.param(
            1755241192000,
            BERLIN,
            datetime(2025, 8, 15, 6, 59, 52, tzinfo=UTC),
            id="milliseconds",
        ),
        pytest.param(
            "1755241192000",
            BERLIN,
            datetime(2025, 8, 15, 6, 59, 52, tzinfo=UTC),
            id="milliseconds as text",
        ),
        pytest.param(
            JAVA_DATE, UTC, datetime(2020, 7, 27, 8, 26, 14, tzinfo=UTC), id="date"
        ),
        pytest.param(
            {"firstDayOfWeek": 1, "time": JAVA_DATE},
            UTC,
            datetime(2020, 7, 27, 8, 26, 14, tzinfo=UTC),
            id="calendar",
        ),
        pytest.param(
            {"timeInMillis": 1544670232000, "time": None},
            UTC,
            datetime(2018, 12, 13, 3, 3, 52, tzinfo=UTC),
            id="calendar's milliseconds",
        ),
        pytest.param("", UTC, None, id="empty"),
        pytest.param("null", UTC, None, id="null"),
        pytest.param(None, UTC, None, id="none"),
        pytest.param(0, UTC, None, id="never"),
        pytest.param(-12219292800000, UTC, None, id="Gregorian change"),
        pytest.param("2024-13-25 14:35:31", UTC, None, id="no such month"),
        pytest.param(1e300, UTC, None, id="too large"),
        pytest.param({}, UTC, None, id="empty object"),
    ],
)
def test_moment(value: Any, zone: Any, expected: datetime | None) -> None:
    """A moment is the same in whatever form it comes."""
    assert moment_of(value, zone) == expected


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("GMT+1", 1),
        ("GMT-6", -6),
        ("GMT+8", 8),
        ("UTC+5:30", 5.5),
        ("GMT+05:45", 5.75),
        ("GMT-3:30", -3.5),
        ("GMT+9.5", 9.5),
        ("GMT 1", 1),
        ("GMT", 0),
    ],
)
def test_offset(text: str, hours: float) -> None:
    """A plant's zone is read with the sign that people use."""
    assert offset_of(text) == timezone(timedelta(hours=hours))


@pytest.mark.parametrize("text", ["", "GMT+", "GMT+99", "Europe/Berlin", None, 8])
def test_no_offset(text: Any) -> None:
    """What is no offset is none."""
    assert offset_of(text) is None


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
        lambda inner: st.dictionaries(st.sampled_from(["time", "timeInMillis"]), inner),
    )
)
def test_any_moment(value: object) -> None:
    """Whatever comes is a moment of this century, or none."""
    moment = moment_of(value, BERLIN)
    assert moment is None or moment.year >= 2000


@given(st.text())
def test_any_offset(text: str) -> None:
    """Whatever comes is an offset or none."""
    offset = offset_of(text)
    assert offset is None or isinstance(offset, timezone)
