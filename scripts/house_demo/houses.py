"""The simulated houses: their servers in a process of their own, and the control endpoint."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
import json
import os
from pathlib import Path
import sys
from typing import Any

import aiohttp

from .errors import DemoError
from .process import child

_START_SECONDS = 30
# What stands in the houses of each vendor, as the simulator's options name it.
MODELS = {
    "models": "KH8",
    "growatt": "MIN-XH+SPH,NOAH+INV+METER",
    "eaton": "AC",
    "voltstorage": "SMART,SMART+SMART",
}
HISTORY_DAYS = 8


class Houses:
    """The running simulator."""

    def __init__(self, session: aiohttp.ClientSession, ready: dict[str, Any]) -> None:
        """Take what the simulator said when it was ready."""
        self._session = session
        self.control_url: str = ready["control"]
        self.accounts: dict[str, dict[str, Any]] = {
            vendor: account
            for vendor, account in ready.items()
            if isinstance(account, dict)
        }

    async def state(self) -> dict[str, Any]:
        """Return what every simulated device holds."""
        async with self._session.get(f"{self.control_url}/state") as response:
            response.raise_for_status()
            state: dict[str, Any] = await response.json()
            return state

    async def past(self, vendor: str) -> dict[str, list[dict[str, Any]]]:
        """Return what the devices of a vendor could have told of every half hour before."""
        async with self._session.get(
            f"{self.control_url}/past", params={"vendor": vendor}
        ) as response:
            response.raise_for_status()
            past: dict[str, list[dict[str, Any]]] = await response.json()
            return past

    async def advance(self, seconds: float) -> None:
        """Move the houses' time and the servers' forward."""
        async with self._session.post(
            f"{self.control_url}/time", json={"advance": seconds}
        ) as response:
            response.raise_for_status()

    async def device(self, vendor: str, serial: str) -> dict[str, Any]:
        """Return what one simulated device holds."""
        cloud = (await self.state())[vendor]
        devices: list[dict[str, Any]] = next(
            cloud[kind] for kind in ("inverters", "devices", "units") if kind in cloud
        )
        return next(device for device in devices if device["serial"] == serial)


@asynccontextmanager
async def running_houses(
    session: aiohttp.ClientSession,
    root: Path,
    *,
    models: Mapping[str, str] = MODELS,
    speed: float = 1,
    devices: int | None = None,
    history_days: int = HISTORY_DAYS,
    start: datetime | None = None,
) -> AsyncIterator[Houses]:
    """Start the simulator and wait until it answers."""
    command = [sys.executable, "-m", "simulator", "--speed", f"{speed:g}"]
    command += ["--history-days", str(history_days)]
    for vendor, names in models.items():
        command += [f"--{vendor}", names]
    if start is not None:
        command += ["--start", start.isoformat()]
    if devices is not None:
        command += ["--devices", str(devices)]
    async with child(*command, cwd=root, env=os.environ) as process:
        if process.stdout is None:
            raise DemoError("the simulator's output cannot be read")
        try:
            async with asyncio.timeout(_START_SECONDS):
                line = await process.stdout.readline()
        except TimeoutError:
            raise DemoError("the simulator did not say that it is ready") from None
        if not line:
            raise DemoError("the simulator ended before it was ready")
        drain = asyncio.create_task(process.stdout.read())
        try:
            yield Houses(session, json.loads(line))
        finally:
            drain.cancel()
