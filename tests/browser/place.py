"""A place to look at: simulated houses, and a real Home Assistant of its own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
import tempfile

import aiohttp

from scripts.house_demo.flow import add_account
from scripts.house_demo.home import Home, free_port, running_home
from scripts.house_demo.houses import Houses, running_houses
from scripts.house_demo.log import faults
from scripts.house_demo.pages import fill_energy_page, open_on_dashboard
from scripts.house_demo.past import bring_past
from scripts.house_demo.readings import read
from scripts.house_demo.vendors import VENDORS

_ROOT = Path(__file__).parents[2]
# One device of each vendor: calls to a cloud have to wait for each other.
MODELS = {"models": "KH8", "growatt": "MIN-XH", "eaton": "AC", "voltstorage": "SMART"}
# The entity that comes last, for which a dashboard is built again.
_TOLD_LAST = {"growatt": ("battery_capacity",)}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Houses and the Home Assistant in them."""

    home: Home
    houses: Houses
    directory: Path

    def faults(self) -> list[str]:
        """Return what Home Assistant's log tells of faults."""
        log = (self.directory / "home-assistant.log").read_text(errors="replace")
        return [record.text for record in faults(log.splitlines())]

    async def device_id(self, name: str) -> str:
        """Return the device registry's id of a device of ours."""
        told = await self.home.client.command("home_battery/systems")
        return next(
            device["device_id"] for device in told["devices"] if device["name"] == name
        )

    async def furnish(self) -> None:
        """Add an account of each vendor, and what the demonstration shows of it."""
        client = self.home.client
        await open_on_dashboard(client)
        for name, account in self.houses.accounts.items():
            await add_account(client, VENDORS[name].answers(account))
        for name, account in self.houses.accounts.items():
            for device in VENDORS[name].devices(account):
                system, missing = await read(
                    client, name, device, controls=_TOLD_LAST.get(name, ())
                )
                assert missing == [], system.serial
            await bring_past(client, self.houses, name)
        await fill_energy_page(client)


@asynccontextmanager
async def running_place(models: Mapping[str, str] = MODELS) -> AsyncIterator[Place]:
    """Start everything for as long as the context is open."""
    with tempfile.TemporaryDirectory(prefix="home-battery-") as name:
        directory = Path(name)
        async with (
            aiohttp.ClientSession() as session,
            running_houses(session, _ROOT, models=models) as houses,
            running_home(session, _ROOT, directory, free_port(None)) as home,
        ):
            yield Place(home=home, houses=houses, directory=directory)
