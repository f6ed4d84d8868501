"""A small client of the unit, written from its documents."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
import json
from typing import Any, Self

from aiohttp import ClientSession, Fingerprint

from simulator import Simulation
from simulator.battery import Battery
from simulator.eaton import CommCard, XStorage
from simulator.unit import Unit

# Longer than the status is ever late, in s.
LAG = 3


@dataclass(frozen=True)
class Answer:
    """An answer: status, text, JSON if it is any, and where it points to."""

    status: int
    text: str
    body: Any
    location: str

    @property
    def result(self) -> Any:
        """Return what is in the envelope of a success."""
        assert self.status == 200, self.text
        assert self.body["successful"] is True
        return self.body["result"]

    @property
    def error(self) -> Any:
        """Return what a refusal says."""
        assert self.status >= 400
        return self.body["error"]


class Client:
    """Calls one simulated unit as one of its users."""

    def __init__(self, sim: Simulation, card: CommCard) -> None:
        """Call without a token yet."""
        self.sim = sim
        self.card = card
        self.token = ""
        self.session = ClientSession()

    async def __aenter__(self) -> Self:
        """Return the client."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the session."""
        await self.session.close()

    @property
    def unit(self) -> XStorage:
        """Return the unit itself."""
        return self.card.device

    @property
    def battery(self) -> Battery:
        """Return the battery itself."""
        assert self.unit.unit.battery is not None
        return self.unit.unit.battery

    @property
    def foreign(self) -> Unit:
        """Return the AC-coupled plant itself."""
        assert self.unit.foreign is not None
        return self.unit.foreign

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        form: Mapping[str, str] | None = None,
        text: str | None = None,
        fingerprint: str = "",
    ) -> Answer:
        """Make a call, trusting only the certificate with the fingerprint that the unit has."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        pin = Fingerprint(bytes.fromhex(fingerprint or self.card.fingerprint))
        async with self.session.request(
            method,
            f"{self.card.base_url}/api/{path}",
            json=body,
            data=form if text is None else text,
            headers=headers,
            ssl=pin,
            allow_redirects=False,
        ) as answer:
            said = await answer.text()
            parsed: Any = None
            with suppress(ValueError):
                parsed = json.loads(said)
            return Answer(
                answer.status, said, parsed, answer.headers.get("Location", "")
            )

    async def get(self, path: str) -> Any:
        """Return what is in an envelope."""
        return (await self.call("GET", path)).result

    async def status(self) -> Any:
        """Return the status, after it has had time to follow."""
        self.sim.clock.advance(LAG)
        return await self.get("device/status")

    async def sign_in(self, **changes: str) -> Answer:
        """Sign in as the customer, or as whoever the changes make of that."""
        user = self.card.customer
        return await self.call(
            "POST",
            "auth/signin",
            {
                "username": user.name,
                "pwd": user.password,
                "userType": "customer",
                **changes,
            },
        )

    async def sign_in_technician(self, **changes: str) -> Answer:
        """Sign in as the technician, or as whoever the changes make of that."""
        user = self.card.technician
        form = {
            "username": user.name,
            "pwd": user.password,
            "userType": "tech",
            "inverterSn": self.card.serial,
            "email": "someone@example.org",
        }
        return await self.sign_in(**{**form, **changes})

    async def command(
        self, name: str, hours: object = 1, **parameters: object
    ) -> Answer:
        """Send a command."""
        body = {"command": name, "duration": hours, "parameters": parameters}
        return await self.call("POST", "device/command", body)

    def pass_time(self, *, hours: float = 0, minutes: float = 0) -> None:
        """Let time pass in the house, and have a fresh token after that."""
        self.sim.clock.advance(timedelta(hours=hours, minutes=minutes).total_seconds())
        self.sim.eaton.settle()
        role = self.card.sign_in.by_token[self.token].role
        self.token = self.card.sign_in.issue(role, self.sim.clock.house_now())

    def local(self) -> datetime:
        """Return what the unit's clock shows."""
        return self.unit.local(self.sim.clock.house_now())
