"""The slots that energies are counted in."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.history import (
    HistoryRequest,
    Resolution,
    reports,
    slots,
)

BERLIN = ZoneInfo("Europe/Berlin")
TROLL = ZoneInfo("Antarctica/Troll")
SLOTTED = [Resolution.HOUR, Resolution.DAY, Resolution.MONTH]
ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("zone", "day", "lengths"),
    [
        (BERLIN, date(2026, 6, 15), [1] * 24),
        (BERLIN, date(2026, 3, 29), [1, 1, 0, *[1] * 21]),
        (BERLIN, date(2026, 10, 25), [1, 1, 2, *[1] * 21]),
        (TROLL, date(2026, 3, 29), [1, 0, 0, *[1] * 21]),
    ],
)
def test_hours_of_a_day(zone: ZoneInfo, day: date, lengths: list[int]) -> None:
    """There are 24 hours, of which some are gone in spring and one is long in autumn."""
    found = slots(Resolution.HOUR, day, zone)
    assert [(slot.end - slot.start) / timedelta(hours=1) for slot in found] == lengths
    assert [
        slot.start.astimezone(zone).hour for slot in found if slot.start < slot.end
    ] == [hour for hour, length in enumerate(lengths) if length]


@pytest.mark.parametrize(
    ("resolution", "first", "count"),
    [
        (Resolution.DAY, date(2026, 3, 1), 31),
        (Resolution.DAY, date(2028, 2, 1), 29),
        (Resolution.DAY, date(2026, 12, 1), 31),
        (Resolution.MONTH, date(2026, 1, 1), 12),
    ],
)
def test_days_and_months(resolution: Resolution, first: date, count: int) -> None:
    """Each begins at the wall clock's midnight."""
    found = slots(resolution, first, BERLIN)
    assert len(found) == count
    assert {slot.start.astimezone(BERLIN).hour for slot in found} == {0}


@given(st.sampled_from(SLOTTED), DAYS, ZONES)
def test_slots_leave_no_gap(resolution: Resolution, day: date, zone: ZoneInfo) -> None:
    """Whatever a zone's clock does, slots follow each other, and reports too."""
    start = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    request = HistoryRequest(
        start=start,
        end=start + timedelta(days=70),
        resolution=resolution,
        keys=frozenset(),
        time_zone=zone,
    )
    found = [
        slot for first in reports(request) for slot in slots(resolution, first, zone)
    ]
    assert all(before.end == after.start for before, after in pairwise(found))
    assert all(slot.start <= slot.end for slot in found)
    assert found[0].start <= request.start
    assert found[-1].end >= request.end


@given(st.sampled_from(SLOTTED), DAYS, ZONES, st.integers(1, 10_000_000))
def test_no_report_is_asked_for_in_vain(
    resolution: Resolution, day: date, zone: ZoneInfo, seconds: int
) -> None:
    """Every report has a slot that the request touches."""
    start = datetime(day.year, day.month, day.day, 5, 30, tzinfo=UTC)
    request = HistoryRequest(
        start=start,
        end=start + timedelta(seconds=seconds),
        resolution=resolution,
        keys=frozenset(),
        time_zone=zone,
    )
    for first in reports(request):
        assert any(
            slot.end > request.start and slot.start < request.end
            for slot in slots(resolution, first, zone)
        )
