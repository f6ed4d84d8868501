"""The config flow of a unit: every step, and the way back from every error."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.errors import readable
from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator import Simulation
from simulator.eaton import CommCard, Role
from simulator.faults import Fault
from tests.conftest import Simulate, async_set_up
from tests.options import open_settings

from .entries import make_eaton_entry

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


@pytest.fixture
async def sim(simulate: Simulate) -> Simulation:
    """Return a simulation with a unit."""
    return await simulate(eaton=("AC", "BARE"))


@pytest.fixture
def unit(sim: Simulation) -> CommCard:
    """Return the unit."""
    return sim.eaton.first


def answers(
    unit: CommCard, role: Role = Role.CUSTOMER, **changes: str
) -> dict[str, Any]:
    """Return what a person enters."""
    user = unit.sign_in.users[role]
    return {
        "host": f"{unit.host}:{unit.port}",
        "user_type": str(role),
        "username": user.name,
        "password": user.password,
        **changes,
    }


class Talk:
    """A person's way through the flow."""

    def __init__(self, hass: HomeAssistant, flow: ConfigFlowResult) -> None:
        """Begin."""
        self._hass = hass
        self.flow = flow

    async def say(self, said: dict[str, Any]) -> ConfigFlowResult:
        """Answer the step that is shown."""
        self.flow = await self._hass.config_entries.flow.async_configure(
            self.flow["flow_id"], said
        )
        await self._hass.async_block_till_done(wait_background_tasks=True)
        return self.flow


@pytest.fixture
async def talk(hass: HomeAssistant) -> Talk:
    """Open the flow and choose the vendor."""
    flow = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    talk = Talk(hass, flow)
    form = await talk.say({"next_step_id": "eaton"})
    assert form["step_id"] == "eaton"
    return talk


def placeholders(flow: ConfigFlowResult) -> dict[str, str]:
    """Return what a step tells."""
    return {**(flow["description_placeholders"] or {})}


def defaults(flow: ConfigFlowResult) -> dict[str, Any]:
    """Return what a form has filled in already."""
    schema = flow["data_schema"]
    assert schema is not None
    return {
        str(key): key.default()
        for key in schema.schema
        if callable(getattr(key, "default", None))
    }


async def test_customer(hass: HomeAssistant, talk: Talk, unit: CommCard) -> None:
    """The fingerprint is shown before any password leaves, and then pinned."""
    form = await talk.say(answers(unit))
    assert form["step_id"] == "eaton_certificate"
    assert form["description_placeholders"] == {
        "address": unit.base_url,
        "fingerprint": readable(unit.fingerprint),
    }
    assert unit.calls == []
    found = await talk.say({})
    assert found["type"] is FlowResultType.MENU
    assert found["menu_options"] == ["watch", "control", "eaton"]
    assert placeholders(found)["systems"] == "xStorage Home"
    done = await talk.say({"next_step_id": "control"})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "Eaton"
    assert done["data"] == {
        "vendor": "eaton",
        "base_url": unit.base_url,
        "fingerprint": unit.fingerprint,
        "user_type": "customer",
        "username": unit.customer.name,
        "password": unit.customer.password,
    }
    assert done["result"].unique_id == f"eaton_{unit.serial}"
    assert hass.states.get("sensor.xstorage_home_battery_soc") is not None


async def test_technician(talk: Talk, unit: CommCard) -> None:
    """A technician types the serial number."""
    await talk.say(answers(unit, Role.TECHNICIAN))
    form = await talk.say({})
    assert form["step_id"] == "eaton_technician"
    assert defaults(form) == {"inverter_serial": ""}
    form = await talk.say({"inverter_serial": "SE0000000"})
    assert form["errors"] == {"base": "authentication_error"}
    assert defaults(form) == {"inverter_serial": "SE0000000"}
    found = await talk.say({"inverter_serial": f" {unit.serial} "})
    assert found["menu_options"] == ["watch", "control"]
    done = await talk.say({"next_step_id": "watch"})
    assert done["data"]["inverter_serial"] == unit.serial
    assert done["data"]["user_type"] == "tech"


async def test_technician_after_the_customer(talk: Talk, unit: CommCard) -> None:
    """Who has signed in as a customer need not type the serial number."""
    await talk.say(answers(unit))
    await talk.say({})
    form = await talk.say({"next_step_id": "eaton"})
    assert form["step_id"] == "eaton"
    assert defaults(form) == {
        "host": f"{unit.host}:{unit.port}",
        "user_type": "tech",
        "username": "",
    }
    await talk.say(answers(unit, Role.TECHNICIAN))
    form = await talk.say({})
    assert form["step_id"] == "eaton_technician"
    assert defaults(form) == {"inverter_serial": unit.serial}
    found = await talk.say(defaults(form))
    assert found["step_id"] == "found"


@pytest.mark.parametrize("host", ["", "http://127.0.0.1", "ftp://127.0.0.1"])
async def test_no_address(talk: Talk, unit: CommCard, host: str) -> None:
    """What is no address of a unit is said to be none."""
    form = await talk.say(answers(unit, host=host or "https://"))
    assert form["errors"] == {"base": "eaton_invalid_host"}
    assert (await talk.say(answers(unit)))["step_id"] == "eaton_certificate"


@pytest.mark.parametrize("scheme", ["", "https://"])
async def test_nobody_there(
    talk: Talk, sim: Simulation, unit: CommCard, scheme: str
) -> None:
    """An address at which no unit answers, or none that is encrypted."""
    plain = sim.control_url.removeprefix("http://")
    form = await talk.say(answers(unit, host=f"{scheme}{plain}"))
    assert form["errors"] == {"base": "communication_error"}
    assert defaults(form)["host"] == plain


