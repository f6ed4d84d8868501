"""A small client of the Fox ESS Open API, written from the vendor's documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5
from typing import Any, Self

from aiohttp import ClientSession

from simulator import Simulation

NEVER_TOO_SOON = 2


@dataclass(frozen=True)
class Answer:
    """An answer of the API."""

    status: int
    errno: int | None
    msg: str
    result: Any


class Client:
    """Calls the simulated cloud; before each call it lets the rate limit's window pass."""

    def __init__(self, sim: Simulation) -> None:
        """Call as the first account."""
        self.sim = sim
        self.token = sim.foxess.token
        self.session = ClientSession()

    async def __aenter__(self) -> Self:
        """Return the client."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the session."""
        await self.session.close()

    @property
    def serial(self) -> str:
        """Return the first device's serial number."""
        return self.sim.foxess.inverters[0].serial

    def headers(self, path: str, **changes: str | None) -> dict[str, str]:
        """Return signed headers; a change of None leaves one out."""
        timestamp = str(int(self.sim.clock.now().timestamp() * 1000))
        text = rf"{path}\r\n{self.token}\r\n{timestamp}"
        headers: dict[str, str | None] = {
            "token": self.token,
            "timestamp": timestamp,
            "signature": md5(text.encode(), usedforsecurity=False).hexdigest(),
            "lang": "en",
            "Content-Type": "application/json",
        }
        headers |= changes
        return {name: value for name, value in headers.items() if value is not None}

    async def call(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        data: bytes | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        wait: float = NEVER_TOO_SOON,
    ) -> Answer:
        """Make a call after `wait` seconds on the simulation's clock."""
        self.sim.clock.advance(wait)
        async with self.session.request(
            method,
            self.sim.foxess.base_url + path,
            json=json,
            data=data,
            params=query,
            headers=self.headers(path) if headers is None else headers,
            allow_redirects=False,
        ) as response:
            if response.status != 200:
                return Answer(response.status, None, "", None)
            body = await response.json()
            return Answer(200, body["errno"], body["msg"], body["result"])

    async def post(
        self, path: str, body: object, *, wait: float = NEVER_TOO_SOON
    ) -> Answer:
        """POST a body."""
        return await self.call("POST", path, json=body, wait=wait)

    async def get(self, path: str, **query: str) -> Answer:
        """GET with a query."""
        return await self.call("GET", path, query=query)

    async def latest(self, serial: str | None = None) -> dict[str, Any]:
        """Return the values of a device's last record by variable."""
        answer = await self.post(
            "/op/v1/device/real/query", {"sns": [serial or self.serial]}
        )
        return {
            datum["variable"]: datum["value"] for datum in answer.result[0]["datas"]
        }

    async def set_flag(self, enable: int) -> Answer:
        """Switch the mode scheduler."""
        return await self.post(
            "/op/v1/device/scheduler/set/flag",
            {"deviceSN": self.serial, "enable": enable},
        )

    async def schedule(self, version: int, groups: list[Any], **more: Any) -> Answer:
        """Write groups."""
        return await self.post(
            f"/op/v{version}/device/scheduler/enable",
            {"deviceSN": self.serial, "groups": groups, **more},
        )

    async def held(self, version: int) -> dict[str, Any]:
        """Read the schedule."""
        answer = await self.post(
            f"/op/v{version}/device/scheduler/get", {"deviceSN": self.serial}
        )
        result: dict[str, Any] = answer.result
        return result


def group(
    version: int,
    start: str,
    end: str,
    mode: str = "SelfUse",
    *,
    enable: int = 1,
    **params: Any,
) -> dict[str, Any]:
    """Return a group as a version wants it; the end minute is included."""
    (start_hour, start_minute), (end_hour, end_minute) = (
        (int(part) for part in time.split(":")) for time in (start, end)
    )
    times = {
        "startHour": start_hour,
        "startMinute": start_minute,
        "endHour": end_hour,
        "endMinute": end_minute,
    }
    params = {"minSocOnGrid": 10, "fdSoc": 100, "fdPwr": 3000, **params}
    if version <= 1:
        return {"enable": enable, **times, "workMode": mode, **params}
    head = {"enable": enable} if version == 2 else {}
    return {**head, **times, "workMode": mode, "extraParam": params}


async def set_house(client: Client, **changes: Any) -> None:
    """Set SOC, load or PV of the first device's house through the control server."""
    body = {"serial": client.serial, **changes}
    async with client.session.post(
        client.sim.control_url + "/house", json=body
    ) as response:
        assert response.status == 200, await response.text()
