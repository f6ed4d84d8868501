"""Whatever is asked and written, no documented limit is broken, at the vendor's count."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
import json
from typing import Any
from unittest.mock import Mock

from aiohttp import ClientSession
from hypothesis import given, settings, strategies as st

from custom_components.home_battery.transport.errors import LimitError
from custom_components.home_battery.transport.http import Http, Request, Response
from custom_components.home_battery.transport.limiter import Limiter
from custom_components.home_battery.vendors.growatt.client import GrowattClient
from tests.transport.conftest import FakeClock

from .documents import CALLS

SN = {"deviceSn": "SN1"}
ASKED: dict[str, dict[str, Any]] = {
    "plant_list": {"page": 1},
    "plant_data": {"plant_id": 1},
    "plant_energy": {"plant_id": 1},
    "min_last_data": {"tlx_sn": "SN1"},
    "min_history": {"tlx_sn": "SN1"},
    "sph_last_data": {"mix_sn": "SN1"},
    "sph_details": {"device_sn": "SN1"},
    "last_data_v4": {**SN, "deviceType": "min"},
    "power_v4": {**SN, "deviceType": "min"},
    "noah_app_settings": SN,
    "min_set": {"tlx_sn": "SN1", "type": "ac_charge"},
    "power_set_v4": {**SN, "deviceType": "min", "value": 80},
    "vpp_set": {"vppSn": "SN1", "time": 60, "percentage": 50},
}
CALL = st.tuples(st.sampled_from(sorted(ASKED)), st.booleans())
STEP = st.one_of(
    st.tuples(st.just("restart")),
    st.tuples(st.just("pause"), st.sampled_from([0.1, 4.0, 58.0, 299.0, 5000.0])),
    st.tuples(st.just("together"), st.lists(CALL, min_size=1, max_size=4)),
)

type Step = tuple[Any, ...]


class CountingHttp(Http):
    """A connection behind which all is well, and each request is counted."""

    clock: FakeClock
    arrived: list[tuple[float, Request]]

    async def send(self, request: Request) -> Response:
        """Take a second there, and one back."""
        await self.clock.sleep(1)
        self.arrived.append((self.clock.passed, request))
        await self.clock.sleep(1)
        return Response(
            status=200, body=b'{"error_code":0,"code":0,"result":1,"data":{}}'
        )


class Life:
    """Clients of one token, which are restarted now and then."""

    def __init__(self) -> None:
        """Begin without a call."""
        self.clock = FakeClock()
        self.http = CountingHttp(Mock(spec=ClientSession), "http://127.0.0.1", "tests")
        self.http.clock, self.http.arrived = self.clock, []
        self.limiter = Limiter(self.clock)

    async def live(self, steps: Sequence[Step]) -> None:
        """Go through some steps."""
        for name, *arguments in steps:
            await getattr(self, name)(*arguments)

    async def restart(self) -> None:
        """Begin anew from what was stored."""
        stored = json.loads(json.dumps(self.limiter.as_dict()))
        self.limiter = Limiter(self.clock, stored)

    async def pause(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.move(seconds)

    async def together(self, calls: Sequence[tuple[str, bool]]) -> None:
        """Make calls at the same time."""
        await asyncio.gather(*(self.call(*call) for call in calls))

    async def call(self, name: str, urgent: bool) -> None:
        """Make a call, if the limits let it."""
        client = GrowattClient(
            self.http, token="secret", limiter=self.limiter, urgent=urgent
        )
        with suppress(LimitError):
            await client.call(name, ASKED[name])


def identical(request: Request) -> str:
    """Return what makes a request identical to another: all but the version."""
    _, _, path = request.path.lstrip("/").partition("/")
    return f"{path} {sorted({**request.query, **(request.form or {})}.items())}"


@settings(max_examples=100)
@given(st.lists(STEP, max_size=25))
def test_no_sequence_breaks_a_documented_limit(steps: list[Step]) -> None:
    """Requests keep their distance: from all, from their like, and ten times a day."""
    life = Life()
    asyncio.run(life.live(steps))
    windows = {
        (method, path): (float(seconds.replace("-", "0")), per_day)
        for method, path, seconds, per_day, _ in (
            row.split() for row in CALLS.strip().splitlines()
        )
    }
    like: dict[str, list[float]] = defaultdict(list)
    day: dict[str, list[float]] = defaultdict(list)
    for at, request in life.http.arrived:
        like[identical(request)].append(at)
        day[request.path].append(at)
    times = [at for at, _ in life.http.arrived]
    assert all(late - early >= 3 for early, late in pairwise(times))
    for _, request in life.http.arrived:
        _, _, path = request.path.lstrip("/").partition("/")
        path = path.replace("/noah/", "/{noah_or_nexa}/").replace(
            "getNoahInfo", "get{noah_or_nexa.capitalize()}Info"
        )
        window, per_day = windows[request.method, path]
        assert all(
            late - early >= window - 1e-6
            for early, late in pairwise(like[identical(request)])
        )
        most = {"-": 10**6, "10/day": 10}[per_day]
        many = day[request.path]
        assert all(
            late - early >= 86400 - 1e-6
            for early, late in zip(many, many[most:], strict=False)
        )


def test_what_the_limits_allow_is_sent() -> None:
    """Without haste every call arrives."""
    life = Life()
    calls = [("together", [(name, False)]) for name in sorted(ASKED)]
    asyncio.run(life.live([*calls, ("pause", 400.0)] * 3))
    assert len(life.http.arrived) == 3 * len(ASKED)
