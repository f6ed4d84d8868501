"""The config flow of VoltStorage: every step, and the way back from every error."""

from typing import Any

import pytest

from custom_components.home_battery.const import DOMAIN
from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator import Simulation
from simulator.faults import Fault
from tests.conftest import Simulate, async_set_up
from tests.options import open_settings

from .entries import make_voltstorage_entry

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


@pytest.fixture
async def volts(simulate: Simulate) -> Simulation:
    """Return the simulation of two batteries in one house."""
    return await simulate(voltstorage=("SMART+SMART",))


def answers(sim: Simulation, **changes: str) -> dict[str, Any]:
    """Return what a person enters."""
    cloud = sim.voltstorage
    return {
        "email": changes.get("email", cloud.email),
        "password": changes.get("password", cloud.password),
        "server": {"base_url": changes.get("base_url", cloud.base_url)},
    }


async def start(hass: HomeAssistant) -> ConfigFlowResult:
    """Open the flow and choose the vendor."""
    flow = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"next_step_id": "voltstorage"}
    )
    assert flow["step_id"] == "voltstorage"
    assert flow["errors"] == {}
    return flow


async def finish(
    hass: HomeAssistant, flow: ConfigFlowResult, given: dict[str, Any]
) -> ConfigFlowResult:
    """Go from the form to a created entry."""
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], given)
    assert flow["type"] is FlowResultType.MENU
    assert flow["menu_options"] == ["watch"]
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"next_step_id": "watch"}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    return flow


async def test_create(hass: HomeAssistant, volts: Simulation) -> None:
    """The entry is named after the vendor, and known by the e-mail in lower case."""
    email = volts.voltstorage.email
    flow = await start(hass)
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], answers(volts, email=f" {email.upper()} ")
    )
    assert flow["description_placeholders"] == {
        "systems": "VoltStorage SMART 0361, VoltStorage SMART 0301",
        "producers": "–",
        "calls_left": "?",
    }
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"next_step_id": "watch"}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert flow["title"] == "VoltStorage"
    assert flow["options"] == {"control": "watch"}
    assert flow["data"] == {
        "vendor": "voltstorage",
        "email": email.upper(),
        "password": volts.voltstorage.password,
        "base_url": volts.voltstorage.base_url.removesuffix("/rest"),
    }
    assert flow["result"].unique_id == f"voltstorage_{email}"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"password": "wrong"}, "authentication_error"),
        ({"email": "nobody@example.com"}, "authentication_error"),
        ({"base_url": "ftp://example.com"}, "invalid_server"),
        ({"base_url": "http://127.0.0.1:1"}, "communication_error"),
    ],
)
async def test_mistake(
    hass: HomeAssistant, volts: Simulation, changes: dict[str, str], error: str
) -> None:
    """What was entered wrongly is said, and can be corrected."""
    flow = await start(hass)
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], answers(volts, **changes)
    )
    assert flow["errors"] == {"base": error}
    await finish(hass, flow, answers(volts))


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "value": 500},
        {"kind": "status", "value": 404},
        {"kind": "status", "value": 410},
        {"kind": "html"},
        {"kind": "truncated"},
        {"kind": "refuse"},
        {"kind": "redirect", "value": "http://127.0.0.1:1/"},
        {"kind": "status", "value": 400, "path": "/rest/products"},
    ],
)
async def test_cloud_that_fails(
    hass: HomeAssistant, volts: Simulation, fault: dict[str, Any]
) -> None:
    """A cloud that is gone or broken is never a wrong password."""
    flow = await start(hass)
    volts.faults.add(Fault(vendor="voltstorage", **fault))
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], answers(volts)
    )
    assert flow["errors"] is not None
    assert flow["errors"]["base"] in {"communication_error", "refused"}
    volts.faults.clear()
    await finish(hass, flow, answers(volts))


