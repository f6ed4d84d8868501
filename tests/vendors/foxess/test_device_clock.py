"""The wire of an inverter's clock."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.model import Role
from custom_components.home_battery.transport.errors import (
    TransientError,
    UnsupportedError,
    WatchOnlyError,
)
from custom_components.home_battery.vendors.foxess.device_clock import (
    as_wire,
    parse_wall,
)
from custom_components.home_battery.vendors.vendor import CLOCK
from simulator import Simulation
from tests.conftest import Simulate

from .conftest import MakeAccount, break_calls, calls_to
from .systems import fetch
from .wire import objects

BERLIN = ZoneInfo("Europe/Berlin")
PARTS = ("year", "month", "day", "hour", "minute", "second")


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)))
def test_round_trip(wall: datetime) -> None:
    """What is sent means the time that it was made of, and is text."""
    wall = wall.replace(microsecond=0)
    sent = as_wire(wall)
    assert tuple(sent) == PARTS
    assert all(isinstance(part, str) for part in sent.values())
    assert 0 <= int(sent["year"]) <= 99
    assert parse_wall(sent) == wall


@pytest.mark.parametrize("year", ["26", "2026", 26, 2026])
def test_year(year: object) -> None:
    """The year comes with or without its century."""
    data = {**dict.fromkeys(PARTS, "1"), "year": year}
    assert parse_wall(data) == datetime(2026, 1, 1, 1, 1, 1)


@given(objects(*PARTS))
def test_any_answer(data: Any) -> None:
    """Whatever comes, it is a time or is refused."""
    try:
        wall = parse_wall(data)
    except TransientError:
        return
    assert wall.tzinfo is None


@pytest.mark.parametrize(
    "now",
    [
        pytest.param("2026-10-25 00:30:00+00:00", id="the hour that comes twice"),
        pytest.param("2026-10-25 01:30:00+00:00", id="for the second time"),
        pytest.param("2026-03-29 01:00:00+00:00", id="summer time begins"),
        pytest.param("2026-12-31 23:30:00+00:00", id="a new year in Berlin"),
    ],
)
@pytest.mark.parametrize("ahead", [0, 90, -7200])
async def test_offset(
    simulate: Simulate,
    make_account: MakeAccount,
    freezer: FrozenDateTimeFactory,
    now: str,
    ahead: int,
) -> None:
    """A clock is compared with that of its station's zone, also when that jumps."""
    freezer.move_to(now)
    sim = await simulate("KH8")
    account = make_account(sim, zone=lambda _device: BERLIN)
    (device,) = (await account.discover()).with_role(Role.SYSTEM)
    true = datetime.now(UTC).astimezone(BERLIN)
    inverter = sim.foxess.inverters[0]
    shows = (true.replace(tzinfo=None) + timedelta(seconds=ahead)).replace(
        tzinfo=BERLIN
    )
    inverter.clock_offset = shows.astimezone(UTC) - true.astimezone(UTC)
    result = await fetch(account, CLOCK, [device])
    assert result.records[device.key].values == {"clock_offset": ahead}


async def test_sleeping_inverter(
    simulate: Simulate, make_account: MakeAccount, freezer: FrozenDateTimeFactory
) -> None:
    """At night an inverter without a battery does not answer, which is no failure."""
    freezer.move_to("2026-06-15 23:00:00+00:00")
    account = make_account(await simulate("PV"))
    devices = (await account.discover()).with_role(Role.PRODUCER)
    result = await fetch(account, CLOCK, devices)
    assert (result.records, result.failed) == ({}, {})


async def test_system_that_does_not_answer(
    sim: Simulation, make_account: MakeAccount
) -> None:
    """A system that does not answer has failed, and is asked again."""
    account = make_account(sim)
    devices = (await account.discover()).with_role(Role.SYSTEM)
    break_calls(sim, "errno", path="*/time/get", value=41203, count=1)
    assert (await fetch(account, CLOCK, devices)).failed.keys() == {devices[0].key}
    assert (await fetch(account, CLOCK, devices)).records.keys() == {devices[0].key}


async def test_lack(sim: Simulation, make_account: MakeAccount) -> None:
    """A device that does not tell its time is not asked again, not even to set it."""
    account = make_account(sim)
    (device,) = (await account.discover()).with_role(Role.SYSTEM)
    break_calls(sim, "unsupported", path="*/time/get")
    for _ in range(2):
        assert (await fetch(account, CLOCK, [device])).records == {}
    with pytest.raises(UnsupportedError):
        await account.read_clock(device)
    assert len(calls_to(sim, "time/get")) == 1


async def test_only_watch(sim: Simulation, make_account: MakeAccount) -> None:
    """The client itself lets no write leave."""
    account = make_account(sim, watch_only=True)
    (device,) = (await account.discover()).with_role(Role.SYSTEM)
    with pytest.raises(WatchOnlyError):
        await account.set_clock(device)
    assert calls_to(sim, "time/set") == []
