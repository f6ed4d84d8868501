"""The config flow of Growatt: the token, the region, and the way back from every error."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.vendors.growatt.client import SERVERS
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator import Simulation
from simulator.faults import Fault
from tests.conftest import Simulate, async_set_up

from .entries import asked, make_growatt_entry, too_frequent

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "in_berlin")

DEVICE_LIST = "/v1/device/list"


@pytest.fixture
async def sim(simulate: Simulate) -> Simulation:
    """Return an account with a MIN and an SPH in one house."""
    return await simulate(growatt=("MIN-XH+SPH",))


@pytest.fixture
def regions(sim: Simulation) -> Iterator[None]:
    """Let the vendor have two regions, the second of which has the account."""
    servers = {
        "europe": sim.growatt.other_region_url,
        "north_america": sim.growatt.base_url,
        "china": sim.growatt.other_region_url,
        "atess": "http://example.com",
    }
    with patch.dict(SERVERS, servers, clear=True):
        yield


@pytest.fixture
async def loaded(hass: HomeAssistant, sim: Simulation) -> MockConfigEntry:
    """Return an entry of the account, set up."""
    entry = make_growatt_entry(sim)
    await async_set_up(hass, entry)
    return entry


def answers(sim: Simulation, **changes: str) -> dict[str, Any]:
    """Return what a person enters for the simulated account."""
    return {
        "token": changes.get("token", sim.growatt.token),
        "server": {"base_url": changes.get("base_url", sim.growatt.base_url)},
    }


async def start(hass: HomeAssistant) -> ConfigFlowResult:
    """Open the flow and choose the vendor."""
    flow = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert "growatt" in flow["menu_options"]
    flow = await configure(hass, flow, {"next_step_id": "growatt"})
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "growatt"
    assert flow["errors"] == {}
    return flow


async def configure(
    hass: HomeAssistant, flow: ConfigFlowResult, user_input: dict[str, Any]
) -> ConfigFlowResult:
    """Give a step what a person enters."""
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], user_input)
    await hass.async_block_till_done(wait_background_tasks=True)
    return flow


async def finish(
    hass: HomeAssistant, flow: ConfigFlowResult, sim: Simulation, **changes: str
) -> ConfigFlowResult:
    """Go from the form to a created entry."""
    flow = await configure(hass, flow, answers(sim, **changes))
    assert flow["step_id"] == "found"
    flow = await configure(hass, flow, {"next_step_id": "control"})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert flow["result"].state is ConfigEntryState.LOADED
    return flow


def shown_server(flow: ConfigFlowResult) -> str:
    """Return which server a form shows as chosen."""
    schema = flow["data_schema"]
    assert schema is not None
    server: str = schema({"token": "x", "server": {}})["server"]["base_url"]
    return server


async def test_create(hass: HomeAssistant, sim: Simulation) -> None:
    """What is found is shown, and the entry names vendor and server."""
    flow = await start(hass)
    assert shown_server(flow) == "find"
    flow = await configure(hass, flow, answers(sim, token=f" {sim.growatt.token}\n"))
    assert flow["type"] is FlowResultType.MENU
    assert flow["description_placeholders"] == {
        "systems": "Growatt MIN, Growatt SPH",
        "producers": "–",
        "calls_left": "?",
    }
    flow = await configure(hass, flow, {"next_step_id": "watch"})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert flow["title"] == "Growatt"
    assert flow["data"] == {
        "vendor": "growatt",
        "token": sim.growatt.token,
        "base_url": sim.growatt.base_url,
    }
    assert flow["options"] == {"control": "watch"}
    assert flow["result"].unique_id == "growatt_1234567"
    assert flow["result"].state is ConfigEntryState.LOADED
    assert too_frequent(sim) == []


@pytest.mark.usefixtures("regions")
@pytest.mark.parametrize("server", ["find", "north_america"])
async def test_region(hass: HomeAssistant, sim: Simulation, server: str) -> None:
    """The server that has the account is found, or is the one that was chosen."""
    flow = await finish(hass, await start(hass), sim, base_url=server)
    assert flow["data"]["base_url"] == sim.growatt.base_url
    assert too_frequent(sim) == []


@pytest.mark.usefixtures("regions")
async def test_no_region(hass: HomeAssistant, sim: Simulation) -> None:
    """Where no server has the account that is said; a token goes nowhere in clear."""
    with patch.dict(SERVERS, {"north_america": sim.growatt.other_region_url}):
        flow = await configure(hass, await start(hass), answers(sim, base_url="find"))
    assert flow["errors"] == {"base": "wrong_server"}
    assert sim.growatt.token not in str(flow["data_schema"])
    await finish(hass, flow, sim)


async def test_wrong_server(hass: HomeAssistant, sim: Simulation) -> None:
    """A server of another region says so, and the form keeps what was entered."""
    other = sim.growatt.other_region_url
    flow = await configure(hass, await start(hass), answers(sim, base_url=other))
    assert flow["errors"] == {"base": "wrong_server"}
    assert shown_server(flow) == other
    await finish(hass, flow, sim)


async def test_portal_token(hass: HomeAssistant, sim: Simulation) -> None:
    """A token that was made on the portal lists nothing, and there is advice for it."""
    flow = await configure(
        hass, await start(hass), answers(sim, token=sim.growatt.portal_token())
    )
    assert flow["errors"] == {"base": "growatt_no_devices"}
    await finish(hass, flow, sim)


async def test_invalid_token(hass: HomeAssistant, sim: Simulation) -> None:
    """A wrong token is said to be wrong."""
    flow = await configure(hass, await start(hass), answers(sim, token="0" * 32))
    assert flow["errors"] == {"base": "authentication_error"}
    await finish(hass, flow, sim)


@pytest.mark.parametrize(
    "base_url",
    ["", "nonsense", "ftp://127.0.0.1", "http://example.com", "https://u:p@host"],
)
async def test_invalid_server(
    hass: HomeAssistant, sim: Simulation, base_url: str
) -> None:
    """A server that is none, or would get the token in clear, is refused unasked."""
    flow = await configure(hass, await start(hass), answers(sim, base_url=base_url))
    assert flow["errors"] == {"base": "invalid_server"}
    assert sim.growatt.calls == []
    await finish(hass, flow, sim)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "status", "value": 503}, "communication_error"),
        ({"kind": "html"}, "communication_error"),
        ({"kind": "empty"}, "communication_error"),
        ({"kind": "reset"}, "communication_error"),
        ({"kind": "quota_gone"}, "rate_limited"),
        ({"kind": "missing_device"}, "growatt_no_devices"),
    ],
    ids=str,
)
async def test_error_recovers(
    hass: HomeAssistant, sim: Simulation, fault: dict[str, Any], error: str
) -> None:
    """Every error is said, and once it is gone the flow ends well."""
    sim.faults.add(Fault(vendor="growatt", **fault))
    flow = await configure(hass, await start(hass), answers(sim))
    assert flow["errors"] == {"base": error}
    sim.faults.clear()
    sim.growatt.rotate_token()
    await finish(hass, flow, sim)


@pytest.mark.parametrize(
    "path",
    [
        DEVICE_LIST,
        "/v1/plant/details",
        "/v1/device/datalogger/list",
        "*/queryLastData",
        "/v1/device/check/sn",
    ],
)
async def test_some_calls_are_not_permitted(
    hass: HomeAssistant, sim: Simulation, path: str
) -> None:
    """A token that may not all is good enough."""
    code = {True: 12, False: 10011}["query" in path]
    sim.faults.add(Fault(vendor="growatt", kind="errno", path=path, value=code))
    await finish(hass, await start(hass), sim)
    assert hass.config_entries.flow.async_progress() == []


async def test_plants_are_not_permitted(hass: HomeAssistant, sim: Simulation) -> None:
    """Without the list of plants there is nothing, and the token is to blame."""
    sim.faults.add(
        Fault(vendor="growatt", kind="errno", path="/v1/plant/list", value=10011)
    )
    flow = await configure(hass, await start(hass), answers(sim))
    assert flow["errors"] == {"base": "authentication_error"}


async def test_already_configured(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """The same account is not added twice, whatever its token."""
    token = sim.growatt.rotate_token()
    flow = await configure(hass, await start(hass), answers(sim, token=token))
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "already_configured"


async def test_reauth(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """A new token of the same account is taken; a wrong one is said to be wrong."""
    token = sim.growatt.rotate_token()
    flow = await loaded.start_reauth_flow(hass)
    assert flow["step_id"] == "growatt_reauth"
    flow = await configure(hass, flow, {"token": "0" * 32})
    assert flow["errors"] == {"base": "authentication_error"}
    flow = await configure(hass, flow, {"token": sim.growatt.portal_token()})
    assert flow["errors"] == {"base": "growatt_no_devices"}
    flow = await configure(hass, flow, {"token": token})
    assert flow["reason"] == "reauth_successful"
    assert loaded.data["token"] == token
    assert loaded.state is ConfigEntryState.LOADED


async def test_reauth_with_another_account(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulate: Simulate,
    sim: Simulation,
) -> None:
    """A token of somebody else's plants does not take an entry over."""
    other = await simulate(growatt=("INV", "MAX"))
    serial = other.growatt.first("MAX").serial
    token = other.growatt.add_account([serial])
    hass.config_entries.async_update_entry(
        loaded, data={**loaded.data, "base_url": other.growatt.base_url}
    )
    flow = await configure(hass, await loaded.start_reauth_flow(hass), {"token": token})
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "other_account"
    assert loaded.data["token"] == sim.growatt.token


