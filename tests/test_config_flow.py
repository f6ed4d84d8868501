"""The config flow: every step, and the way back from every error."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.battery.model import Device, Inventory, Role
from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.vendors import VENDORS
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
    FlowType,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator import Simulation
from simulator.faults import Fault

from .conftest import Simulate, async_set_up, make_entry
from .options import open_settings

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


def answers(sim: Simulation, **changes: str) -> dict[str, Any]:
    """Return what a person enters for the simulated account."""
    return {
        "token": changes.get("token", sim.foxess.token),
        "server": {"base_url": changes.get("base_url", sim.foxess.base_url)},
    }


async def start(hass: HomeAssistant) -> ConfigFlowResult:
    """Open the flow and choose the vendor."""
    flow = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert flow["type"] is FlowResultType.MENU
    assert "foxess" in flow["menu_options"]
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"next_step_id": "foxess"}
    )
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "foxess_token"
    assert flow["errors"] == {}
    return flow


async def finish(
    hass: HomeAssistant, flow: ConfigFlowResult, sim: Simulation
) -> ConfigFlowResult:
    """Go from the form to a created entry."""
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], answers(sim))
    assert flow["step_id"] == "found"
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"next_step_id": "control"}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    return flow


async def test_create(hass: HomeAssistant, sim: Simulation) -> None:
    """What is found is shown, and the entry names the vendor."""
    flow = await start(hass)
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], answers(sim, token=f" {sim.foxess.token}\n")
    )
    assert flow["type"] is FlowResultType.MENU
    assert flow["step_id"] == "found"
    assert flow["description_placeholders"] == {
        "systems": "Fox ESS KH8",
        "producers": "–",
        "calls_left": "1435",
    }
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"next_step_id": "watch"}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert flow["title"] == "Fox ESS"
    assert flow["data"] == {
        "vendor": "foxess",
        "token": sim.foxess.token,
        "base_url": sim.foxess.base_url,
    }
    assert flow["options"] == {"control": "watch"}
    station = sim.foxess.inverters[0].station_id
    assert flow["result"].unique_id == f"foxess_{station}"
    assert flow["result"].state is ConfigEntryState.LOADED
    (options,) = hass.config_entries.options.async_progress()
    assert flow["next_flow"] == (FlowType.OPTIONS_FLOW, options["flow_id"])
    assert options["step_id"] == "init"
    assert options["handler"] == flow["result"].entry_id


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "errno", "value": 41809}, "authentication_error"),
        ({"kind": "errno", "value": 41808}, "authentication_error"),
        ({"kind": "status", "value": 401}, "authentication_error"),
        ({"kind": "errno", "value": 40256}, "signature_error"),
        ({"kind": "errno", "value": 40400}, "rate_limited"),
        ({"kind": "errno", "value": 30000}, "communication_error"),
        ({"kind": "errno", "value": 40257}, "refused"),
        ({"kind": "errno", "value": 41930}, "unknown_device"),
        ({"kind": "missing_device"}, "no_devices"),
        ({"kind": "status", "value": 404}, "unsupported"),
        ({"kind": "status", "value": 503}, "communication_error"),
        ({"kind": "html"}, "communication_error"),
        ({"kind": "empty"}, "communication_error"),
        ({"kind": "truncated"}, "communication_error"),
        ({"kind": "redirect", "value": "http://127.0.0.1:9/"}, "communication_error"),
        ({"kind": "reset"}, "communication_error"),
    ],
    ids=str,
)
async def test_error_recovers(
    hass: HomeAssistant, sim: Simulation, fault: dict[str, Any], error: str
) -> None:
    """Every error is said, and once it is gone the flow ends well."""
    sim.faults.add(Fault(vendor="foxess", **fault))
    flow = await start(hass)
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], answers(sim))
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "foxess_token"
    assert flow["errors"] == {"base": error}
    sim.faults.clear()
    await finish(hass, flow, sim)


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "nonsense",
        "ftp://127.0.0.1",
        "http://example.com",
        "https://u:p@host",
        "http://[",
        "https://",
    ],
)
async def test_invalid_server_recovers(
    hass: HomeAssistant, sim: Simulation, base_url: str
) -> None:
    """A server that is none, or would get the key in clear, is refused unasked."""
    flow = await start(hass)
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], answers(sim, base_url=base_url)
    )
    assert flow["errors"] == {"base": "invalid_server"}
    assert sim.foxess.calls == []
    await finish(hass, flow, sim)


async def test_wrong_token_recovers(hass: HomeAssistant, sim: Simulation) -> None:
    """A wrong token is said to be wrong."""
    flow = await start(hass)
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], answers(sim, token="00000000-0000-0000-0000-000000000000")
    )
    assert flow["errors"] == {"base": "authentication_error"}
    await finish(hass, flow, sim)


async def test_quota_recovers(
    hass: HomeAssistant, sim: Simulation, freezer: FrozenDateTimeFactory
) -> None:
    """A spent day is said, and not asked again until calls may be free."""
    sim.faults.add(Fault(vendor="foxess", kind="quota_gone"))
    flow = await start(hass)
    for _ in range(2):
        flow = await hass.config_entries.flow.async_configure(
            flow["flow_id"], answers(sim)
        )
        assert flow["errors"] == {"base": "quota_exhausted"}
    assert len(sim.foxess.calls) == 1
    sim.faults.clear()
    freezer.tick(3601)
    await finish(hass, flow, sim)


async def test_already_configured(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """The same account is not added twice, whatever its token."""
    flow = await start(hass)
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], answers(sim, token=sim.foxess.rotate_token())
    )
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "already_configured"


def test_anchor_without_station() -> None:
    """Where there is no station, the smallest inverter is the anchor."""
    inverters = [
        Device(kind="inverter", id=serial, role=Role.SYSTEM, name=serial)
        for serial in ("B2", "A1")
    ]
    assert VENDORS["foxess"].anchor(Inventory.of(inverters)) == "A1"


async def test_reauth(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """A new token of the same account takes the old one's place."""
    token = sim.foxess.rotate_token()
    flow = await loaded.start_reauth_flow(hass)
    assert flow["step_id"] == "foxess_reauth"
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"token": "wrong"}
    )
    assert flow["errors"] == {"base": "authentication_error"}
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"token": token}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "reauth_successful"
    assert loaded.data["token"] == token
    assert loaded.state is ConfigEntryState.LOADED


