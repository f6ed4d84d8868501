"""Limits and answers that stand, as a client lives with them."""

import asyncio
from datetime import timedelta
from itertools import pairwise
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.home_battery.transport.errors import (
    AuthenticationError,
    LimitError,
    TransientError,
)
from custom_components.home_battery.transport.limiter import Limiter
from custom_components.home_battery.vendors.growatt.client import GrowattClient
from custom_components.home_battery.vendors.growatt.families import MIN, NOAH
from tests.conftest import START, TickingClock

from .cloud import FORBIDDEN, TOO_SOON, Cloud, v1, v4
from .conftest import TOKEN, MakeClient

LAST = "/v1/device/tlx/tlx_last_data"
LAST_V4 = "/v4/new-api/queryLastData"
SET = {"tlx_sn": "SN1", "type": "ac_charge", "param1": 1}
RECORD = {"serialNum": "SN1", "pac": 1}
PLANTS = v1({"count": 1, "plants": [{"plant_id": 7, "name": "Home"}]})


@pytest.fixture(autouse=True)
def script(cloud: Cloud) -> None:
    """Let the cloud count its answers."""
    cloud.says(LAST, *(v1({"number": number}) for number in range(1, 9)))
    cloud.says("/v1/plant/list", PLANTS)
    cloud.says("/v1/tlxSet", v1(""))


async def number_of(client: GrowattClient, serial: str = "SN1") -> Any:
    """Return which answer about a device a client is given."""
    record = await client.last_data(MIN, serial)
    return record and record["number"]


async def test_asked_again(
    client: GrowattClient, freezer: FrozenDateTimeFactory
) -> None:
    """Within the window the answer of before is given, after it a new one."""
    assert await number_of(client) == 1
    freezer.tick(timedelta(seconds=299))
    assert await number_of(client) == 1
    assert await number_of(client, "SN2") == 2
    freezer.tick(timedelta(seconds=2))
    assert await number_of(client) == 3


async def test_after_a_restart(
    make_client: MakeClient, limiter: Limiter, clock: TickingClock, cloud: Cloud
) -> None:
    """A restart and a reload ask nothing that is still told, and the token is not kept."""
    assert await number_of(make_client()) == 1
    stored = json.dumps(limiter.as_dict())
    assert TOKEN not in stored
    again = make_client(limiter=Limiter(clock, json.loads(stored)))
    assert await number_of(again) == 1
    assert len(cloud.calls) == 1


async def test_config_flow_beside_an_entry(
    make_client: MakeClient, cloud: Cloud
) -> None:
    """Two clients of one token ask once, at the same time or one after the other."""
    one, other = make_client(), make_client()
    await asyncio.gather(one.plants(), other.plants())
    assert len(await one.plants()) == len(await other.plants()) == 1
    assert len(cloud.calls) == 1


