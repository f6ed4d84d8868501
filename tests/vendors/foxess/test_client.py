"""The client against the simulated cloud."""

import asyncio
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from aiohttp import ClientSession
from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.home_battery.transport.errors import (
    AuthenticationError,
    LimitError,
    QuotaError,
    SignatureError,
    TransientError,
    UnknownDeviceError,
    WatchOnlyError,
)
from custom_components.home_battery.transport.http import Http, Request, Response
from custom_components.home_battery.transport.limiter import Limiter
from custom_components.home_battery.vendors.foxess.client import FoxEssClient
from custom_components.home_battery.vendors.foxess.errors import (
    NoPermissionError,
    WriteFailedError,
)
from custom_components.home_battery.vendors.foxess.models import (
    Group,
    Scheduler,
    SocLimits,
)
from simulator import Simulation
from tests.conftest import START, Simulate, TickingClock

from .conftest import MakeClient, break_calls, calls_to, writes

LIMITS = SocLimits(minimum=20, minimum_on_grid=30)


def passed(clock: TickingClock) -> float:
    """Return the seconds since the start."""
    return (clock.now() - START).total_seconds()


def serial_of(sim: Simulation) -> str:
    """Return the first inverter."""
    return sim.foxess.inverters[0].serial


async def test_reads(client: FoxEssClient, sim: Simulation) -> None:
    """Every read is signed as the server wants it, and comes back typed."""
    serial = serial_of(sim)
    (plant,) = await client.plants()
    assert (plant.name, plant.time_zone) == ("House 1", "Europe/Berlin")
    (entry,) = await client.devices()
    assert (entry.serial, entry.model, entry.has_battery) == (serial, "KH8", True)
    assert entry.station == plant.id
    detail = await client.device_detail(serial)
    assert (detail.rated_power, detail.battery_capacity) == (8000, 10.36)
    (record,) = await client.real_time([serial])
    assert record.serial == serial
    assert record.time is not None
    assert timedelta() <= START - record.time < timedelta(minutes=6)
    assert (await client.soc_limits(serial)).minimum == 10
    assert (await client.setting(serial, "WorkMode")).options[-1] == "SelfUse"
    assert (await client.scheduler(serial, 3)).max_groups == 24
    count = await client.access_count()
    assert (count.total, count.remaining) == (1440, 1440 - 8)
    assert {call.errno for call in sim.foxess.calls} == {0}


async def test_writes(client: FoxEssClient, sim: Simulation) -> None:
    """Every write is taken as it is sent."""
    inverter = sim.foxess.inverters[0]
    await client.set_soc_limits(inverter.serial, LIMITS)
    await client.set_setting(inverter.serial, "WorkMode", "Feedin")
    await client.set_scheduler(
        inverter.serial,
        Scheduler(
            version=3,
            enabled=False,
            groups=(
                Group(
                    start=60, end=119, work_mode="ForceCharge", params={"fdPwr": 2000.0}
                ),
            ),
        ),
    )
    await client.set_scheduler_flag(inverter.serial, 1, enabled=True)
    assert inverter.settings["MinSoc"] == "20"
    assert inverter.settings["MinSocOnGrid"] == "30"
    assert inverter.settings["WorkMode"] == "Feedin"
    assert inverter.scheduler.enabled
    assert inverter.scheduler.groups[0].params["fdPwr"] == 2000
    assert [call.errno for call in writes(sim)] == [0] * 4


async def test_write_without_an_echo(client: FoxEssClient, sim: Simulation) -> None:
    """A setter that answers with nothing has set it all the same."""
    break_calls(sim, "no_result", path="*/soc/set")
    await client.set_soc_limits(serial_of(sim), LIMITS)
    assert sim.foxess.inverters[0].settings["MinSoc"] == "20"


async def test_watch_only_sends_no_write(
    make_client: MakeClient, sim: Simulation
) -> None:
    """With only watching, no write leaves; reading goes on."""
    client, serial = make_client(sim, watch_only=True), serial_of(sim)
    for write in (
        client.set_soc_limits(serial, LIMITS),
        client.set_setting(serial, "WorkMode", "Feedin"),
        client.set_scheduler(serial, Scheduler(version=3, enabled=True)),
        client.set_scheduler_flag(serial, 1, enabled=True),
    ):
        with pytest.raises(WatchOnlyError):
            await write
    assert sim.foxess.calls == []
    await client.soc_limits(serial)
    assert len(sim.foxess.calls) == 1