async def test_account_without_products(hass: HomeAssistant, volts: Simulation) -> None:
    """An account that shows nothing is of no use."""
    email, password = volts.voltstorage.add_account([])
    flow = await start(hass)
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], answers(volts, email=email, password=password)
    )
    assert flow["errors"] == {"base": "no_devices"}


async def test_twice(hass: HomeAssistant, volts: Simulation) -> None:
    """An account is set up once, however the e-mail is written."""
    await finish(hass, await start(hass), answers(volts))
    flow = await hass.config_entries.flow.async_configure(
        (await start(hass))["flow_id"],
        answers(volts, email=volts.voltstorage.email.upper()),
    )
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "already_configured"


async def test_reauth(hass: HomeAssistant, volts: Simulation) -> None:
    """A password that is refused is asked for anew."""
    entry = make_voltstorage_entry(volts, password="wrong")
    await async_set_up(hass, entry)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "voltstorage_reauth"
    wrong = {"email": volts.voltstorage.email, "password": "wrong too"}
    form = await hass.config_entries.flow.async_configure(flow["flow_id"], wrong)
    assert form["errors"] == {"base": "authentication_error"}
    end = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {**wrong, "password": volts.voltstorage.password}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert end["reason"] == "reauth_successful"
    assert entry.data["password"] == volts.voltstorage.password


async def test_reconfigure(hass: HomeAssistant, volts: Simulation) -> None:
    """A new password of the same account is taken, another account is not."""
    entry = make_voltstorage_entry(volts)
    await async_set_up(hass, entry)
    password = volts.voltstorage.change_password()
    form = await entry.start_reconfigure_flow(hass)
    assert form["step_id"] == "voltstorage"
    end = await hass.config_entries.flow.async_configure(
        form["flow_id"], answers(volts)
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert end["reason"] == "reconfigure_successful"
    assert entry.data["password"] == password


async def test_another_account(hass: HomeAssistant, simulate: Simulate) -> None:
    """Credentials that lead to other products belong to another entry."""
    sim = await simulate(voltstorage=("SMART", "SMART"))
    email, password = sim.voltstorage.add_account([190])
    mine, mine_password = sim.voltstorage.add_account([77])
    entry = make_voltstorage_entry(sim, email=mine, password=mine_password)
    await async_set_up(hass, entry)
    form = await entry.start_reconfigure_flow(hass)
    end = await hass.config_entries.flow.async_configure(
        form["flow_id"], answers(sim, email=email, password=password)
    )
    assert end["reason"] == "other_account"


async def test_options(hass: HomeAssistant, volts: Simulation) -> None:
    """Paths can be given, and nothing about control is asked."""
    entry = make_voltstorage_entry(volts)
    await async_set_up(hass, entry)
    form = await open_settings(hass, entry)
    assert form["data_schema"] is not None
    assert set(map(str, form["data_schema"].schema)) == {
        "stream_path",
        "latest_path",
        "statistics_path",
        "grid_meter",
    }
    end = await hass.config_entries.options.async_configure(
        form["flow_id"],
        {"stream_path": "/live/{product_id}", "latest_path": "/rest/last"},
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert end["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {
        "control": "watch",
        "grid_meter": [],
        "stream_path": "/live/{product_id}",
        "latest_path": "/rest/last",
    }
    paths = {call.path for call in volts.voltstorage.calls}
    assert "/rest/last" in paths


@pytest.mark.parametrize(
    "path",
    [
        "live",
        "//example.com/ws",
        "https://example.com/ws",
        "/ws?token=1",
        "/ws#x",
        "/{serial}",
        "/{product_id",
        "/{}",
        "/a b",
        "/\\example.com",
    ],
)
async def test_no_path(hass: HomeAssistant, volts: Simulation, path: str) -> None:
    """What is no path on the server of the account is refused."""
    entry = make_voltstorage_entry(volts)
    await async_set_up(hass, entry)
    form = await open_settings(hass, entry)
    form = await hass.config_entries.options.async_configure(
        form["flow_id"], {"statistics_path": path}
    )
    assert form["errors"] == {"statistics_path": "invalid_path"}