async def test_ten_a_day(
    client: GrowattClient, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """The eleventh list of plants is not asked for, and the first of a new day is."""
    for _ in range(10):
        await client.plants()
        freezer.tick(timedelta(minutes=10))
    with pytest.raises(LimitError) as caught:
        await client.plants()
    assert caught.value.retry_after == pytest.approx(86400 - 6000, abs=1)
    assert len(cloud.calls) == 10
    freezer.tick(timedelta(days=1, minutes=-100))
    await client.plants()
    assert len(cloud.calls) == 11


async def test_spacing(client: GrowattClient, cloud: Cloud) -> None:
    """Any two calls are 3 seconds apart, of whatever kind and version."""
    cloud.says(LAST_V4, v4({"min": [RECORD]}))
    await client.plants()
    await client.last_data(MIN, "SN1")
    await client.last_data_v4(MIN, ["SN1"])
    await client.call("min_set", SET)
    assert [(call.at - START).total_seconds() for call in cloud.calls] == pytest.approx(
        [0, 3, 6, 9], abs=0.1
    )


async def test_write_goes_first(client: GrowattClient, cloud: Cloud) -> None:
    """A write overtakes the reads that wait."""
    await client.plants()
    await asyncio.gather(
        client.last_data(MIN, "SN1"),
        client.last_data(MIN, "SN2"),
        client.call("min_set", SET),
    )
    assert cloud.paths == ["/v1/plant/list", "/v1/tlxSet", LAST, LAST]
    times = [call.at for call in cloud.calls]
    assert min(late - early for early, late in pairwise(times)) >= timedelta(seconds=3)


async def test_write_lets_answers_be_forgotten(
    client: GrowattClient, cloud: Cloud
) -> None:
    """What was said about the device before is not told any more; the rest is."""
    cloud.says(LAST_V4, v4({"min": [RECORD]}))
    await number_of(client, "SN1")
    await number_of(client, "SN2")
    await client.last_data_v4(MIN, ["SN1", "SN2"])
    await client.plants()
    await client.call("min_set", SET)
    assert await number_of(client, "SN2") == 2
    await client.plants()
    for question in (number_of(client), client.last_data_v4(MIN, ["SN1", "SN2"])):
        with pytest.raises(LimitError) as caught:
            await question
        assert 280 < caught.value.retry_after < 300
    assert len(cloud.calls) == 5


async def test_failed_write_too(client: GrowattClient, cloud: Cloud) -> None:
    """Where it is not known whether a write arrived, nothing of before is told."""
    cloud.says("/v1/tlxSet", {"error_code": 10001, "error_msg": "", "data": ""})
    await number_of(client)
    with pytest.raises(TransientError):
        await client.call("min_set", SET)
    with pytest.raises(LimitError):
        await number_of(client)


async def test_what_confirms_a_write_asks_anew(
    make_client: MakeClient, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """An answer of before confirms nothing; how long it takes is said, or waited."""
    client, urgent = make_client(), make_client(urgent=True)
    await number_of(client)
    freezer.tick(timedelta(seconds=100))
    with pytest.raises(LimitError) as caught:
        await number_of(urgent)
    assert caught.value.retry_after == pytest.approx(200, abs=1)
    freezer.tick(timedelta(seconds=150))
    assert await number_of(urgent) == 2
    assert await number_of(client) == 2
    assert [(call.at - START).total_seconds() for call in cloud.calls] == pytest.approx(
        [0, 300], abs=1
    )


async def test_what_has_no_window_is_always_asked(
    client: GrowattClient, cloud: Cloud
) -> None:
    """A setting that is read from the device is never one of before."""
    cloud.says("/v1/readMinParam", v1("0"), v1("1"))
    parameters = {"device_sn": "SN1", "paramId": "ac_charge"}
    assert await client.call("min_parameter", parameters) == "0"
    assert await client.call("min_parameter", parameters) == "1"


async def test_minute_of_a_noah(
    client: GrowattClient, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A NOAH may be asked about each minute."""
    cloud.says(
        LAST_V4, *(v4({"noah": [{"deviceSn": "SN1", "soc": soc}]}) for soc in (1, 2))
    )
    assert (await client.last_data_v4(NOAH, ["SN1"]))["SN1"]["soc"] == 1
    freezer.tick(timedelta(seconds=61))
    assert (await client.last_data_v4(NOAH, ["SN1"]))["SN1"]["soc"] == 2


async def test_error_is_an_answer(client: GrowattClient, cloud: Cloud) -> None:
    """Who asks again with a bad token is told the same again, not to wait."""
    cloud.says("/v1/plant/list", FORBIDDEN)
    for _ in range(3):
        with pytest.raises(AuthenticationError):
            await client.plants()
    assert len(cloud.calls) == 1


async def test_too_soon_is_none(
    client: GrowattClient, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Where another app was in the way, its window is waited for, and no longer."""
    cloud.says(LAST, TOO_SOON, v1({"number": 5}))
    with pytest.raises(LimitError) as caught:
        await number_of(client)
    assert caught.value.retry_after == 300
    freezer.tick(timedelta(seconds=301))
    assert await number_of(client) == 5
