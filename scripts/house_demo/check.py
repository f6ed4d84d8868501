"""The check: every account is loaded, every battery is read and steered, on both sides, and pages have something to show."""

from collections.abc import Iterator
from typing import Any

from .client import Client
from .errors import DemoError
from .home import Home
from .houses import HISTORY_DAYS, Houses
from .overrides import try_override
from .pages import faults_of_pages, fill_energy_page, open_on_dashboard
from .past import bring_past, hours_told
from .readings import read
from .report import Report
from .system import System, find_system, registered
from .vendors import VENDORS, Vendor
from .waiting import wait
from .writes import Write

_LOAD_SECONDS = 60
_READ_SECONDS = 120
_WRITE_SECONDS = 60
_SHORTEST_DAY = 23


async def check(home: Home, houses: Houses, report: Report) -> None:
    """Fill the report; a wait that ends without success is a problem in it."""
    client = home.client
    loaded = await wait(lambda: _all_loaded(client), _LOAD_SECONDS)
    if not loaded:
        raise DemoError("not every entry was loaded")
    for name, account in houses.accounts.items():
        vendor = VENDORS[name]
        systems = []
        for device, written in _with_written(vendor, account):
            system, missing = await read(client, name, device, controls=written)
            systems.append(system)
            if missing:
                report.problems.append(
                    f"{system.serial}: no entity, or not a number: {', '.join(missing)}"
                )
        report.with_past += await bring_past(client, houses, name)
        for write in vendor.writes:
            await _check_write(write, name, systems[0], houses, report)
        for device in vendor.devices(account) if vendor.writes else ():
            if "battery_soc" in vendor.readings_of(device):
                await _check_override(client, name, device["serial"], houses, report)
    await _check_pages(client, houses, report)
    await client.command("get_services")
    await _count(client, report)


def _with_written(
    vendor: Vendor, account: dict[str, Any]
) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    """Yield each device with the controls that it must have: the first is written to."""
    written = frozenset(write.entity for write in vendor.writes if write.entity)
    for device in vendor.devices(account):
        yield device, written
        written = frozenset()


async def _check_write(
    write: Write, vendor: str, system: System, houses: Houses, report: Report
) -> None:
    """Make a change and wait until the device holds it and Home Assistant shows it."""
    try:
        await write.make(system)
    except DemoError as error:
        report.problems.append(f"{vendor}: {write.name}: {error}")
        return

    async def held() -> bool:
        return write.held(await houses.device(vendor, system.serial))

    async def shown() -> bool:
        return await write.shown(system)

    if not await wait(held, _WRITE_SECONDS):
        report.problems.append(f"{vendor}: {write.name}: the device does not hold it")
    elif not await wait(shown, _WRITE_SECONDS):
        report.problems.append(
            f"{vendor}: {write.name}: Home Assistant does not show it"
        )
    else:
        report.writes_confirmed += 1


async def _check_override(
    client: Client, vendor: str, serial: str, houses: Houses, report: Report
) -> None:
    """Let an override run on a system, and see that nothing is left of it."""

    async def system_now() -> System:
        return find_system(client, await registered(client), vendor, serial)

    async def is_known() -> bool:
        return "command" in (await system_now()).entities

    if not await wait(is_known, _READ_SECONDS):
        report.problems.append(f"{serial}: it takes no command")
        return
    system = await system_now()
    problem = await try_override(vendor, VENDORS[vendor], system, houses)
    if problem is None:
        report.overrides += 1
    else:
        report.problems.append(f"{vendor}: override of {system.serial}: {problem}")


async def _check_pages(client: Client, houses: Houses, report: Report) -> None:
    """Make the pages as for a person, and see that every vendor's past is on them."""
    await open_on_dashboard(client)
    await fill_energy_page(client)
    report.problems += await faults_of_pages(client)
    for name in houses.accounts:
        hours = await hours_told(client, name)
        if hours < HISTORY_DAYS * _SHORTEST_DAY:
            report.problems.append(f"{name}: statistics of {hours} hours")


async def _all_loaded(client: Client) -> bool:
    """Return whether every entry of the integration is loaded."""
    entries = await client.command("config_entries/get", domain="home_battery")
    return all(entry["state"] == "loaded" for entry in entries)


async def _count(client: Client, report: Report) -> None:
    """Count what Home Assistant has of the integration."""
    entries = await client.command("config_entries/get", domain="home_battery")
    entry_ids = {entry["entry_id"] for entry in entries}
    devices = await client.command("config/device_registry/list")
    registry = await registered(client)
    states = await client.states()
    report.entries = len(entries)
    report.devices = sum(
        not entry_ids.isdisjoint(device["config_entries"]) for device in devices
    )
    report.entities = len(registry)
    report.unavailable = sum(
        states.get(entry["entity_id"], {}).get("state") == "unavailable"
        for entry in registry
    )
