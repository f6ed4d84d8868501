"""Two clouds without a network: they answer with what a trace shows, and count refusals."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, Final
from urllib.parse import parse_qsl

import aiohttp
import orjson

from .clock import SimulatedClock
from .trace import DAY, Trace

_FOXESS_REAL_TIME: Final = "/op/v1/device/real/query"
_FOXESS_COUNT: Final = "/op/v0/user/getAccessCount"
_FOXESS_CALLS: Final = 1440
_FOXESS_SPACING: Final = 1.0
_TOO_OFTEN: Final = 40400
_SPENT: Final = 40402
_GROWATT_WINDOW: Final = 300.0
_GROWATT_TOO_OFTEN: Final = {"code": 102, "error_code": 10012}
_GROWATT_DENIED: Final = 10011
_GROWATT_V4: Final = "http://cloud/v4/new-api/queryLastData"
_GROWATT_ONE: Final = "http://cloud/v1/device/tlx/tlx_last_data"
_GROWATT_MANY: Final = "http://cloud/v1/device/tlx/tlxs_data"
# Which parameter of which call names the devices.
_GROWATT_SERIALS: Final = {
    _GROWATT_V4: "deviceSn",
    _GROWATT_ONE: "tlx_sn",
    _GROWATT_MANY: "tlxs",
}


class _Body:
    """The body of an answer."""

    def __init__(self, data: bytes) -> None:
        """Keep it."""
        self._data = data

    async def iter_chunked(self, _size: int) -> AsyncIterator[bytes]:
        """Yield all of it."""
        yield self._data


@dataclass(frozen=True)
class _Answer:
    """What the transport needs of an answer."""

    content: _Body
    status: int = 200


@dataclass(kw_only=True)
class Cloud(ABC):
    """A session that answers by itself.

    Attributes:
        calls: The calls for readings.
        refused: The calls that the vendor did not like.
    """

    clock: SimulatedClock
    traces: Mapping[str, Trace]
    random: Random
    calls: int = 0
    all_calls: int = 0
    refused: int = 0
    _last: dict[str, float] = field(default_factory=dict)

    @asynccontextmanager
    async def request(
        self, method: str, url: str, **options: Any
    ) -> AsyncIterator[_Answer]:
        """Answer a request, which takes its time."""
        await self.clock.sleep(self.random.uniform(0.1, 0.4))
        self.all_calls += 1
        answer = self.answer(url, options["data"])
        await self.clock.sleep(self.random.uniform(0.1, 0.6))
        yield _Answer(_Body(orjson.dumps(answer)))

    @abstractmethod
    def answer(self, url: str, data: object) -> dict[str, Any]:
        """Return the envelope for a request."""

    def too_soon(self, question: str, window: float) -> bool:
        """Tell whether a question was asked within a window already."""
        now = self.clock.time
        soon = now - self._last.get(question, 0.0) < window
        self._last[question] = now
        self.refused += soon
        return soon

    def records(
        self, serials: Sequence[str], written: Callable[[str, float], dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Return the latest record of each device that has one."""
        found = []
        for serial in serials:
            trace = self.traces[serial]
            if (number := trace.latest(self.clock.time)) is not None:
                found.append(written(serial, trace.stamps[number]))
        return found


class FoxEssCloud(Cloud):
    """The part of the Fox ESS cloud that readings need, with its quota."""

    spent: int = 0
    day: int = 0

    def answer(self, url: str, data: object) -> dict[str, Any]:
        """Return the envelope for a request."""
        path = url.removeprefix("http://cloud")
        # The vendor's day begins at midnight in China.
        day = int((self.clock.time + DAY / 3) // DAY)
        if day != self.day:
            self.day, self.spent = day, 0
        self.spent += 1
        total = _FOXESS_CALLS * len(self.traces)
        if path == _FOXESS_COUNT:
            left = max(total - self.spent, 0)
            return {"errno": 0, "result": {"total": total, "remaining": left}}
        assert path == _FOXESS_REAL_TIME
        self.calls += 1
        if self.too_soon(path, _FOXESS_SPACING):
            return {"errno": _TOO_OFTEN, "msg": "too frequent"}
        if self.spent > total:
            self.refused += 1
            return {"errno": _SPENT, "msg": "exceeds the limit"}
        assert isinstance(data, bytes)
        serials = orjson.loads(data)["sns"]
        return {"errno": 0, "result": self.records(serials, _foxess_record)}


class GrowattCloud(Cloud):
    """The part of the Growatt cloud that readings need, with its windows.

    It is stricter than the vendor's documents, which forbid only an identical
    request: no call tells of a device twice in its window, whoever else is asked for.

    Attributes:
        lone: The token is let to the call of version 4 alone.
    """

    lone: bool = False

    def answer(self, url: str, data: object) -> dict[str, Any]:
        """Return the envelope for a request, of both versions of the API at once."""
        assert isinstance(data, aiohttp.FormData)
        self.calls += 1
        serials = dict(parse_qsl(data().decode()))[_GROWATT_SERIALS[url]].split(",")
        if self.lone and url != _GROWATT_V4:
            return {"error_code": _GROWATT_DENIED, "error_msg": "denied", "data": ""}
        # Each of them counts, also after one that is too soon.
        if sum(self.too_soon(url + one, _GROWATT_WINDOW) for one in serials):
            return _GROWATT_TOO_OFTEN
        records = self.records(serials, _growatt_record)
        shown: object = {"min": records}
        if url == _GROWATT_ONE:
            shown = records[0] if records else ""
        elif url == _GROWATT_MANY:
            shown = {one["serialNum"]: {one["serialNum"]: one} for one in records}
        return {"code": 0, "error_code": 0, "data": shown}


def _foxess_record(serial: str, stamp: float) -> dict[str, Any]:
    """Return a record as Fox ESS writes it."""
    time = datetime.fromtimestamp(stamp, UTC)
    return {
        "deviceSN": serial,
        "time": f"{time:%Y-%m-%d %H:%M:%S} UTC+0000",
        "datas": [{"variable": "SoC", "value": 50.0}],
    }


def _growatt_record(serial: str, stamp: float) -> dict[str, Any]:
    """Return a record as Growatt writes it."""
    time = datetime.fromtimestamp(stamp, UTC)
    return {"serialNum": serial, "time": f"{time:%Y-%m-%d %H:%M:%S}", "soc": 50}
