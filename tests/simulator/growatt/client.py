"""A small client of the Growatt OpenAPI, written from the vendor's documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import ClientSession

from simulator import Simulation
from simulator.growatt import Device

# No window of the same request is longer.
NEVER_TOO_SOON = 300


@dataclass(frozen=True)
class Answer:
    """An answer: the code of whichever envelope, its words, its data, and all of it."""

    status: int
    code: int | None
    message: str
    data: Any
    root: Mapping[str, Any] = field(default_factory=dict)


class Client:
    """Calls the simulated cloud; before each call it lets the longest window pass."""

    def __init__(self, sim: Simulation) -> None:
        """Call with the first token."""
        self.sim = sim
        self.token = sim.growatt.token
        self.base_url = sim.growatt.base_url
        self.session = ClientSession()
        self._wait: float = NEVER_TOO_SOON

    async def __aenter__(self) -> Self:
        """Return the client."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the session."""
        await self.session.close()

    @property
    def device(self) -> Device:
        """Return the first device."""
        return self.sim.growatt.inverters[0]

    @property
    def plant_id(self) -> str:
        """Return the first plant's id."""
        plants: Any = self.sim.growatt.describe()["plants"]
        return str(plants[0]["plant_id"])

    def after(self, seconds: float) -> Self:
        """Let only so many seconds pass before the next call."""
        self._wait = seconds
        return self

    async def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        json: object = None,
    ) -> Answer:
        """Make a call, when it is time on the simulation's clock."""
        self.sim.clock.advance(self._wait)
        self._wait = NEVER_TOO_SOON
        async with self.session.request(
            method,
            self.base_url + path,
            params=query,
            data=form,
            json=json,
            headers={"token": self.token},
            allow_redirects=False,
        ) as response:
            if response.status != 200:
                return Answer(response.status, None, "", None)
            root = await response.json()
        code = next(
            (root[key] for key in ("error_code", "code", "result") if key in root), None
        )
        message = next(
            (root[key] for key in ("error_msg", "message", "msg") if key in root), ""
        )
        data = next((root[key] for key in ("data", "obj") if key in root), None)
        return Answer(200, code, message, data, root)

    async def get(self, path: str, /, **query: str) -> Answer:
        """GET by v1."""
        return await self.call("GET", f"/v1/{path}", query=query)

    async def post(self, path: str, /, **form: str) -> Answer:
        """POST a form by v1."""
        return await self.call("POST", f"/v1/{path}", form=form)

    async def v4(self, name: str, /, **query: str) -> Answer:
        """POST by v4, with everything in the query."""
        return await self.call("POST", f"/v4/new-api/{name}", query=query)

    async def about(
        self, name: str, device: Device | None = None, **more: str
    ) -> Answer:
        """POST by v4 about one device."""
        device = device or self.device
        query = {"deviceSn": device.serial, "deviceType": device.family.v4, **more}
        return await self.call("POST", f"/v4/new-api/{name}", query=query)

    async def latest(self, device: Device | None = None) -> dict[str, Any]:
        """Return a device's last record as v4 sends it."""
        answer = await self.about("queryLastData", device)
        record: dict[str, Any] = next(iter(answer.data.values()))[0]
        return record

    def pass_time(self, *, hours: float = 0, minutes: float = 0) -> None:
        """Let time pass in the houses."""
        self.sim.clock.advance(hours * 3600 + minutes * 60)
        self.sim.growatt.settle()
