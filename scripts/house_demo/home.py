"""A real Home Assistant, started, onboarded and logged in to."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
import os
from pathlib import Path
import socket
import sys

import aiohttp

from homeassistant.const import RESTART_EXIT_CODE

from .client import Client, logged_in
from .configuration import write_configuration
from .errors import DemoError
from .process import child

USERNAME = "demo"
PASSWORD = "demo"

_START_SECONDS = 90
_POLL_SECONDS = 0.2
_STUBS = Path(__file__).parent / "voice_stubs"


@dataclass(frozen=True, kw_only=True)
class Home:
    """A running Home Assistant and a person in it."""

    start: Callable[[], AbstractAsyncContextManager[Process]]
    process: Process
    url: str
    token: str
    client: Client

    async def stay(self) -> None:
        """Wait until Home Assistant ends, and start it again when a person restarts it."""
        await self.client.close()
        status = await self.process.wait()
        while status == RESTART_EXIT_CODE:
            async with self.start() as process:
                status = await process.wait()
        raise DemoError("Home Assistant ended by itself")


def free_port(wanted: int | None) -> int:
    """Return the wanted port if nobody listens there, or any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted or 0))
        except OSError:
            raise DemoError(
                f"port {wanted} is taken: choose another with --port"
            ) from None
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def running_home(
    session: aiohttp.ClientSession, root: Path, directory: Path, port: int
) -> AsyncIterator[Home]:
    """Start Home Assistant in a fresh configuration directory."""
    write_configuration(directory, root, port)
    url = f"http://127.0.0.1:{port}"
    command = (sys.executable, "-m", "homeassistant", "--config", str(directory))
    env = {**os.environ, "PYTHONPATH": str(_STUBS)}
    with (directory / "console.log").open("wb") as output:
        start = partial(
            child, *command, "--skip-pip", cwd=directory, env=env, output=output
        )
        async with start() as process:
            token = await _onboard(session, url, process)
            async with logged_in(session, url, token) as client:
                await _until_running(client)
                yield Home(
                    start=start, process=process, url=url, token=token, client=client
                )


async def _onboard(session: aiohttp.ClientSession, url: str, process: Process) -> str:
    """Make the owner as soon as Home Assistant answers, and return the owner's token."""
    client_id = f"{url}/"
    owner = {
        "name": "Demo",
        "username": USERNAME,
        "password": PASSWORD,
        "client_id": client_id,
        "language": "en",
    }
    try:
        async with asyncio.timeout(_START_SECONDS):
            while not await _answers(session, url):
                if process.returncode is not None:
                    raise DemoError("Home Assistant ended while it started")
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError:
        raise DemoError("Home Assistant did not start") from None
    async with session.post(f"{url}/api/onboarding/users", json=owner) as response:
        response.raise_for_status()
        code = (await response.json())["auth_code"]
    form = {"grant_type": "authorization_code", "code": code, "client_id": client_id}
    async with session.post(f"{url}/auth/token", data=form) as response:
        response.raise_for_status()
        token: str = (await response.json())["access_token"]
        return token


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    """Return whether the onboarding can be asked."""
    try:
        async with session.get(f"{url}/api/onboarding") as response:
            return response.ok
    except aiohttp.ClientError:
        return False


async def _until_running(client: Client) -> None:
    """Wait until start-up is over."""
    async with asyncio.timeout(_START_SECONDS):
        while (await client.command("get_config"))["state"] != "RUNNING":
            await asyncio.sleep(_POLL_SECONDS)