async def test_reconfigure(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """Token and server can be changed; the address is filled in, the token is not."""
    token = sim.growatt.rotate_token()
    flow = await loaded.start_reconfigure_flow(hass)
    assert flow["step_id"] == "growatt"
    assert shown_server(flow) == sim.growatt.base_url
    flow = await configure(hass, flow, answers(sim, base_url="http://example.com"))
    assert flow["errors"] == {"base": "invalid_server"}
    flow = await configure(hass, flow, answers(sim, token=token))
    assert flow["reason"] == "reconfigure_successful"
    assert loaded.data["token"] == token
    assert loaded.state is ConfigEntryState.LOADED


async def test_nothing_comes_too_soon(hass: HomeAssistant, sim: Simulation) -> None:
    """A flow, its entry, reloads and flows beside it never ask twice what stands."""
    result = await finish(hass, await start(hass), sim)
    entry = result["result"]
    for _ in range(4):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert entry.state is ConfigEntryState.LOADED
        flow = await configure(hass, await start(hass), answers(sim))
        assert flow["reason"] == "already_configured"
    flow = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )
    flow = await configure(hass, flow, answers(sim))
    assert flow["reason"] == "reconfigure_successful"
    assert entry.state is ConfigEntryState.LOADED
    assert too_frequent(sim) == []
    assert asked(sim, "/plant/list") == 1
