"""Home Assistant's REST and WebSocket API, used as a browser uses it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from .errors import DemoError


class Client:
    """A person who is logged in."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        socket: aiohttp.ClientWebSocketResponse,
        base_url: str,
        token: str,
    ) -> None:
        """Take an open connection."""
        self._session = session
        self._socket = socket
        self._base_url = base_url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._last_id = 0
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def request(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> Any:
        """Make a REST call and return the answer's JSON."""
        async with self._session.request(
            method, f"{self._base_url}{path}", json=body, headers=self._headers
        ) as response:
            if not response.ok:
                raise DemoError(
                    f"{method} {path}: {response.status} {await response.text()}"
                )
            return await response.json()

    async def command(self, kind: str, **fields: Any) -> Any:
        """Send a WebSocket command and return its result."""
        self._last_id += 1
        answer = asyncio.get_running_loop().create_future()
        self._asked[self._last_id] = answer
        await self._socket.send_json({"id": self._last_id, "type": kind, **fields})
        message = await answer
        if not message["success"]:
            raise DemoError(f"{kind}: {message['error']['message']}")
        return message["result"]

    async def listen(self) -> None:
        """Hear what comes, also when nothing is asked: who does not answer pings is hung up on."""
        async for frame in self._socket:
            message = frame.json()
            answer = self._asked.pop(message.get("id"), None)
            # Whoever asked may have waited long enough.
            if answer is not None and not answer.done():
                answer.set_result(message)
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(DemoError("Home Assistant hung up"))

    async def act(
        self, domain: str, action: str, *, response: bool = False, **data: Any
    ) -> Any:
        """Perform an action, and return its response where it has one."""
        result = await self.command(
            "call_service",
            domain=domain,
            service=action,
            service_data=data,
            return_response=response,
        )
        return result.get("response")

    async def close(self) -> None:
        """Hang up; Home Assistant waits for open connections when it stops."""
        await self._socket.close()

    async def states(self) -> dict[str, dict[str, Any]]:
        """Return every state by entity id."""
        return {state["entity_id"]: state for state in await self.command("get_states")}


@asynccontextmanager
async def logged_in(
    session: aiohttp.ClientSession, base_url: str, token: str
) -> AsyncIterator[Client]:
    """Open the connection that a browser keeps open."""
    async with session.ws_connect(
        f"{base_url}/api/websocket", max_msg_size=0
    ) as socket:
        await socket.receive_json()
        await socket.send_json({"type": "auth", "access_token": token})
        if (await socket.receive_json())["type"] != "auth_ok":
            raise DemoError("Home Assistant refused the login")
        client = Client(session, socket, base_url, token)
        listening = asyncio.create_task(client.listen())
        try:
            yield client
        finally:
            listening.cancel()