@pytest.mark.parametrize("devices", [1, 9, 10, 11, 21])
async def test_pages(simulate: Simulate, make_client: MakeClient, devices: int) -> None:
    """A long list comes in pages, and no page is asked for in vain."""
    sim = await simulate("PV", devices=devices)
    with patch(f"{FoxEssClient.__module__}._PAGE_SIZE", 10):
        entries = await make_client(sim).devices()
    assert len({entry.serial for entry in entries}) == devices
    assert len(sim.foxess.calls) == -(-devices // 10)


@pytest.mark.parametrize("missing", [0, 2])
async def test_records_in_one_call(
    simulate: Simulate, make_client: MakeClient, missing: int
) -> None:
    """One call brings many records, or those that there are."""
    sim = await simulate("KH8", devices=5)
    serials = [inverter.serial for inverter in sim.foxess.inverters]
    for serial in serials[:missing]:
        break_calls(sim, "missing_device", value=serial)
    records = await make_client(sim).real_time(serials)
    assert {record.serial for record in records} == set(serials[missing:])
    assert len(sim.foxess.calls) == 1


async def test_unknown_device(client: FoxEssClient, sim: Simulation) -> None:
    """A device that is gone is told apart."""
    with pytest.raises(UnknownDeviceError):
        await client.real_time(["SIMGONE"])


async def test_spacing(
    client: FoxEssClient, sim: Simulation, clock: TickingClock
) -> None:
    """Reads of one path come 1 s apart, writes 2 s, other paths at once."""
    serial = serial_of(sim)
    for _ in range(3):
        await client.soc_limits(serial)
    assert 2 <= passed(clock) < 3
    await client.plants()
    for _ in range(3):
        await client.set_soc_limits(serial, LIMITS)
    assert 6 <= passed(clock) < 8
    assert {call.errno for call in sim.foxess.calls} == {0}


async def test_same_question_at_once_is_one_call(
    client: FoxEssClient, sim: Simulation
) -> None:
    """Who asks the same at the same time shares the answer; writes are never shared."""
    serial = serial_of(sim)
    await asyncio.gather(*(client.soc_limits(serial) for _ in range(5)))
    assert len(sim.foxess.calls) == 1
    await asyncio.gather(*(client.set_soc_limits(serial, LIMITS) for _ in range(2)))
    assert len(writes(sim)) == 2


class HeldHttp(Http):
    """A connection on which answers of one path arrive late."""

    gate = asyncio.Event()

    async def send(self, request: Request) -> Response:
        """Send at once, and hold the answer back."""
        response = await super().send(request)
        if request.path.endswith("soc/get"):
            await self.gate.wait()
        return response


async def test_reading_after_a_write_does_not_join_an_older_reading(
    session: ClientSession, sim: Simulation, make_client: MakeClient
) -> None:
    """What was asked before a write cannot confirm it."""
    http = HeldHttp(session, sim.foxess.base_url, "tests/1.0")
    http.gate = asyncio.Event()
    client = make_client(sim, http=http)
    serial = serial_of(sim)
    older = asyncio.create_task(client.soc_limits(serial))
    while not calls_to(sim, "soc/get"):
        await asyncio.sleep(0)
    await client.set_soc_limits(serial, LIMITS)
    newer = asyncio.create_task(client.soc_limits(serial))
    await asyncio.sleep(0)
    http.gate.set()
    assert (await older).minimum == 10
    assert (await newer).minimum == 20


@pytest.mark.parametrize("code", [40400, 40401])
async def test_too_frequent_is_tried_again(
    client: FoxEssClient, sim: Simulation, clock: TickingClock, code: int
) -> None:
    """Another app on the same token is waited out, twice."""
    break_calls(sim, "errno", value=code, count=2)
    assert len(await client.plants()) == 1
    assert passed(clock) >= 10
    break_calls(sim, "errno", value=code, count=3)
    with pytest.raises(LimitError):
        await client.plants()
    assert len(sim.foxess.calls) == 6


async def test_spent_quota_stops_all_calls(
    client: FoxEssClient,
    sim: Simulation,
    limiter: Limiter,
    freezer: FrozenDateTimeFactory,
) -> None:
    """After 40402 nothing is sent for an hour, writes neither."""
    serial = serial_of(sim)
    break_calls(sim, "quota_gone")
    with pytest.raises(QuotaError):
        await client.plants()
    sim.faults.clear()
    for call in (client.devices, lambda: client.set_soc_limits(serial, LIMITS)):
        with pytest.raises(QuotaError):
            await call()
    assert len(sim.foxess.calls) == 1
    freezer.tick(timedelta(hours=1))
    assert len(await client.devices()) == 1


async def test_reserve_keeps_writes_alive(
    client: FoxEssClient, sim: Simulation, limiter: Limiter
) -> None:
    """When only the reserve is left, reading stops before the server says so."""
    limiter.budget(1440, 200, reserved=0.15)
    with pytest.raises(QuotaError):
        await client.plants()
    await client.set_soc_limits(serial_of(sim), LIMITS)
    assert len(sim.foxess.calls) == 1


@pytest.mark.parametrize("token", ["wrong", "expired"])
async def test_refused_token(
    make_client: MakeClient, sim: Simulation, token: str
) -> None:
    """A wrong token and an expired one are the credentials' fault."""
    former = sim.foxess.token
    sim.foxess.rotate_token()
    client = make_client(sim, token={"wrong": "nobody", "expired": former}[token])
    with pytest.raises(AuthenticationError):
        await client.plants()


async def test_signature_is_refused_time_and_again(
    client: FoxEssClient, sim: Simulation
) -> None:
    """Twice it may be a clock or a hiccup, then it is the key; a success forgives."""
    break_calls(sim, "errno", value=40256, count=2)
    for _ in range(2):
        with pytest.raises(SignatureError):
            await client.plants()
    assert await client.plants()
    break_calls(sim, "errno", value=40256)
    for kind in (SignatureError, SignatureError, AuthenticationError):
        with pytest.raises(kind):
            await client.plants()


async def test_permission_lacking_for_a_day(
    client: FoxEssClient, sim: Simulation, freezer: FrozenDateTimeFactory
) -> None:
    """In an outage all permissions may seem to lack; after a day it is no outage."""
    break_calls(sim, "errno", value=41811)
    with pytest.raises(NoPermissionError):
        await client.plants()
    freezer.tick(timedelta(hours=23))
    with pytest.raises(NoPermissionError):
        await client.plants()
    freezer.tick(timedelta(hours=2))
    with pytest.raises(AuthenticationError):
        await client.plants()
    sim.faults.clear()
    assert await client.plants()
    break_calls(sim, "errno", value=41811)
    with pytest.raises(NoPermissionError):
        await client.plants()


async def test_failed_write_is_sent_again_once(
    client: FoxEssClient, sim: Simulation
) -> None:
    """An inverter that did not answer gets a second chance, not a third."""
    break_calls(sim, "errno", path="*/soc/set", value=44098, count=1)
    await client.set_soc_limits(serial_of(sim), LIMITS)
    assert sim.foxess.inverters[0].settings["MinSoc"] == "20"
    break_calls(sim, "errno", path="*/soc/set", value=44098)
    with pytest.raises(WriteFailedError):
        await client.set_soc_limits(serial_of(sim), LIMITS)
    assert len(writes(sim)) == 4


async def test_request_on_the_wire(client: FoxEssClient, sim: Simulation) -> None:
    """The bodies are those of the vendor's documents, to the type."""
    serial = serial_of(sim)
    await client.set_soc_limits(serial, LIMITS)
    await client.set_setting(serial, "MaxSoc", "90")
    await client.set_scheduler_flag(serial, 0, enabled=False)
    await client.device_detail(serial)
    sent: list[Any] = [(call.body, call.query) for call in sim.foxess.calls]
    assert sent == [
        ({"sn": serial, "minSoc": 20, "minSocOnGrid": 30}, {}),
        ({"sn": serial, "key": "MaxSoc", "value": "90"}, {}),
        ({"deviceSN": serial, "enable": 0}, {}),
        (None, {"sn": serial}),
    ]
    assert sent[2][0]["enable"] is not False


async def test_lost_connection_of_a_write(
    client: FoxEssClient, sim: Simulation
) -> None:
    """A write whose answer is lost is not sent again: it may have arrived."""
    break_calls(sim, "reset_in_body", path="*/soc/set")
    with pytest.raises(TransientError):
        await client.set_soc_limits(serial_of(sim), LIMITS)
    assert len(writes(sim)) == 1
    assert sim.foxess.inverters[0].settings["MinSoc"] == "20"