async def test_reauth_by_a_device(hass: HomeAssistant, simulate: Simulate) -> None:
    """A token whose stations changed is known by any device of the inventory."""
    sim = await simulate("KH8", "EVO")
    entry = make_entry(sim)
    await async_set_up(hass, entry)
    token = sim.foxess.add_account([sim.foxess.inverters[1].serial])
    flow = await entry.start_reauth_flow(hass)
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"token": token}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert flow["reason"] == "reauth_successful"
    assert entry.data["token"] == token


async def test_reauth_with_another_account(
    hass: HomeAssistant, loaded: MockConfigEntry, simulate: Simulate
) -> None:
    """A token of somebody else is refused, and the entry stays as it was."""
    other = await simulate("EVO", seed=7)
    flow = await loaded.start_reconfigure_flow(hass)
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], answers(other)
    )
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "other_account"
    assert loaded.data["token"] != other.foxess.token


async def test_reconfigure(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """Token and server can be changed; the address is filled in, the token is not."""
    token = sim.foxess.rotate_token()
    flow = await loaded.start_reconfigure_flow(hass)
    assert flow["step_id"] == "foxess_token"
    schema = flow["data_schema"]
    assert schema is not None
    shown = schema({"token": "x", "server": {}})
    assert shown == {"token": "x", "server": {"base_url": sim.foxess.base_url}}
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], answers(sim, base_url="http://example.com")
    )
    assert flow["errors"] == {"base": "invalid_server"}
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], answers(sim, token=token)
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert flow["reason"] == "reconfigure_successful"
    assert loaded.data["token"] == token
    assert loaded.state is ConfigEntryState.LOADED


async def test_options(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Whether to control can be chosen anew; one device needs no choice of meters."""
    flow = await open_settings(hass, loaded)
    schema = flow["data_schema"]
    assert schema is not None
    assert list(schema.schema) == ["control", "permitted_export"]
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"control": "watch", "permitted_export": 6000}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert loaded.options == {"control": "watch", "permitted_export": 6000}
    flow = await open_settings(hass, loaded)
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"control": "watch"}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert loaded.options == {"control": "watch"}


async def test_options_of_a_shared_house(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """Where several devices see one meter, the one that counts can be chosen."""
    sim = await simulate("KH8+EVO")
    entry = make_entry(sim)
    await async_set_up(hass, entry)
    meter = f"inverter_{sim.foxess.inverters[1].serial}"
    flow = await open_settings(hass, entry)
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"control": "control", "grid_meter": [meter]}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options == {"control": "control", "grid_meter": [meter]}
    assert entry.state is ConfigEntryState.LOADED