async def test_wrong_password_is_tried_once(talk: Talk, unit: CommCard) -> None:
    """A refused password is said to be one, and the form keeps the rest."""
    await talk.say(answers(unit, password="wrong"))
    form = await talk.say({})
    assert form["step_id"] == "eaton"
    assert form["errors"] == {"base": "authentication_error"}
    assert defaults(form)["username"] == unit.customer.name
    assert unit.customer.failures == 1
    await talk.say(answers(unit))
    assert (await talk.say({}))["step_id"] == "found"


async def test_locked(talk: Talk, unit: CommCard) -> None:
    """A locked account is not a wrong password."""
    unit.lock()
    await talk.say(answers(unit))
    form = await talk.say({})
    assert form["errors"] == {"base": "account_locked"}


async def test_unit_fails(talk: Talk, sim: Simulation, unit: CommCard) -> None:
    """A unit that fails is not refused, and no reason for another password."""
    sim.faults.add(Fault(vendor="eaton", kind="status", value=500, count=1))
    await talk.say(answers(unit))
    form = await talk.say({})
    assert form["errors"] == {"base": "communication_error"}


async def test_second_time(hass: HomeAssistant, talk: Talk, sim: Simulation) -> None:
    """A unit is added once, whoever signs in."""
    make_eaton_entry(sim, role=Role.TECHNICIAN).add_to_hass(hass)
    await talk.say(answers(sim.eaton.first))
    ended = await talk.say({})
    assert ended["type"] is FlowResultType.ABORT
    assert ended["reason"] == "already_configured"


@pytest.fixture
async def entry(hass: HomeAssistant, sim: Simulation) -> MockConfigEntry:
    """Return a loaded entry of the unit's customer."""
    entry = make_eaton_entry(sim)
    await async_set_up(hass, entry)
    return entry


async def test_reauth(
    hass: HomeAssistant, entry: MockConfigEntry, unit: CommCard
) -> None:
    """A new password is entered, and nothing else changes."""
    talk = Talk(hass, await entry.start_reauth_flow(hass))
    assert talk.flow["step_id"] == "eaton_reauth"
    assert defaults(talk.flow) == {
        "user_type": "customer",
        "username": unit.customer.name,
    }
    account = answers(unit)
    del account["host"]
    form = await talk.say({**account, "password": "wrong"})
    assert form["errors"] == {"base": "authentication_error"}
    before = dict(entry.data)
    unit.customer.password = "Pflaumenbaum-28"
    done = await talk.say({**account, "password": "Pflaumenbaum-28"})
    assert done["reason"] == "reauth_successful"
    assert entry.data == {**before, "password": "Pflaumenbaum-28"}


async def test_reauth_as_technician(
    hass: HomeAssistant, entry: MockConfigEntry, unit: CommCard
) -> None:
    """The other account will do too; its serial number is known."""
    talk = Talk(hass, await entry.start_reauth_flow(hass))
    account = answers(unit, Role.TECHNICIAN)
    del account["host"]
    form = await talk.say(account)
    assert form["step_id"] == "eaton_technician"
    assert defaults(form) == {"inverter_serial": unit.serial}
    done = await talk.say(defaults(form))
    assert done["reason"] == "reauth_successful"
    assert entry.data["user_type"] == "tech"


async def test_reconfigure_keeps_certificate_and_password(
    hass: HomeAssistant, entry: MockConfigEntry, unit: CommCard
) -> None:
    """An address at which the same certificate is shown needs nothing else."""
    talk = Talk(hass, await entry.start_reconfigure_flow(hass))
    assert defaults(talk.flow) == {
        "host": f"{unit.host}:{unit.port}",
        "user_type": "customer",
        "username": unit.customer.name,
    }
    done = await talk.say(
        {
            "host": f" https://{unit.host}:{unit.port}/ ",
            "user_type": "customer",
            "username": unit.customer.name,
        }
    )
    assert done["reason"] == "reconfigure_successful"
    assert entry.data["base_url"] == unit.base_url
    assert entry.data["password"] == unit.customer.password


async def test_reconfigure_shows_a_new_certificate(
    hass: HomeAssistant, entry: MockConfigEntry, unit: CommCard
) -> None:
    """A certificate that is not the pinned one is shown and confirmed again."""
    fingerprint = unit.new_certificate()
    talk = Talk(hass, await entry.start_reconfigure_flow(hass))
    form = await talk.say(answers(unit))
    assert form["step_id"] == "eaton_certificate"
    assert placeholders(form)["fingerprint"] == readable(fingerprint)
    done = await talk.say({})
    assert done["reason"] == "reconfigure_successful"
    assert entry.data["fingerprint"] == fingerprint


async def test_reconfigure_to_another_unit(
    hass: HomeAssistant, entry: MockConfigEntry, sim: Simulation
) -> None:
    """Another unit is another account."""
    talk = Talk(hass, await entry.start_reconfigure_flow(hass))
    await talk.say(answers(sim.eaton.units[1]))
    ended = await talk.say({})
    assert ended["reason"] == "other_account"
    assert entry.data["base_url"] == sim.eaton.first.base_url


async def test_options(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A correction can be entered, as these units read high."""
    form = await open_settings(hass, entry)
    done = await hass.config_entries.options.async_configure(
        form["flow_id"], {"control": "control", "correction": 0.85}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert done["data"] == {"control": "control", "correction": 0.85}
