"""A small client of the VoltStorage cloud, written from the vendor's documents."""

from dataclasses import dataclass
from typing import Any, Self

from aiohttp import ClientSession, ClientWebSocketResponse

from simulator import Simulation
from simulator.voltstorage import Product

A_WEEK = 604800


@dataclass(frozen=True)
class Answer:
    """An answer: status, JSON where it is some, and text."""

    status: int
    data: Any
    text: str


class Client:
    """Calls the simulated cloud."""

    def __init__(self, sim: Simulation) -> None:
        """Begin without a token."""
        self.sim = sim
        self.cloud = sim.voltstorage
        self.token = ""
        self.session = ClientSession()

    async def __aenter__(self) -> Self:
        """Log in."""
        await self.log_in()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the session."""
        await self.session.close()

    @property
    def product(self) -> Product:
        """Return the first product."""
        return self.cloud.inverters[0]

    async def log_in(self, **changed: object) -> Answer:
        """Log in, and keep the token."""
        body = {
            "email": self.cloud.email,
            "password": self.cloud.password,
            "validity": A_WEEK,
            **changed,
        }
        answer = await self.call("POST", "/login/password", json=body, headers={})
        if answer.status == 200:
            self.token = answer.data["token"]
        return answer

    async def call(self, method: str, path: str, **options: Any) -> Answer:
        """Make a call, with the token in the header unless there are other headers."""
        options.setdefault("headers", {"Authorization": f"Bearer {self.token}"})
        async with self.session.request(
            method, self.cloud.base_url + path, allow_redirects=False, **options
        ) as response:
            text = await response.text()
            is_json = response.content_type == "application/json"
            data = await response.json() if is_json else None
            return Answer(response.status, data, text)

    async def get(self, path: str, /, **query: Any) -> Answer:
        """GET."""
        return await self.call("GET", path, params=query)

    async def listen(self, product: Product | None = None) -> ClientWebSocketResponse:
        """Open the stream of a product."""
        number = (product or self.product).id
        return await self.session.ws_connect(
            self.cloud.stream_url or "",
            params={"productId": str(number), "token": self.token},
        )

    def pass_time(self, *, hours: float = 0, minutes: float = 0) -> None:
        """Let time pass in the houses."""
        self.sim.clock.advance(hours * 3600 + minutes * 60)
        self.cloud.settle()
