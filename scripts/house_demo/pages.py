"""What the demonstration opens on: the integration's dashboard, and a filled energy page."""

from collections import defaultdict
from typing import Any

from .client import Client

DASHBOARD = "home-battery"
STRATEGY = {"strategy": {"type": "custom:home-battery"}}
_GIVERS = ("house", "system", "producer")


async def open_on_dashboard(client: Client) -> None:
    """Make the dashboard that our strategy fills, and let the person begin there."""
    await client.command(
        "lovelace/dashboards/create",
        url_path=DASHBOARD,
        title="Home Battery",
        icon="mdi:home-battery",
        mode="storage",
        show_in_sidebar=True,
        require_admin=False,
    )
    await client.command("lovelace/config/save", url_path=DASHBOARD, config=STRATEGY)
    await client.command(
        "frontend/set_user_data", key="core", value={"default_panel": DASHBOARD}
    )


async def fill_energy_page(client: Client) -> None:
    """Put all batteries, panels and meters on the energy page.

    House by house, as of those that are named together one meter counts for all.
    """
    systems = await client.command("home_battery/systems")
    houses = defaultdict[str, list[str]](list)
    for device in systems["devices"]:
        if device["role"] in _GIVERS:
            house = device["house"] or device["device_id"]
            houses[house].append(device["device_id"])
    for device_ids in houses.values():
        await client.act(
            "home_battery",
            "setup_energy_dashboard",
            device_id=device_ids,
            dry_run=False,
            battery="add",
            solar="add",
            grid="add",
        )


async def faults_of_pages(client: Client) -> list[str]:
    """Return what is wrong with the dashboard and with the energy page."""
    problems: list[str] = []
    config = await client.command("lovelace/config", url_path=DASHBOARD)
    if config != STRATEGY:
        problems.append(f"the dashboard is {config}")
    data = await client.command("frontend/get_user_data", key="core")
    if data["value"] != {"default_panel": DASHBOARD}:
        problems.append(f"the person begins on {data['value']}")
    sources = (await client.command("energy/get_prefs"))["energy_sources"]
    found = (await client.command("energy/validate"))["energy_sources"]
    problems += [
        f"energy page: {source}: {issues}"
        for source, issues in zip(sources, found, strict=True)
        if issues
    ]
    kinds: set[Any] = {source["type"] for source in sources}
    if missing := {"battery", "solar", "grid"} - kinds:
        problems.append(f"the energy page has no {', '.join(sorted(missing))}")
    return problems
